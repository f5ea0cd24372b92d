//! Documents as JSON and back.

use packetcheck::Schema;
use std::error::Error;

#[test]
fn probe() -> Result<(), Box<dyn Error>> {
    let folder = std::env::var("PROBE")?;
    let schema = Schema::from_file(format!("{folder}/po.xsd"))?;
    for name in ["po.xml", "po2.xml"] {
        let bytes = std::fs::read(format!("{folder}/{name}"))?;
        let json = schema.decode_to_json_pretty(&bytes)?;
        println!("{}", String::from_utf8_lossy(&json));
        let back = schema.encode_from_json_pretty(&json)?;
        println!("{}", String::from_utf8_lossy(&back));
        assert_eq!(schema.decode_to_json_pretty(&back)?, json);
    }
    Ok(())
}
