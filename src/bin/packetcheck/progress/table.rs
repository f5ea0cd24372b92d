//! The lines as a table with a bar for each, as wide as a terminal.

use std::io::{IsTerminal, stdout};

use packetcheck::diagnostic::render::text::{WIDTH, wrapped};
use packetcheck::diagnostic::render::visible;
use packetcheck::progress::{Failure, State};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::output::{Color, painted};

use super::amount::amount;
use super::line::{Clock, Line, Rate};
use super::time::{rfc3339, short};

/// Columns of a bar.
const BAR: usize = 10;

/// Columns between two columns of the table.
const GAP: &str = "  ";

/// Characters of the words of a failure that are shown; `--format json` has them all.
const MOST_OF_FAILURE: usize = 300;

const HEAD: [&str; 6] = ["TASK", "SYSTEM", "STATE", "PROGRESS", "DONE", "LEFT"];

/// The terminal cannot show the blocks of a bar.
pub(super) fn is_plain() -> bool {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
    let is_dumb = stdout().is_terminal() && set("TERM").is_some_and(|terminal| terminal == "dumb");
    is_dumb || locale.is_some_and(|locale| !locale.to_ascii_lowercase().replace('-', "").contains("utf8"))
}

/// Draws all lines; nothing where there is none.
pub(super) fn draw(lines: &[Line], colored: bool, plain: bool) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let rows: Vec<[String; 6]> = lines.iter().map(|line| row(line, plain)).collect();
    let mut widths = HEAD.map(str::len);
    let mut head = HEAD.map(str::to_owned);
    // What no message says has no column.
    for index in [4, 5] {
        if rows.iter().all(|row| row.get(index).is_none_or(String::is_empty)) {
            (widths[index], head[index]) = (0, String::new());
        }
    }
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    // The column of tasks gives way: all others are short.
    let [name, others @ ..] = &mut widths;
    let left = WIDTH.saturating_sub(others.iter().filter(|width| **width > 0).map(|width| width + GAP.len()).sum());
    *name = left.min(*name);
    let mut out = String::new();
    push_row(&mut out, &head, &widths, None);
    for (line, row) in lines.iter().zip(&rows) {
        push_row(&mut out, row, &widths, color(line.latest.progress.state).filter(|_| colored));
        push_notes(&mut out, line);
    }
    if lines.len() > 1 {
        out.push_str(&summary(lines));
    }
    out
}

fn row(line: &Line, plain: bool) -> [String; 6] {
    let progress = &line.latest.progress;
    [
        visible(&line.name()).into_owned(),
        progress.system.name().to_owned(),
        progress.state.name().to_owned(),
        bar(progress.percent, plain),
        amount(progress),
        line.remaining_milliseconds().map(short).unwrap_or_default(),
    ]
}

/// The bar and the whole percents, rounded down: `100%` is all.
fn bar(percent: Option<f64>, plain: bool) -> String {
    let (full, empty, none) = if plain { ("#", "-", ".") } else { ("█", "░", "·") };
    match percent {
        Some(percent) => {
            let filled = (percent / 100.0 * BAR as f64) as usize;
            format!("{}{} {:3}%", full.repeat(filled), empty.repeat(BAR.saturating_sub(filled)), percent as u64)
        }
        None => format!("{}    ?", none.repeat(BAR)),
    }
}

fn push_row(out: &mut String, cells: &[String; 6], widths: &[usize; 6], color: Option<Color>) {
    let start = out.len();
    for (index, (cell, &width)) in cells.iter().zip(widths).enumerate() {
        let cell = if index == 0 { end_of(cell, width) } else { cell.clone() };
        let padding = " ".repeat(width.saturating_sub(cell.width()));
        let cell = painted(&cell, color.filter(|_| index == 2));
        out.push_str(&format!("{cell}{padding}{GAP}"));
    }
    out.truncate(start + out.get(start..).unwrap_or_default().trim_end().len());
    out.push('\n');
}

