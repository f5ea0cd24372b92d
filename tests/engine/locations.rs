//! Where schema documents come from, through the library: documents that are copies or versions of one another, network
//! locations, namespaces that need no document, WSDL documents, and the diagnostics for missing documents.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use packetcheck::{Schema, SchemaError, Sources};

type Result = std::result::Result<(), Box<dyn Error>>;

/// A folder for one test, removed when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> std::result::Result<Folder, Box<dyn Error>> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("locations-{name}-{}", std::process::id()));
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().ok_or("a file in a folder")?)?;
            fs::write(path, text)?;
        }
        Ok(Folder(folder))
    }

    fn sources(&self, root: &str) -> Sources {
        Sources::new().root(self.0.join(root))
    }

    fn load(&self, root: &str) -> std::result::Result<Schema, SchemaError> {
        Schema::from_sources(&self.sources(root))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A schema document for a namespace.
fn document(namespace: &str, body: &str) -> String {
    let target = if namespace.is_empty() { String::new() } else { format!(" targetNamespace='{namespace}'") };
    format!(
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'{target} xmlns:a='urn:a' xmlns:b='urn:b'>{body}</xs:schema>"
    )
}

/// The codes and messages of all warnings of a schema.
fn warnings(schema: &Schema) -> Vec<(&'static str, String)> {
    let diagnostics = schema.warnings().iter().flat_map(|file| &file.report().diagnostics);
    diagnostics.map(|warning| (warning.code.as_str(), warning.message.clone())).collect()
}

#[test]
fn two_documents_of_the_same_bytes_are_one() -> Result {
    let part = document("urn:b", "<xs:attribute name='x' type='xs:int'/><xs:element name='e'/>");
    let importing = |namespace: &str| {
        let import = "<xs:import namespace='urn:b' schemaLocation='part.xsd'/>";
        document(
            namespace,
            &format!(
                "{import}<xs:element name='r'><xs:complexType><xs:attribute ref='b:x'/></xs:complexType></xs:element>"
            ),
        )
    };
    let root = document(
        "",
        "<xs:import namespace='urn:a' schemaLocation='a/a.xsd'/><xs:import namespace='urn:c' schemaLocation='c/c.xsd'/>",
    );
    let folder = Folder::new(
        "copies",
        &[
            ("root.xsd", &root),
            ("a/a.xsd", &importing("urn:a")),
            ("a/part.xsd", &part),
            ("c/c.xsd", &importing("urn:c")),
            ("c/part.xsd", &part),
        ],
    )?;
    let schema = folder.load("root.xsd")?;
    assert_eq!((schema.documents().count(), schema.element_count()), (4, 3));
    assert_eq!(warnings(&schema), []);
    for (namespace, value, expected) in [("urn:a", "1", true), ("urn:c", "1", true), ("urn:c", "x", false)] {
        let packet = format!("<r xmlns='{namespace}' xmlns:b='urn:b' b:x='{value}'/>");
        assert_eq!(schema.is_valid(packet.as_bytes()), expected, "{packet}");
    }
    Ok(())
}

#[test]
fn the_first_declaration_counts_of_two_imported_documents() -> Result {
    let version = |name: &str, kind: &str| {
        document("urn:b", &format!("<xs:element name='e' type='xs:{kind}'/><xs:element name='{name}'/>"))
    };
    let importing = |location: &str, more: &str| {
        document(
            "urn:a",
            &format!(
                "<xs:import namespace='urn:b' schemaLocation='{location}'/>{more}<xs:element name='of_{}'/>",
                location.replace(['/', '.'], "_")
            ),
        )
    };
    let folder = Folder::new(
        "versions",
        &[
            ("one.xsd", &importing("1/b.xsd", "<xs:include schemaLocation='two.xsd'/>")[..]),
            ("two.xsd", &importing("2/b.xsd", "")),
            ("1/b.xsd", &version("old", "int")),
            ("2/b.xsd", &version("new", "string")),
            // The same by include, and within one document.
            (
                "included.xsd",
                &document("urn:b", "<xs:include schemaLocation='1/b.xsd'/><xs:include schemaLocation='2/b.xsd'/>"),
            ),
            ("twice.xsd", &document("urn:b", "<xs:element name='e'/><xs:element name='e'/>")),
            ("imports_twice.xsd", &importing("twice.xsd", "")),
        ],
    )?;
    let schema = folder.load("one.xsd")?;
    let [(code, message)] = &warnings(&schema)[..] else { return Err(format!("{:?}", warnings(&schema)).into()) };
    assert_eq!(*code, "PC1101");
    assert!(message.starts_with("`e` of `") && message.contains("2/b.xsd") && message.contains("1/b.xsd"), "{message}");
    assert!(!schema.is_valid(b"<e xmlns='urn:b'>x</e>") && schema.is_valid(b"<e xmlns='urn:b'>1</e>"));
    assert!(schema.is_valid(b"<new xmlns='urn:b'/>") && schema.is_valid(b"<old xmlns='urn:b'/>"));
    for root in ["included.xsd", "twice.xsd", "imports_twice.xsd"] {
        let error = folder.load(root).err().ok_or(root)?;
        assert_eq!((error.code().as_str(), error.errors()), ("PC1101", 1), "{root}: {error}");
    }
    // Several roots given by the caller are all used.
    let roots = Sources::new().root(folder.0.join("1/b.xsd")).root(folder.0.join("2/b.xsd"));
    assert_eq!(Schema::from_sources(&roots).err().ok_or("two roots")?.code().as_str(), "PC1101");
    Ok(())
}

#[test]
fn a_location_on_a_network_is_resolved_by_file_name_and_namespace() -> Result {
    let typed = |kind: &str| document("urn:b", &format!("<xs:element name='e' type='xs:{kind}'/>"));
    let import = |location: &str| {
        document(
            "urn:a",
            &format!(
                "<xs:import namespace='urn:b' schemaLocation='{location}'/><xs:element name='r'><xs:complexType><xs:sequence><xs:element ref='b:e'/></xs:sequence></xs:complexType></xs:element>"
            ),
        )
    };
    let wrong = document("urn:other", "<xs:element name='e' type='xs:boolean'/>");
    let folder = Folder::new(
        "network",
        &[
            ("root.xsd", &import("https://example.com/b/2.0/b.xsd?version=2#top")[..]),
            ("bare.xsd", &import("http://example.com/schema/bare")),
            ("nowhere.xsd", &import("http://example.com/else.xsd")),
            ("included.xsd", &document("urn:b", "<xs:include schemaLocation='http://example.com/2.0/b.xsd'/>")),
            // The nearest file with the name has another namespace; among the rest, the longer agreement counts.
            ("b.xsd", &wrong),
            ("x/1.0/b.xsd", &typed("int")),
            ("x/b/2.0/b.xsd", &typed("date")),
            ("x/named/bare.xsd", &typed("boolean")),
        ],
    )?;
    for (root, value, other) in [("root.xsd", "2026-01-01", "1"), ("bare.xsd", "true", "2026-01-01")] {
        let schema = folder.load(root)?;
        let packet = |value: &str| format!("<r xmlns='urn:a'><e xmlns='urn:b'>{value}</e></r>");
        assert!(schema.is_valid(packet(value).as_bytes()) && !schema.is_valid(packet(other).as_bytes()), "{root}");
        assert_eq!(warnings(&schema), [], "{root}");
    }
    assert!(folder.load("included.xsd")?.is_valid(b"<e xmlns='urn:b'>2026-01-01</e>"));
    let error = folder.load("nowhere.xsd").err().ok_or("nothing is called so")?;
    assert_eq!(error.constraint(), "location");
    Ok(())
}

/// A copy names other files relative to its own place.
#[test]
fn a_copy_includes_files_next_to_it() -> Result {
    let element = |name: &str| document("urn:b", &format!("<xs:element name='{name}' type='xs:int'/>"));
    let part = document("urn:b", "<xs:include schemaLocation='t.xsd'/><xs:element name='part'/>");
    let root = document("urn:b", "<xs:include schemaLocation='a/x.xsd'/><xs:include schemaLocation='b/x.xsd'/>");
    let folder = Folder::new(
        "copies_include",
        &[
            ("root.xsd", &root),
            ("a/x.xsd", &part),
            ("a/t.xsd", &element("one")),
            ("b/x.xsd", &part),
            ("b/t.xsd", &element("two")),
        ],
    )?;
    let schema = folder.load("root.xsd")?;
    assert_eq!((schema.documents().count(), schema.element_count()), (4, 3));
    for name in ["one", "two"] {
        assert!(schema.is_valid(format!("<{name} xmlns='urn:b'>1</{name}>").as_bytes()), "{name}");
    }
    Ok(())
}

#[test]
fn the_first_of_two_matching_files_is_used_and_both_are_named() -> Result {
    let typed = |kind: &str| document("urn:b", &format!("<xs:element name='e' type='xs:{kind}'/>"));
    let import = |location: &str| {
        document("urn:a", &format!("<xs:import namespace='urn:b' schemaLocation='{location}'/><xs:element name='r'/>"))
    };
    let folder = Folder::new(
        "rivals",
        &[
            ("root.xsd", &import("http://example.com/b.xsd")),
            ("copies.xsd", &import("//example.com/c.xsd")),
            ("x/b.xsd", &typed("int")),
            ("y/b.xsd", &typed("string")),
            ("x/c.xsd", &typed("int")),
            ("y/c.xsd", &typed("int")),
        ],
    )?;
    let schema = folder.load("root.xsd")?;
    let [(_, message)] = &warnings(&schema)[..] else { return Err(format!("{:?}", warnings(&schema)).into()) };
    assert!(message.contains("x/b.xsd") && message.contains("y/b.xsd"), "{message}");
    assert!(!schema.is_valid(b"<e xmlns='urn:b'>x</e>") && schema.is_valid(b"<e xmlns='urn:b'>1</e>"));
    assert_eq!(warnings(&folder.load("copies.xsd")?), []);
    Ok(())
}

#[cfg(unix)]
#[test]
fn what_is_not_a_file_in_a_folder_is_never_opened() -> Result {
    let root = document(
        "urn:a",
        "<xs:import namespace='urn:b' schemaLocation='http://example.com/pipe.xsd'/><xs:include schemaLocation='pipe.xsd'/><xs:element name='r'/>",
    );
    let folder = Folder::new("pipe", &[("root.xsd", &root)])?;
    let made = std::process::Command::new("mkfifo").arg(folder.0.join("fifo")).status()?;
    assert!(made.success());
    std::os::unix::fs::symlink("fifo", folder.0.join("pipe.xsd"))?;
    let error = folder.load("root.xsd").err().ok_or("a pipe is not a schema document")?;
    assert_eq!((error.constraint(), error.errors()), ("unreadable", 1), "{error}");
    Ok(())
}

#[test]
fn the_namespaces_of_xml_and_xlink_need_no_document() -> Result {
    let xlink = "xmlns:xlink='http://www.w3.org/1999/xlink'";
    let text = |location: &str| {
        format!(
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' {xlink}>
            <xs:import namespace='http://www.w3.org/XML/1998/namespace' {location}/>
            <xs:import namespace='http://www.w3.org/1999/xlink' {location}/>
            <xs:element name='r'><xs:complexType>
              <xs:attributeGroup ref='xml:specialAttrs'/><xs:attributeGroup ref='xlink:simpleLink'/>
            </xs:complexType></xs:element></xs:schema>"
        )
    };
    for location in [
        "",
        "schemaLocation='http://example.com/a.xsd'",
        "schemaLocation='../not/there.xsd'",
        "schemaLocation='gone.xsd'",
    ] {
        let schema = Schema::from_documents(&[("r.xsd", &text(location))])?;
        assert_eq!((warnings(&schema), schema.documents().count()), (vec![], 1), "{location}");
        for (attributes, expected) in [
            ("xml:lang='en' xml:id='a' xml:base='b' xml:space='default'", true),
            ("xml:lang=''", true),
            ("xml:lang='not a tag'", false),
            ("xlink:type='simple' xlink:href='a' xlink:show='new'", true),
            ("xlink:type='arc'", false),
            ("xlink:show='often'", false),
        ] {
            let packet = format!("<r {xlink} {attributes}/>");
            assert_eq!(schema.is_valid(packet.as_bytes()), expected, "{packet}");
        }
    }
    // A given document takes precedence.
    let own =
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='http://www.w3.org/XML/1998/namespace'>
      <xs:attributeGroup name='specialAttrs'><xs:attribute ref='xml:lang'/></xs:attributeGroup>
      <xs:attribute name='lang' type='xs:int'/></xs:schema>";
    let root = text("schemaLocation='own.xsd'")
        .replace("<xs:import namespace='http://www.w3.org/1999/xlink' schemaLocation='own.xsd'/>", "")
        .replace("<xs:attributeGroup ref='xlink:simpleLink'/>", "")
        .replace("xmlns:xs=", "xmlns:xml='http://www.w3.org/XML/1998/namespace' xmlns:xs=");
    let own = own.replace("xmlns:xs=", "xmlns:xml='http://www.w3.org/XML/1998/namespace' xmlns:xs=");
    let own = own.replace("<xs:attributeGroup name", "<xs:annotation/><xs:attributeGroup name");
    let schema = Schema::from_documents(&[("r.xsd", &root), ("own.xsd", &own)])?;
    assert!(schema.is_valid(b"<r xml:lang='7'/>") && !schema.is_valid(b"<r xml:lang='en'/>"));
    Ok(())
}

#[test]
fn missing_documents_are_one_message_with_remedies() -> Result {
    let body = "<xs:include schemaLocation='../common/t.xsd'/><xs:import namespace='urn:b' schemaLocation='http://example.com/b.xsd'/>
      <xs:include schemaLocation='gone.xsd'/>";
    let uses = "<xs:element name='r' type='a:t'/><xs:element name='s' type='b:t'/>
      <xs:complexType name='d'><xs:complexContent><xs:extension base='a:u'/></xs:complexContent></xs:complexType>";
    let folder = Folder::new(
        "missing",
        &[
            ("sub/uses.xsd", &document("urn:a", &format!("{body}{uses}"))),
            ("sub/unused.xsd", &document("urn:a", &format!("{body}<xs:element name='r'/>"))),
            (
                "sub/parent.xsd",
                &document("", "<xs:include schemaLocation='../common/t.xsd'/><xs:element name='r' type='t'/>"),
            ),
            (
                "common/t.xsd",
                &document("", "<xs:simpleType name='t'><xs:restriction base='xs:string'/></xs:simpleType>"),
            ),
        ],
    )?;
    let error = folder.load("sub/uses.xsd").err().ok_or("three are missing")?;
    assert_eq!(error.errors(), 1, "{error}");
    let diagnostic = &error.files()[0].report().diagnostics[0];
    assert_eq!(
        diagnostic.message,
        "3 schema documents are missing, or outside the permitted folders: `../common/t.xsd`, \
         `http://example.com/b.xsd`, `gone.xsd`"
    );
    let help = diagnostic.help.as_deref().unwrap_or_default();
    let option = format!("`--folder {}`", folder.0.join("common").display());
    assert!(help.contains(&option) && help.contains("--map http://example.com/b.xsd=FILE"), "{help}");
    let schema = folder.load("sub/unused.xsd")?;
    assert_eq!(warnings(&schema).len(), 1, "{:?}", warnings(&schema));
    // The suggested option works.
    assert!(folder.load("sub/parent.xsd").is_err());
    Schema::from_sources(&folder.sources("sub/parent.xsd").folder(folder.0.join("common")))?;
    Ok(())
}

#[test]
fn an_import_without_a_location_is_the_cause_of_missing_declarations() -> Result {
    let root = document(
        "urn:a",
        "<xs:import namespace='urn:b'/><xs:import namespace='urn:unused'/><xs:element name='r' type='b:t'/>
        <xs:element name='s'><xs:complexType><xs:attribute ref='b:u'/></xs:complexType></xs:element>",
    );
    let both = document(
        "urn:a",
        "<xs:import/><xs:import namespace='urn:b'/><xs:import namespace='urn:c' schemaLocation='http://example.com/c.xsd'/>
        <xs:element name='r' type='b:t'/><xs:element name='s' type='plain'/>",
    );
    let folder = Folder::new(
        "no_location",
        &[
            ("root.xsd", &root[..]),
            ("both.xsd", &both),
            ("unused.xsd", &document("urn:a", "<xs:import namespace='urn:b'/><xs:element name='r'/>")),
            ("wrong.xsd", &document("urn:a", "<xs:import namespace='urn:b'/><xs:element name='r' type='b:none'/>")),
            (
                "elsewhere/b.xsd",
                &document(
                    "urn:b",
                    "<xs:simpleType name='t'><xs:restriction base='xs:int'/></xs:simpleType><xs:attribute name='u'/>",
                ),
            ),
        ],
    )?;
    let only = |root: &str| -> std::result::Result<(String, String), Box<dyn Error>> {
        let error = folder.load(root).err().ok_or("it is missing")?;
        assert_eq!((error.errors(), error.code().as_str()), (1, "PC1006"), "{error}");
        let diagnostic = &error.files()[0].report().diagnostics[0];
        Ok((diagnostic.message.clone(), diagnostic.help.clone().unwrap_or_default()))
    };
    let (message, help) = only("root.xsd")?;
    assert_eq!(message, "there is no document of the namespace `urn:b`, which is imported without a location");
    assert_eq!(help, "name the file: `--map urn:b=FILE`, or give it as a schema too");
    let (message, help) = only("both.xsd")?;
    assert_eq!(
        message,
        "3 schema documents are missing: one without a namespace, one of `urn:b`, `http://example.com/c.xsd`"
    );
    assert!(help.contains("`--map NAMESPACE=FILE`") && help.contains("--map http://example.com/c.xsd=FILE"), "{help}");
    // A file that nothing refers to need not exist.
    assert_eq!(warnings(&folder.load("unused.xsd")?), []);
    // The suggested option works; then the undeclared name is the error.
    let b = folder.0.join("elsewhere/b.xsd");
    assert_eq!(Schema::from_sources(&folder.sources("root.xsd").map("urn:b", &b))?.documents().count(), 2);
    assert_eq!(Schema::from_sources(&folder.sources("root.xsd").root(&b))?.documents().count(), 2);
    let error = Schema::from_sources(&folder.sources("wrong.xsd").root(&b)).err().ok_or("not declared")?;
    assert_eq!((error.errors(), error.code().as_str()), (1, "PC1011"));
    Ok(())
}

/// A head that cannot be made because a document is missing: members that restrict its type do not cause further
/// errors.
#[test]
fn consequences_of_a_missing_document_are_not_reported() -> Result {
    let text = document(
        "urn:a",
        "<xs:import namespace='urn:b' schemaLocation='http://example.com/b.xsd'/>
        <xs:complexType name='base'><xs:sequence><xs:element ref='a:head'/></xs:sequence></xs:complexType>
        <xs:complexType name='narrow'><xs:complexContent><xs:restriction base='a:base'>
          <xs:sequence><xs:element ref='a:member'/></xs:sequence></xs:restriction></xs:complexContent></xs:complexType>
        <xs:element name='head' type='a:h'/><xs:element name='member' type='a:m' substitutionGroup='a:head'/>
        <xs:complexType name='h'><xs:sequence/></xs:complexType>
        <xs:complexType name='m'><xs:complexContent><xs:extension base='a:h'><xs:attribute ref='b:x'/></xs:extension></xs:complexContent></xs:complexType>",
    );
    let error = Schema::from_documents(&[("a.xsd", &text)]).err().ok_or("b.xsd is missing")?;
    assert_eq!((error.errors(), error.code().as_str()), (1, "PC1006"), "{error}");
    Ok(())
}

#[test]
fn a_mapped_file_may_include_files_next_to_it() -> Result {
    let folder = Folder::new(
        "mapped",
        &[
            (
                "main/root.xsd",
                &document(
                    "urn:a",
                    "<xs:import namespace='urn:b' schemaLocation='http://example.com/b.xsd'/><xs:element name='r' type='b:t'/>",
                ),
            ),
            ("other/mapped.xsd", &document("urn:b", "<xs:include schemaLocation='part.xsd'/>")),
            (
                "other/part.xsd",
                &document("urn:b", "<xs:simpleType name='t'><xs:restriction base='xs:int'/></xs:simpleType>"),
            ),
        ],
    )?;
    let sources = folder.sources("main/root.xsd").map("http://example.com/b.xsd", folder.0.join("other/mapped.xsd"));
    assert_eq!(Schema::from_sources(&sources)?.documents().count(), 3);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../other/mapped.xsd", folder.0.join("main/link.xsd"))?;
        let sources = folder.sources("main/root.xsd").map("http://example.com/b.xsd", folder.0.join("main/link.xsd"));
        assert_eq!(Schema::from_sources(&sources)?.documents().count(), 3);
    }
    Ok(())
}

