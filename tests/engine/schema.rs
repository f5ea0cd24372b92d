//! User-defined schemas: a set in the vendor's shape loads completely from disk and works; an invalid one is reported
//! with its error and place.

use std::path::{Path, PathBuf};

use packetcheck::{Schema, Sources};

use crate::support::vendor_shape;

/// A folder for the test, removed when it ends.
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
        // A leftover folder is in the build folder and does no harm.
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
    // The chain of extension: the content of the first type, then what each one adds.
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
    // The import has no location: the other root provides its namespace.
    let outer = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:b='urn:b' targetNamespace='urn:a'>
      <xs:import namespace='urn:b'/><xs:element name='a'><xs:complexType><xs:sequence><xs:element ref='b:b'/>
      </xs:sequence></xs:complexType></xs:element></xs:schema>";
    let inner = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:b'>
      <xs:element name='b' type='xs:integer'/></xs:schema>";
    let (a, b) = (folder.0.join("a.xsd"), folder.0.join("b.xsd"));
    std::fs::write(&a, outer)?;
    std::fs::write(&b, inner)?;
    // In any order; a file that is given twice counts once.
    for roots in [vec![&a, &b], vec![&b, &a], vec![&a, &b, &a]] {
        let schema = Schema::from_files(&roots)?;
        assert!(schema.is_valid(b"<a xmlns='urn:a'><b xmlns='urn:b'>1</b></a>"));
        assert!(schema.is_valid(b"<b xmlns='urn:b'>1</b>"));
        assert!(!schema.is_valid(b"<a xmlns='urn:a'><b xmlns='urn:b'>x</b></a>"));
    }
    let error = Schema::from_files(&[&a]).err().ok_or("the schema compiles")?;
    assert_eq!(error.constraint(), "location");
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

/// The constraint and the message of the only error of a schema.
fn only_fault(sources: &Sources) -> Result<(&'static str, String), Box<dyn std::error::Error>> {
    let error = Schema::from_sources(sources).err().ok_or("the schema compiles")?;
    assert_eq!(error.errors(), 1, "{error}");
    Ok((error.constraint(), error.message().to_owned()))
}

/// A schema document that includes others.
fn including(locations: &[&str]) -> String {
    let includes: String =
        locations.iter().map(|location| format!("<xs:include schemaLocation='{location}'/>")).collect();
    format!("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>{includes}<xs:element name='a'/></xs:schema>")
}

/// A schema document with a type that only the missing documents could declare.
fn missing(locations: &[&str]) -> String {
    including(locations).replace("</xs:schema>", "<xs:element name='b' type='missed'/></xs:schema>")
}

#[cfg(unix)]
#[test]
fn no_path_leads_out_of_the_folders_of_the_schema() -> Result<(), Box<dyn std::error::Error>> {
    use std::os::unix::fs::symlink;

    let folder = Folder::new("fence")?;
    let (inside, outside) = (folder.0.join("inside"), folder.0.join("outside"));
    std::fs::create_dir_all(inside.join("types"))?;
    std::fs::create_dir_all(&outside)?;
    let empty = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>";
    std::fs::write(inside.join("types/a b.xsd"), empty)?;
    std::fs::write(outside.join("secret.xsd"), empty)?;
    symlink(outside.join("secret.xsd"), inside.join("link.xsd"))?;
    symlink(&outside, inside.join("folder"))?;
    symlink("types/a b.xsd", inside.join("within.xsd"))?;
    let root = inside.join("root.xsd");
    let absolute = |path: &Path| format!("file://{}", path.display().to_string().replace(' ', "%20"));
    for location in [
        "types/a%20b.xsd",
        "types/a b.xsd",
        "./types/../types/a%20b.xsd#types",
        "within.xsd",
        "../inside/within.xsd",
        &absolute(&inside.canonicalize()?.join("types/a b.xsd")),
    ] {
        std::fs::write(&root, including(&[location]))?;
        let schema = Schema::from_file(&root).map_err(|error| format!("{location}: {error}"))?;
        assert_eq!(schema.documents().count(), 2, "{location}");
    }
    for location in [
        "../outside/secret.xsd",
        "%2e%2e/outside/secret.xsd",
        "types/../../outside/secret.xsd",
        "link.xsd",
        "folder/secret.xsd",
        "folder/not_there.xsd",
        "../outside/not_there.xsd",
        "../../../../../../../../../../../../../../etc/hostname",
        "/etc/hostname",
        "file:///etc/hostname",
        &absolute(&outside.canonicalize()?.join("secret.xsd")),
        "http://example.com/a.xsd",
        "//example.com/a.xsd",
        "ftp://example.com/a.xsd",
    ] {
        std::fs::write(&root, missing(&[location]))?;
        let (constraint, message) = only_fault(&Sources::new().root(&root))?;
        assert_eq!(constraint, "location", "{location}: {message}");
        assert!(message.starts_with(&format!("`{location}` is not read: ")), "{message}");
    }
    // The caller says where reading is permitted.
    std::fs::write(&root, including(&["../outside/secret.xsd", "link.xsd"]))?;
    assert_eq!(Schema::from_sources(&Sources::new().root(&root).folder(&outside))?.documents().count(), 2);
    std::fs::write(&root, missing(&["not_there.xsd"]))?;
    assert_eq!(only_fault(&Sources::new().root(&root))?.0, "unreadable");
    Ok(())
}

