//! The types of the codec on their own: `Any`, `Few`, `Secret`, and the messages of `Error`.

use std::borrow::Cow;
use std::io;

use packetcheck::codec::{Any, Few, Secret};
use packetcheck::{Error, Schema};
use serde::de::value::{Error as Plain, StringDeserializer};
use serde::{Deserialize, Serialize};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn schema(declarations: &str) -> std::result::Result<Schema, packetcheck::SchemaError> {
    let text = format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">{declarations}</xs:schema>");
    Schema::from_documents(&[("test.xsd", &text)])
}

#[test]
fn few_items_are_a_list() -> Result {
    for count in 0..5 {
        let numbers: Vec<usize> = (0..count).collect();
        let mut few: Few<usize> = numbers.iter().copied().collect();
        assert_eq!((few.as_slice(), few.len(), few.is_empty()), (&*numbers, count, count == 0));
        assert_eq!(few, Few::from(numbers.clone()));
        assert_eq!(format!("{few:?} {few:#?}"), format!("{numbers:?} {numbers:#?}"));
        assert_eq!((&few).into_iter().count(), count);
        assert_eq!(
            few.clone().map(|number| number.to_string()).join(","),
            few.iter().map(usize::to_string).collect::<Vec<_>>().join(",")
        );

        few.as_mut_slice().iter_mut().for_each(|number| *number += 1);
        let mut items = few.clone().into_iter();
        for number in &numbers {
            assert_eq!(items.size_hint(), (count - number, Some(count - number)));
            assert_eq!(items.next(), Some(number + 1));
        }
        assert_eq!((items.size_hint(), items.next()), ((0, Some(0)), None));

        let json = serde_json::to_string(&few)?;
        assert_eq!(serde_json::from_str::<Few<usize>>(&json)?, few);
        few.extend([9, 10]);
        assert_eq!((few.len(), few.last()), (count + 2, Some(&10)));
    }
    assert_eq!((Few::<u8>::default(), Few::from(7).as_slice()), (Few::new(), &[7][..]));
    let refused = serde_json::from_str::<Few<u8>>("7").map_err(|error| error.to_string()).err();
    assert_eq!(refused.as_deref(), Some("invalid type: integer `7`, expected a sequence at line 1 column 1"));
    Ok(())
}

