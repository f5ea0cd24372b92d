//! Migrations as a table with a bar for each, fitted to the width of a terminal.

use packetcheck::diagnostic::render::text::wrapped;
use packetcheck::diagnostic::render::visible;
use packetcheck::progress::State;
use packetcheck::progress::migrations::{Migration, amount, notes, percents, short, step, summary};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::output::{Color, painted};

/// The width of a bar in columns.
const BAR: usize = 10;

/// The space between two columns of the table.
const GAP: &str = "  ";

/// If a name would get fewer columns than this, other columns are left out first.
const LEAST_NAME: usize = 16;

/// The columns that a name always gets.
const SHORTEST_NAME: usize = 8;

/// A step that would get fewer columns than this is moved to a line of its own.
const LEAST_STEP: usize = 16;

pub(super) const HEAD: [&str; COLUMNS] = ["TASK", "SYSTEM", "STATE", "PROGRESS", "DONE", "LEFT", "AGE", "STEP"];
const COLUMNS: usize = 8;
const TASK: usize = 0;
const SYSTEM: usize = 1;
const STATE: usize = 2;
const PROGRESS: usize = 3;
const STEP: usize = 7;

/// How the table is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// The number of columns; `None`: nothing is cut or wrapped.
    pub(super) width: Option<usize>,
    pub(super) is_colored: bool,
    /// Whether the terminal cannot show the blocks of a bar.
    pub(super) is_plain: bool,
}

/// Draws all migrations; the text is empty if there are none.
pub(super) fn draw(migrations: &[Migration], look: Look) -> String {
    if migrations.is_empty() {
        return String::new();
    }
    let (rows, layout) = fit(migrations, look);
    let mut out = String::new();
    layout.push(&mut out, &HEAD.map(str::to_owned), None);
    for (migration, row) in migrations.iter().zip(&rows) {
        layout.push(&mut out, row, color(migration).filter(|_| look.is_colored));
        let step = row.get(STEP).filter(|step| layout.width(STEP).is_none() && !step.is_empty());
        let step = step.map(|step| format!("step: {step}"));
        for note in step.into_iter().chain(notes(migration)) {
            for text in wrapped(&note, look.width.map_or(usize::MAX, |width| width - GAP.len())).lines() {
                out.push_str(&format!("{GAP}{text}\n"));
            }
        }
    }
    if migrations.len() > 1 {
        out.push_str(&format!("\n{}\n", summary(migrations)));
    }
    out
}

/// The cells of the rows, and the widest layout that fits: first the steps are left out, then the bars, then the
/// system.
fn fit(migrations: &[Migration], look: Look) -> (Vec<[String; COLUMNS]>, Layout) {
    let with_bars: Vec<_> = migrations.iter().map(|migration| row(migration, Some(look.is_plain))).collect();
    let natural = Layout::of(&with_bars);
    let Some(width) = look.width else { return (with_bars, natural) };
    if let Some(layout) = natural.clone().narrowed(width).or_else(|| natural.clone().without(STEP).narrowed(width)) {
        return (with_bars, layout);
    }
    let rows: Vec<_> = migrations.iter().map(|migration| row(migration, None)).collect();
    let natural = Layout::of(&rows).without(STEP);
    let layout = natural.clone().narrowed(width).unwrap_or_else(|| natural.without(SYSTEM).squeezed(width));
    (rows, layout)
}

/// The cells of a migration. `bar`: whether there is a bar, and whether it is plain.
pub(super) fn row(migration: &Migration, bar: Option<bool>) -> [String; COLUMNS] {
    let (progress, course) = (&migration.latest.progress, &migration.course);
    [
        visible(&migration.name).into_owned(),
        progress.system.name().to_owned(),
        migration.state_name().to_owned(),
        bar.map_or_else(|| percents(&course.amount), |plain| self::bar(course.amount.percent, plain)),
        amount(&course.amount),
        course.remaining.map(short).unwrap_or_default(),
        course.age.map(short).unwrap_or_default(),
        visible(&step(migration)).into_owned(),
    ]
}

/// The bar and the percentage, rounded down: `100%` means complete.
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

/// The width of each column; `None` if it is left out.
#[derive(Debug, Clone)]
struct Layout([Option<usize>; COLUMNS]);

impl Layout {
    /// As wide as the cells. A column without data is left out.
    fn of(rows: &[[String; COLUMNS]]) -> Layout {
        let mut widths = HEAD.map(|head| Some(head.len()));
        for (index, width) in widths.iter_mut().enumerate() {
            let cells = || rows.iter().filter_map(|row| row.get(index));
            let widest = cells().map(|cell| cell.width()).max().unwrap_or(0);
            *width = width.map(|width| width.max(widest)).filter(|_| index <= PROGRESS || widest > 0);
        }
        Layout(widths)
    }

    fn width(&self, column: usize) -> Option<usize> {
        self.0.get(column).copied().flatten()
    }

    fn without(mut self, column: usize) -> Layout {
        if let Some(width) = self.0.get_mut(column) {
            *width = None;
        }
        self
    }

