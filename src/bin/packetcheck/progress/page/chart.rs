//! The progress of a migration over time as a drawing.

use super::super::migration::Migration;
use super::super::time::rfc3339;
use super::super::words::notes;
use crate::page::escaped;

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 190.0;

/// What is drawn into.
const LEFT: f64 = 42.0;
const RIGHT: f64 = 388.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 158.0;

/// Half the width of the cross of an error.
const CROSS: f64 = 5.0;

/// So many points of a line at most: there are not more columns.
const MOST_POINTS: usize = 400;

struct Point {
    /// In milliseconds since 1970, or the number of the message.
    at: f64,
    percent: f64,
    /// The message reports a failure, and not how much is done.
    is_error: bool,
}

/// Nothing where fewer than two messages say how much is done.
pub(super) fn draw(migration: &Migration, number: usize) -> Option<String> {
    let points = points(migration);
    let moving = || points.iter().filter(|point| !point.is_error);
    let (first, last) = (points.first()?, points.last()?);
    if moving().count() < 2 {
        return None;
    }
    let estimate = estimate(migration, first, moving().next_back()?);
    let end = estimate.as_ref().map_or(last.at, |estimate| estimate.at.max(last.at));
    let scale = Scale { start: first.at, end };
    let mut shapes = grid();
    let line: Vec<String> = thinned(moving().collect()).into_iter().map(|point| scale.place(point)).collect();
    shapes.push_str(&format!("<polyline class=\"line\" points=\"{}\"/>\n", line.join(" ")));
    if let Some((Some(since), _)) = migration.stalled() {
        let newest = moving().next_back()?;
        let since = Point { at: since as f64, percent: newest.percent, is_error: false };
        let points = format!("{} {}", scale.place(&since), scale.place(newest));
        shapes.push_str(&format!("<polyline class=\"still\" points=\"{points}\"/>\n"));
    }
    if let (Some(estimate), Some(newest)) = (&estimate, moving().next_back()) {
        let points = format!("{} {}", scale.place(newest), scale.place(estimate));
        shapes.push_str(&format!("<polyline class=\"estimate\" points=\"{points}\"/>\n"));
    }
    if let Some(newest) = moving().next_back() {
        let (x, y) = (scale.x(newest), scale.y(newest));
        shapes.push_str(&format!("<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>\n"));
    }
    for error in thinned(points.iter().filter(|point| point.is_error).collect()) {
        let (x, y) = (scale.x(error), scale.y(error));
        let (left, right, top, bottom) = (x - CROSS, x + CROSS, y - CROSS, y + CROSS);
        shapes.push_str(&format!(
            "<path class=\"error\" d=\"M{left:.1} {top:.1} L{right:.1} {bottom:.1} M{right:.1} {top:.1} L{left:.1} {bottom:.1}\"/>\n"
        ));
    }
    shapes.push_str(&times(migration, first.at, end));
    let (title, description) = (format!("title{number}"), format!("description{number}"));
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-labelledby=\"{title} {description}\">\n\
         <title id=\"{title}\">{}</title>\n<desc id=\"{description}\">{}</desc>\n{shapes}</svg>\n",
        escaped(&format!("Progress of {}", migration.name)),
        escaped(&said(migration, &points)),
    ))
}

/// Those of all messages that say how much is done or that something failed, oldest first.
fn points(migration: &Migration) -> Vec<Point> {
    let is_timed = migration.clock.is_some();
    let mut known = None;
    let points = migration.records().enumerate().filter_map(|(index, record)| {
        let percent = record.progress.percent;
        known = percent.or(known);
        let is_error = record.progress.failure.is_some();
        let at = if is_timed { record.time? as f64 } else { index as f64 };
        (percent.is_some() || is_error).then_some(Point { at, percent: known.unwrap_or(0.0), is_error })
    });
    points.collect()
}

