//! Schemas of the user's own: a set in the vendor's shape loads whole from disk and decides; a bad one says what and
//! where.

use std::path::{Path, PathBuf};

use packetcheck::Schema;

#[path = "support/vendor_shape.rs"]
#[allow(dead_code)]
mod vendor_shape;

/// A folder of the test's own, gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> std::io::Result<Folder> {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind is in the build folder and harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn answer(result: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<packet version=\"1.6.9.0\">\n  <site>\n    <op10>\n      <result>{result}</result>\n    </op10>\n  </site>\n</packet>\n"
    )
}

#[test]
fn a_set_of_the_vendors_shape_loads_from_disk_and_decides() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("vendor-shape")?;
    let (files, lines) = vendor_shape::write_to(&folder.0)?;
    assert!(files >= 60 && lines >= vendor_shape::LINES, "{files} files, {lines} lines");

    let answers = Schema::from_file(folder.0.join("agent_output.xsd"))?;
    // The chain of extension: what the first type has, then what each adds.
    for (result, expected) in [
        ("<status>ok</status>", true),
        ("<status>error</status><errcode> 1013 </errcode><errtext/>", true),
        (
            "<status>ok</status><filter-id>x</filter-id><data-1><size>1</size></data-1><data-10><size>2</size></data-10>",
            true,
        ),
        ("<status>ok</status><data-10><size>2</size></data-10><data-1><size>1</size></data-1>", false),
        ("<status> ok </status>", false),
        ("<status>ok</status><errcode>4294967296</errcode>", false),
        ("<status>ok</status><id>0</id>", false),
        ("<status>ok</status><data-10><size>2</size><note a='b'>any <thing/></note></data-10>", true),
    ] {
        let packet = answer(result);
        assert_eq!(answers.is_valid(packet.as_bytes()), expected, "{packet}");
        assert_eq!(answers.explain(packet.as_bytes()).is_valid(), expected, "{packet}");
    }

    let requests = Schema::from_file(folder.0.join("agent_input.xsd"))?;
    let request = |operation: &str| format!("<packet><mail>{operation}</mail></packet>");
    assert!(requests.is_valid(request("<op0/>").as_bytes()));
    // An empty complex type allows not even white space.
    assert!(!requests.is_valid(request("<op0> </op0>").as_bytes()));
    let many = |count: usize| request(&format!("<op1><filter>{}</filter></op1>", "<guid/>".repeat(count)));
    assert!(requests.is_valid(many(101).as_bytes()) && !requests.is_valid(many(102).as_bytes()));
    let dataset = |members: &str| request(&format!("<op1><filter/><dataset>{members}</dataset></op1>"));
    assert!(requests.is_valid(dataset("<stat/><gen_info/>").as_bytes()));
    assert!(!requests.is_valid(dataset("<stat/><stat/>").as_bytes()));
    Ok(())
}

#[test]
fn several_roots_are_one_schema() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("two-roots")?;
    // The import names no location: the other root has what it is about.
    let outer = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:b='urn:b' targetNamespace='urn:a'>
      <xs:import namespace='urn:b'/><xs:element name='a'><xs:complexType><xs:sequence><xs:element ref='b:b'/>
      </xs:sequence></xs:complexType></xs:element></xs:schema>";
    let inner = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:b'>
      <xs:element name='b' type='xs:integer'/></xs:schema>";
    let (a, b) = (folder.0.join("a.xsd"), folder.0.join("b.xsd"));
    std::fs::write(&a, outer)?;
    std::fs::write(&b, inner)?;
    // In any order, and a file that is given twice is one.
    for roots in [vec![&a, &b], vec![&b, &a], vec![&a, &b, &a]] {
        let schema = Schema::from_files(&roots)?;
        assert!(schema.is_valid(b"<a xmlns='urn:a'><b xmlns='urn:b'>1</b></a>"));
        assert!(schema.is_valid(b"<b xmlns='urn:b'>1</b>"));
        assert!(!schema.is_valid(b"<a xmlns='urn:a'><b xmlns='urn:b'>x</b></a>"));
    }
    let error = Schema::from_files(&[&a]).err().ok_or("the schema compiles")?;
    assert_eq!(error.constraint(), "src-resolve");
    let none: [&Path; 0] = [];
    let error = Schema::from_files(&none).err().ok_or("the schema compiles")?;
    assert_eq!(error.message(), "expected at least one document");
    Ok(())
}

#[test]
fn a_fault_in_an_included_file_is_placed_there() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("bad-include")?;
    let root = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>\n<xs:include schemaLocation='types/b.xsd'/></xs:schema>";
    let included = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>\n\n  <xs:complexType/></xs:schema>";
    std::fs::create_dir_all(folder.0.join("types"))?;
    std::fs::write(folder.0.join("a.xsd"), root)?;
    std::fs::write(folder.0.join("types/b.xsd"), included)?;
    let error = Schema::from_file(folder.0.join("a.xsd")).err().ok_or("the schema compiles")?;
    assert_eq!(Path::new(error.path()), folder.0.join("types/b.xsd"));
    assert_eq!((error.line(), error.column()), (3, 3));
    assert_eq!(error.message(), "missing required attribute `name` of `xs:complexType`");
    Ok(())
}

#[test]
fn a_file_in_another_encoding_is_refused_with_its_name() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("encoding")?;
    std::fs::write(
        folder.0.join("a.xsd"),
        b"<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><!-- \xE9 --></xs:schema>",
    )?;
    let error = Schema::from_file(folder.0.join("a.xsd")).err().ok_or("the schema compiles")?;
    assert_eq!(error.message(), "cannot be read: expected UTF-8, which is the only encoding supported yet");
    Ok(())
}

#[test]
fn an_empty_choice_makes_every_content_invalid_and_says_so_once() -> Result<(), Box<dyn std::error::Error>> {
    let schema = Schema::from_documents(&[(
        "z.xsd",
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='z'><xs:complexType><xs:choice/>\
         </xs:complexType></xs:element></xs:schema>",
    )])?;
    for (document, message) in [
        ("<z/>", "`z` can have no content that is valid: the schema gives it an empty choice"),
        ("<z><a/></z>", "expected no element in `z`, found `a`"),
    ] {
        assert!(!schema.is_valid(document.as_bytes()), "{document}");
        let report = schema.explain(document.as_bytes());
        let messages: Vec<&str> = report.diagnostics.iter().map(|diagnostic| &*diagnostic.message).collect();
        assert_eq!(messages, [message], "{document}");
    }
    Ok(())
}
