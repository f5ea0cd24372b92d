//! Differences for people.

use packetcheck::compare::{Change, Comparison, Place};
use packetcheck::diagnostic::render::visible;

use super::moves::Move;
use crate::output::{Color, Output, painted};
use crate::status::{Trouble, plural};

/// The most characters of a value that are shown.
const MOST_SHOWN: usize = 120;

/// How much of the common beginning of two long values is shown.
const BEFORE: usize = 30;

pub(super) fn show(
    output: &mut Output,
    comparison: &Comparison<'_>,
    moves: &[Move],
    old: &str,
    new: &str,
) -> Result<(), Trouble> {
    let is_colored = output.is_colored();
    let paint = |text: &str, color| painted(text, Some(color).filter(|_| is_colored));
    for line in moves.iter().flat_map(Move::lines) {
        output.write(format!("{}\n", paint(&visible(&line), Color::Cyan)).as_bytes())?;
    }
    if moves.iter().any(|each| each.lines().next().is_some()) {
        output.write(b"\n")?;
    }
    let mut counts = [(Change::Changed, 0), (Change::Appeared, 0), (Change::Vanished, 0), (Change::Moved, 0)];
    for difference in comparison.differences() {
        counts.iter_mut().filter(|(change, _)| *change == difference.change).for_each(|(_, count)| *count += 1);
        let word = paint(difference.change.name(), color(difference.change));
        output.write(format!("{word} {}\n", visible(&difference.path)).as_bytes())?;
        let (one, other) = shown(difference.change, difference.old.as_ref(), difference.new.as_ref());
        for (sign, name, place, text, color) in
            [("-", old, &difference.old, one, Color::Red), ("+", new, &difference.new, other, Color::Green)]
        {
            let Some(place) = place else { continue };
            let value = if text.is_empty() { String::new() } else { format!(" {text} ") };
            let note = if place.is_default { ", by default" } else { "" };
            let line = format!("{}{value}", paint(sign, color));
            let place = visible(&format!("{name}:{}:{}", place.line, place.column)).into_owned();
            output.write(format!("  {line} ({place}{note})\n").as_bytes())?;
        }
    }
    let parts =
        counts.iter().filter(|(_, count)| *count > 0).map(|(change, count)| format!("{count} {}", change.name()));
    let line = match comparison.len() {
        0 => "no difference\n".to_owned(),
        count => format!("{}: {}\n", plural(count, "difference"), parts.collect::<Vec<_>>().join(", ")),
    };
    output.write(line.as_bytes())
}

fn color(change: Change) -> Color {
    match change {
        Change::Appeared => Color::Green,
        Change::Vanished => Color::Red,
        _ => Color::Yellow,
    }
}

/// The values of both sides, as far as they are shown. For a moved item, only the places are shown.
fn shown(change: Change, old: Option<&Place>, new: Option<&Place>) -> (String, String) {
    let value = |place: Option<&Place>| place.map(|place| place.value.as_str()).unwrap_or_default().to_owned();
    let (one, other) = (value(old), value(new));
    if change == Change::Moved {
        return (String::new(), String::new());
    }
    // White space at the ends is shown if the values differ only in it.
    let is_trimmed = one.trim() != other.trim();
    let trimmed = |text: &str| if is_trimmed { text.trim().to_owned() } else { text.to_owned() };
    let (one, other) = (trimmed(&one), trimmed(&other));
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let skipped = match one.chars().count().max(other.chars().count()) > MOST_SHOWN {
        true => common.saturating_sub(BEFORE),
        false => 0,
    };
    let cut = |text: &str| {
        let mut cut: String = text.chars().skip(skipped).take(MOST_SHOWN).collect();
        if skipped > 0 {
            cut.insert(0, '…');
        }
        if text.chars().count() > skipped + MOST_SHOWN {
            cut.push('…');
        }
        let is_plain = !cut.is_empty() && (cut.trim().len() == cut.len());
        if is_plain { visible(&cut).into_owned() } else { format!("{cut:?}") }
    };
    (old.map(|_| cut(&one)).unwrap_or_default(), new.map(|_| cut(&other)).unwrap_or_default())
}
