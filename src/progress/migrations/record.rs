//! The input: documents with messages, and what each message says about a migration.

use crate::{MessageProgress, PacketKind, Progress};

use super::name_date;

/// A file, as far as its messages need to know about it.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name for people.
    pub name: String,
    /// Its path for programs.
    pub path: String,
    /// The bytes of its path, if they are not Unicode.
    pub path_bytes: Option<String>,
    /// Its folder, for people.
    pub folder: String,
    /// When it was last modified, in milliseconds since 1970, like all times here.
    pub modified: Option<i64>,
}

/// A document and the messages in it.
#[derive(Debug)]
pub struct Document {
    pub file: File,
    pub messages: Vec<MessageProgress>,
    /// A request next to it names its tasks, or it is such a request itself.
    pub is_paired: bool,
}

/// What one message says about one migration.
#[derive(Debug)]
pub struct Record {
    /// The name of the file, for people.
    pub name: String,
    /// The path of the file, for programs.
    pub path: String,
    /// The bytes of the path, if they are not Unicode.
    pub path_bytes: Option<String>,
    /// The folder of the file, for people.
    pub folder: String,
    /// Its number among several answers in a document, from 1.
    pub answer: Option<usize>,
    /// Its number among several answers in its message, from 1.
    pub position: Option<usize>,
    /// The task comes from a request: in the same capture, or in a file next to it.
    pub is_asked: bool,
    pub kind: PacketKind,
    /// When the message was sent, by its own head, in milliseconds since 1970.
    pub sent: Option<i64>,
    /// A date in the name of the file. Not used for captures, which are newer than their content.
    pub named: Option<i64>,
    /// When the file was last modified; for standard input, now. Not used for messages with dates in a capture.
    pub file_time: Option<i64>,
    pub progress: Progress<'static>,
    /// When it was made, by the clock that was chosen for its migration.
    pub time: Option<i64>,
}

impl Document {
    /// The tasks that it asks about, if it consists of requests only.
    pub fn asks(&self) -> Option<Vec<String>> {
        let says_nothing = self.messages.iter().all(|message| message.progress.as_ref().is_ok_and(Vec::is_empty));
        let tasks: Vec<String> = self.messages.iter().flat_map(|message| message.tasks.clone()).collect();
        (says_nothing && !tasks.is_empty()).then_some(tasks)
    }

    /// The only message in it that says something about tasks, if it names none of them.
    pub fn unnamed(&mut self) -> Option<&mut MessageProgress> {
        let says_something =
            |message: &&mut MessageProgress| message.progress.as_ref().is_ok_and(|found| !found.is_empty());
        let mut all = self.messages.iter_mut().filter(says_something);
        let (only, None) = (all.next()?, all.next()) else { return None };
        let is_unnamed = only.progress.as_ref().is_ok_and(|found| found.iter().all(|progress| progress.task.is_none()));
        is_unnamed.then_some(only)
    }

    /// Everything that it says.
    pub fn into_records(self) -> Vec<Record> {
        let Document { file, messages, is_paired } = self;
        let mut records = Vec::new();
        let File { name, path, path_bytes, folder, modified } = file;
        for MessageProgress { place, kind, progress, sent, .. } in messages {
            let (Ok(found), Some(kind)) = (progress, kind) else { continue };
            let several = found.len() > 1;
            records.extend(found.into_iter().enumerate().map(|(index, progress)| Record {
                name: name.clone(),
                path: path.clone(),
                path_bytes: path_bytes.clone(),
                folder: folder.clone(),
                answer: None,
                position: several.then_some(index + 1),
                is_asked: place.is_some() || is_paired,
                kind,
                sent,
                named: place.is_none().then(|| name_date::find(&path)).flatten(),
                file_time: modified.filter(|_| place.is_none() || progress.not_before.is_none()),
                progress,
                time: None,
            }));
        }
        if records.len() > 1 {
            for (index, record) in records.iter_mut().enumerate() {
                record.answer = Some(index + 1);
            }
        }
        records
    }
}

impl Record {
    /// A date that does not come from the file system, or otherwise that of the file, which is not older than the dates
    /// in the message.
    pub fn best_time(&self) -> Option<i64> {
        self.sent.or(self.named).or(self.file_time.max(self.progress.not_before))
    }

    /// The name of its file, and the number of its answer there.
    pub fn place(&self) -> String {
        match self.answer {
            Some(answer) => format!("{}[{answer}]", self.name),
            None => self.name.clone(),
        }
    }

    /// Whether it says how much is done.
    pub fn has_amount(&self) -> bool {
        self.progress.completed.is_some() || self.progress.percent.is_some()
    }
}
