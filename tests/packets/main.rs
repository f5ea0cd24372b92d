//! The packets of each system, with their HTTP messages.

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod capture_words;
mod captures;
mod chart;
mod dataworks;
mod http;
mod http_peers;
mod kinds;
mod operations;
mod plesk;
mod redact;
mod request_words;
mod requests;
mod secrets;
mod sms;
mod templates;
