use super::{FormatError, FormatOptions, Indent, format};
use crate::{Limits, Schema};
use proptest::prelude::*;

fn pretty(document: &str) -> String {
    formatted(document, None, &FormatOptions::new())
}

fn minified(document: &str) -> String {
    formatted(document, None, &FormatOptions::new().minify(true))
}

fn formatted(document: &str, schema: Option<&Schema>, options: &FormatOptions) -> String {
    let formatted = format(document.as_bytes(), schema, options, &Limits::new().allow_doctype(true));
    String::from_utf8(formatted.expect("well-formed")).expect("UTF-8")
}

fn schema(content: &str) -> Schema {
    let text = format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">{content}</xs:schema>");
    Schema::from_documents(&[("a.xsd", &text)]).expect("it is right")
}

#[test]
fn elements_get_lines_of_their_own() {
    let document = "<a>  <b x='1'\n y=\"&lt;\" ><c/><d >1 &amp; 2</d ></b>\n\n\n<e></e></a>";
    let expected = "<a>\n  <b x='1'\n y=\"&lt;\" >\n    <c/>\n    <d >1 &amp; 2</d >\n  </b>\n  <e></e>\n</a>\n";
    assert_eq!(pretty(document), expected);
    assert_eq!(minified(expected), "<a><b x='1'\n y=\"&lt;\" ><c/><d >1 &amp; 2</d ></b><e></e></a>");
    assert_eq!(pretty(&minified(expected)), expected);
    let four = formatted("<a><b/></a>", None, &FormatOptions::new().indent(Indent::Spaces(4)));
    assert_eq!(four, "<a>\n    <b/>\n</a>\n");
}

#[test]
fn text_is_never_touched() {
    for same in [
        "<a>  </a>\n",
        "<a> <!-- c --> </a>\n",
        "<a> 1 <b> <c/> </b> </a>\n",
        "<a> <b> <c/> </b> 1 <d> <e/> </d></a>\n",
        "<a> <b/> <![CDATA[]]></a>\n",
        "<a> <b/> &#32;</a>\n",
        "<a> <b> <c/> </b> &amp;</a>\n",
        "<a xml:space='preserve'> <b> <c/> </b></a>\n",
        "<a xml:space='&#112;reserve'> <b/></a>\n",
        "<a xml:space='preserve'> <b xml:space='default'> <c/> </b> 1 </a>\n",
    ] {
        assert_eq!(pretty(same), same);
        assert_eq!(minified(same), same.trim_end());
    }
    let partly = "<a xml:space='preserve'> <b xml:space='default'> <c/> </b></a>";
    assert_eq!(minified(partly), "<a xml:space='preserve'> <b xml:space='default'><c/></b></a>");
    // What is left as it is does not keep others from their lines.
    assert_eq!(pretty("<a><p>1 <b/></p><q><r/></q></a>"), "<a>\n  <p>1 <b/></p>\n  <q>\n    <r/>\n  </q>\n</a>\n");
}

#[test]
fn comments_stay_on_the_lines_of_what_is_before_them() {
    let document = "<a> <!-- of a -->\n<b/>  <!-- of b -->\n <!-- of\n c --><c/> <!-- d --> <d/><!-- e --><?f?> </a>";
    let expected = "<a> <!-- of a -->\n  <b/>  <!-- of b -->\n  <!-- of\n c -->\n  <c/>\n  <!-- d -->\n  <d/>\n  \
                    <!-- e -->\n  <?f?>\n</a>\n";
    assert_eq!(pretty(document), expected);
    assert_eq!(pretty(expected), expected);
    let minified = minified(expected);
    assert_eq!(minified, "<a><!-- of a --><b/><!-- of b --><!-- of\n c --><c/><!-- d --><d/><!-- e --><?f?></a>");
}

#[test]
fn content_around_the_root_stays() {
    let document = "<?xml version='1.0' ?> <!-- > -->\r\n\r\n<?p > ?><!DOCTYPE a [ <!ELEMENT a ANY> <!-- ]> --> ] >  <a/>\
                    <!-- 1 --> <?q?>  ";
    let expected = "<?xml version='1.0' ?> <!-- > -->\r\n<?p > ?>\r\n<!DOCTYPE a [ <!ELEMENT a ANY> <!-- ]> --> ] >\r\n<a/>\r\n\
                    <!-- 1 -->\r\n<?q?>\r\n";
    assert_eq!(pretty(document), expected);
    assert_eq!(pretty(expected), expected);
    assert_eq!(pretty(" \n <!-- c -->\n<a/>"), "<!-- c -->\n<a/>\n");
    assert_eq!(pretty("\u{feff} <!-- c -->\n<a/>"), "\u{feff}<!-- c -->\n<a/>\n");
    assert_eq!(pretty("\u{feff}<?xml version='1.0'?><a/>"), "\u{feff}<?xml version='1.0'?>\n<a/>\n");
}

