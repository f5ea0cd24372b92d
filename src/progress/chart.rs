//! Draws the progress of a migration over time.

use std::ops::RangeInclusive;

use super::migrations::rfc3339;
use crate::diagnostic::render::markup;

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 190.0;

/// The area of the drawing.
const LEFT: f64 = 42.0;
const RIGHT: f64 = 388.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 158.0;

/// Half the width of the cross of a failure.
const CROSS: f64 = 5.0;

/// The most points of a line: there are no more columns.
const MOST_POINTS: usize = 400;

/// The progress of a migration at several times, to be drawn as SVG.
///
/// ```
/// use packetcheck::progress::{Chart, ChartAxis, ChartPoint};
///
/// let noon = 1_714_564_800_000;
/// let at = |minutes: i64, percent| ChartPoint::new(noon + minutes * 60_000).percent(percent);
/// let svg = Chart::new("24175", ChartAxis::Dates)
///     .point(at(0, 10.0))
///     .point(at(10, 40.0))
///     .remaining(20 * 60_000)
///     .to_svg("chart1")
///     .expect("two points are a line");
/// assert!(svg.contains("<title id=\"chart1-title\">Progress of 24175</title>"));
/// assert!(svg.contains("From 10% at 2024-05-01T12:00:00Z to 40% at 2024-05-01T12:10:00Z"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    name: String,
    axis: ChartAxis,
    points: Vec<ChartPoint>,
    stalled_since: Option<i64>,
    remaining: Option<i64>,
    notes: Vec<String>,
}

/// What the positions on the axis of a [`Chart`] mean, from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChartAxis {
    /// Times, in milliseconds since 1970.
    Dates,
    /// Milliseconds since an unknown time.
    Elapsed,
    /// The numbers of messages, from 0.
    Messages,
}

/// What one message says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChartPoint {
    at: i64,
    percent: Option<f64>,
    is_failure: bool,
}

impl ChartPoint {
    /// A message at a position on the axis. Without anything else it is not drawn.
    pub fn new(at: i64) -> ChartPoint {
        ChartPoint { at, percent: None, is_failure: false }
    }

    /// Sets how much is done, from 0 to 100.
    #[must_use]
    pub fn percent(self, percent: f64) -> ChartPoint {
        ChartPoint { percent: Some(percent), ..self }
    }

    /// Records a failure. It is drawn as a cross, at the last known percentage.
    #[must_use]
    pub fn failure(self) -> ChartPoint {
        ChartPoint { is_failure: true, ..self }
    }
}

impl Chart {
    /// CSS rules for the drawing. The page sets the colours with the properties `--runs` (the line), `--doubt` (where
    /// it stalls), `--bad` (failures), `--rule` (the grid) and `--quiet` (text); those that it does not set have a
    /// default for a light background.
    ///
    /// ```
    /// use packetcheck::progress::Chart;
    ///
    /// let page = format!("<style>:root {{ --runs: navy; }}\n{}</style>", Chart::STYLE);
    /// assert!(page.contains(".chart .line { fill: none; stroke: var(--runs, #0b5cad);"));
    /// ```
    pub const STYLE: &'static str = include_str!("chart.css");

    /// A chart without points, of a migration with this name.
    pub fn new(name: impl Into<String>, axis: ChartAxis) -> Chart {
        let (points, notes) = (Vec::new(), Vec::new());
        Chart { name: name.into(), axis, points, stalled_since: None, remaining: None, notes }
    }

    /// Adds a message. Messages must come in the order of the axis.
    #[must_use]
    pub fn point(mut self, point: ChartPoint) -> Chart {
        self.points.push(point);
        self
    }

    /// Nothing has changed from this position on the axis to the newest message.
    #[must_use]
    pub fn stalled_since(self, at: i64) -> Chart {
        Chart { stalled_since: Some(at), ..self }
    }

    /// The migration will be done this many milliseconds after the newest message. If that is farther away than the
    /// first message, half of the drawing shows how far it will get in the same time.
    #[must_use]
    pub fn remaining(self, milliseconds: i64) -> Chart {
        Chart { remaining: Some(milliseconds), ..self }
    }