#[test]
fn the_schemas_inside_a_wsdl_document_are_one_schema() -> Result {
    let wsdl = "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:b='urn:b' targetNamespace='urn:w'>
      <w:types>
        <xs:schema targetNamespace='urn:a'><xs:import namespace='urn:b'/><xs:element name='ask' type='b:t'/></xs:schema>
        <xs:schema targetNamespace='urn:b'><xs:include schemaLocation='part.xsd'/></xs:schema>
      </w:types><w:message name='m'/></w:definitions>";
    let part = document("urn:b", "<xs:simpleType name='t'><xs:restriction base='xs:int'/></xs:simpleType>");
    let empty = "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/'/>";
    let importing = "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/'><w:import namespace='urn:w' location='service.wsdl'/></w:definitions>";
    let folder = Folder::new(
        "wsdl",
        &[("service.wsdl", wsdl), ("part.xsd", &part), ("empty.wsdl", empty), ("importing.wsdl", importing)],
    )?;
    for root in ["service.wsdl", "importing.wsdl"] {
        let schema = folder.load(root)?;
        assert!(schema.is_valid(b"<ask xmlns='urn:a'>1</ask>") && !schema.is_valid(b"<ask xmlns='urn:a'>x</ask>"));
    }
    let error = folder.load("empty.wsdl").err().ok_or("no schema inside")?;
    assert!(error.message().contains("wsdl:types"), "{error}");
    Ok(())
}

