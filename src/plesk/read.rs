//! Packets from events, element by element.
//!
//! The schema decides while the events come; what is here only puts each where it belongs, and gives up (`Stop`)
//! where it finds anything unusual: then the same packet is read through the derived `Deserialize`, which takes twice
//! as long (bench `decode`). A test holds the two to the same values.

mod start;

use std::borrow::Cow;

use super::{
    Answer, ErrorPart, Finish, Finished, FinishedError, Fs, FsMode, GetFsAnswer, GetFsResult, GetStatus,
    GetStatusAnswer, GetStatusResult, MigrationAnswer, MigrationRequest, MigrationStatus, Object, Operation,
    OperationAnswer, Operators, OtherOperator, PlainAnswer, Request, RequestOperator, RequestSettings, Response,
    ResponseOperator, Setting, StartAnswer, StartResult, Status, System,
};
use crate::check::{Note, Stop};
use crate::codec::{Any, Cursor};
use crate::datatype::Integer;

type Result<T> = std::result::Result<T, Stop>;

pub(super) fn request<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, request: &mut Request<'a>) -> Result<()> {
    request.version = cursor.attribute(element, b"version");
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"migration" => request.operators.push(RequestOperator::Migration(migration_request(cursor, element)?)),
            b"request-settings" => request.request_settings = Some(settings(cursor, element)?),
            _ => request.operators.push(RequestOperator::Other(other_operator(cursor, element)?)),
        }
        Ok(())
    })
}

#[inline(never)]
fn other_operator<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<OtherOperator<'a>> {
    let name = std::str::from_utf8(cursor.name(element)).map_err(|_| Stop)?;
    OtherOperator::new(name, cursor.anything(element)?).ok_or(Stop)
}

fn settings<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<RequestSettings<'a>> {
    let mut settings = RequestSettings::default();
    cursor.children(element, |cursor, element| {
        let mut setting = Setting { name: Any::default(), value: None };
        cursor.children(element, |cursor, element| {
            match cursor.name(element) {
                b"name" => setting.name = cursor.anything(element)?,
                b"value" => setting.value = Some(cursor.anything(element)?),
                _ => return Err(Stop),
            }
            Ok(())
        })?;
        settings.setting.push(setting);
        Ok(())
    })?;
    Ok(settings)
}

fn migration_request<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<MigrationRequest<'a>> {
    let mut migration = MigrationRequest { operations: Vec::with_capacity(1) };
    cursor.children(element, |cursor, element| {
        migration.operations.push(match cursor.name(element) {
            b"get_status" => Operation::GetStatus(GetStatus { migration_id: migration_id(cursor, element)? }),
            b"start" => Operation::Start(start::start(cursor, element)?),
            b"finish" => Operation::Finish(Finish { migration_id: migration_id(cursor, element)? }),
            b"get_fs" => Operation::GetFs(cursor.anything(element)?),
            b"check" => {
                // Where it is a pair of tags the second one is still to be read.
                cursor.children(element, |_, _| Err(Stop))?;
                Operation::Check
            }
            _ => return Err(Stop),
        });
        Ok(())
    })?;
    Ok(migration)
}

fn migration_id<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<Any<'a>> {
    let mut migration_id = Any::default();
    cursor.children(element, |cursor, element| {
        migration_id = cursor.anything(element)?;
        Ok(())
    })?;
    Ok(migration_id)
}

pub(super) fn response<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, response: &mut Response<'a>) -> Result<()> {
    let version = cursor.attribute(element, b"version");
    if let Response::Operators(operators) = response {
        operators.version = version;
    }
    cursor.children(element, |cursor, element| {
        match (cursor.name(element), &mut *response) {
            (b"migration", Response::Operators(operators)) => {
                // Values are made where they stay and filled there: large ones are slow to move (bench `decode`).
                operators.operators.push(ResponseOperator::Migration(MigrationAnswer::default()));
                match operators.operators.as_mut_slice().last_mut() {
                    Some(ResponseOperator::Migration(migration)) => migration_answer(cursor, element, migration)?,
                    Some(ResponseOperator::Other(_)) | None => return Err(Stop),
                }
            }
            (b"system", Response::Operators(_)) => system(cursor, element, response)?,
            (b"output", Response::Operators(Operators { output, .. }) | Response::System(System { output, .. })) => {
                *output = Some(cursor.text(element)?);
            }
            (_, Response::Operators(operators)) => {
                operators.operators.push(ResponseOperator::Other(other_operator(cursor, element)?));
            }
            _ => return Err(Stop),
        }
        Ok(())
    })
}

