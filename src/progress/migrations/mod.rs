//! Migrations from status messages, as `packetcheck status` and the page of `bindings/web` show them. In order: `pairs`
//! finds the tasks of answers from the requests next to them, `group` decides which messages are about one migration,
//! `clock` when each was made, `migration` what they show together (amount, rate, estimate, concerns); `words` puts
//! that into words, and `chart` draws it.

mod amount;
mod chart;
mod clock;
mod group;
mod migration;
mod name_date;
mod natural;
mod pairs;
mod record;
mod time;
mod words;

pub use amount::{amount, percents};
pub use clock::Clock;
pub use group::{Known, migrations};
pub use migration::{Amount, Concern, Course, Migration, Rate, Tone};
pub use pairs::name_tasks;
pub use record::{Document, File, Record};
pub use time::{rfc3339, short};
pub use words::{failure, notes, step, summary, words};
