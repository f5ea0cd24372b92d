//! The parts of the page.

use std::collections::BTreeMap;

use packetcheck::diagnostic::Code;
use packetcheck::diagnostic::render::text::{Line, LineMark};

use super::{File, Group, Html, Place, Verdict, markup};
use crate::status::plural;

/// This many places are shown without expanding.
const FEW: usize = 10;

/// A list of the codes with their numbers of occurrences, each with a link.
pub(super) fn codes(groups: &BTreeMap<Code, Vec<Group>>) -> String {
    if groups.len() < 2 {
        return String::new();
    }
    let rows: String = groups.iter().map(|(code, groups)| code_row(*code, groups)).collect();
    format!(
        "<section aria-labelledby=\"codes\">\n<h2 id=\"codes\">Codes</h2>\n\
         <div class=\"scroll\" role=\"region\" aria-labelledby=\"how-often\" tabindex=\"0\">\n<table class=\"codes\">\n\
         <caption id=\"how-often\"><span>How often each code occurred</span></caption>\n<thead>\n<tr>\n<th scope=\"col\">Code</th>\n<th scope=\"col\">Meaning</th>\n<th scope=\"col\">Errors</th>\n\
         <th scope=\"col\">Warnings</th>\n</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n</section>\n"
    )
}

fn code_row(code: Code, groups: &[Group]) -> String {
    let (errors, warnings) = counts(groups);
    format!(
        "<tr>\n<th scope=\"row\"><a href=\"#{code}\">{code}</a></th>\n<td>{}</td>\n<td>{errors}</td>\n<td>{warnings}</td>\n</tr>\n",
        marked(code.title())
    )
}

/// The numbers of errors and warnings.
fn counts(groups: &[Group]) -> (usize, usize) {
    let count = |is_error| groups.iter().filter(|group| group.is_error == is_error).map(Group::count).sum();
    (count(true), count(false))
}

/// The verdict on each file.
pub(super) fn files(html: &Html) -> String {
    let what = html.choices.what;
    let rows: String = html.files.iter().map(|file| file_row(file, &html.groups)).collect();
    let more = match html.more_files {
        0 => String::new(),
        more => format!("<p>And {more} more that are not valid, or have warnings.</p>\n"),
    };
    let caption = match html.choices.is_verbose {
        true => "Everything that was checked",
        false => "Invalid, or with warnings; the summary counts the rest",
    };
    let table = match rows.is_empty() {
        true => format!("<p>No {what} with an error or a warning.</p>\n"),
        false => format!(
            "<div class=\"scroll\" role=\"region\" aria-labelledby=\"which\" tabindex=\"0\">\n<table class=\"files\">\n\
             <caption id=\"which\"><span>{caption}</span></caption>\n<thead>\n<tr>\n<th scope=\"col\">Verdict</th>\n<th scope=\"col\">{}</th>\n\
             <th scope=\"col\">Found</th>\n<th scope=\"col\">Codes</th>\n</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n",
            capitalized(what),
        ),
    };
    format!("<section aria-labelledby=\"files\">\n<h2 id=\"files\">Verdicts</h2>\n{table}{more}</section>\n")
}

fn file_row(file: &File, shown: &BTreeMap<Code, Vec<Group>>) -> String {
    let (class, word) = match (file.verdict, file.warnings) {
        (Verdict::Valid | Verdict::Skipped, 0) => ("good", "valid"),
        (Verdict::Valid | Verdict::Skipped, _) => ("doubt", "valid"),
        (Verdict::Invalid, _) => ("bad", "invalid"),
        (Verdict::Unreadable, _) => ("bad", "unreadable"),
    };
    let link = |code: &Code| match shown.contains_key(code) {
        true => format!("<a href=\"#{code}\">{code}</a>"),
        false => code.to_string(),
    };
    let codes: Vec<String> = file.codes.iter().map(link).collect();
    format!(
        "<tr>\n<td><span class=\"state {class}\">{word}</span></td>\n<th scope=\"row\">{}<span class=\"quiet\">{}</span></th>\n\
         <td>{}</td>\n<td>{}</td>\n</tr>\n",
        breakable(&file.name),
        marked(&file.basis),
        said(file.errors, file.warnings),
        codes.join(" "),
    )
}

/// A path that can be broken after each of its names.
fn breakable(path: &str) -> String {
    markup(path).replace('/', "/<wbr/>")
}

/// `2 errors, 1 warning`
fn said(errors: usize, warnings: usize) -> String {
    let counts = [(errors, "error"), (warnings, "warning")];
    let counts: Vec<String> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| plural(count, word)).collect();
    counts.join(", ")
}

