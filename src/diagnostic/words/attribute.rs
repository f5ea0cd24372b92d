//! `PC03xx`: attributes.

use std::borrow::Cow;

use super::element::undeclared;
use super::fragments::{AND, Pieces, did_you_mean, looks_like, shown, ticked};
use super::name::{Allowed, Misnamed, Name, are_mixed, within};
use super::{Code, Expected, Words, listed};
use crate::diagnostic::correction::Correction;
use crate::text::nearest::Meant;
use crate::xml::{INSTANCE_NAMESPACE, XML_NAMESPACE};

/// A required attribute is missing.
pub(crate) fn missing_attribute(attribute: Name<'_>, element: &str) -> Words {
    Words::new(
        Code::MissingAttribute,
        attribute
            .in_full()
            .append_to(Pieces::new("missing required attribute "))
            .text(" of ")
            .ticked(element)
            .message(),
    )
    .expected([attribute.plain()])
}

/// The attributes that an element can have, in words.
#[derive(Debug, Clone)]
pub(crate) struct DeclaredAttributes {
    /// ``only the attributes `a` and `b` ``
    required: String,
    has_wildcard: bool,
    expected: Expected,
}

impl DeclaredAttributes {
    /// For the place where `found` was found, or anything that shares no local part with them.
    pub(crate) fn new(declared: &[Name<'_>], any: Option<&Allowed<'_>>, found: Option<Name<'_>>) -> DeclaredAttributes {
        let any = any.map(|any| any.shown("attribute"));
        let all = || declared.iter().copied().chain(found);
        let is_mixed = are_mixed(all());
        let names = |pieces: Pieces| {
            pieces.listed(declared.iter(), AND, |pieces, name| match is_mixed {
                true => name.among(all()).append_to(pieces),
                false => name.shown().append_to(pieces),
            })
        };
        let required = match (declared, &any) {
            ([], None) => String::from("no attribute"),
            ([], Some(any)) => any.clone(),
            ([only], None) => format!("only the attribute {}", only.among(found.into_iter())),
            (_, None) => names(Pieces::new("only the attributes ")).message(),
            (_, Some(any)) => names(Pieces::new("the attributes ")).text(" or ").text(any).message(),
        };
        let has_wildcard = any.is_some();
        let expected = listed(declared.iter().map(|name| name.plain()).chain(any.map(Cow::Owned)));
        DeclaredAttributes { required, has_wildcard, expected }
    }

    /// An attribute that the schema does not allow here: as written, and its name.
    pub(crate) fn unexpected(
        &self,
        written: &str,
        found: Name<'_>,
        element: &str,
        meant: Option<(Name<'_>, Meant)>,
    ) -> Words {
        let of = if self.has_wildcard { " on " } else { " of " };
        let pieces = Pieces::new("expected ").text(&self.required).text(of).ticked(element);
        let pieces = pieces.text(", found ").ticked(written);
        let message = match self.has_wildcard {
            true => pieces.text(" ").text(&within(found.namespace)).message(),
            false => pieces.message(),
        };
        let words = Words::new(Code::UnexpectedAttribute, message).found(written);
        let words = Words { expected: self.expected.clone(), ..words };
        match meant {
            Some((name, meant)) => {
                let correction = (name.namespace == found.namespace).then(|| Correction::local(name.local, meant));
                words
                    .help(format!("did you mean {}?{}", name.in_full(), looks_like(found.local, name.local)))
                    .corrected(correction.flatten())
            }
            None => words.help("remove the attribute"),
        }
    }
}

/// An attribute with the right name in the wrong namespace.
pub(crate) fn attribute_in_wrong_namespace(written: &str, meant: Name<'_>, misnamed: Misnamed<'_>) -> Words {
    let message = match meant.namespace == XML_NAMESPACE {
        true => format!("expected {}, found {}", meant.shown(), ticked(written)),
        false => format!("expected {}, found {} {}", meant.in_namespace(), ticked(written), within(misnamed.namespace)),
    };
    Words::new(Code::UnexpectedAttribute, message)
        .expected([meant.plain()])
        .found(written)
        .help(misnamed.help(meant))
        .corrected(misnamed.correction(meant))
}

/// An attribute without a declaration under a strict wildcard; `declared` are the attributes that have one.
pub(crate) fn undeclared_attribute<'s>(
    written: &str,
    attribute: Name<'_>,
    declared: impl Iterator<Item = Name<'s>>,
) -> Words {
    undeclared(Code::UndeclaredAttribute, "an attribute", written, attribute, declared)
}

/// `xsi:type` or a similar attribute, in a namespace other than the one of these four attributes.
pub(crate) fn instance_in_wrong_namespace(local: &str, misnamed: Misnamed<'_>, element: &str) -> Words {
    let name = match misnamed.prefix {
        "" => local.to_owned(),
        prefix => format!("{prefix}:{local}"),
    };
    let message = format!(
        "expected `xsi:{local}` in namespace `{INSTANCE_NAMESPACE}` on {}, found {} {}",
        ticked(element),
        ticked(&name),
        within(misnamed.namespace)
    );
    let help = match (misnamed.prefix, misnamed.right) {
        (_, Some(right)) => format!("did you mean `{}:{local}`?", shown(right)),
        ("xsi", None) => format!("declare it: `xmlns:xsi=\"{INSTANCE_NAMESPACE}\"`"),
        (_, None) => format!("write `xsi:{local}`, and declare `xmlns:xsi=\"{INSTANCE_NAMESPACE}\"`"),
    };
    Words::new(Code::UnexpectedAttribute, message).found(&name).help(help)
}

impl Words {
    /// An attribute that the schema does not declare was meant.
    pub(crate) fn meant(self, name: &str, local: &str, meant: Meant) -> Words {
        let help = did_you_mean(name, self.found.as_deref().unwrap_or_default());
        self.help(help).corrected(Correction::local(local, meant))
    }
}
