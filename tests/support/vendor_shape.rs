//! A schema set in the shape of the vendor's: its proportions, but not its text.
//!
//! Two roots, `agent_input.xsd` and `agent_output.xsd`, each including some sixty files of one folder, 16,000 lines per
//! set. No namespace; its own types named `string` and `unsignedInt`; include cycles; the two sets share `common.xsd`
//! and many type names, so that they load separately but not together; documentation throughout; chains of extension
//! from `resultType`; elements without a type; `NoneType`; a `packet` that is a choice of some sixty operators.
//! Deterministic, and using only the standard library, so that tests and benchmarks can write it anywhere.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// The number of operators in the packet, each with its own files.
pub(crate) const OPERATORS: usize = 58;

/// The least number of lines in each set.
pub(crate) const LINES: usize = 16_000;

/// The number of operations of each operator, enough for that number of lines.
const OPERATIONS: usize = 11;

/// Writes both sets into an existing folder. Returns the number of files and lines of the output set.
///
/// # Errors
///
/// Errors of the file system.
pub(crate) fn write_to(folder: &Path) -> io::Result<(usize, usize)> {
    let mut written = (0, 0);
    for (name, text) in output_set() {
        written = (written.0 + 1, written.1 + text.lines().count());
        fs::write(folder.join(name), text)?;
    }
    for (name, text) in input_set() {
        fs::write(folder.join(name), text)?;
    }
    Ok(written)
}

/// The set of answers: names and texts, the root first.
pub(crate) fn output_set() -> Vec<(String, String)> {
    set("output")
}

/// The set of requests: names and texts, the root first.
pub(crate) fn input_set() -> Vec<(String, String)> {
    set("input")
}

fn set(direction: &str) -> Vec<(String, String)> {
    let mut files = vec![(format!("agent_{direction}.xsd"), root(direction)), (String::from("common.xsd"), common())];
    files.extend(
        (0..OPERATORS)
            .map(|number| (format!("{}_{direction}.xsd", operator(number)), operator_file(number, direction))),
    );
    files
}

/// Names without a fixed scheme: real ones differ in length and have hyphens and underscores.
fn operator(number: usize) -> String {
    const WORDS: [&str; 12] = [
        "site",
        "mail",
        "dns",
        "customer",
        "reseller",
        "webspace",
        "database",
        "session",
        "certificate",
        "ip",
        "log",
        "migration",
    ];
    let word = WORDS[number % WORDS.len()];
    match number / WORDS.len() {
        0 => word.to_owned(),
        1 => format!("{word}-plan"),
        2 => format!("{word}_alias"),
        round => format!("{word}-{round}"),
    }
}

fn document(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" elementFormDefault=\"qualified\">\n{body}</xs:schema>\n"
    )
}

fn root(direction: &str) -> String {
    let mut body = String::from("  <xs:include schemaLocation=\"common.xsd\"/>\n");
    for number in 0..OPERATORS {
        let _ = writeln!(body, "  <xs:include schemaLocation=\"{}_{direction}.xsd\"/>", operator(number));
    }
    body.push_str(
        "  <xs:element name=\"packet\">\n    <xs:annotation>\n      <xs:documentation>The root of every packet.</xs:documentation>\n    </xs:annotation>\n    <xs:complexType>\n      <xs:sequence>\n",
    );
    if direction == "input" {
        body.push_str("        <xs:element name=\"request-settings\" type=\"SettingsType\" minOccurs=\"0\"/>\n        <xs:choice maxOccurs=\"unbounded\">\n");
    } else {
        body.push_str("        <xs:choice>\n          <xs:element name=\"system\" type=\"resultType\"/>\n          <xs:choice maxOccurs=\"unbounded\">\n");
    }
    for number in 0..OPERATORS {
        let _ = writeln!(
            body,
            "            <xs:element name=\"{}\" type=\"{}\"/>",
            operator(number),
            type_name(number, "Operator")
        );
    }
    body.push_str(if direction == "input" { "        </xs:choice>\n" } else { "          </xs:choice>\n        </xs:choice>\n        <xs:element name=\"output\" type=\"string\" minOccurs=\"0\"/>\n" });
    body.push_str("      </xs:sequence>\n      <xs:attribute name=\"version\" type=\"string\"/>\n    </xs:complexType>\n  </xs:element>\n");
    document(&body)
}

fn common() -> String {
    document(
        r#"  <xs:simpleType name="string">
    <xs:restriction base="xs:string">
      <xs:whiteSpace value="collapse"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="unsignedInt">
    <xs:restriction base="xs:unsignedInt">
      <xs:whiteSpace value="collapse"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="id_type">
    <xs:restriction base="unsignedInt">
      <xs:minInclusive value="1"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="ip_address">
    <xs:restriction base="string"/>
  </xs:simpleType>
  <xs:complexType name="NoneType"/>
  <xs:complexType name="SettingsType">
    <xs:sequence>
      <xs:element name="setting" maxOccurs="unbounded">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="name"/>
            <xs:element name="value" minOccurs="0"/>
          </xs:sequence>
        </xs:complexType>
      </xs:element>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="resultType">
    <xs:annotation>
      <xs:documentation>
        The part that all results have in common.
      </xs:documentation>
    </xs:annotation>
    <xs:sequence>
      <xs:element name="status">
        <xs:simpleType>
          <xs:restriction base="xs:string">
            <xs:enumeration value="ok"/>
            <xs:enumeration value="error"/>
          </xs:restriction>
        </xs:simpleType>
      </xs:element>
      <xs:element name="errcode" type="unsignedInt" minOccurs="0"/>
      <xs:element name="errtext" type="xs:string" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="resultFilterType">
    <xs:complexContent>
      <xs:extension base="resultType">
        <xs:sequence>
          <xs:element name="filter-id" type="string" minOccurs="0"/>
          <xs:element name="id" type="id_type" minOccurs="0"/>
        </xs:sequence>
      </xs:extension>
    </xs:complexContent>
  </xs:complexType>
"#,
    )
}

