//! Answers of DataWorks.

use serde::Deserialize;

use super::Text;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Answer<'a> {
    pub http_status_code: Option<i32>,
    #[serde(borrow)]
    pub request_id: Option<Text<'a>>,
    pub error_message: Option<Text<'a>>,
    pub success: Option<bool>,
    pub error_code: Option<Text<'a>>,
    pub data: Option<Vec<Task<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Task<'a> {
    #[serde(borrow)]
    pub task_status: Option<Text<'a>>,
    pub task_name: Option<Text<'a>>,
}