#[test]
fn catalogs_name_files_for_locations() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("catalogs")?;
    let empty = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>";
    for name in ["exact", "prefix/deep", "short", "suffix", "next", "system"] {
        let path = folder.0.join(format!("files/{name}.xsd"));
        std::fs::create_dir_all(path.parent().ok_or("a folder")?)?;
        std::fs::write(path, empty)?;
    }
    let catalog = |entries: &str| {
        format!(
            "<c:catalog xmlns:c='urn:oasis:names:tc:entity:xmlns:xml:catalog' xml:base='files/'>{entries}</c:catalog>"
        )
    };
    // Circles are allowed.
    let first = "<c:nextCatalog catalog='../second.xml'/><c:nextCatalog catalog='../first.xml'/>
      <c:uriSuffix uriSuffix='.xsd' uri='short.xsd'/><c:uriSuffix uriSuffix='types/suffix.xsd' uri='suffix.xsd'/>
      <c:rewriteURI uriStartString='http://a/' rewritePrefix='nowhere/'/>
      <c:group xml:base='prefix/'><c:rewriteURI uriStartString='http://a/b/' rewritePrefix='./'/></c:group>
      <c:uri name='http://a/b/exact' uri='exact.xsd'/><c:uri name='http://a/b/exact' uri='short.xsd'/>
      <c:system systemId='urn:system' uri='system.xsd'/><c:public publicId='p' uri='nothing'/>";
    let second = "<c:uri name='urn:next' uri='next.xsd'/><c:nextCatalog catalog='../first.xml'/>
      <c:uri name='urn:far' uri='http://a/far.xsd'/>";
    let (one, two) = (folder.0.join("first.xml"), folder.0.join("second.xml"));
    std::fs::write(&one, catalog(first))?;
    std::fs::write(&two, catalog(second))?;
    let root = folder.0.join("roots/root.xsd");
    std::fs::create_dir_all(folder.0.join("roots"))?;
    let sources = Sources::new().root(&root).catalog(&one);
    for (location, file) in [
        ("http://a/b/exact", "exact"),
        ("http://a/b/deep.xsd", "prefix/deep"),
        ("urn:types/suffix.xsd", "suffix"),
        ("urn:other.xsd", "short"),
        ("urn:system", "system"),
        (" urn:next ", "next"),
    ] {
        std::fs::write(&root, including(&[location]))?;
        let schema = Schema::from_sources(&sources).map_err(|error| format!("{location}: {error}"))?;
        let second = schema.documents().nth(1).ok_or("two documents")?;
        assert!(second.ends_with(&format!("files/{file}.xsd")), "{location}: {second}");
    }
    for (location, constraint) in
        [("http://a/c.xml", "unreadable"), ("urn:far", "location"), ("http://other/", "location")]
    {
        std::fs::write(&root, missing(&[location]))?;
        assert_eq!(only_fault(&sources)?.0, constraint, "{location}");
    }
    // The table of the caller takes precedence.
    std::fs::write(&root, including(&["urn:next"]))?;
    let schema = Schema::from_sources(&sources.clone().map("urn:next", folder.0.join("files/exact.xsd")))?;
    assert!(schema.documents().any(|path| path.ends_with("exact.xsd")));
    for (entries, line) in [("<c:delegateURI uriStartString='a' catalog='b'/>", 1), ("<c:uri/>", 1)] {
        std::fs::write(&two, catalog(entries))?;
        let error = Schema::from_sources(&sources).err().ok_or("the catalog is read")?;
        assert_eq!((error.constraint(), error.line()), ("catalog", line), "{error}");
    }
    // A packet is passed instead: the message is ours and the place is right.
    std::fs::write(&two, "<packet>\n<password>a&secret;b</password></packet>")?;
    let error = Schema::from_sources(&sources).err().ok_or("the catalog is read")?;
    assert_eq!((error.constraint(), error.line(), error.column()), ("not-well-formed", 2, 12), "{error}");
    Ok(())
}

