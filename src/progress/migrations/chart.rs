//! A migration as a [`Chart`].

use super::migration::Migration;
use super::words::notes;
use crate::progress::{Chart, ChartAxis, ChartPoint};

impl Migration {
    /// Its messages in order of time, with its notes.
    pub fn chart(&self) -> Chart {
        let axis = match self.clock {
            None => ChartAxis::Messages,
            Some(_) if self.course.time.is_none() => ChartAxis::Elapsed,
            Some(_) => ChartAxis::Dates,
        };
        let points = self.records().zip(0..).filter_map(|(record, number)| {
            let point = ChartPoint::new(if axis == ChartAxis::Messages { number } else { record.time? });
            let point = record.progress.percent.map_or(point, |percent| point.percent(percent));
            Some(if record.progress.failure.is_some() { point.failure() } else { point })
        });
        let chart = points.fold(Chart::new(&self.name, axis), Chart::point);
        let chart = self.course.remaining.into_iter().fold(chart, Chart::remaining);
        let since = self.stalled().and_then(|(since, _)| since);
        let chart = since.into_iter().fold(chart, Chart::stalled_since);
        notes(self).into_iter().fold(chart, Chart::note)
    }
}
