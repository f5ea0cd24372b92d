//! Writes the JavaScript that loads a WebAssembly file: `packetcheck-web-glue FILE.wasm FOLDER`. This is what
//! `wasm-bindgen --target web` does, in the version in `Cargo.lock`, without the other dependencies of that command.
//!
//! `packetcheck-web-glue --order FILE.wasm` puts the functions of a file in an order that compresses well, and
//! `packetcheck-web-glue --gzip FILE.wasm FILE.gz` compresses it as well as gzip can, which takes seconds.

mod order;

use std::env::args_os;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<PathBuf> = args_os().skip(1).map(PathBuf::from).collect();
    match words.as_slice() {
        [option, file] if option.as_os_str() == "--order" => fs::write(file, order::ordered(&fs::read(file)?)?)?,
        [option, file, compressed] if option.as_os_str() == "--gzip" => {
            let (file, compressed) = (fs::read(file)?, fs::File::create(compressed)?);
            zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, file.as_slice(), compressed)?;
        }
        [input, folder] => {
            let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
            bindgen
                .input_path(input)
                .out_name("packetcheck")
                .typescript(false)
                .omit_default_module_path(false)
                .remove_name_section(true);
            bindgen.web(true)?.generate(folder)?;
        }
        _ => return Err("expected a WebAssembly file and a folder".into()),
    }
    Ok(())
}