    /// The width of all columns except some.
    fn taken(&self, besides: &[usize]) -> usize {
        let others = self.0.iter().enumerate().filter(|(index, _)| !besides.contains(index));
        others.filter_map(|(_, width)| width.map(|width| width + GAP.len())).sum()
    }

    /// Narrows names and steps, if enough of them remains.
    fn narrowed(mut self, width: usize) -> Option<Layout> {
        let [Some(name), ..] = self.0 else { return None };
        let step = self.width(STEP);
        let gap = step.map_or(0, |_| GAP.len());
        let left = width.checked_sub(self.taken(&[TASK, STEP]))?.checked_sub(gap)?;
        let least_step = step.map_or(0, |step| step.min(LEAST_STEP));
        let name = left.checked_sub(least_step)?.min(name);
        if name < LEAST_NAME.min(self.width(TASK)?) {
            return None;
        }
        self.0[TASK] = Some(name);
        self.0[STEP] = step.map(|step| step.min(left - name));
        Some(self)
    }

    /// Narrows names and steps, even if too little of the names remains.
    fn squeezed(mut self, width: usize) -> Layout {
        let left = width.saturating_sub(self.taken(&[TASK])).max(SHORTEST_NAME);
        self.0[TASK] = self.width(TASK).map(|name| name.min(left));
        self
    }

    fn push(&self, out: &mut String, cells: &[String; COLUMNS], color: Option<Color>) {
        let start = out.len();
        for (index, (cell, width)) in cells.iter().zip(&self.0).enumerate() {
            let Some(width) = *width else { continue };
            let cell = match index {
                TASK => end_of(cell, width),
                STEP => beginning_of(cell, width),
                _ => cell.clone(),
            };
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            let cell = painted(&cell, color.filter(|_| index == STATE));
            out.push_str(&format!("{cell}{padding}{GAP}"));
        }
        out.truncate(start + out.get(start..).unwrap_or_default().trim_end().len());
        out.push('\n');
    }
}

/// The end of a name, which is more specific than its beginning, in at most this many columns.
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

/// The beginning of a text, in at most this many columns.
fn beginning_of(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |character: &char| {
        used += character.width().unwrap_or(0);
        used <= width
    };
    let beginning: String = text.chars().take_while(fits).collect();
    format!("{beginning}…")
}

/// The colour of a state.
pub(super) fn color(migration: &Migration) -> Option<Color> {
    match migration.state() {
        State::Running | State::Pending if !migration.course.concerns.is_empty() => Some(Color::Yellow),
        State::Pending => None,
        State::Running => Some(Color::Cyan),
        State::Succeeded => Some(Color::Green),
        State::Failed => Some(Color::Red),
        State::Stopped | State::Unknown => Some(Color::Yellow),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use packetcheck::progress::migrations::{Document, Known, migrations};
    use packetcheck::{Limits, MessageProgress};

    use super::super::file_of;
    use super::*;
    use crate::input::Source;

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
        assert_eq!(beginning_of("世界世界", 4), "世…");
    }

    /// A migration of three polls with a long name and a long step.
    fn migration() -> Vec<Migration> {
        let polls = (0..3).flat_map(|poll| {
            let status = format!(
                "<total>100</total><completed>{poll}</completed><description>{}</description>",
                "Copying ".repeat(9)
            );
            let result = format!("<result><status>ok</status><migration_status>{status}</migration_status></result>");
            let packet = format!("<packet><migration><get_status>{result}</get_status></migration></packet>");
            let messages = MessageProgress::of(packet.as_bytes(), None, &Limits::new());
            let path = format!("{}/2024-05-01T12:0{poll}:00Z.xml", "customer-".repeat(9));
            let file = file_of(&Source::named(Path::new(&path)));
            Document { file, messages, is_paired: false }.into_records()
        });
        migrations(polls.collect(), Known { one_task: false, interval: None, now: 1_714_565_000_000 })
    }

    #[test]
    fn columns_give_way_one_after_the_other() {
        let draw = |width| draw(&migration(), Look { width, is_colored: false, is_plain: true });
        for width in 48..220 {
            let text = draw(Some(width));
            assert!(text.lines().all(|line| line.width() <= width), "{width}:\n{text}");
            assert!(text.contains("running") && text.contains("2%") && text.contains("2/100"), "{text}");
        }
        assert!(!draw(Some(60)).contains("SYSTEM") || !draw(Some(60)).contains("#"), "{}", draw(Some(60)));
        assert!(draw(Some(80)).contains("----------   2%"), "{}", draw(Some(80)));
        assert!(draw(Some(80)).contains("\n  step: Copying Copying"), "{}", draw(Some(80)));
        let wide = draw(Some(200));
        assert!(wide.contains(&"customer-".repeat(9)) && wide.contains(&"Copying ".repeat(5)), "{wide}");
        let whole = draw(None);
        assert!(whole.contains(&"customer-".repeat(9)) && whole.contains("Copying ".repeat(9).trim_end()), "{whole}");
    }
}
