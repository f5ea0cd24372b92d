//! Days of the Gregorian calendar, numbered from 1970-01-01.

/// Days of 400 years, after which the calendar repeats.
const ERA: i64 = 146_097;

/// The number of days from 1970-01-01 to a day.
pub(crate) fn day_number(year: i64, month: i64, day: i64) -> i64 {
    // Counted from March, so that a leap day comes last, in eras of 400 years.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The year, month and day of a day number: the inverse.
pub(crate) fn date(day_number: i64) -> (i64, i64, i64) {
    let days = day_number + 719_468;
    let (era, day_of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    // Without the leap days before it, every year has 365 days.
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// Whether a date exists.
pub(crate) fn is_date(year: i64, month: i64, day: i64) -> bool {
    (1..=12).contains(&month) && date(day_number(year, month, day)) == (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_consecutive() {
        let (mut year, mut month, mut day) = (-401, 1, 1);
        let first = day_number(year, month, day);
        for number in first..first + 3 * ERA {
            assert_eq!((date(number), day_number(year, month, day)), ((year, month, day), number));
            let is_leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
            let last = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month as usize - 1];
            assert!(is_date(year, month, day) && !is_date(year, month, last + 1) && !is_date(year, month, 0));
            (year, month, day) = match (month, day == last) {
                (_, false) => (year, month, day + 1),
                (12, true) => (year + 1, 1, 1),
                (_, true) => (year, month + 1, 1),
            };
        }
        assert_eq!(day_number(1970, 1, 1), 0);
        assert!(!is_date(2024, 0, 1) && !is_date(2024, 13, 1));
    }
}
