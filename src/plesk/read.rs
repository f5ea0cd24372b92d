//! Packets from events, element by element.
//!
//! The schema decides while the events come; what is here only puts each where it belongs. The derived `Deserialize`
//! of the same types does that too, at a third of the speed (bench `decode`): it reads JSON, and a test holds what it
//! makes of a packet against what is made here.

use std::borrow::Cow;

use super::{
    Answer, ErrorPart, Finished, FinishedError, GetStatus, GetStatusAnswer, GetStatusResult, MigrationAnswer,
    MigrationRequest, MigrationStatus, Object, Operation, OperationAnswer, Operators, Request, RequestOperator,
    RequestSettings, Response, ResponseOperator, Setting, Status, System,
};
use crate::Error;
use crate::codec::{Any, Few, Reader};
use crate::datatype::Integer;

type Result<T> = std::result::Result<T, Error>;

pub(super) fn request<'a>(reader: &mut Reader<'_, 'a>) -> Result<Request<'a>> {
    reader.child()?;
    let version = reader.attribute("version");
    let mut request = Request { version, request_settings: None, operators: Few::new() };
    reader.children(|reader| {
        match reader.name() {
            "migration" => request.operators.push(RequestOperator::Migration(migration_request(reader)?)),
            "request-settings" => request.request_settings = Some(settings(reader)?),
            other => return Err(unknown(other)),
        }
        Ok(())
    })?;
    Ok(request)
}

fn settings<'a>(reader: &mut Reader<'_, 'a>) -> Result<RequestSettings<'a>> {
    let mut settings = RequestSettings::default();
    reader.children(|reader| {
        let mut setting = Setting { name: Any::default(), value: None };
        reader.children(|reader| {
            match reader.name() {
                "name" => setting.name = reader.anything()?,
                "value" => setting.value = Some(reader.anything()?),
                other => return Err(unknown(other)),
            }
            Ok(())
        })?;
        settings.setting.push(setting);
        Ok(())
    })?;
    Ok(settings)
}

fn migration_request<'a>(reader: &mut Reader<'_, 'a>) -> Result<MigrationRequest<'a>> {
    let mut migration = MigrationRequest { operations: Vec::with_capacity(1) };
    reader.children(|reader| {
        match reader.name() {
            "get_status" => {
                let mut migration_id = Any::default();
                reader.children(|reader| {
                    migration_id = reader.anything()?;
                    Ok(())
                })?;
                migration.operations.push(Operation::GetStatus(GetStatus { migration_id }));
            }
            other => return Err(unknown(other)),
        }
        Ok(())
    })?;
    Ok(migration)
}

pub(super) fn response<'a>(reader: &mut Reader<'_, 'a>) -> Result<Response<'a>> {
    reader.child()?;
    let version = reader.attribute("version");
    let (mut operators, mut system, mut output) = (Few::new(), None, None);
    reader.children(|reader| {
        match reader.name() {
            "migration" => operators.push(ResponseOperator::Migration(migration_answer(reader)?)),
            "system" => system = Some(answer(reader)?),
            "output" => output = Some(reader.text_here()?),
            other => return Err(unknown(other)),
        }
        Ok(())
    })?;
    Ok(match system {
        Some(system) => Response::System(System { version, system, output }),
        None => Response::Operators(Operators { version, operators, output }),
    })
}

fn answer<'a>(reader: &mut Reader<'_, 'a>) -> Result<Answer<'a>> {
    let mut answer = Answer { status: Status::Error, errcode: None, errtext: None };
    reader.children(|reader| {
        match reader.name() {
            "status" => answer.status = status(&reader.text_here()?)?,
            "errcode" => answer.errcode = Some(code(&reader.text_here()?)?),
            "errtext" => answer.errtext = Some(reader.text_here()?),
            other => return Err(unknown(other)),
        }
        Ok(())
    })?;
    Ok(answer)
}

