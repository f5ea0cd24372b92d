//! One whole number as a share of another, both of any size.

use crate::datatype::Integer;

/// The most digits that a 64-bit floating-point number can hold without becoming infinite.
const MOST_DIGITS: usize = 300;

/// How much of `total` is done, from 0 to 100, below 100 unless all is done. `None` if there is no total.
pub(super) fn percent(completed: &Integer<'_>, total: &Integer<'_>) -> Option<f64> {
    let nothing = Integer::default();
    if *total <= nothing {
        return None;
    }
    if *completed <= nothing {
        return Some(0.0);
    }
    if completed >= total {
        return Some(100.0);
    }
    let (completed, total) = (completed.to_string(), total.to_string());
    // The same number of digits is dropped from both huge numbers: `completed` is the smaller one.
    let left_out = total.len().saturating_sub(MOST_DIGITS);
    let value = |digits: &str| digits.get(..digits.len().saturating_sub(left_out)).unwrap_or_default().parse().ok();
    let share = value(&completed).unwrap_or(0.0) / value(&total)?;
    Some((share * 100.0_f64).clamp(0.0, 100.0_f64.next_down()))
}

#[cfg(test)]
mod tests {
    use super::{Integer, percent};

    fn of(completed: &str, total: &str) -> Option<f64> {
        percent(&Integer::parse(completed).expect("an integer"), &Integer::parse(total).expect("an integer"))
    }

    #[test]
    fn plain_numbers() {
        assert_eq!(of("10", "33").map(f64::floor), Some(30.0));
        assert_eq!(of("4", "10"), Some(40.0));
        assert_eq!(of("7", "7"), Some(100.0));
        assert_eq!(of("0", "7"), Some(0.0));
    }

    #[test]
    fn odd_numbers_give_no_silly_share() {
        assert_eq!(of("11", "10"), Some(100.0));
        assert_eq!(of("-1", "10"), Some(0.0));
        assert_eq!(of("0", "0"), None);
        assert_eq!(of("5", "0"), None);
        assert_eq!(of("-5", "-10"), None);
    }

    #[test]
    fn large_numbers_keep_their_share() {
        let half = format!("5{}", "0".repeat(29));
        assert_eq!(of(&half, &format!("1{}", "0".repeat(30))), Some(50.0));
        let half = format!("5{}", "0".repeat(9999));
        assert_eq!(of(&half, &format!("1{}", "0".repeat(10_000))), Some(50.0));
        assert_eq!(of("1", &"9".repeat(10_000)), Some(0.0));
        // One item is missing, and that must show.
        let all = "9".repeat(40);
        assert!(of(&format!("{}8", "9".repeat(39)), &all).is_some_and(|share| share < 100.0));
    }
}