#[test]
fn line_ends_are_those_between_tags() {
    assert_eq!(pretty("<a x='\r\n'><b/>\n<c/></a>\r\n"), "<a x='\r\n'>\n  <b/>\n  <c/>\n</a>\n");
    assert_eq!(pretty("<a x='\n'>\r\n<b/><c/></a>"), "<a x='\n'>\r\n  <b/>\r\n  <c/>\r\n</a>\r\n");
    assert_eq!(pretty("<a><b>\r\n</b></a>"), "<a>\r\n  <b>\r\n</b>\r\n</a>\r\n");
}

#[test]
fn a_schema_says_which_white_space_is_content() {
    let schema = schema(
        "<xs:element name='a'><xs:complexType><xs:sequence>
           <xs:element name='p' minOccurs='0'><xs:complexType mixed='true'><xs:sequence>
             <xs:element name='i' type='xs:string' minOccurs='0' maxOccurs='2'/>
             <xs:element name='t' minOccurs='0'><xs:complexType><xs:sequence>
               <xs:element name='u' type='xs:int' minOccurs='0'/></xs:sequence></xs:complexType></xs:element>
           </xs:sequence></xs:complexType></xs:element>
           <xs:element name='e' minOccurs='0'><xs:complexType/></xs:element>
           <xs:element name='n' minOccurs='0' nillable='true'><xs:complexType><xs:sequence>
             <xs:element name='u' minOccurs='0'/></xs:sequence></xs:complexType></xs:element>
           <xs:any namespace='##other' processContents='lax' minOccurs='0' maxOccurs='2'/>
         </xs:sequence></xs:complexType></xs:element>",
    );
    let by_schema = |document: &str| formatted(document, Some(&schema), &FormatOptions::new());
    assert_eq!(by_schema("<a> </a>"), "<a></a>\n");
    assert_eq!(by_schema("<a><!-- c --></a>"), "<a>\n  <!-- c -->\n</a>\n");
    assert_eq!(by_schema("<a><p><i> </i> <i/></p></a>"), "<a>\n  <p><i> </i> <i/></p>\n</a>\n");
    let within = "<a>\n  <p> <t>\n      <u>1</u>\n    </t> </p>\n</a>\n";
    assert_eq!(by_schema("<a><p> <t><u>1</u></t> </p></a>"), within);
    // An empty element may hold comments and no white space.
    assert_eq!(by_schema("<a><e><!-- c --></e></a>"), "<a>\n  <e><!-- c --></e>\n</a>\n");
    let nil = "<a xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>\n  <n xsi:nil='1'></n>\n</a>\n";
    assert_eq!(by_schema(nil), nil);
    // What only a wildcard admits is mixed.
    let open = "<a>\n  <x xmlns='o'><y/> </x>\n</a>\n";
    assert_eq!(by_schema("<a><x xmlns='o'><y/> </x></a>"), open);
    // What is invalid is laid out as far as it is known, and else by its content.
    assert_eq!(by_schema("<o><x> <y/></x></o>"), "<o>\n  <x>\n    <y/>\n  </x>\n</o>\n");
    assert_eq!(by_schema("<a>x<p/> <e/></a>"), "<a>x<p/> <e/></a>\n");
    assert_eq!(by_schema("<a><wrong/><p> <i/></p></a>"), "<a>\n  <wrong/>\n  <p> <i/></p>\n</a>\n");
}

#[test]
fn a_schema_may_supply_xml_space() {
    let text = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>
        <xs:import namespace='http://www.w3.org/XML/1998/namespace' schemaLocation='xml.xsd'/>
        <xs:element name='a'><xs:complexType><xs:sequence><xs:element name='b' minOccurs='0'/></xs:sequence>
          <xs:attribute ref='xml:space' default='preserve'/></xs:complexType></xs:element></xs:schema>";
    let schema = Schema::from_documents(&[("a.xsd", text)]).expect("it is right");
    let by_schema = |document: &str| formatted(document, Some(&schema), &FormatOptions::new().minify(true));
    assert_eq!(by_schema("<a> <b/> </a>"), "<a> <b/> </a>");
    assert_eq!(by_schema("<a xml:space='default'> <b/> </a>"), "<a xml:space='default'><b/></a>");
}

