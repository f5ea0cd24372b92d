//! Groups messages by migration.
//!
//! Those that name the same task belong together. Otherwise a folder is one migration if at least three messages have
//! times and share a total; if not, each message is its own migration. A different total means another migration.

use std::collections::HashMap;

use crate::progress::System;

use super::clock::{self, Choice};
use super::migration::{Course, Migration};
use super::record::Record;

/// The number of answers with the same total that make a folder one migration.
const LEAST_OF_FOLDER: usize = 3;

/// What the caller knows about messages.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// All messages that do not name a task are about the same one.
    pub one_task: bool,
    /// The time between messages without dates, in milliseconds.
    pub interval: Option<i64>,
    /// The time of this run, in milliseconds since 1970.
    pub now: i64,
}

#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    /// A task of a server, which is unknown without captures.
    Named(System, Option<String>, String),
    /// The messages in a folder, or anywhere; if a message has several answers, those at the same position.
    Unnamed(System, Option<String>, Option<usize>),
}

impl Key {
    fn of(record: &Record, one_task: bool) -> Key {
        let progress = &record.progress;
        match &progress.task {
            Some(task) => {
                Key::Named(progress.system, progress.server.as_ref().map(ToString::to_string), task.to_string())
            }
            None => Key::Unnamed(progress.system, (!one_task).then(|| record.folder.clone()), record.position),
        }
    }
}

/// Groups the messages about the same migration, in the order of the first message of each.
pub fn migrations(records: Vec<Record>, known: Known) -> Vec<Migration> {
    let mut places: HashMap<Key, usize> = HashMap::new();
    let mut buckets: Vec<(bool, Vec<Record>)> = Vec::new();
    for record in records {
        let is_named = record.progress.task.is_some();
        let place = *places.entry(Key::of(&record, known.one_task)).or_insert(buckets.len());
        match buckets.get_mut(place) {
            Some((_, bucket)) => bucket.push(record),
            None => buckets.push((is_named, vec![record])),
        }
    }
    buckets.into_iter().flat_map(|(is_named, bucket)| of_bucket(bucket, is_named, known)).collect()
}

fn of_bucket(mut bucket: Vec<Record>, is_named: bool, known: Known) -> Vec<Migration> {
    if is_named {
        let name = bucket.first().filter(|first| bucket.len() > 1 || first.is_asked);
        let name = name.and_then(|first| first.progress.task.as_deref()).map(str::to_owned);
        return Part { records: bucket, name, total_before: None }.finish(known).into_iter().collect();
    }
    let shared = |bucket: &[Record]| {
        let is_dated = |record: &&Record| record.best_time().is_some() || known.interval.is_some();
        let mut counts: HashMap<String, usize> = HashMap::new();
        bucket.iter().filter(is_dated).filter_map(total).for_each(|total| *counts.entry(total).or_default() += 1);
        counts
    };
    let counts = shared(&bucket);
    let least = if known.one_task { 1 } else { LEAST_OF_FOLDER };
    if !known.one_task && counts.values().all(|count| *count < least) {
        let alone = |record| Part { records: vec![record], name: None, total_before: None }.finish(known);
        return bucket.into_iter().filter_map(alone).collect();
    }
    clock::set(&mut bucket, known.interval);
    let folder = bucket.first().map(|first| first.folder.clone());
    let mut parts = by_total(bucket, |total| counts.get(total).is_some_and(|count| *count >= least));
    if let ([only], false) = (parts.as_mut_slice(), known.one_task) {
        only.name = folder;
    }
    parts.into_iter().filter_map(|part| part.finish(known)).collect()
}

fn total(record: &Record) -> Option<String> {
    record.progress.total.as_ref().map(ToString::to_string)
}

/// Messages about one migration.
struct Part {
    records: Vec<Record>,
    name: Option<String>,
    /// The total of the previous migration, if messages of the same kind had another one.
    total_before: Option<String>,
}

/// Splits messages in order of time by their total. One without a total, such as a final message, belongs to the one
/// before it. If too few messages share a total, each of them is its own migration.
fn by_total(records: Vec<Record>, is_shared: impl Fn(&str) -> bool) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut before: Option<(usize, String)> = None;
    let mut first = Vec::new();
    for record in records {
        let place = match total(&record) {
            Some(total) if is_shared(&total) => {
                let place = *places.entry(total.clone()).or_insert(parts.len());
                if place == parts.len() {
                    let total_before = before.as_ref().map(|(_, total)| total.clone());
                    parts.push(Part { records: std::mem::take(&mut first), name: None, total_before });
                }
                before = Some((place, total));
                Some(place)
            }
            Some(_) => {
                parts.push(Part { records: Vec::new(), name: None, total_before: None });
                Some(parts.len() - 1)
            }
            None => before.as_ref().map(|(place, _)| *place),
        };
        match place.and_then(|place| parts.get_mut(place)) {
            Some(part) => part.records.push(record),
            None => first.push(record),
        }
    }
    if !first.is_empty() {
        parts.push(Part { records: first, name: None, total_before: None });
    }
    parts
}

impl Part {
    fn finish(self, known: Known) -> Option<Migration> {
        let Part { mut records, name, total_before } = self;
        let choice = clock::set(&mut records, known.interval);
        let course = Course::of(&records, choice, known.now);
        let latest = records.pop()?;
        let name = name.unwrap_or_else(|| latest.place());
        let clock = match choice {
            Choice::By(clock) => Some(clock),
            Choice::Equal | Choice::Each => None,
        };
        Some(Migration { name, latest, earlier: records, clock, total_before, course })
    }
}
