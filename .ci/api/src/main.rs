//! Prints what `cargo public-api` prints, from the JSON that rustdoc writes of a crate. Ends with status 3 where that JSON has
//! another format than the one this reads.

use std::process::ExitCode;

use public_api::{Builder, Error};

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: packetcheck-api FILE.json");
        return ExitCode::from(2);
    };
    let listed = Builder::from_rustdoc_json(path)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(false)
        .build();
    match listed {
        Ok(items) => {
            print!("{items}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(if matches!(error, Error::SerdeJsonError(_)) { 3 } else { 1 })
        }
    }
}