#[test]
fn a_wsdl_document_of_version_2_is_read_like_one_of_1_1() -> Result {
    let folder = |namespace: &str, number: usize| {
        let wsdl = |inside: &str| {
            format!(
                "<description xmlns='{namespace}' xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:b='urn:b' targetNamespace='urn:w'>{inside}</description>"
            )
        };
        let service = wsdl(
            "<types><xs:schema targetNamespace='urn:a'><xs:import namespace='urn:b'/><xs:element name='ask' type='b:t'/></xs:schema>
            <xs:import namespace='urn:b' schemaLocation='b.xsd'/></types><interface name='i'/>",
        );
        let b = document("urn:b", "<xs:simpleType name='t'><xs:restriction base='xs:int'/></xs:simpleType>");
        Folder::new(
            &format!("wsdl_2_{number}"),
            &[
                ("service.wsdl", &service[..]),
                ("b.xsd", &b),
                ("importing.wsdl", &wsdl("<import namespace='urn:w' location='service.wsdl'/>")),
                ("including.wsdl", &wsdl("<include location='service.wsdl'/>")),
                ("empty.wsdl", &wsdl("<types/>")),
            ],
        )
    };
    for (number, namespace) in ["http://www.w3.org/ns/wsdl", "http://www.w3.org/2006/01/wsdl"].into_iter().enumerate() {
        let folder = folder(namespace, number)?;
        for root in ["service.wsdl", "importing.wsdl", "including.wsdl"] {
            let schema = folder.load(root)?;
            assert!(schema.is_valid(b"<ask xmlns='urn:a'>1</ask>") && !schema.is_valid(b"<ask xmlns='urn:a'>x</ask>"));
        }
        let error = folder.load("empty.wsdl").err().ok_or("no schema inside")?;
        assert!(error.message().contains("wsdl:types"), "{error}");
    }
    Ok(())
}