#[test]
fn anything_is_text_or_markup_in_json() -> Result {
    for (json, expected) in [
        (r#""a""#, Any::from("a")),
        (r#""\u00e9""#, Any::from(String::from("é"))),
        (r#"{"xml":"<a/>"}"#, Any::Markup("<a/>".into())),
        (r#"{"xml":"<a b=\"1\"/>"}"#, Any::Markup("<a b=\"1\"/>".into())),
    ] {
        let any: Any<'_> = serde_json::from_str(json)?;
        assert_eq!(any, expected);
        assert_eq!(any.as_text(), matches!(any, Any::Text(_)).then_some(if json.contains('u') { "é" } else { "a" }));
        let owned = any.clone().into_owned();
        assert_eq!(owned, any);
        assert!(matches!(owned, Any::Text(Cow::Owned(_)) | Any::Markup(Cow::Owned(_))));
        assert_eq!(serde_json::from_str::<Any<'_>>(&serde_json::to_string(&any)?)?, any);
        assert_eq!(Any::deserialize(serde_json::from_str::<serde_json::Value>(json)?)?, any);
    }
    assert_eq!(Any::deserialize(StringDeserializer::<Plain>::new("a".to_owned()))?, Any::from("a"));
    assert_eq!(Any::default(), Any::from(""));
    let shown = format!("{:?}", Any::Markup("<a><password>hunter2</password></a>".into()));
    assert!(shown.starts_with("Markup(") && !shown.contains("hunter2"), "{shown}");
    assert_eq!(format!("{:?}", Any::from("a")), r#"Text("a")"#);
    for (json, expected) in [
        ("7", "invalid type: integer `7`, expected a string, or an object with the member `xml`"),
        ("{}", "missing field `xml`"),
        (r#"{"b":"<a/>"}"#, "unknown field `b`, expected `xml`"),
        (r#"{"xml":"<a/>","b":1}"#, "unknown field `b`, expected `xml`"),
        (r#"{"xml":1}"#, "invalid type: integer `1`, expected a string"),
    ] {
        let refused =
            serde_json::from_str::<Any<'_>>(json).map_err(|error| error.to_string()).err().unwrap_or_default();
        assert!(refused.starts_with(expected), "{json}: {refused}");
    }
    Ok(())
}

#[test]
fn markup_that_is_none_is_not_written() -> Result {
    let schema = schema(r#"<xs:element name="n" type="xs:anyType"/>"#)?;
    for markup in ["", "text", "<a>", "<a/><b/>", "<a b/>"] {
        let refused = schema.encode(&Any::Markup(markup.into())).map_err(|error| error.to_string()).err();
        assert_eq!(refused.as_deref(), Some("expected one well-formed element as markup"), "{markup}");
    }
    // Text can arrive in several parts.
    assert_eq!(schema.decode::<Any<'_>>(b"<n>a<![CDATA[b]]><!-- -->c</n>")?, Any::from("abc"));
    Ok(())
}

#[test]
fn a_value_that_cannot_be_written_says_why() -> Result {
    struct Never;
    impl Serialize for Never {
        fn serialize<S: serde::Serializer>(&self, _: S) -> std::result::Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("there is no value yet"))
        }
    }
    #[derive(Serialize)]
    #[serde(rename = "r")]
    struct Outer {
        inner: Never,
    }
    let schema = schema(
        r#"<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="inner" type="xs:string"/></xs:sequence></xs:complexType></xs:element>"#,
    )?;
    let refused = schema.encode(&Outer { inner: Never }).map_err(|error| error.to_string()).err();
    assert_eq!(refused.as_deref(), Some("at /r: there is no value yet"));
    Ok(())
}

#[test]
fn a_secret_is_read_from_any_format() -> Result {
    let secret: Secret<'_> = serde_json::from_str(r#""hunt\u0065r2""#)?;
    assert_eq!(secret, Secret::from(String::from("hunter2")));
    assert_eq!(Secret::deserialize(StringDeserializer::<Plain>::new("hunter2".to_owned()))?, secret);
    assert_eq!(Secret::from(Cow::Borrowed("hunter2")).into_owned(), secret);
    assert_eq!((secret.expose(), Secret::default().expose()), ("hunter2", ""));
    Ok(())
}

#[test]
fn errors_say_where_and_how_many() -> Result {
    let schema = schema(
        r#"<xs:element name="r" type="R"/><xs:complexType name="R"><xs:sequence>
             <xs:element name="number" type="xs:int" minOccurs="0" maxOccurs="unbounded"/><xs:element name="inner" type="R" minOccurs="0"/>
           </xs:sequence></xs:complexType>"#,
    )?;
    #[derive(Debug, Default, Serialize, Deserialize)]
    #[serde(rename = "r")]
    struct Inner {
        #[serde(default)]
        number: Vec<String>,
        inner: Option<Box<Inner>>,
    }
    for (document, expected) in [
        (
            "<r><number>x</number></r>",
            "1:12: PC0401: expected an integer from -2147483648 to 2147483647 in `number`, found `x`",
        ),
        (
            "<r>\n<number>x</number><number/></r>",
            "2:9: PC0401: expected an integer from -2147483648 to 2147483647 in `number`, found `x` (and 1 more error)",
        ),
        (
            "<r><number>x</number><number>y</number><number>z</number></r>",
            "1:12: PC0401: expected an integer from -2147483648 to 2147483647 in `number`, found `x` (and 2 more errors)",
        ),
    ] {
        let error = schema.decode::<Inner>(document.as_bytes()).err().ok_or("it is invalid")?;
        assert_eq!(error.to_string(), expected);
        assert!(error.schema_error().is_none() && error.report().is_some() && error.span().is_some());
    }
    // Only the end of a long path is shown.
    let mut value = Inner { number: vec!["\u{0}".to_owned()], inner: None };
    for _ in 0..40 {
        value = Inner { inner: Some(Box::new(value)), ..Inner::default() };
    }
    let error = schema.encode(&value).err().ok_or("the character has no place in XML")?;
    let expected = format!("at …{}/number: text cannot hold the character U+0000", "/inner".repeat(19));
    assert_eq!(error.to_string(), expected);
    assert!(error.report().is_none() && error.span().is_none() && error.line_column().is_none());

    let error = Error::from(self::schema("<xs:element/>").err().ok_or("the element has no name")?);
    assert!(error.schema_error().is_some_and(|inner| inner.to_string() == error.to_string()), "{error}");
    assert!(error.report().is_none() && error.span().is_none() && error.line_column().is_none());

    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("no space"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let error = schema.decode_to_json_into(b"<r/>", Full).err().ok_or("nothing can be written")?;
    assert_eq!(error.to_string(), "cannot write: no space");
    assert!(error.report().is_none() && error.span().is_none() && error.line_column().is_none());
    Ok(())
}
