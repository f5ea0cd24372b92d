//! `explain`: what a code means.

use packetcheck::diagnostic::Code;
use packetcheck::diagnostic::render::text::{WIDTH, wrapped};
use packetcheck::diagnostic::render::visible;

use crate::args::ExplainArguments;
use crate::output::Output;
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: &ExplainArguments) -> Result<Status, Trouble> {
    let text = match &arguments.code {
        Some(code) => describe(Code::parse(code).ok_or_else(|| unknown(code))?),
        None => Code::all().map(|code| format!("{code}  {}\n", code.title())).collect(),
    };
    let mut output = Output::stdout();
    output.write(text.as_bytes())?;
    output.finish()?;
    Ok(Status::Valid)
}

fn describe(code: Code) -> String {
    let example: String = code.example().lines().map(|line| format!("    {}\n", visible(line))).collect();
    format!(
        "{code}: {}\n\n{}\n\nExample:\n\n{example}\nRemedy: {}\n\nSource: {}\n",
        code.title(),
        wrapped(code.explanation(), WIDTH),
        wrapped(code.remedy(), WIDTH - "Remedy: ".len()),
        wrapped(code.source(), WIDTH - "Source: ".len()),
    )
}

fn unknown(text: &str) -> Trouble {
    let hint = match similar(text) {
        Some(code) => format!("did you mean `{code}` ({})?", code.title()),
        None => "`packetcheck explain` lists all codes".to_owned(),
    };
    Trouble::Message(format!("expected a code such as `PC0203`, found `{text}`\n{hint}"))
}

/// The code that has the same number, whatever stands around it: `203`, `pc-0203`, `PCO203`.
fn similar(text: &str) -> Option<Code> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    Code::parse(&format!("PC{number:04}"))
}