#[inline(never)]
fn system<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, response: &mut Response<'a>) -> Result<()> {
    let system = answer(cursor, element)?;
    *response = match std::mem::replace(response, Response::Operators(Operators::default())) {
        Response::Operators(Operators { version, operators, output }) if operators.is_empty() => {
            Response::System(System { version, system, output })
        }
        Response::Operators(_) | Response::System(_) => return Err(Stop),
    };
    Ok(())
}

fn answer<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<Answer<'a>> {
    let mut answer = Answer { status: Status::Error, errcode: None, errtext: None };
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"status" => answer.status = status(cursor, element)?,
            b"errcode" => answer.errcode = Some(code(cursor, element)?),
            b"errtext" => answer.errtext = Some(cursor.text(element)?),
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(answer)
}

fn migration_answer<'a>(
    cursor: &mut Cursor<'_, 'a>,
    element: &Note,
    migration: &mut MigrationAnswer<'a>,
) -> Result<()> {
    migration.operations = Vec::with_capacity(1);
    cursor.children(element, |cursor, element| match cursor.name(element) {
        b"get_status" => cursor.children(element, |cursor, element| {
            let count = migration.operations.len();
            migration.operations.resize_with(count + 1, || {
                let result = GetStatusResult {
                    status: Status::Error,
                    errcode: None,
                    errtext: None,
                    migration_status: None,
                    finished: None,
                };
                OperationAnswer::GetStatus(GetStatusAnswer { result })
            });
            match migration.operations.last_mut() {
                Some(OperationAnswer::GetStatus(answer)) => get_status_result(cursor, element, &mut answer.result),
                _ => Err(Stop),
            }
        }),
        _ => other_answer(cursor, element, &mut migration.operations),
    })
}

/// The answers that are asked for once in a migration.
#[inline(never)]
fn other_answer<'a>(
    cursor: &mut Cursor<'_, 'a>,
    element: &Note,
    operations: &mut Vec<OperationAnswer<'a>>,
) -> Result<()> {
    let name = cursor.name(element);
    cursor.children(element, |cursor, element| {
        operations.push(match name {
            b"start" => OperationAnswer::Start(StartAnswer { result: start_result(cursor, element)? }),
            b"finish" => OperationAnswer::Finish(PlainAnswer { result: answer(cursor, element)? }),
            b"get_fs" => OperationAnswer::GetFs(GetFsAnswer { result: get_fs_result(cursor, element)? }),
            b"check" => OperationAnswer::Check(PlainAnswer { result: answer(cursor, element)? }),
            _ => return Err(Stop),
        });
        Ok(())
    })
}

fn start_result<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<StartResult<'a>> {
    let mut result = StartResult { status: Status::Error, errcode: None, errtext: None, migration_id: None };
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"status" => result.status = status(cursor, element)?,
            b"errcode" => result.errcode = Some(code(cursor, element)?),
            b"errtext" => result.errtext = Some(cursor.text(element)?),
            b"migration_id" => result.migration_id = Some(cursor.text(element)?),
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(result)
}

fn get_fs_result<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<GetFsResult<'a>> {
    let mut result = GetFsResult { status: Status::Error, errcode: None, errtext: None, fs: Vec::new() };
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"status" => result.status = status(cursor, element)?,
            b"errcode" => result.errcode = Some(code(cursor, element)?),
            b"errtext" => result.errtext = Some(cursor.text(element)?),
            b"fs" => result.fs.push(fs(cursor, element)?),
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(result)
}

fn fs<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<Fs<'a>> {
    let none = Cow::Borrowed("");
    let mut fs = Fs {
        mountpoint: none.clone(),
        device: none.clone(),
        mode: FsMode::Rw,
        size: none.clone(),
        free: none.clone(),
        kind: none,
    };
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"mountpoint" => fs.mountpoint = cursor.text(element)?,
            b"device" => fs.device = cursor.text(element)?,
            b"mode" => fs.mode = mode(&cursor.text(element)?)?,
            b"size" => fs.size = cursor.text(element)?,
            b"free" => fs.free = cursor.text(element)?,
            b"type" => fs.kind = cursor.text(element)?,
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(fs)
}

fn mode(text: &str) -> Result<FsMode> {
    match text {
        "rw" => Ok(FsMode::Rw),
        "ro" => Ok(FsMode::Ro),
        "r" => Ok(FsMode::R),
        _ => Err(Stop),
    }
}

fn get_status_result<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, result: &mut GetStatusResult<'a>) -> Result<()> {
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"status" => result.status = status(cursor, element)?,
            b"errcode" => result.errcode = Some(code(cursor, element)?),
            b"errtext" => result.errtext = Some(cursor.text(element)?),
            b"migration_status" => {
                let status = result.migration_status.get_or_insert_with(|| {
                    let (total, completed) = (Integer::from(0), Integer::from(0));
                    MigrationStatus { total, completed, description: None }
                });
                migration_status(cursor, element, status)?;
            }
            b"finished" => finished(cursor, element, result.finished.get_or_insert_with(Finished::default))?,
            _ => return Err(Stop),
        }
        Ok(())
    })
}

