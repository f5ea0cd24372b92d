//! XML alone, without regard to any schema.

use super::{Decoded, Fault, Reader, Token};
use crate::Limits;

/// The faults of a document as XML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WellFormedness {
    /// The faults, in the order of the document; at most [`Limits::diagnostics`] are kept.
    pub faults: Vec<Fault>,
    /// The number of all faults, kept or not.
    pub count: usize,
}

impl WellFormedness {
    /// There is no fault.
    pub fn is_well_formed(&self) -> bool {
        self.count == 0
    }

    fn add(&mut self, fault: Fault, limits: &Limits) {
        self.count += 1;
        if self.faults.len() < limits.diagnostics {
            self.faults.push(fault);
        }
    }
}

/// Every fault of a document as XML, without regard to any schema.
///
/// ```
/// use packetcheck::Limits;
/// use packetcheck::xml::check_well_formed;
///
/// assert!(check_well_formed(b"<a>1</a>", &Limits::default()).is_well_formed());
/// let checked = check_well_formed(b"<a b='1' b='2'>&nbsp;</a>", &Limits::default());
/// assert_eq!(checked.count, 2);
/// assert_eq!(checked.faults[0].to_string(), "expected each attribute once, found `b` again");
/// ```
pub fn check_well_formed(bytes: &[u8], limits: &Limits) -> WellFormedness {
    let mut result = WellFormedness::default();
    let decoded = match Decoded::new(bytes, limits) {
        Ok(decoded) => decoded,
        Err(fault) => {
            result.add(fault, limits);
            return result;
        }
    };
    let reader = match &decoded {
        None => Reader::new(bytes, limits),
        Some(decoded) => Ok(Reader::of_decoded(decoded, limits)),
    };
    match reader {
        Ok(mut reader) => while reader.next(&mut |fault| result.add(fault, limits)) != Token::Eof {},
        Err(fault) => result.add(fault, limits),
    }
    if let Some(decoded) = &decoded {
        decoded.faults_to_original(&mut result.faults);
    }
    result
}
