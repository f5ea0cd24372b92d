//! Migrations from their status messages, as shown by `packetcheck status`.

use packetcheck::diagnostic::render::visible;
use packetcheck::progress::migrations::{
    Document, File, Known, Migration, amount, migrations, name_tasks, notes, percents, rfc3339, short, step, summary,
};
use packetcheck::{Limits, MessageProgress};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::to_json;

/// Status messages.
#[wasm_bindgen]
#[derive(Default)]
pub struct Polls {
    documents: Vec<Document>,
}

#[wasm_bindgen]
impl Polls {
    /// No messages yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Polls {
        Polls::default()
    }

    /// Adds a document. Returns whether it says how far a migration is. `modified` is when its file was last changed,
    /// in milliseconds since 1970; nothing is known about text without a file.
    pub fn add(&mut self, path: &str, document: &[u8], kind: &str, modified: Option<f64>) -> bool {
        let messages = MessageProgress::of(document, kind.parse().ok(), &Limits::new());
        let tells = messages.iter().any(|message| message.progress.as_ref().is_ok_and(|found| !found.is_empty()));
        let folder = path.rfind('/').and_then(|end| path.get(..=end)).unwrap_or("./");
        let file = File {
            name: path.to_owned(),
            path: path.to_owned(),
            path_bytes: None,
            folder: folder.to_owned(),
            modified: modified.map(|modified| modified as i64),
        };
        self.documents.push(Document { file, messages, is_paired: false });
        tells
    }

    /// The migrations in all messages, as `{summary, migrations}`. `now` is the time, in milliseconds since 1970.
    pub fn migrations(self, now: f64) -> String {
        let mut documents = self.documents;
        name_tasks(&mut documents);
        let records = documents.into_iter().flat_map(Document::into_records).collect();
        let migrations = migrations(records, Known { one_task: false, interval: None, now: now as i64 });
        let rows = migrations.iter().zip(1..).map(|(migration, number)| Row::of(migration, number)).collect();
        to_json(&Shown { summary: summary(&migrations), migrations: rows })
    }
}

#[derive(Serialize)]
struct Shown {
    summary: String,
    migrations: Vec<Row>,
}

/// A row of the table, and the chart of its migration.
#[derive(Serialize)]
struct Row {
    name: String,
    system: &'static str,
    state: &'static str,
    tone: &'static str,
    percent: Option<f64>,
    percents: String,
    done: String,
    left: Option<String>,
    age: Option<String>,
    time: Option<String>,
    step: String,
    notes: Vec<String>,
    /// `None` if fewer than two messages say how much is done.
    chart: Option<String>,
}

impl Row {
    fn of(migration: &Migration, number: usize) -> Row {
        let course = &migration.course;
        let shown = |text: &str| visible(text).into_owned();
        Row {
            name: shown(&migration.name),
            system: migration.latest.progress.system.name(),
            state: migration.state_name(),
            tone: migration.tone().name(),
            percent: course.amount.percent,
            percents: percents(&course.amount),
            done: amount(&course.amount),
            left: course.remaining.map(short),
            age: course.age.map(short),
            time: course.time.and_then(rfc3339),
            step: shown(&step(migration)),
            notes: notes(migration).iter().map(|note| shown(note)).collect(),
            chart: migration.chart().to_svg(&format!("chart{number}")),
        }
    }
}
