//! What is read: documents of messages, and what each message says of a migration.

use crate::{MessageProgress, PacketKind, Progress};

use super::name_date;

/// A file, as far as its messages need to know it.
#[derive(Debug, Clone)]
pub struct File {
    /// For people.
    pub name: String,
    /// For programs.
    pub path: String,
    /// The bytes of its path, where they are not Unicode.
    pub path_bytes: Option<String>,
    /// The folder that it is in, for people.
    pub folder: String,
    /// When it was last changed, in milliseconds since 1970, as all times here.
    pub modified: Option<i64>,
}

/// A document and the messages in it.
#[derive(Debug)]
pub struct Document {
    pub file: File,
    pub messages: Vec<MessageProgress>,
    /// A request beside it names its tasks, or it is that request.
    pub is_paired: bool,
}

/// What one message says of one migration.
#[derive(Debug)]
pub struct Record {
    /// Of the file, for people.
    pub name: String,
    /// Of the file, for programs.
    pub path: String,
    /// Its bytes, where they are not Unicode.
    pub path_bytes: Option<String>,
    /// Of the folder that the file is in, for people.
    pub folder: String,
    /// Which of several answers in a document it is, from 1.
    pub answer: Option<usize>,
    /// Which of several answers in its message it is, from 1.
    pub position: Option<usize>,
    /// The request names the task: one of the same capture, or in a file beside it.
    pub is_asked: bool,
    pub kind: PacketKind,
    /// When the message was sent, by its own head, in milliseconds since 1970.
    pub sent: Option<i64>,
    /// A date in the name of the file. Not of captures, which are newer than what was said in them.
    pub named: Option<i64>,
    /// When the file was last changed; of standard input: now. Not of messages in a capture that have dates.
    pub file_time: Option<i64>,
    pub progress: Progress<'static>,
    /// When it was made, by the clock that was chosen for its migration.
    pub time: Option<i64>,
}

impl Document {
    /// The tasks that it asks about, if it is nothing but requests.
    pub fn asks(&self) -> Option<Vec<String>> {
        let says_nothing = self.messages.iter().all(|message| message.progress.as_ref().is_ok_and(Vec::is_empty));
        let tasks: Vec<String> = self.messages.iter().flat_map(|message| message.tasks.clone()).collect();
        (says_nothing && !tasks.is_empty()).then_some(tasks)
    }

    /// The only message in it that says something of tasks, where it names none of them.
    pub fn unnamed(&mut self) -> Option<&mut MessageProgress> {
        let says_something =
            |message: &&mut MessageProgress| message.progress.as_ref().is_ok_and(|found| !found.is_empty());
        let mut all = self.messages.iter_mut().filter(says_something);
        let (only, None) = (all.next()?, all.next()) else { return None };
        let is_unnamed = only.progress.as_ref().is_ok_and(|found| found.iter().all(|progress| progress.task.is_none()));
        is_unnamed.then_some(only)
    }

    /// All that it says.
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
    /// A date that does not come from the file system, or else that of the file, which is not older than the dates in the
    /// message.
    pub fn best_time(&self) -> Option<i64> {
        self.sent.or(self.named).or(self.file_time.max(self.progress.not_before))
    }

    /// How its file is called, and which answer in it it is.
    pub fn place(&self) -> String {
        match self.answer {
            Some(answer) => format!("{}[{answer}]", self.name),
            None => self.name.clone(),
        }
    }

    /// It says how much is done.
    pub fn has_amount(&self) -> bool {
        self.progress.completed.is_some() || self.progress.percent.is_some()
    }
}
