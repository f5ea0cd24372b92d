//! Code actions: the fixes of `check --fix`, for the errors at a place or for the whole document.

use std::borrow::Cow;
use std::ops::Range as Span;

use packetcheck::diagnostic::Report;
use packetcheck::fix::{Edit, Fix, FixOptions, fix, fixes};
use packetcheck::xml;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Refusal;
use super::diagnose::{explain, in_document};
use super::protocol::{Range, TextEdit};
use super::server::{Snapshot, read};
use super::workspace::Workspace;
use crate::check::set_levels;

/// The kinds of actions.
const QUICK_FIX: &str = "quickfix";
const FIX_ALL: &str = "source.fixAll";
pub(crate) const KINDS: [&str; 2] = [QUICK_FIX, FIX_ALL];

#[derive(Debug, Deserialize)]
struct Asked {
    range: Range,
    #[serde(default)]
    context: Context,
}

#[derive(Debug, Default, Deserialize)]
struct Context {
    /// The kinds that are wanted, each with its subkinds; if missing, quick fixes.
    only: Option<Vec<String>>,
}

impl Asked {
    fn wants(&self, kind: &str) -> bool {
        let is_in = |wanted: &String| {
            kind.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.context.only.as_ref().map_or(kind == QUICK_FIX, |only| only.iter().any(is_in))
    }
}

pub(crate) fn actions(document: &Snapshot, workspace: &Workspace, params: &Value) -> Result<Value, Refusal> {
    let asked: Asked = read(params)?;
    let plan = workspace.plan_of(document).ok().filter(|_| document.client.takes_actions);
    let Some(plan) = plan.filter(|_| !document.is_schema_document()) else { return Ok(json!([])) };
    let (source, levels) = (document.source(), plan.configuration.levels());
    let text = xml::without_label(document.text.as_str());
    // A document that can no longer be checked is worse than any other.
    let mut hopeless = Report::default();
    hopeless.errors = usize::MAX;
    let explain = |bytes: &[u8]| {
        let mut report = explain(&plan, &source, bytes).unwrap_or_else(|_| hopeless.clone());
        set_levels(&mut report, &levels);
        report
    };
    let report = explain(text.as_bytes());
    let mut actions = Vec::new();
    if asked.wants(QUICK_FIX) {
        let mut near = report.clone();
        let span = document.text.span(asked.range);
        near.diagnostics.retain(|diagnostic| diagnostic.span.start <= span.end && span.start <= diagnostic.span.end);
        actions.extend(fixes(text.as_bytes(), &near, explain).iter().map(|fix| quick_fix(fix, &near, document)));
    }
    // The text is replaced as a whole, and would lose its encoding label.
    if asked.wants(FIX_ALL) && matches!(text, Cow::Borrowed(_)) {
        actions.extend(fix_all(document, text.as_bytes(), explain));
    }
    Ok(json!(actions))
}

fn quick_fix(fix: &Fix, report: &Report, document: &Snapshot) -> Value {
    let is_its = |span: &Span<usize>, code| *span == fix.span && code == fix.code;
    let mended = report.diagnostics.iter().filter(|diagnostic| is_its(&diagnostic.span, diagnostic.code));
    let mended: Vec<_> = mended.map(|diagnostic| in_document(diagnostic, document)).collect();
    let edit = |edit: &Edit| TextEdit { range: document.text.range(&edit.span), new_text: edit.replacement.clone() };
    json!({
        "title": fix.title,
        "kind": QUICK_FIX,
        "isPreferred": fix.is_safe,
        "diagnostics": mended,
        "edit": { "changes": { &document.uri: fix.edits.iter().map(edit).collect::<Vec<_>>() } },
    })
}

/// All safe fixes, repeated until nothing is left.
fn fix_all(document: &Snapshot, bytes: &[u8], explain: impl Fn(&[u8]) -> Report) -> Option<Value> {
    let fixed = fix(bytes, &FixOptions::new(), explain);
    let new_text = String::from_utf8(fixed.document).ok().filter(|_| !fixed.applied.is_empty())?;
    let edit = TextEdit { range: document.text.range(&(0..bytes.len())), new_text };
    Some(json!({
        "title": "fix all errors that have a certain remedy",
        "kind": FIX_ALL,
        "edit": { "changes": { &document.uri: [edit] } },
    }))
}
