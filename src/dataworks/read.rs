//! Answers from events, element by element: as `plesk/read.rs` does, and for the same reason.

use super::gateway::ErrorReader;
use super::response::{AnyText, ErrorCode, GatewayError, GetMigrationProcess, ProgressTaskItem, Response};
use crate::check::{Note, Stop};
use crate::codec::Cursor;
use crate::json::{Int, List, Member};

type Result<T> = std::result::Result<T, Stop>;

pub(super) fn response<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, response: &mut Response<'a>) -> Result<()> {
    match (cursor.name(element), &mut *response) {
        (b"GetMigrationProcessResponse", Response::Progress(progress)) => answer(cursor, element, progress),
        (b"Error", _) => {
            *response = Response::Error(gateway_error(cursor, element)?);
            Ok(())
        }
        _ => Err(Stop),
    }
}

fn answer<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, answer: &mut GetMigrationProcess<'a>) -> Result<()> {
    let mut items: Vec<ProgressTaskItem<'a>> = Vec::new();
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"Data" => {
                items.push(ProgressTaskItem::default());
                if let Some(last) = items.last_mut() {
                    item(cursor, element, last)?;
                }
            }
            b"HttpStatusCode" => answer.http_status_code = status_code(cursor, element)?,
            b"RequestId" => answer.request_id = Member::Value(text(cursor, element)?),
            b"ErrorMessage" => answer.error_message = Member::Value(text(cursor, element)?),
            b"Success" => answer.success = Member::Value(success(cursor, element)?),
            b"ErrorCode" => answer.error_code = Member::Value(ErrorCode::Text(text(cursor, element)?)),
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    if !items.is_empty() {
        answer.data = Member::Value(List::new(items).map_err(|_| Stop)?);
    }
    Ok(())
}

fn item<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, item: &mut ProgressTaskItem<'a>) -> Result<()> {
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"TaskStatus" => item.task_status = Member::Value(text(cursor, element)?.into()),
            b"TaskName" => item.task_name = Member::Value(text(cursor, element)?),
            _ => return Err(Stop),
        }
        Ok(())
    })
}

#[inline(never)]
fn gateway_error<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<GatewayError<'a>> {
    let mut error = ErrorReader::default();
    cursor.children(element, |cursor, element| {
        let name = std::str::from_utf8(cursor.name(element)).map_err(|_| Stop)?;
        error.take(name.into(), cursor.anything(element)?).map_err(|_| Stop)
    })?;
    error.finish().map_err(|_| Stop)
}

#[inline]
fn text<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<AnyText<'a>> {
    AnyText::new(cursor.text(element)?).map_err(|_| Stop)
}

fn status_code(cursor: &mut Cursor<'_, '_>, element: &Note) -> Result<Member<Int<{ i32::MIN }, { i32::MAX }>>> {
    let number = cursor.text(element)?.parse().map_err(|_| Stop)?;
    Int::new(number).map(Member::Value).map_err(|_| Stop)
}

fn success(cursor: &mut Cursor<'_, '_>, element: &Note) -> Result<bool> {
    match &*cursor.text(element)? {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Stop),
    }
}