/// Third-party Schematron is an annotation; with a mark, or if the caller asks, its rules are run.
#[test]
fn rules_are_run_where_the_schema_or_the_caller_asks() -> Result {
    let foreign = "<s:pattern xmlns:s='http://purl.oclc.org/dsdl/schematron' id='p'><s:rule context='r[not(@x)]'>
      <s:assert test='true()'>old <s:value-of select='name()'/></s:assert></s:rule></s:pattern>";
    let plain = "<s:pattern xmlns:s='http://purl.oclc.org/dsdl/schematron'><s:rule context='r'>
      <s:assert test='@x'>x is missing</s:assert></s:rule></s:pattern>";
    let mark = "<rules xmlns='urn:packetcheck'/>";
    let text = |appinfo: &str| {
        format!(
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:annotation><xs:appinfo>{appinfo}</xs:appinfo></xs:annotation>
            <xs:element name='r'><xs:complexType><xs:attribute name='x'/></xs:complexType></xs:element></xs:schema>"
        )
    };
    for appinfo in [foreign, plain] {
        let schema = Schema::from_documents(&[("r.xsd", &text(appinfo))])?;
        assert!(schema.is_valid(b"<r/>"));
        let [(code, message)] = &warnings(&schema)[..] else { return Err("one warning".into()) };
        assert!(*code == "PC1007" && message.starts_with("1 Schematron pattern is not run"), "{message}");
        let help = schema.warnings()[0].report().diagnostics[0].help.clone().unwrap_or_default();
        assert!(help.contains("--rules"), "{help}");
    }
    let folder = Folder::new(
        "rules",
        &[
            ("plain.xsd", &text(plain)),
            ("foreign.xsd", &text(foreign)),
            // The mark applies to the included documents, but not to imported ones.
            (
                "including.xsd",
                &format!(
                    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:include schemaLocation='plain.xsd'/><xs:annotation><xs:appinfo>{mark}</xs:appinfo></xs:annotation></xs:schema>"
                ),
            ),
            (
                "importing.xsd",
                &format!(
                    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:i'><xs:import schemaLocation='foreign.xsd'/><xs:annotation><xs:appinfo>{mark}</xs:appinfo></xs:annotation></xs:schema>"
                ),
            ),
        ],
    )?;
    let marked = Schema::from_documents(&[("r.xsd", &text(&format!("{mark}{plain}")))])?;
    let asked = Schema::from_sources(&folder.sources("plain.xsd").rules())?;
    for schema in [marked, asked, folder.load("including.xsd")?] {
        assert!(!schema.is_valid(b"<r/>") && schema.is_valid(b"<r x=''/>"));
        assert_eq!(warnings(&schema), []);
    }
    assert_eq!(warnings(&folder.load("importing.xsd")?).len(), 1);
    let error = Schema::from_sources(&folder.sources("foreign.xsd").rules()).err().ok_or("not supported")?;
    assert_eq!(error.constraint(), "appinfo");
    Ok(())
}

