//! Packets from events, element by element.
//!
//! The schema decides while the events come; what is here only puts each where it belongs, and gives up (`Stop`)
//! where it finds anything unusual: then the same packet is read through the derived `Deserialize`, which takes twice
//! as long (bench `decode`). A test holds the two to the same values.

use std::borrow::Cow;

use super::{
    Answer, ErrorPart, Finished, FinishedError, GetStatus, GetStatusAnswer, GetStatusResult, MigrationAnswer,
    MigrationRequest, MigrationStatus, Object, Operation, OperationAnswer, Operators, Request, RequestOperator,
    RequestSettings, Response, ResponseOperator, Setting, Status, System,
};
use crate::check::accept::Stop;
use crate::codec::{Any, Cursor, Few};
use crate::datatype::Integer;

type Result<T> = std::result::Result<T, Stop>;

pub(super) fn request<'a>(cursor: &mut Cursor<'_, 'a>) -> Result<Request<'a>> {
    let version = cursor.attribute("version");
    let mut request = Request { version, request_settings: None, operators: Few::new() };
    cursor.children(|cursor| {
        match cursor.name() {
            "migration" => request.operators.push(RequestOperator::Migration(migration_request(cursor)?)),
            "request-settings" => request.request_settings = Some(settings(cursor)?),
            _ => return Err(Stop::Unsure),
        }
        Ok(())
    })?;
    Ok(request)
}

fn settings<'a>(cursor: &mut Cursor<'_, 'a>) -> Result<RequestSettings<'a>> {
    let mut settings = RequestSettings::default();
    cursor.children(|cursor| {
        let mut setting = Setting { name: Any::default(), value: None };
        cursor.children(|cursor| {
            match cursor.name() {
                "name" => setting.name = cursor.anything()?,
                "value" => setting.value = Some(cursor.anything()?),
                _ => return Err(Stop::Unsure),
            }
            Ok(())
        })?;
        settings.setting.push(setting);
        Ok(())
    })?;
    Ok(settings)
}

fn migration_request<'a>(cursor: &mut Cursor<'_, 'a>) -> Result<MigrationRequest<'a>> {
    let mut migration = MigrationRequest { operations: Vec::with_capacity(1) };
    cursor.children(|cursor| {
        match cursor.name() {
            "get_status" => {
                let mut migration_id = Any::default();
                cursor.children(|cursor| {
                    migration_id = cursor.anything()?;
                    Ok(())
                })?;
                migration.operations.push(Operation::GetStatus(GetStatus { migration_id }));
            }
            _ => return Err(Stop::Unsure),
        }
        Ok(())
    })?;
    Ok(migration)
}

pub(super) fn response<'a>(cursor: &mut Cursor<'_, 'a>) -> Result<Response<'a>> {
    let version = cursor.attribute("version");
    let (mut operators, mut system, mut output) = (Few::new(), None, None);
    cursor.children(|cursor| {
        match cursor.name() {
            "migration" => operators.push(ResponseOperator::Migration(migration_answer(cursor)?)),
            "system" => system = Some(answer(cursor)?),
            "output" => output = Some(cursor.text()?),
            _ => return Err(Stop::Unsure),
        }
        Ok(())
    })?;
    Ok(match system {
        Some(system) => Response::System(System { version, system, output }),
        None => Response::Operators(Operators { version, operators, output }),
    })
}

fn answer<'a>(cursor: &mut Cursor<'_, 'a>) -> Result<Answer<'a>> {
    let mut answer = Answer { status: Status::Error, errcode: None, errtext: None };
    cursor.children(|cursor| {
        match cursor.name() {
            "status" => answer.status = status(&cursor.text()?)?,
            "errcode" => answer.errcode = Some(code(&cursor.text()?)?),
            "errtext" => answer.errtext = Some(cursor.text()?),
            _ => return Err(Stop::Unsure),
        }
        Ok(())
    })?;
    Ok(answer)
}

