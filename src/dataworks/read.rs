//! Answers from events, element by element: as `plesk/read.rs` does, and for the same reason.

use std::borrow::Cow;

use super::response::{ErrorCode, GatewayError, GetMigrationProcess, ProgressTaskItem, Response};
use crate::check::accept::{Note, Stop};
use crate::codec::Cursor;

type Result<T> = std::result::Result<T, Stop>;

pub(super) fn response<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, response: &mut Response<'a>) -> Result<()> {
    match (cursor.name(element), &mut *response) {
        (b"GetMigrationProcessResponse", Response::Progress(progress)) => answer(cursor, element, progress),
        (b"Error", _) => {
            let mut error = GatewayError::default();
            gateway_error(cursor, element, &mut error)?;
            *response = Response::Error(error);
            Ok(())
        }
        _ => Err(Stop::Unsure),
    }
}

fn answer<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, answer: &mut GetMigrationProcess<'a>) -> Result<()> {
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"Data" => {
                answer.data.push(ProgressTaskItem::default());
                if let Some(last) = answer.data.last_mut() {
                    item(cursor, element, last)?;
                }
            }
            b"HttpStatusCode" => answer.http_status_code = Some(status_code(cursor, element)?),
            b"RequestId" => answer.request_id = Some(cursor.text(element)?),
            b"ErrorMessage" => answer.error_message = Some(cursor.text(element)?),
            b"Success" => answer.success = Some(success(cursor, element)?),
            b"ErrorCode" => answer.error_code = Some(ErrorCode::Text(cursor.text(element)?)),
            _ => return Err(Stop::Unsure),
        }
        Ok(())
    })
}

fn item<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, item: &mut ProgressTaskItem<'a>) -> Result<()> {
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"TaskStatus" => item.task_status = Some(cursor.text(element)?),
            b"TaskName" => item.task_name = Some(cursor.text(element)?),
            _ => return Err(Stop::Unsure),
        }
        Ok(())
    })
}

#[inline(never)]
fn gateway_error<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, error: &mut GatewayError<'a>) -> Result<()> {
    cursor.children(element, |cursor, element| {
        let member: &mut Option<Cow<'a, str>> = match cursor.name(element) {
            b"RequestId" => &mut error.request_id,
            b"HostId" => &mut error.host_id,
            b"Code" => &mut error.code,
            b"Message" => &mut error.message,
            b"Recommend" => &mut error.recommend,
            _ => return Err(Stop::Unsure),
        };
        *member = Some(cursor.text(element)?);
        Ok(())
    })
}

fn status_code(cursor: &mut Cursor<'_, '_>, element: &Note) -> Result<i32> {
    cursor.text(element)?.parse().map_err(|_| Stop::Unsure)
}

fn success(cursor: &mut Cursor<'_, '_>, element: &Note) -> Result<bool> {
    match &*cursor.text(element)? {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Stop::Unsure),
    }
}