/// The end of a name, which tells more than its beginning, in so many columns.
fn end_of(name: &str, width: usize) -> String {
    if name.width() <= width {
        return name.to_owned();
    }
    let mut used = 1;
    let fits = |(_, character): &(usize, char)| {
        used += character.width().unwrap_or(0);
        used <= width
    };
    let start = name.char_indices().rev().take_while(fits).last().map_or(name.len(), |(at, _)| at);
    format!("…{}", name.get(start..).unwrap_or_default())
}

fn color(state: State) -> Option<Color> {
    match state {
        State::Pending => None,
        State::Running => Some(Color::Cyan),
        State::Succeeded => Some(Color::Green),
        State::Failed => Some(Color::Red),
        State::Stopped | State::Unknown => Some(Color::Yellow),
    }
}

/// What went wrong, and how fast it goes.
fn push_notes(out: &mut String, line: &Line) {
    let failure = line.latest.progress.failure.as_ref().map(words);
    for note in failure.into_iter().chain(pace(line)) {
        for text in wrapped(&note, WIDTH - 2).lines() {
            out.push_str(&format!("  {text}\n"));
        }
    }
}

fn words(failure: &Failure<'_>) -> String {
    let text = failure.text.as_deref().unwrap_or_default();
    let cut =
        text.char_indices().nth(MOST_OF_FAILURE).map(|(at, _)| format!("{}…", text.get(..at).unwrap_or_default()));
    let text = cut.as_deref().unwrap_or(text);
    match (&failure.code, text.is_empty()) {
        (Some(code), true) => code.to_string(),
        (Some(code), false) => format!("{code}: {text}"),
        (None, true) => "it does not say what went wrong".to_owned(),
        (None, false) => text.to_owned(),
    }
}

/// `3 messages, 20m by the times of the files: 3.0 %/min, end about 2026-01-01T10:00:00Z`.
fn pace(line: &Line) -> Option<String> {
    let end = line.estimated_end().and_then(rfc3339).map(|end| format!("end about {end}"));
    if line.earlier.is_empty() {
        return end;
    }
    let messages = format!("{} messages", line.earlier.len() + 1);
    let rate = line.rate().map(|rate| {
        let clock = match rate.clock {
            Clock::File => "by the times of the files",
            Clock::Message => "by the dates in them",
        };
        format!(", {} {clock}: {}", short(rate.span), per_time(&rate))
    });
    let end = end.map(|end| format!(", {end}")).unwrap_or_default();
    Some(format!("{messages}{}{end}", rate.unwrap_or_default()))
}

/// The rate in the unit of time that gives few digits.
fn per_time(rate: &Rate) -> String {
    let hour = rate.percent_per_hour;
    let (value, unit) = match hour.abs() {
        rate if rate >= 600.0 => (hour / 60.0, "min"),
        rate if rate >= 1.0 => (hour, "h"),
        _ => (hour * 24.0, "day"),
    };
    format!("{value:.1} %/{unit}")
}

/// `3 tasks: 1 running, 2 succeeded`.
fn summary(lines: &[Line]) -> String {
    let all =
        [State::Pending, State::Running, State::Succeeded, State::Failed, State::Stopped, State::Unknown].into_iter();
    let count = |state| lines.iter().filter(|line| line.latest.progress.state == state).count();
    let parts: Vec<String> = all
        .map(|state| (count(state), state.name()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    format!("\n{} tasks: {}\n", lines.len(), parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_full_only_when_all_is_done() {
        assert_eq!(bar(Some(100.0), true), "########## 100%");
        assert_eq!(bar(Some(100.0_f64.next_down()), true), "#########-  99%");
        assert_eq!(bar(Some(0.0), false), "░░░░░░░░░░   0%");
        assert_eq!(bar(None, true), "..........    ?");
    }

    #[test]
    fn long_names_show_their_end() {
        assert_eq!(end_of("answers/2026/one.xml", 10), "…6/one.xml");
        assert_eq!(end_of("世界世界", 4), "…界");
        assert_eq!(end_of("short", 5), "short");
        assert_eq!(end_of("long", 0), "…");
    }
}
