//! The packets as plain serde structs for quick-xml: the same values as from `packetcheck decode`, without the checks.

use std::borrow::Cow;

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Request<'a> {
    #[serde(rename = "@version", borrow)]
    pub version: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub migration: Vec<RequestMigration<'a>>,
}

#[derive(Deserialize)]
pub struct RequestMigration<'a> {
    #[serde(borrow, default)]
    pub get_status: Vec<GetStatus<'a>>,
}

#[derive(Deserialize)]
pub struct GetStatus<'a> {
    #[serde(borrow)]
    pub migration_id: Cow<'a, str>,
}

impl Request<'_> {
    pub fn operations(&self) -> usize {
        self.migration.iter().map(|migration| migration.get_status.len()).sum()
    }
}

#[derive(Deserialize)]
pub struct Response<'a> {
    #[serde(rename = "@version", borrow)]
    pub version: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub migration: Vec<ResponseMigration<'a>>,
}

#[derive(Deserialize)]
pub struct ResponseMigration<'a> {
    #[serde(borrow, default)]
    pub get_status: Vec<Answer<'a>>,
}

#[derive(Deserialize)]
pub struct Answer<'a> {
    #[serde(borrow)]
    pub result: Outcome<'a>,
}

#[derive(Deserialize)]
pub struct Outcome<'a> {
    pub status: Status,
    pub errcode: Option<u32>,
    #[serde(borrow)]
    pub errtext: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub migration_status: Option<Progress<'a>>,
    #[serde(borrow)]
    pub finished: Option<Finished<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Ok,
    Error,
}

#[derive(Deserialize)]
pub struct Progress<'a> {
    pub total: i64,
    pub completed: i64,
    #[serde(borrow)]
    pub description: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub struct Finished<'a> {
    pub success: Option<Success>,
    #[serde(borrow, default)]
    pub error: Vec<Fault<'a>>,
}

#[derive(Deserialize)]
pub struct Success {}

#[derive(Deserialize)]
pub struct Fault<'a> {
    #[serde(borrow)]
    pub object: Option<Object<'a>>,
    #[serde(borrow, default)]
    pub message: Vec<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub struct Object<'a> {
    #[serde(rename = "type", borrow)]
    pub kind: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
}

impl Response<'_> {
    pub fn operations(&self) -> usize {
        self.migration.iter().map(|migration| migration.get_status.len()).sum()
    }
}