fn migration_answer<'a>(reader: &mut Reader<'_, 'a>) -> Result<MigrationAnswer<'a>> {
    let mut migration = MigrationAnswer { operations: Vec::with_capacity(1) };
    reader.children(|reader| {
        match reader.name() {
            "get_status" => {
                reader.children(|reader| {
                    let result = get_status_result(reader)?;
                    migration.operations.push(OperationAnswer::GetStatus(GetStatusAnswer { result }));
                    Ok(())
                })?;
            }
            other => return Err(unknown(other)),
        }
        Ok(())
    })?;
    Ok(migration)
}

fn get_status_result<'a>(reader: &mut Reader<'_, 'a>) -> Result<GetStatusResult<'a>> {
    let mut result =
        GetStatusResult { status: Status::Error, errcode: None, errtext: None, migration_status: None, finished: None };
    reader.children(|reader| {
        match reader.name() {
            "status" => result.status = status(&reader.text_here()?)?,
            "errcode" => result.errcode = Some(code(&reader.text_here()?)?),
            "errtext" => result.errtext = Some(reader.text_here()?),
            "migration_status" => result.migration_status = Some(migration_status(reader)?),
            "finished" => result.finished = Some(finished(reader)?),
            other => return Err(unknown(other)),
        }
        Ok(())
    })?;
    Ok(result)
}

fn migration_status<'a>(reader: &mut Reader<'_, 'a>) -> Result<MigrationStatus<'a>> {
    let mut status = MigrationStatus { total: Integer::from(0), completed: Integer::from(0), description: None };
    reader.children(|reader| {
        match reader.name() {
            "total" => status.total = integer(reader.text_here()?)?,
            "completed" => status.completed = integer(reader.text_here()?)?,
            "description" => status.description = Some(reader.text_here()?),
            other => return Err(unknown(other)),
        }
        Ok(())
    })?;
    Ok(status)
}

fn finished<'a>(reader: &mut Reader<'_, 'a>) -> Result<Finished<'a>> {
    let mut finished = Finished::default();
    reader.children(|reader| {
        match reader.name() {
            "success" => finished.success = Some(reader.anything()?),
            "error" => finished.error.push(error(reader)?),
            other => return Err(unknown(other)),
        }
        Ok(())
    })?;
    Ok(finished)
}

fn error<'a>(reader: &mut Reader<'_, 'a>) -> Result<FinishedError<'a>> {
    let mut error = FinishedError::default();
    reader.children(|reader| {
        error.parts.push(match reader.name() {
            "message" => ErrorPart::Message(reader.text_here()?),
            "object" => ErrorPart::Object(object(reader)?),
            other => return Err(unknown(other)),
        });
        Ok(())
    })?;
    Ok(error)
}

fn object<'a>(reader: &mut Reader<'_, 'a>) -> Result<Object<'a>> {
    let mut object = Object::default();
    reader.children(|reader| {
        match reader.name() {
            "type" => object.kind = Some(reader.text_here()?),
            "name" => object.name = Some(reader.text_here()?),
            other => return Err(unknown(other)),
        }
        Ok(())
    })?;
    Ok(object)
}

fn status(text: &str) -> Result<Status> {
    match text {
        "ok" => Ok(Status::Ok),
        "error" => Ok(Status::Error),
        other => Err(unknown(other)),
    }
}

fn code(text: &str) -> Result<u32> {
    // `-0` is a value of `xs:unsignedInt`.
    let code = text.trim_start_matches('-').parse();
    code.map_err(|_| unknown(text))
}

fn integer(text: Cow<'_, str>) -> Result<Integer<'_>> {
    let parsed = match text {
        Cow::Borrowed(text) => Integer::parse(text),
        Cow::Owned(text) => Integer::parse(&text).map(Integer::into_owned),
    };
    parsed.map_err(Error::mismatch)
}

/// What the schema accepts and this module does not know: no packet has it, as long as both say the same.
#[cold]
fn unknown(found: &str) -> Error {
    Error::mismatch(format_args!("`{found}` has no place in a packet of this kind"))
}