/// `MailPlanOperatorType`
fn type_name(number: usize, part: &str) -> String {
    let words = operator(number);
    let capitals = words.split(['-', '_']).map(|word| {
        let (first, rest) = word.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    });
    format!("{}{part}Type", capitals.collect::<String>())
}

fn operator_file(number: usize, direction: &str) -> String {
    // Each includes the common one, its neighbour and, every fifth time, the root: circles of all lengths.
    let neighbour = operator((number + 1) % OPERATORS);
    let mut body = format!(
        "  <xs:include schemaLocation=\"common.xsd\"/>\n  <xs:include schemaLocation=\"./{neighbour}_{direction}.xsd\"/>\n"
    );
    if number.is_multiple_of(5) {
        let _ = writeln!(body, "  <xs:include schemaLocation=\"agent_{direction}.xsd\"/>");
    }
    let name = operator(number);
    let _ = writeln!(
        body,
        "  <xs:complexType name=\"{}\">\n    <xs:annotation>\n      <xs:documentation>Operator {name}: its operations in any order.</xs:documentation>\n    </xs:annotation>\n    <xs:choice maxOccurs=\"unbounded\">",
        type_name(number, "Operator")
    );
    for operation in 0..OPERATIONS {
        let _ = writeln!(
            body,
            "      <xs:element name=\"op{operation}\" type=\"{}\"/>",
            type_name(number, &format!("Op{operation}"))
        );
    }
    body.push_str("    </xs:choice>\n  </xs:complexType>\n");
    for operation in 0..OPERATIONS {
        if direction == "input" {
            request(&mut body, number, operation);
        } else {
            answer(&mut body, number, operation);
        }
    }
    document(&body)
}

fn request(body: &mut String, number: usize, operation: usize) {
    let name = type_name(number, &format!("Op{operation}"));
    if operation == 0 {
        let _ = writeln!(
            body,
            "  <xs:complexType name=\"{name}\">\n    <xs:complexContent>\n      <xs:extension base=\"NoneType\"/>\n    </xs:complexContent>\n  </xs:complexType>"
        );
        return;
    }
    let _ = write!(
        body,
        r#"  <xs:complexType name="{name}">
    <xs:annotation>
      <xs:documentation>
        Request {operation} of its operator.
      </xs:documentation>
    </xs:annotation>
    <xs:sequence>
      <xs:element name="filter">
        <xs:complexType>
          <xs:choice>
            <xs:element name="id" type="id_type" minOccurs="0" maxOccurs="unbounded"/>
            <xs:element name="name" type="string" maxOccurs="unbounded"/>
            <xs:element name="guid" maxOccurs="{many}"/>
          </xs:choice>
        </xs:complexType>
      </xs:element>
      <xs:element name="dataset" minOccurs="0">
        <xs:complexType>
          <xs:all>
            <xs:element name="gen_info" type="NoneType" minOccurs="0"/>
            <xs:element name="stat" type="NoneType" minOccurs="0"/>
            <xs:element name="limits" minOccurs="0"/>
          </xs:all>
        </xs:complexType>
      </xs:element>
    </xs:sequence>
  </xs:complexType>
"#,
        many = 100 + operation,
    );
}

fn answer(body: &mut String, number: usize, operation: usize) {
    let name = type_name(number, &format!("Op{operation}"));
    let result = type_name(number, &format!("Op{operation}Result"));
    let base = match operation {
        0 => String::from("resultType"),
        1..=3 => String::from("resultFilterType"),
        _ => type_name(number, &format!("Op{}Result", operation - 3)),
    };
    let _ = write!(
        body,
        r#"  <xs:complexType name="{name}">
    <xs:sequence>
      <xs:element name="result" type="{result}" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="{result}">
    <xs:annotation>
      <xs:documentation>Answer {operation} of its operator.</xs:documentation>
    </xs:annotation>
    <xs:complexContent>
      <xs:extension base="{base}">
        <xs:sequence minOccurs="0">
          <xs:element name="data-{operation}">
            <xs:complexType>
              <xs:sequence>
                <xs:element name="size" type="xs:integer"/>
                <xs:element name="state" type="string" minOccurs="0"/>
                <xs:element name="note" minOccurs="0"/>
              </xs:sequence>
            </xs:complexType>
          </xs:element>
        </xs:sequence>
      </xs:extension>
    </xs:complexContent>
  </xs:complexType>
"#
    );
}