#[test]
fn json_is_laid_out_as_it_is_written() {
    let document = r#" {"a" : [1.0,-2E+3 ,"\"x\\" , {} , [ ] ],"b":{"c":null},"a":true}"#;
    let expected = "{\n  \"a\": [\n    1.0,\n    -2E+3,\n    \"\\\"x\\\\\",\n    {},\n    []\n  ],\n  \"b\": {\n    \
                    \"c\": null\n  },\n  \"a\": true\n}\n";
    assert_eq!(pretty(document), expected);
    assert_eq!(pretty(expected), expected);
    assert_eq!(minified(expected), r#"{"a":[1.0,-2E+3,"\"x\\",{},[]],"b":{"c":null},"a":true}"#);
    assert_eq!(pretty(" 7 "), "7\n");
    assert_eq!(pretty("\"é\""), "\"é\"\n");
    assert_eq!(pretty("{\r\n\"a\":1}"), "{\r\n  \"a\": 1\r\n}\r\n");
}

#[test]
fn other_files_are_refused() {
    let format = |document: &[u8]| format(document, None, &FormatOptions::new(), &Limits::new());
    for malformed in
        ["<a>", "<a></b>", "<a/>x", "<!DOCTYPE a><a/>", "{", "[1,]", "{\"a\":1} 2", "<a>\u{1}</a>", "\u{feff}{}"]
    {
        assert!(matches!(format(malformed.as_bytes()), Err(FormatError::Malformed(_))), "{malformed}");
    }
    for other in ["", "packet=1", "POST / HTTP/1.1\r\n\r\n<a/>"] {
        assert_eq!(format(other.as_bytes()), Err(FormatError::NoDocument), "{other}");
    }
    let error = format(b"<?xml version='1.0' encoding='nothing'?><a/>");
    assert!(matches!(error, Err(FormatError::Malformed(report)) if report.errors == 1));
}

#[test]
fn the_result_is_bounded() {
    let deep = format!("{}{}{}", "<a>".repeat(1000), "<b/>".repeat(1000), "</a>".repeat(1000));
    let limits = Limits::new().document_bytes(1_000_000);
    let error = format(deep.as_bytes(), None, &FormatOptions::new(), &limits);
    assert_eq!(error, Err(FormatError::TooLarge { limit: 1_000_000, size: 11_000 + 3_000 + 3_998_000 }));
}

#[test]
fn a_declaration_that_changes_white_space_is_refused() {
    let document = b"<!DOCTYPE a [<!ATTLIST a xml:space (preserve) 'preserve'>]><a> <b/></a>";
    let error = format(document, None, &FormatOptions::new(), &Limits::new().allow_doctype(true));
    assert!(matches!(error, Err(FormatError::Malformed(_))), "{error:?}");
}

#[test]
fn documents_stay_in_their_encoding() {
    let text = "<?xml version=\"1.0\" encoding=\"LABEL\"?><é><b>ü</b> <c/></é>";
    let expected = "<?xml version=\"1.0\" encoding=\"LABEL\"?>\n<é>\n  <b>ü</b>\n  <c/>\n</é>\n";
    let format = |document: &[u8]| format(document, None, &FormatOptions::new(), &Limits::new());
    let utf16 = |text: &str, is_big: bool| -> Vec<u8> {
        let units = format!("\u{feff}{text}").replace("LABEL", "UTF-16");
        units.encode_utf16().flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    for is_big in [true, false] {
        assert_eq!(format(&utf16(text, is_big)), Ok(utf16(expected, is_big)));
    }
    let latin: fn(&str) -> Vec<u8> =
        |text| text.replace("LABEL", "ISO-8859-1").chars().map(|each| each as u8).collect();
    assert_eq!(format(&latin(text)), Ok(latin(expected)));
    let shift =
        encoding_rs::SHIFT_JIS.encode("<?xml version='1.0' encoding='Shift_JIS'?><表><能/></表>").0.into_owned();
    let expected = encoding_rs::SHIFT_JIS
        .encode("<?xml version='1.0' encoding='Shift_JIS'?>\n<表>\n  <能/>\n</表>\n")
        .0
        .into_owned();
    assert_eq!(format(&shift), Ok(expected));
    let jis = encoding_rs::ISO_2022_JP
        .encode("<?xml version='1.0' encoding='ISO-2022-JP'?><a><表/>  <能>能</能></a>")
        .0
        .into_owned();
    let expected = encoding_rs::ISO_2022_JP
        .encode("<?xml version='1.0' encoding='ISO-2022-JP'?>\n<a>\n  <表/>\n  <能>能</能>\n</a>\n")
        .0;
    assert_eq!(format(&jis), Ok(expected.into_owned()));
}

proptest! {
    #[test]
    fn formatting_again_changes_nothing(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<a>", "</a>", "<b xml:space='preserve'>", "</b>", "<c xml:space='default'>", "</c>", "<d/>", " ", "\n", "\r\n", "\t",
            "<!-- x -->", "<!-- x\n y -->", "<?p x?>", "1", "<![CDATA[ ]]>", "&#32;", "<e> </e>", "<f>1</f>",
        ]), 0..24),
        tabs: bool,
    ) {
        for document in [format!("<r>{}</r>", pieces.concat()), format!("{}<r/>{}", pieces.concat(), pieces.concat())] {
            let limits = Limits::new();
            let pretty = FormatOptions::new().indent(if tabs { Indent::Tab } else { Indent::Spaces(3) });
            for options in [pretty, FormatOptions::new().minify(true)] {
                let Ok(once) = format(document.as_bytes(), None, &options, &limits) else { continue };
                prop_assert_eq!(format(&once, None, &options, &limits), Ok(once.clone()));
                let bare = |text: &[u8]| -> Vec<u8> { text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect() };
                prop_assert_eq!(bare(&once), bare(document.as_bytes()));
                let minify = FormatOptions::new().minify(true);
                let minified = format(document.as_bytes(), None, &minify, &limits);
                prop_assert_eq!(format(&once, None, &minify, &limits), minified);
            }
        }
    }
}