/// All diagnostics, by code.
pub(super) fn diagnostics(html: &Html) -> String {
    if html.groups.is_empty() && html.hidden == 0 {
        return String::new();
    }
    let sections: String = html.groups.iter().map(|(code, groups)| section(*code, groups)).collect();
    let hidden = match html.hidden {
        0 => String::new(),
        hidden => format!("<p>And {hidden} more that are not shown.</p>\n"),
    };
    format!("<div id=\"diagnostics\" tabindex=\"-1\">\n{sections}{hidden}</div>\n")
}

fn section(code: Code, groups: &[Group]) -> String {
    let (errors, warnings) = counts(groups);
    let articles: String = groups.iter().map(article).collect();
    format!(
        "<section class=\"code\" aria-labelledby=\"{code}\">\n<h2 id=\"{code}\">{code}: {}</h2>\n\
         <p class=\"quiet\">{}</p>\n<p class=\"quiet\">{}. Remedy: {}.</p>\n{articles}</section>\n",
        marked(code.title()),
        marked(code.explanation()),
        said(errors, warnings),
        marked(code.remedy()),
    )
}

fn article(group: &Group) -> String {
    let (class, word) = if group.is_error { ("bad", "error") } else { ("doubt", "warning") };
    let lines: String = group.parts.lines.iter().map(source_line).collect();
    let source = if lines.is_empty() { String::new() } else { format!("<div class=\"source\">\n{lines}</div>\n") };
    let notes = group.parts.notes.iter().map(|(name, text)| format!("<dt>{name}</dt>\n<dd>{}</dd>\n", marked(text)));
    let notes: String = notes.collect();
    let notes = if notes.is_empty() { notes } else { format!("<dl>\n{notes}</dl>\n") };
    let first = group.places.first().map(place).unwrap_or_default();
    format!(
        "<article class=\"{word}\">\n<h3><span class=\"state {class}\">{word}</span> {}</h3>\n<p>{first}</p>\n{source}{notes}{}</article>\n",
        marked(&group.message),
        others(group),
    )
}

/// The places other than the first.
fn others(group: &Group) -> String {
    let others = group.places.get(1..).unwrap_or_default();
    if others.is_empty() {
        return String::new();
    }
    let said = format!("The same in {}", plural(others.len() + group.more, "more place"));
    let items: String = others.iter().map(|other| format!("<li>{}</li>\n", place(other))).collect();
    let more = match group.more {
        0 => String::new(),
        more => format!("<li>and {more} more</li>\n"),
    };
    match others.len() <= FEW {
        true => format!("<p>{said}:</p>\n<ul>\n{items}</ul>\n"),
        false => format!("<details>\n<summary>{said}</summary>\n<ul>\n{items}{more}</ul>\n</details>\n"),
    }
}

fn place(place: &Place) -> String {
    format!("<code class=\"place\">{}</code>{}", breakable(&place.text), markup(&place.decoded))
}

/// A line of the source, with the relevant parts marked.
fn source_line(line: &Line) -> String {
    let Line { number, text, marks } = line;
    let mut ends: Vec<usize> = marks.iter().flat_map(|mark| [mark.range.start, mark.range.end]).collect();
    ends.push(text.len());
    ends.sort_unstable();
    ends.dedup();
    let (mut from, mut out) = (0, String::new());
    for end in ends {
        let piece = text.get(from..end).unwrap_or_default();
        let is_in = |mark: &&LineMark| mark.range.contains(&from) && !piece.is_empty();
        let class = match marks.iter().filter(is_in).map(|mark| mark.is_primary).max() {
            Some(true) => Some("here"),
            Some(false) => Some("other"),
            None => None,
        };
        match class {
            Some(class) => out.push_str(&format!("<mark class=\"{class}\">{}</mark>", markup(piece))),
            None => out.push_str(&markup(piece)),
        }
        // A place between two characters, such as the end of the line.
        if marks.iter().any(|mark| mark.is_primary && mark.range == (end..end)) {
            out.push_str("<mark class=\"here empty\"> </mark>");
        }
        from = end;
    }
    let labels = marks.iter().filter(|mark| !mark.label.is_empty());
    let labels: String = labels.map(|mark| format!(" <span class=\"label\">{}</span>", markup(&mark.label))).collect();
    format!("<div><span class=\"number\">{number}</span><code>{out}</code>{labels}</div>\n")
}

/// A text with its quotations marked as code.
fn marked(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    // A value contains a backtick, so its end is unknown.
    if pieces.len().is_multiple_of(2) {
        return markup(text);
    }
    let piece = |(index, piece): (usize, &&str)| match index % 2 {
        0 => markup(piece),
        _ => format!("<code>{}</code>", markup(piece)),
    };
    pieces.iter().enumerate().map(piece).collect()
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