    /// A sentence for the description, without its full stop.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Chart {
        self.notes.push(note.into());
        self
    }

    /// An `svg` element for an HTML page, or a file of its own. It has a title and a description, which say the same as
    /// the drawing; their identifiers in the page begin with `id`. Texts are escaped. `None` if fewer than two messages
    /// say how much is done, which is not enough for a line.
    pub fn to_svg(&self, id: &str) -> Option<String> {
        let points = self.known();
        let moving = || points.iter().filter(|point| !point.is_failure);
        let (first, last, newest) = (points.first()?, points.last()?, moving().next_back()?);
        if moving().count() < 2 {
            return None;
        }
        let estimate = self.estimate(first, newest);
        let end = estimate.as_ref().map_or(last.at, |estimate| estimate.at.max(last.at));
        let scale = Scale { start: first.at, end };
        let mut shapes = grid();
        let line: Vec<String> = thinned(moving().collect()).into_iter().map(|point| scale.place(point)).collect();
        shapes.push_str(&format!("<polyline class=\"line\" points=\"{}\"/>\n", line.join(" ")));
        let mut straight = |class, from: &Place, to: &Place| {
            let points = format!("{} {}", scale.place(from), scale.place(to));
            shapes.push_str(&format!("<polyline class=\"{class}\" points=\"{points}\"/>\n"));
        };
        if let Some(since) = self.stalled_since {
            straight("still", &Place { at: since as f64, ..*newest }, newest);
        }
        if let Some(estimate) = &estimate {
            straight("estimate", newest, estimate);
        }
        let (x, y) = (scale.x(newest), scale.y(newest));
        shapes.push_str(&format!("<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>\n"));
        for failure in thinned(points.iter().filter(|point| point.is_failure).collect()) {
            let (x, y) = (scale.x(failure), scale.y(failure));
            let (left, right, top, bottom) = (x - CROSS, x + CROSS, y - CROSS, y + CROSS);
            shapes.push_str(&format!(
                "<path class=\"error\" d=\"M{left:.1} {top:.1} L{right:.1} {bottom:.1} M{right:.1} {top:.1} L{left:.1} {bottom:.1}\"/>\n"
            ));
        }
        shapes.push_str(&self.ends(first.at..=end));
        let (id, title) = (markup(id), markup(&format!("Progress of {}", self.name)));
        let description = markup(&self.described(&points));
        Some(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-description\">\n\
             <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-description\">{description}</desc>\n\
             {shapes}</svg>\n",
        ))
    }

    /// The points of all messages that say how much is done or that something failed, oldest first.
    fn known(&self) -> Vec<Place> {
        let mut known = 0.0;
        let places = self.points.iter().filter_map(|point| {
            known = point.percent.unwrap_or(known);
            let place = Place { at: point.at as f64, percent: known, is_failure: point.is_failure };
            (point.percent.is_some() || point.is_failure).then_some(place)
        });
        places.collect()
    }

    /// Where it ends, or, if that is far away, how far it will be once as much time has passed as until now.
    fn estimate(&self, first: &Place, newest: &Place) -> Option<Place> {
        let is_timed = self.axis != ChartAxis::Messages;
        let remaining = self.remaining.filter(|remaining| *remaining > 0 && is_timed)? as f64;
        let shown = remaining.min(newest.at - first.at);
        let percent = newest.percent + (100.0 - newest.percent) * (shown / remaining);
        Some(Place { at: newest.at + shown, percent, is_failure: false })
    }

    /// The first and the last position on the axis in words, each a date above the time of day; the numbers of the
    /// messages if their times are unknown.
    fn ends(&self, shown: RangeInclusive<f64>) -> String {
        let label = |at: f64, x: f64, anchor: &str| {
            let time = self.time(at);
            let (above, below) = match (time.as_deref().and_then(|time| time.split_once('T')), self.axis) {
                (Some((date, time)), _) => (date.to_owned(), time.to_owned()),
                (None, ChartAxis::Messages) => (format!("message {}", at as u64 + 1), String::new()),
                (None, _) => (String::new(), String::new()),
            };
            let (first, second) = (BOTTOM + 15.0, BOTTOM + 29.0);
            format!(
                "<text x=\"{x}\" y=\"{first}\" text-anchor=\"{anchor}\">{above}</text>\n\
                 <text x=\"{x}\" y=\"{second}\" text-anchor=\"{anchor}\">{below}</text>\n"
            )
        };
        label(*shown.start(), LEFT, "start") + &label(*shown.end(), RIGHT, "end")
    }

    /// The date of a position on the axis, if it has one.
    fn time(&self, at: f64) -> Option<String> {
        rfc3339(at as i64).filter(|_| self.axis == ChartAxis::Dates)
    }

    /// What the drawing shows, in words.
    fn described(&self, points: &[Place]) -> String {
        let time = |point: &Place| self.time(point.at).map(|time| format!(" at {time}")).unwrap_or_default();
        let moving = || points.iter().filter(|point| !point.is_failure);
        let (Some(first), Some(last)) = (moving().next(), moving().next_back()) else { return String::new() };
        let (from, to) = (first.percent as u64, last.percent as u64);
        let failures = match points.iter().filter(|point| point.is_failure).count() {
            0 => String::new(),
            1 => "; 1 error marked".to_owned(),
            count => format!("; {count} errors marked"),
        };
        let course = format!("From {from}%{} to {to}%{}{failures}", time(first), time(last));
        [std::slice::from_ref(&course), &self.notes].concat().join(". ")
    }
}

/// A point in the drawing.
struct Place {
    at: f64,
    percent: f64,
    /// The message reports a failure rather than how much is done.
    is_failure: bool,
}

/// Every nth point, and the last one.
fn thinned(points: Vec<&Place>) -> Vec<&Place> {
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
    fn x(&self, point: &Place) -> f64 {
        let whole = (self.end - self.start).max(1.0);
        LEFT + ((point.at - self.start) / whole).clamp(0.0, 1.0) * (RIGHT - LEFT)
    }

    fn y(&self, point: &Place) -> f64 {
        BOTTOM - point.percent.clamp(0.0, 100.0) / 100.0 * (BOTTOM - TOP)
    }

    fn place(&self, point: &Place) -> String {
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
