//! The line on a terminal that shows that work is in progress: a counter, and a bar once the number of files is known.

use std::io::{IsTerminal, stderr};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::{is_plain, stderr_style};

/// How long the work may take before the line is shown.
const PATIENCE: Duration = Duration::from_millis(500);

/// In a terminal with fewer columns, the bar gets the remaining ones.
const NARROW: usize = 80;

pub(crate) struct Waiting {
    begun: Instant,
    /// The word for what is counted: `files`.
    what: &'static str,
    /// Determines the number of files; `None` once it has been called.
    count: Option<Box<dyn FnOnce() -> usize + Send>>,
    total: Arc<OnceLock<usize>>,
    bar: Option<ProgressBar>,
}

impl Waiting {
    /// `count` returns the number of files. It may take long, and is only called if the line is shown.
    pub(crate) fn new(what: &'static str, count: impl FnOnce() -> usize + Send + 'static) -> Waiting {
        let count: Box<dyn FnOnce() -> usize + Send> = Box::new(count);
        Waiting { begun: Instant::now(), what, count: Some(count), total: Arc::default(), bar: None }
    }

    /// Calls a function that writes above the line.
    pub(crate) fn above<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Shows how many files are done, and how many documents were in them. The line only appears once the work takes
    /// long.
    pub(crate) fn show(&mut self, files: usize, documents: usize) {
        if self.bar.is_none() && self.begun.elapsed() >= PATIENCE && stderr().is_terminal() {
            self.bar = Some(self.counter());
            self.start_counting();
        }
        let Some(bar) = &self.bar else { return };
        // A single file can be an archive with many documents; then their number says more.
        match self.total.get().filter(|total| **total > 1) {
            Some(total) => {
                if bar.length().is_none() {
                    bar.set_style(style(self.what));
                }
                bar.set_length((*total).max(files) as u64);
                bar.set_position(files as u64);
            }
            None => bar.set_position(documents as u64),
        }
        bar.tick();
    }

    pub(crate) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }

    fn counter(&self) -> ProgressBar {
        let bar = ProgressBar::no_length().with_elapsed(self.begun.elapsed());
        if let Ok(style) =
            ProgressStyle::with_template(&format!("{{spinner}} {{human_pos}} {} in {{elapsed}}", self.what))
        {
            bar.set_style(style);
        }
        bar
    }

    /// If no thread can be started, the counter stays.
    fn start_counting(&mut self) {
        let Some(count) = self.count.take() else { return };
        let total = Arc::clone(&self.total);
        let _ = thread::Builder::new().spawn(move || total.set(count()));
    }
}

/// `████████░░░░ 1,234/5,678 files in 12s, 40s left`
fn style(what: &str) -> ProgressStyle {
    let is_narrow = stderr_style().width.is_some_and(|width| width < NARROW);
    let bar = if is_narrow { "{wide_bar}" } else { "{bar:30}" };
    let template = format!("{bar} {{human_pos}}/{{human_len}} {what} in {{elapsed}}, {{eta}} left");
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars(if is_plain() { "##-" } else { "██░" })
}
