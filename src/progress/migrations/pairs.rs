//! Pairs requests with answers: requests name the tasks that the answers are about.
//!
//! An answer belongs to the request whose file has the same name except for a word such as `request` or `response`. For
//! the rest of a folder, if a request comes first in the order of names, each answer belongs to the request before it.

use std::collections::HashMap;

use super::natural;
use super::record::Document;

/// Sets the tasks of answers from the requests in the same folder.
pub fn name_tasks(documents: &mut [Document]) {
    let mut folders: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, document) in documents.iter().enumerate() {
        folders.entry(document.file.folder.clone()).or_default().push(index);
    }
    for mut folder in folders.into_values() {
        let name = |index: &usize| documents.get(*index).map(|document| document.file.path.clone()).unwrap_or_default();
        folder.sort_by(|one, other| natural::compare(&name(one), &name(other)));
        by_name(documents, &folder);
        by_order(documents, &folder);
    }
}

/// A request: where it is, and the tasks that it asks about.
type Asked = (usize, Vec<String>);

fn by_name(documents: &mut [Document], folder: &[usize]) {
    let mut requests: HashMap<String, Option<Asked>> = HashMap::new();
    for &index in folder {
        let Some(document) = documents.get(index) else { continue };
        let Some(tasks) = document.asks() else { continue };
        // Two requests have the same name: which one was answered is unknown.
        requests.entry(key(&document.file.path)).and_modify(|asked| *asked = None).or_insert(Some((index, tasks)));
    }
    if requests.is_empty() {
        return;
    }
    for &index in folder {
        let asked = documents.get(index).and_then(|document| requests.get(&key(&document.file.path)));
        if let Some(Some(asked)) = asked {
            pair(documents, asked, index);
        }
    }
}

fn by_order(documents: &mut [Document], folder: &[usize]) {
    let mut asked: Option<Asked> = None;
    for &index in folder {
        let Some(document) = documents.get_mut(index).filter(|document| !document.is_paired) else { continue };
        if let Some(tasks) = document.asks() {
            asked = Some((index, tasks));
        } else if document.unnamed().is_some() {
            match &asked {
                Some(asked) => pair(documents, asked, index),
                None => return,
            }
        }
    }
}

fn pair(documents: &mut [Document], (request, tasks): &Asked, answer: usize) {
    let Some(document) = documents.get_mut(answer) else { return };
    let Some(message) = document.unnamed() else { return };
    if message.answers(tasks) {
        document.is_paired = true;
        if let Some(request) = documents.get_mut(*request) {
            request.is_paired = true;
        }
    }
}

/// Words in file names that distinguish requests from answers.
const DIRECTIONS: [&str; 16] = [
    "request",
    "requests",
    "req",
    "rq",
    "query",
    "question",
    "send",
    "sent",
    "response",
    "responses",
    "resp",
    "res",
    "rs",
    "answer",
    "reply",
    "received",
];

/// The name of a file without its extension and without the words that distinguish requests from answers.
fn key(path: &str) -> String {
    let name = path.rsplit(['/', '\\', '!']).next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    let words = stem.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| !word.is_empty() && !DIRECTIONS.contains(word)).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_pair_have_the_same_key() {
        for (request, answer, expected) in [
            ("polls/0001-request.xml", "polls/0001-response.xml", "0001"),
            ("a/24175.req.txt", "a/24175.resp.json", "24175"),
            ("request.xml", "Response.xml", ""),
            ("x.tar!b/1_query.txt", "x.tar!b/1_answer.xml", "1"),
        ] {
            assert_eq!((key(request).as_str(), key(answer).as_str()), (expected, expected));
        }
        assert_ne!(key("1.request.xml"), key("2.response.xml"));
    }
}