#[test]
fn a_valid_document_decodes_where_rules_are_run_and_where_not() -> Result {
    let schema = |mark: &str| {
        let text = format!(
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:annotation><xs:appinfo>{mark}
            <pattern xmlns='http://purl.oclc.org/dsdl/schematron'><rule context='a'><assert test='@max &gt;= @min'>no</assert></rule></pattern>
            </xs:appinfo></xs:annotation><xs:element name='a'><xs:complexType><xs:sequence>
            <xs:element name='n' type='xs:integer' minOccurs='0'/></xs:sequence>
            <xs:attribute name='min' type='xs:integer'/><xs:attribute name='max' type='xs:integer'/></xs:complexType></xs:element></xs:schema>"
        );
        Schema::from_documents(&[("a.xsd", &text)])
    };
    for mark in ["", "<rules xmlns='urn:packetcheck'/>"] {
        let schema = schema(mark)?;
        for document in [&b"<a min='1' max='2'><n>3</n></a>"[..], b"<a min='1' max='2'/>"] {
            assert!(schema.is_valid(document));
            let value: std::collections::HashMap<String, String> = schema.decode(document)?;
            assert_eq!(value.get("@max").map(String::as_str), Some("2"));
        }
    }
    Ok(())
}

#[test]
fn backslashes_in_a_location_are_the_cause() -> Result {
    let include = r"<xs:include schemaLocation='sub\types.xsd'/><xs:element name='r' type='xs:int'/>";
    let folder =
        Folder::new("backslashes", &[("a.xsd", &document("", include)), ("sub/types.xsd", &document("", ""))])?;
    let expected = r"`sub\types.xsd` cannot be read: it is a URI, which separates folders by `/`";
    assert_eq!(warnings(&folder.load("a.xsd")?), [("PC1001", expected.to_owned())]);
    Ok(())
}
