//! `explain`: describes a code.

use packetcheck::diagnostic::Code;
use packetcheck::diagnostic::render::text::wrapped;
use packetcheck::diagnostic::render::visible;
use serde::Serialize;

use crate::args::{ExplainArguments, ExplainFormat};
use crate::output::{Output, json_line, stdout_style};
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: &ExplainArguments) -> Result<Status, Trouble> {
    let named = arguments.codes.iter().map(|code| Code::parse(code).ok_or_else(|| unknown(code)));
    let named: Vec<Code> = named.collect::<Result<_, _>>()?;
    let codes = if named.is_empty() { Code::all().collect() } else { named };
    let text = match arguments.format {
        ExplainFormat::Json => json_line(&codes.into_iter().map(JsonCode::of).collect::<Vec<_>>()),
        ExplainFormat::Text if arguments.codes.is_empty() => {
            codes.into_iter().map(|code| format!("{code}  {}\n", code.title())).collect::<String>().into_bytes()
        }
        ExplainFormat::Text => {
            let width = stdout_style().width.unwrap_or(usize::MAX);
            let pages: Vec<String> = codes.into_iter().map(|code| describe(code, width)).collect();
            pages.join("\n").into_bytes()
        }
    };
    let mut output = Output::stdout();
    output.write(&text)?;
    output.finish()?;
    Ok(Status::Valid)
}

/// The JSON object of a code.
#[derive(Serialize)]
struct JsonCode {
    code: Code,
    title: &'static str,
    explanation: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraint: Option<&'static str>,
    source: &'static str,
    example: &'static str,
    remedy: &'static str,
}

impl JsonCode {
    fn of(code: Code) -> JsonCode {
        JsonCode {
            code,
            title: code.title(),
            explanation: code.explanation(),
            constraint: code.constraint(),
            source: code.source(),
            example: code.example(),
            remedy: code.remedy(),
        }
    }
}

fn describe(code: Code, width: usize) -> String {
    let example: String = code.example().lines().map(|line| format!("    {}\n", visible(line))).collect();
    let wrap = |name: &str, text: &str| wrapped(text, width.saturating_sub(name.len()));
    format!(
        "{code}: {}\n\n{}\n\nExample:\n\n{example}\nRemedy: {}\n\nSource: {}\n",
        code.title(),
        wrap("", code.explanation()),
        wrap("Remedy: ", code.remedy()),
        wrap("Source: ", code.source()),
    )
}

fn unknown(text: &str) -> Trouble {
    let hint = match similar(text) {
        Some(code) => format!("did you mean `{code}` ({})?", code.title()),
        None => "`packetcheck explain` lists all codes".to_owned(),
    };
    Trouble::Message(format!("expected a code such as `PC0203`, found `{text}`\n{hint}"))
}

/// The code that has the same number, whatever surrounds it: `203`, `pc-0203`, `PCO203`.
fn similar(text: &str) -> Option<Code> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    Code::parse(&format!("PC{number:04}"))
}
