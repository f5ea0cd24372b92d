//! The general categories of Unicode, by their names in patterns.

mod runs;

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

/// A general category, except that of surrogates, which are not characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[rustfmt::skip]
enum Category {
    Lu, Ll, Lt, Lm, Lo,
    Mn, Mc, Me,
    Nd, Nl, No,
    Pc, Pd, Ps, Pe, Pi, Pf, Po,
    Zs, Zl, Zp,
    Sm, Sc, Sk, So,
    Cc, Cf, Co, Cn,
}

/// The names of the categories, in their order.
const NAMES: [&str; 29] = [
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Zs",
    "Zl", "Zp", "Sm", "Sc", "Sk", "So", "Cc", "Cf", "Co", "Cn",
];

/// XML Schema Part 2, production 28: the characters of a category, or of all categories that begin with a letter.
pub(super) fn find(name: &str) -> Option<ClassUnicode> {
    let is_named = NAMES.map(|known| known == name || name.len() == 1 && known.starts_with(name));
    if !is_named.contains(&true) {
        return None;
    }
    let named = runs().filter(|(category, _)| is_named.get(*category as usize).is_some_and(|is_named| *is_named));
    // Neighbours are one range, also where surrogates are between them: in a negated class nothing may be left there.
    let mut ranges: Vec<ClassUnicodeRange> = Vec::new();
    for (_, (first, last)) in named {
        match ranges.last_mut() {
            Some(before) if (before.end()..=first).nth(1) == Some(first) => {
                *before = ClassUnicodeRange::new(before.start(), last);
            }
            _ => ranges.push(ClassUnicodeRange::new(first, last)),
        }
    }
    Some(ClassUnicode::new(ranges))
}

/// Neighbouring characters of one category, from first to last, in the order of all characters.
fn runs() -> impl Iterator<Item = (Category, (char, char))> {
    let mut characters = '\0'..=char::MAX;
    runs::RUNS.iter().filter_map(move |(category, length)| {
        let first = characters.next()?;
        let last = match usize::from(*length).checked_sub(2) {
            Some(between) => characters.nth(between)?,
            None => first,
        };
        Some((*category, (first, last)))
    })
}

#[cfg(test)]
mod tests {
    use regex_syntax::hir::{Class, HirKind};

    use super::*;

    /// A category as regex-syntax has it.
    fn expected(name: &str) -> ClassUnicode {
        match regex_syntax::parse(&format!("[\\p{{{name}}}&&\\p{{Any}}]")).map(regex_syntax::hir::Hir::into_kind) {
            Ok(HirKind::Class(Class::Unicode(class))) => class,
            Ok(HirKind::Literal(literal)) => {
                let text = String::from_utf8_lossy(&literal.0).into_owned();
                ClassUnicode::new(text.chars().map(|character| ClassUnicodeRange::new(character, character)))
            }
            other => unreachable!("{name}: {other:?}"),
        }
    }

    /// With `UPDATE_GOLDEN=1` in the environment the table is written again, for a new version of Unicode.
    #[test]
    fn categories_are_those_of_unicode() {
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            write_runs();
            return;
        }
        for name in NAMES {
            assert!(find(name).as_ref() == Some(&expected(name)), "{name}");
            let group = &name[..1];
            assert!(find(group).as_ref() == Some(&expected(group)), "{group}");
        }
        assert!(["", "X", "Cs", "lu", "LuLl"].iter().all(|name| find(name).is_none()));
    }

    fn write_runs() {
        let mut all = Vec::new();
        for name in NAMES {
            all.extend(expected(name).ranges().iter().map(|range| (range.start(), range.end(), name)));
        }
        all.sort_unstable();
        let mut runs = Vec::new();
        for (first, last, name) in all {
            let mut length = (first..=last).count();
            while length > 0 {
                let part = length.min(usize::from(u16::MAX));
                runs.push(format!("({name}, {part})"));
                length -= part;
            }
        }
        let mut text = format!(
            "//! Made by the test of the module above this one.\n\nuse super::Category::{{self, *}};\n\n/// The category of each \
             character and of those after it, and how many they are.\n#[rustfmt::skip]\npub(super) static RUNS: [(Category, u16); {}] = [\n",
            runs.len()
        );
        for line in runs.chunks(11) {
            text.push_str(&format!("    {},\n", line.join(", ")));
        }
        text.push_str("];\n");
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/datatype/pattern/category/runs.rs");
        std::fs::write(file, text).expect("the file can be written");
    }
}
