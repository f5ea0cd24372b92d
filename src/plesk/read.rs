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
use crate::codec::{Any, Few, Node, Reader};
use crate::datatype::Integer;

type Result<T> = std::result::Result<T, Error>;

pub(super) fn request<'a>(reader: &mut Reader<'_, 'a>, packet: Node<'a>) -> Result<Request<'a>> {
    let version = reader.attribute(&packet, "version");
    let mut request = Request { version, request_settings: None, operators: Few::new() };
    while let Some(child) = reader.child_of(&packet)? {
        match child.name() {
            "migration" => request.operators.push(RequestOperator::Migration(migration_request(reader, child)?)),
            "request-settings" => request.request_settings = Some(settings(reader, child)?),
            other => return Err(unknown(other)),
        }
    }
    Ok(request)
}

fn settings<'a>(reader: &mut Reader<'_, 'a>, element: Node<'a>) -> Result<RequestSettings<'a>> {
    let mut settings = RequestSettings::default();
    while let Some(child) = reader.child_of(&element)? {
        let mut setting = Setting { name: Any::default(), value: None };
        while let Some(part) = reader.child_of(&child)? {
            match part.name() {
                "name" => setting.name = reader.anything(part)?,
                "value" => setting.value = Some(reader.anything(part)?),
                other => return Err(unknown(other)),
            }
        }
        settings.setting.push(setting);
    }
    Ok(settings)
}

fn migration_request<'a>(reader: &mut Reader<'_, 'a>, element: Node<'a>) -> Result<MigrationRequest<'a>> {
    let mut migration = MigrationRequest { operations: Vec::with_capacity(1) };
    while let Some(child) = reader.child_of(&element)? {
        match child.name() {
            "get_status" => {
                let mut migration_id = Any::default();
                while let Some(part) = reader.child_of(&child)? {
                    migration_id = reader.anything(part)?;
                }
                migration.operations.push(Operation::GetStatus(GetStatus { migration_id }));
            }
            other => return Err(unknown(other)),
        }
    }
    Ok(migration)
}

pub(super) fn response<'a>(reader: &mut Reader<'_, 'a>, packet: Node<'a>) -> Result<Response<'a>> {
    let version = reader.attribute(&packet, "version");
    let (mut operators, mut system, mut output) = (Few::new(), None, None);
    while let Some(child) = reader.child_of(&packet)? {
        match child.name() {
            "migration" => operators.push(ResponseOperator::Migration(migration_answer(reader, child)?)),
            "system" => system = Some(answer(reader, child)?),
            "output" => output = Some(reader.text_of(&child)?),
            other => return Err(unknown(other)),
        }
    }
    Ok(match system {
        Some(system) => Response::System(System { version, system, output }),
        None => Response::Operators(Operators { version, operators, output }),
    })
}

fn answer<'a>(reader: &mut Reader<'_, 'a>, element: Node<'a>) -> Result<Answer<'a>> {
    let mut answer = Answer { status: Status::Error, errcode: None, errtext: None };
    while let Some(child) = reader.child_of(&element)? {
        match child.name() {
            "status" => answer.status = status(&reader.text_of(&child)?)?,
            "errcode" => answer.errcode = Some(code(&reader.text_of(&child)?)?),
            "errtext" => answer.errtext = Some(reader.text_of(&child)?),
            other => return Err(unknown(other)),
        }
    }
    Ok(answer)
}

fn migration_answer<'a>(reader: &mut Reader<'_, 'a>, element: Node<'a>) -> Result<MigrationAnswer<'a>> {
    let mut migration = MigrationAnswer { operations: Vec::with_capacity(1) };
    while let Some(child) = reader.child_of(&element)? {
        match child.name() {
            "get_status" => {
                while let Some(part) = reader.child_of(&child)? {
                    let result = get_status_result(reader, part)?;
                    migration.operations.push(OperationAnswer::GetStatus(GetStatusAnswer { result }));
                }
            }
            other => return Err(unknown(other)),
        }
    }
    Ok(migration)
}

fn get_status_result<'a>(reader: &mut Reader<'_, 'a>, element: Node<'a>) -> Result<GetStatusResult<'a>> {
    let mut result =
        GetStatusResult { status: Status::Error, errcode: None, errtext: None, migration_status: None, finished: None };
    while let Some(child) = reader.child_of(&element)? {
        match child.name() {
            "status" => result.status = status(&reader.text_of(&child)?)?,
            "errcode" => result.errcode = Some(code(&reader.text_of(&child)?)?),
            "errtext" => result.errtext = Some(reader.text_of(&child)?),
            "migration_status" => result.migration_status = Some(migration_status(reader, child)?),
            "finished" => result.finished = Some(finished(reader, child)?),
            other => return Err(unknown(other)),
        }
    }
    Ok(result)
}

fn migration_status<'a>(reader: &mut Reader<'_, 'a>, element: Node<'a>) -> Result<MigrationStatus<'a>> {
    let mut status = MigrationStatus { total: Integer::from(0), completed: Integer::from(0), description: None };
    while let Some(child) = reader.child_of(&element)? {
        match child.name() {
            "total" => status.total = integer(reader.text_of(&child)?)?,
            "completed" => status.completed = integer(reader.text_of(&child)?)?,
            "description" => status.description = Some(reader.text_of(&child)?),
            other => return Err(unknown(other)),
        }
    }
    Ok(status)
}

fn finished<'a>(reader: &mut Reader<'_, 'a>, element: Node<'a>) -> Result<Finished<'a>> {
    let mut finished = Finished::default();
    while let Some(child) = reader.child_of(&element)? {
        match child.name() {
            "success" => finished.success = Some(reader.anything(child)?),
            "error" => finished.error.push(error(reader, child)?),
            other => return Err(unknown(other)),
        }
    }
    Ok(finished)
}

fn error<'a>(reader: &mut Reader<'_, 'a>, element: Node<'a>) -> Result<FinishedError<'a>> {
    let mut error = FinishedError::default();
    while let Some(child) = reader.child_of(&element)? {
        error.parts.push(match child.name() {
            "message" => ErrorPart::Message(reader.text_of(&child)?),
            "object" => ErrorPart::Object(object(reader, child)?),
            other => return Err(unknown(other)),
        });
    }
    Ok(error)
}

fn object<'a>(reader: &mut Reader<'_, 'a>, element: Node<'a>) -> Result<Object<'a>> {
    let mut object = Object::default();
    while let Some(child) = reader.child_of(&element)? {
        match child.name() {
            "type" => object.kind = Some(reader.text_of(&child)?),
            "name" => object.name = Some(reader.text_of(&child)?),
            other => return Err(unknown(other)),
        }
    }
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
