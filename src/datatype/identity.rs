//! Values across types: identity constraints compare values of any types (XML Schema part 1, section 3.11.4).

use super::primitive::Primitive;
use super::simple_type::Variety;
use super::{Context, Namespaces, SimpleType};
use crate::text::white_space::{items, trim};

impl SimpleType {
    /// Appends a spelling of a value that is the same for equal values and different for others, even of other types:
    /// it begins with the primitive type and a colon. Returns `false` if the text is not a value; what was appended is
    /// then meaningless. Allocates for qualified names, and for text that is not canonical: base64 with spaces,
    /// hexadecimal digits in lower case, white space to be collapsed inside.
    pub(crate) fn spell_across_types(&self, text: &str, context: &dyn Context, spelling: &mut String) -> bool {
        match &self.variety {
            Variety::Atomic(primitive) => {
                spelling.extend([primitive.family(), ":"]);
                let text = self.normalize(text);
                primitive.parse_in(&text, context).map(|value| value.write_canonical(spelling)).is_ok()
            }
            Variety::List(item) => {
                spelling.push_str("list:");
                // Neither an item nor its spelling contains a space.
                items(text).all(|part| {
                    spelling.push(' ');
                    item.spell_across_types(part, context, spelling)
                })
            }
            Variety::Union(union) => match union.member_of(text, context) {
                Some(member) => member.spell_across_types(text, context, spelling),
                None => false,
            },
        }
    }
}

impl SimpleType {
    /// The namespaces of the qualified names in a value.
    pub(crate) fn namespaces_in(&self, text: &str, context: &dyn Context) -> Namespaces {
        if !self.needs_context() {
            return Namespaces::default();
        }
        match &self.variety {
            Variety::Atomic(Primitive::QName | Primitive::Notation) => {
                let prefix = trim(text).split_once(':').map_or("", |(prefix, _)| prefix);
                context.namespace(prefix).map(Box::from).into_iter().collect()
            }
            Variety::Atomic(_) => Namespaces::default(),
            Variety::List(item) => {
                let each = items(text).map(|part| item.namespaces_in(part, context));
                each.flat_map(|namespaces| namespaces.to_vec()).collect()
            }
            Variety::Union(union) => {
                let member = union.member_of(text, context);
                member.map(|member| member.namespaces_in(text, context)).unwrap_or_default()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Alone;
    use super::*;

    fn built_in(name: &str) -> Arc<SimpleType> {
        SimpleType::built_in(name).expect("a built-in type")
    }

    fn spelled(simple: &SimpleType, text: &str) -> Option<String> {
        let mut spelling = String::new();
        simple.spell_across_types(text, &Alone, &mut spelling).then_some(spelling)
    }

    #[test]
    fn equal_values_are_spelled_alike_and_others_are_not() {
        let numbers = SimpleType::union(&[built_in("integer"), built_in("token")], None).expect("a union");
        let list = SimpleType::list(&built_in("decimal"), None).expect("a list");
        let names = SimpleType::list(&built_in("string"), None).expect("a list");
        for (one, text, other, same, expected) in [
            (&built_in("decimal"), "1.0", &built_in("integer"), " +01 ", true),
            (&built_in("byte"), "1", &numbers, "01", true),
            (&built_in("string"), "a", &numbers, " a ", true),
            (&built_in("string"), "1", &built_in("integer"), "1", false),
            (&built_in("string"), " a", &built_in("token"), " a", false),
            (&built_in("string"), "a", &built_in("anyURI"), "a", false),
            (&built_in("float"), "1", &built_in("double"), "1", false),
            (&built_in("boolean"), "1", &built_in("boolean"), "true", true),
            (&built_in("dateTime"), "2000-01-01T12:00:00Z", &built_in("dateTime"), "2000-01-01T13:00:00+01:00", true),
            (&list, "1 2", &list, " 1.0  2.0", true),
            (&list, "1 2", &list, "12", false),
            (&list, "1", &names, "1", false),
            (&list, "1", &built_in("decimal"), "1", false),
        ] {
            assert!(spelled(one, text).is_some() && spelled(other, same).is_some(), "{text} {same}");
            assert_eq!(spelled(one, text) == spelled(other, same), expected, "{text} {same}");
        }
        assert_eq!(spelled(&built_in("integer"), "x"), None);
        assert_eq!(spelled(&list, "1 x"), None);
    }
}