#[test]
fn many_catalogs_and_many_faults_are_bounded() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("many")?;
    let root = folder.0.join("root.xsd");
    for number in 0..1100 {
        let next = format!("<nextCatalog catalog='{}.xml'/>", number + 1);
        let text = format!("<catalog xmlns='urn:oasis:names:tc:entity:xmlns:xml:catalog'>{next}</catalog>");
        std::fs::write(folder.0.join(format!("{number}.xml")), text)?;
    }
    std::fs::write(&root, including(&[]))?;
    let error = Schema::from_sources(&Sources::new().root(&root).catalog(folder.0.join("0.xml"))).err();
    assert_eq!(error.ok_or("all catalogs are read")?.message(), "expected at most 1000 catalogs");

    let wrong: String = (0..100_000).map(|number| format!("<xs:element name='a{number}' type='b{number}'/>")).collect();
    std::fs::write(&root, format!("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>{wrong}</xs:schema>"))?;
    let error = Schema::from_file(&root).err().ok_or("the schema compiles")?;
    assert_eq!((error.errors(), error.files()[0].report().diagnostics.len()), (100_000, 100));
    Ok(())
}

#[test]
fn a_document_names_schemas_only_where_the_caller_lets_it() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("hints")?;
    let (inside, outside) = (folder.0.join("inside"), folder.0.join("outside"));
    std::fs::create_dir_all(&inside)?;
    std::fs::create_dir_all(&outside)?;
    let lax =
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a'><xs:complexType><xs:sequence>
      <xs:any processContents='lax' maxOccurs='unbounded'/></xs:sequence>
      <xs:anyAttribute processContents='skip'/></xs:complexType></xs:element></xs:schema>";
    let declared = |namespace: &str| {
        format!(
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' {namespace}><xs:element name='b' type='xs:integer'/></xs:schema>"
        )
    };
    let root = inside.join("a.xsd");
    std::fs::write(&root, lax)?;
    std::fs::write(inside.join("b.xsd"), declared("targetNamespace='urn:b'"))?;
    std::fs::write(inside.join("none.xsd"), declared(""))?;
    std::fs::write(outside.join("b.xsd"), declared("targetNamespace='urn:b'"))?;
    let sources = Sources::new().root(&root);
    let document = |attributes: &str, b: &str| {
        format!("<a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' xmlns:b='urn:b' {attributes}>{b}</a>")
    };
    let (good, bad) = ("<b:b>1</b:b>", "<b:b>x</b:b>");
    let located = "i:schemaLocation=' urn:b b.xsd\n urn:b b.xsd urn:odd'";
    let path = inside.join("document.xml");
    // Nothing is followed unless that is requested.
    assert!(Schema::from_sources(&sources)?.is_valid(document(located, bad).as_bytes()));
    for (attributes, b, expected) in [
        (located, good, true),
        (located, bad, false),
        ("", bad, true),
        ("i:noNamespaceSchemaLocation='none.xsd'", "<b>1</b>", true),
        ("i:noNamespaceSchemaLocation='none.xsd'", "<b>x</b>", false),
        // On any element, but not with a prefix of another namespace.
        ("", "<b:b i:schemaLocation='urn:b b.xsd'>x</b:b>", false),
        ("xmlns:j='urn:j' j:schemaLocation='urn:b nothing.xsd'", bad, true),
    ] {
        let document = document(attributes, b);
        let schema = Schema::from_sources(&sources.with_schema_locations(document.as_bytes(), &path))?;
        assert_eq!(schema.is_valid(document.as_bytes()), expected, "{document}");
        assert_eq!(schema.explain(document.as_bytes()).is_valid(), expected, "{document}");
    }
    // Next to the document, but still only within the permitted folders.
    for (location, path) in [("b.xsd", outside.join("document.xml")), ("../outside/b.xsd", path), ("http://a/c", root)]
    {
        let document = document(&format!("i:schemaLocation='urn:b {location}'"), good);
        let error = Schema::from_sources(&sources.with_schema_locations(document.as_bytes(), &path)).err();
        let error = error.ok_or("the schema is read")?;
        assert!(error.message().contains("is not read: "), "{error}");
    }
    Ok(())
}