fn migration_answer<'a>(cursor: &mut Cursor<'_, 'a>) -> Result<MigrationAnswer<'a>> {
    let mut migration = MigrationAnswer { operations: Vec::with_capacity(1) };
    cursor.children(|cursor| match cursor.name() {
        "get_status" => cursor.children(|cursor| {
            // Results are large: they are made and filled where they stay.
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
                Some(OperationAnswer::GetStatus(answer)) => get_status_result(cursor, &mut answer.result),
                None => Err(Stop::Unsure),
            }
        }),
        _ => Err(Stop::Unsure),
    })?;
    Ok(migration)
}

fn get_status_result<'a>(cursor: &mut Cursor<'_, 'a>, result: &mut GetStatusResult<'a>) -> Result<()> {
    cursor.children(|cursor| {
        match cursor.name() {
            "status" => result.status = status(&cursor.text()?)?,
            "errcode" => result.errcode = Some(code(&cursor.text()?)?),
            "errtext" => result.errtext = Some(cursor.text()?),
            "migration_status" => {
                let status = result.migration_status.get_or_insert_with(|| {
                    let (total, completed) = (Integer::from(0), Integer::from(0));
                    MigrationStatus { total, completed, description: None }
                });
                migration_status(cursor, status)?;
            }
            "finished" => finished(cursor, result.finished.get_or_insert_with(Finished::default))?,
            _ => return Err(Stop::Unsure),
        }
        Ok(())
    })
}

fn migration_status<'a>(cursor: &mut Cursor<'_, 'a>, status: &mut MigrationStatus<'a>) -> Result<()> {
    cursor.children(|cursor| {
        match cursor.name() {
            "total" => status.total = integer(cursor.text()?)?,
            "completed" => status.completed = integer(cursor.text()?)?,
            "description" => status.description = Some(cursor.text()?),
            _ => return Err(Stop::Unsure),
        }
        Ok(())
    })
}

fn finished<'a>(cursor: &mut Cursor<'_, 'a>, finished: &mut Finished<'a>) -> Result<()> {
    cursor.children(|cursor| {
        match cursor.name() {
            "success" => finished.success = Some(cursor.anything()?),
            "error" => {
                finished.error.push(FinishedError::default());
                if let Some(last) = finished.error.as_mut_slice().last_mut() {
                    error(cursor, last)?;
                }
            }
            _ => return Err(Stop::Unsure),
        }
        Ok(())
    })
}

fn error<'a>(cursor: &mut Cursor<'_, 'a>, error: &mut FinishedError<'a>) -> Result<()> {
    cursor.children(|cursor| {
        error.parts.push(match cursor.name() {
            "message" => ErrorPart::Message(cursor.text()?),
            "object" => ErrorPart::Object(object(cursor)?),
            _ => return Err(Stop::Unsure),
        });
        Ok(())
    })
}

fn object<'a>(cursor: &mut Cursor<'_, 'a>) -> Result<Object<'a>> {
    let mut object = Object::default();
    cursor.children(|cursor| {
        match cursor.name() {
            "type" => object.kind = Some(cursor.text()?),
            "name" => object.name = Some(cursor.text()?),
            _ => return Err(Stop::Unsure),
        }
        Ok(())
    })?;
    Ok(object)
}

fn status(text: &str) -> Result<Status> {
    match text {
        "ok" => Ok(Status::Ok),
        "error" => Ok(Status::Error),
        _ => Err(Stop::Unsure),
    }
}

fn code(text: &str) -> Result<u32> {
    // `-0` is a value of `xs:unsignedInt`.
    let code = text.trim_start_matches('-').parse();
    code.map_err(|_| Stop::Unsure)
}

#[inline]
fn integer(text: Cow<'_, str>) -> Result<Integer<'_>> {
    let parsed = match text {
        Cow::Borrowed(text) => Integer::parse(text),
        Cow::Owned(text) => Integer::parse(&text).map(Integer::into_owned),
    };
    parsed.map_err(|_| Stop::Unsure)
}
