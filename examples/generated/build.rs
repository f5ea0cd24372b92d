//! Generates the types for `order.xsd`, and the code that reads and writes them, into the output folder of build
//! scripts.

use packetcheck::{Schema, generate::Generator};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=order.xsd");
    let schema = Schema::from_file("order.xsd")?;
    Generator::new(&schema).generate()?.write_to(std::env::var("OUT_DIR")?)?;
    Ok(())
}