#[test]
fn documents_in_utf_16_are_read_and_a_document_type_declaration_is_passed_over()
-> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("utf-16")?;
    let root = folder.0.join("a.xsd");
    let text = "\u{feff}<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE xs:schema SYSTEM 'XMLSchema.dtd'>
      <xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='é' type='xs:integer'/></xs:schema>";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(&root, bytes)?;
    assert!(Schema::from_file(&root)?.is_valid("<é>1</é>".as_bytes()));
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
    assert_eq!(error.message(), "expected UTF-8, found byte 0xE9 where no character begins or continues");
    assert_eq!((error.line(), error.column(), error.errors()), (1, 61, 1));
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
        ("<z/>", "no content of `z` is valid: the schema gives it an empty choice"),
        ("<z><a/></z>", "expected no element in `z`, found `a`"),
    ] {
        assert!(!schema.is_valid(document.as_bytes()), "{document}");
        let report = schema.explain(document.as_bytes());
        let messages: Vec<&str> = report.diagnostics.iter().map(|diagnostic| &*diagnostic.message).collect();
        assert_eq!(messages, [message], "{document}");
    }
    Ok(())
}

/// Part 1, sections 4.2.1 to 4.2.3: a location that leads to nothing is an error only if something from it is needed.
#[test]
fn a_missing_document_is_reported_where_it_is_needed() -> Result<(), Box<dyn std::error::Error>> {
    let document = |body: &str| format!("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>\n{body}</xs:schema>");
    let nothing = "<xs:include schemaLocation='b.xsd'/>\n<xs:import namespace='urn:c' schemaLocation='http://c/c.xsd'/>
      <xs:redefine schemaLocation='d.xsd'/>";
    let unused = document(&format!("{nothing}<xs:element name='a'/>"));
    let schema = Schema::from_documents(&[("a.xsd", &unused)])?;
    assert!(schema.is_valid(b"<a/>"));
    let [file] = schema.warnings() else { return Err("one document names what is not there".into()) };
    let warnings: Vec<_> = file.report().diagnostics.iter().map(|warning| warning.message.as_str()).collect();
    let all = "3 schema documents are missing: `b.xsd`, `http://c/c.xsd`, `d.xsd`";
    assert_eq!((file.path(), file.report().errors, warnings), ("a.xsd", 0, vec![all]));

    let used = document(&format!("{nothing}<xs:element name='a' xmlns:c='urn:c' type='c:t'/>"));
    let error = Schema::from_documents(&[("a.xsd", &used)]).err().ok_or("a type that nobody knows")?;
    assert_eq!((error.constraint(), error.line(), error.errors()), ("location", 3, 1));
    let redefined =
        document("<xs:redefine schemaLocation='d.xsd'><xs:group name='g'><xs:sequence/></xs:group></xs:redefine>");
    let error = Schema::from_documents(&[("a.xsd", &redefined)]).err().ok_or("nothing to redefine")?;
    assert_eq!((error.constraint(), error.line(), error.errors()), ("unreadable", 2, 1));
    Ok(())
}
