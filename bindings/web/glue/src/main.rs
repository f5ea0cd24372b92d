//! Writes the JavaScript that loads a WebAssembly file: `packetcheck-web-glue FILE.wasm FOLDER`. As `wasm-bindgen --target web`
//! does, of the version in `Cargo.lock`, without all else that the command of that name is built from.

use std::env::args_os;
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<PathBuf> = args_os().skip(1).map(PathBuf::from).collect();
    let [input, folder] = paths.as_slice() else {
        return Err("expected a WebAssembly file and a folder".into());
    };
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .input_path(input)
        .out_name("packetcheck")
        .typescript(false)
        .omit_default_module_path(false)
        .remove_name_section(true);
    bindgen.web(true)?.generate(folder)?;
    Ok(())
}