fn migration_status<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, status: &mut MigrationStatus<'a>) -> Result<()> {
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"total" => status.total = integer(cursor, element)?,
            b"completed" => status.completed = integer(cursor, element)?,
            b"description" => status.description = Some(cursor.text(element)?),
            _ => return Err(Stop),
        }
        Ok(())
    })
}

fn finished<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, finished: &mut Finished<'a>) -> Result<()> {
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"success" => finished.success = Some(cursor.anything(element)?),
            b"error" => {
                finished.error.push(FinishedError::default());
                if let Some(last) = finished.error.as_mut_slice().last_mut() {
                    error(cursor, element, last)?;
                }
            }
            _ => return Err(Stop),
        }
        Ok(())
    })
}

fn error<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, error: &mut FinishedError<'a>) -> Result<()> {
    cursor.children(element, |cursor, element| {
        error.parts.push(match cursor.name(element) {
            b"message" => ErrorPart::Message(cursor.text(element)?),
            b"object" => ErrorPart::Object(object(cursor, element)?),
            _ => return Err(Stop),
        });
        Ok(())
    })
}

fn object<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<Object<'a>> {
    let mut object = Object::default();
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"type" => object.kind = Some(cursor.text(element)?),
            b"name" => object.name = Some(cursor.text(element)?),
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(object)
}

#[inline]
fn status(cursor: &mut Cursor<'_, '_>, element: &Note) -> Result<Status> {
    match cursor.plain_text(element) {
        Some("ok") => Ok(Status::Ok),
        Some("error") => Ok(Status::Error),
        _ => written_status(cursor, element),
    }
}

#[cold]
fn written_status(cursor: &mut Cursor<'_, '_>, element: &Note) -> Result<Status> {
    match &*cursor.text(element)? {
        "ok" => Ok(Status::Ok),
        "error" => Ok(Status::Error),
        _ => Err(Stop),
    }
}

fn code(cursor: &mut Cursor<'_, '_>, element: &Note) -> Result<u32> {
    // `-0` is a value of `xs:unsignedInt`.
    let code = cursor.text(element)?.trim_start_matches('-').parse();
    code.map_err(|_| Stop)
}

#[inline]
fn integer<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<Integer<'a>> {
    match cursor.plain_text(element) {
        Some(text) => Integer::parse(text).map_err(|_| Stop),
        None => written_integer(cursor, element),
    }
}

#[cold]
fn written_integer<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<Integer<'a>> {
    let parsed = match cursor.text(element)? {
        Cow::Borrowed(text) => Integer::parse(text),
        Cow::Owned(text) => Integer::parse(&text).map(Integer::into_owned),
    };
    parsed.map_err(|_| Stop)
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Deserializer, de};

    use super::*;
    use crate::codec::{self, Few};
    use crate::plesk::{request_schema, response_schema};

    /// A value that serde never gives: it is read by hand or not at all.
    struct ByHand<T>(T);

    impl<'de, T> Deserialize<'de> for ByHand<T> {
        fn deserialize<D: Deserializer<'de>>(_: D) -> std::result::Result<Self, D::Error> {
            Err(de::Error::custom("it was not read by hand"))
        }
    }

    #[test]
    fn usual_packets_are_read_by_hand() {
        for packet in [
            include_bytes!("../../tests/data/plesk/operations/request_of_all.xml").as_slice(),
            include_bytes!("../../tests/data/plesk/operations/check_pair.xml"),
            include_bytes!("../../tests/data/plesk/start/documented_resellers.xml"),
            include_bytes!("../../tests/data/plesk/start/documented_customers.xml"),
            include_bytes!("../../tests/data/plesk/start/documented_webspaces.xml"),
            include_bytes!("../../tests/data/plesk/start/only_hosting.xml"),
        ] {
            let empty = ByHand(Request { version: None, request_settings: None, operators: Few::new() });
            let read = codec::read::<ByHand<_>, _>(request_schema(), packet, empty, |cursor, root, value| {
                request(cursor, root, &mut value.0)
            });
            assert!(read.is_ok_and(|read| Request::decode(packet).is_ok_and(|value| value == read.0)));
        }
        let packet = include_bytes!("../../tests/data/plesk/operations/response_of_all.xml");
        let empty = ByHand(Response::Operators(Operators::default()));
        let read = codec::read::<ByHand<_>, _>(response_schema(), packet, empty, |cursor, root, value| {
            response(cursor, root, &mut value.0)
        });
        assert!(read.is_ok_and(|read| Response::decode(packet).is_ok_and(|value| value == read.0)));
    }
}