/// Where it ends, or, if that is far away, how far it will be once as much time has passed as until now.
fn estimate(migration: &Migration, first: &Point, newest: &Point) -> Option<Point> {
    let remaining = migration.course.remaining.filter(|remaining| *remaining > 0 && migration.clock.is_some())? as f64;
    let shown = remaining.min(newest.at - first.at);
    let percent = newest.percent + (100.0 - newest.percent) * (shown / remaining);
    Some(Point { at: newest.at + shown, percent, is_error: false })
}

/// Every so many of them, and the last one.
fn thinned(points: Vec<&Point>) -> Vec<&Point> {
    let step = points.len().div_ceil(MOST_POINTS).max(1);
    let last = points.len().checked_sub(1);
    let is_kept = |index: &usize| index.is_multiple_of(step) || Some(*index) == last;
    points.into_iter().enumerate().filter(|(index, _)| is_kept(index)).map(|(_, point)| point).collect()
}

struct Scale {
    start: f64,
    end: f64,
}

impl Scale {
    fn x(&self, point: &Point) -> f64 {
        let whole = (self.end - self.start).max(1.0);
        LEFT + ((point.at - self.start) / whole).clamp(0.0, 1.0) * (RIGHT - LEFT)
    }

    fn y(&self, point: &Point) -> f64 {
        BOTTOM - point.percent.clamp(0.0, 100.0) / 100.0 * (BOTTOM - TOP)
    }

    fn place(&self, point: &Point) -> String {
        format!("{:.1},{:.1}", self.x(point), self.y(point))
    }
}

/// Lines at 0, 50 and 100 %.
fn grid() -> String {
    let line = |percent: f64| {
        let y = BOTTOM - percent / 100.0 * (BOTTOM - TOP);
        let below = y + 4.0;
        format!(
            "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{y}\" x2=\"{RIGHT}\" y2=\"{y}\"/>\n\
             <text x=\"36\" y=\"{below}\" text-anchor=\"end\">{percent}%</text>\n"
        )
    };
    [0.0, 50.0, 100.0].map(line).concat()
}

/// The first and the last time that is drawn, each a date over the time of day; the numbers of the messages where nothing
/// tells their times.
fn times(migration: &Migration, start: f64, end: f64) -> String {
    let label = |at: f64, x: f64, anchor: &str| {
        let time = time(migration, at);
        let (above, below) = match (time.as_deref().and_then(|time| time.split_once('T')), migration.clock) {
            (Some((date, time)), _) => (date.to_owned(), time.to_owned()),
            (None, None) => (format!("message {}", at as u64 + 1), String::new()),
            (None, Some(_)) => (String::new(), String::new()),
        };
        let (first, second) = (BOTTOM + 15.0, BOTTOM + 29.0);
        format!(
            "<text x=\"{x}\" y=\"{first}\" text-anchor=\"{anchor}\">{above}</text>\n\
             <text x=\"{x}\" y=\"{second}\" text-anchor=\"{anchor}\">{below}</text>\n"
        )
    };
    label(start, LEFT, "start") + &label(end, RIGHT, "end")
}

/// The date that a place in the drawing stands for, if it stands for one.
fn time(migration: &Migration, at: f64) -> Option<String> {
    rfc3339(at as i64).filter(|_| migration.course.time.is_some() && migration.clock.is_some())
}

/// What the drawing shows, in words.
fn said(migration: &Migration, points: &[Point]) -> String {
    let time = |point: &Point| time(migration, point.at).map(|time| format!(" at {time}")).unwrap_or_default();
    let moving = || points.iter().filter(|point| !point.is_error);
    let (Some(first), Some(last)) = (moving().next(), moving().next_back()) else { return String::new() };
    let (from, to) = (first.percent as u64, last.percent as u64);
    let errors = points.iter().filter(|point| point.is_error).count();
    let errors = match errors {
        0 => String::new(),
        count => format!("; {} marked", crate::status::plural(count, "error")),
    };
    let course = format!("From {from}%{} to {to}%{}{errors}", time(first), time(last));
    [vec![course], notes(migration)].concat().join(". ")
}
