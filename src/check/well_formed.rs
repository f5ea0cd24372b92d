//! XML alone, without a schema.

use super::explanation::malformed;
use super::paths::Trail;
use crate::Limits;
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::secret::{self, SecretNames};
use crate::diagnostic::{Report, Severity, places};
use crate::xml::{Decoded, Reader, Token};

/// Every breach of XML in a document, without a schema.
///
/// ```
/// use packetcheck::{Limits, check};
///
/// let report = check::well_formed(b"<a><b>Smith & Sons</b></a>", &Limits::default());
/// assert_eq!(report.diagnostics[0].code.as_str(), "PC0109");
/// assert_eq!(report.diagnostics[0].path, "/a/b");
/// ```
pub fn well_formed(bytes: &[u8], limits: &Limits) -> Report {
    let mut report = breaches(bytes, limits);
    secret::conceal(&mut report, bytes, &SecretNames::of_credentials());
    report
}

fn breaches(bytes: &[u8], limits: &Limits) -> Report {
    let mut kept = KeptDiagnostics::new(limits);
    let mut trail = Trail::new();
    let decoded = Decoded::new(bytes, limits);
    let reader = match &decoded {
        Ok(None) => Reader::new(bytes, limits),
        Ok(Some(decoded)) => Ok(Reader::of_decoded(decoded, limits)),
        Err(fault) => Err(fault.clone()),
    };
    let mut reader = match reader {
        Ok(reader) => reader,
        Err(fault) => {
            kept.add(Severity::Error, || malformed(&fault, String::new()));
            return kept.finish();
        }
    };
    loop {
        let token = reader.next(&mut |fault| {
            kept.add(Severity::Error, || malformed(&fault, trail.path().to_owned()));
        });
        match token {
            Token::Start { name, span, .. } => _ = trail.enter(name, span.0),
            Token::Text { .. } => {}
            Token::End { .. } => trail.leave(),
            Token::Eof => break,
        }
    }
    let mut report = kept.finish();
    if let Ok(Some(decoded)) = &decoded {
        places::to_original(&mut report, decoded);
    }
    report
}
