//! The packets shared by benches, peers, tests and fuzz seeds: generated from a seed, the same bytes on every machine.
//!
//! `README.md` next to this file describes the origin of their shape. Everything here is valid by the schemas in
//! `schemas/`, without a warning.

// Each user takes what it needs.
#![allow(dead_code)]

pub(crate) mod json;
pub(crate) mod query;
pub(crate) mod shapes;

use std::collections::HashSet;

/// The seed of every corpus; another one gives other packets of the same character.
pub(crate) const SEED: u64 = 0x7061_636b_6574_6368;

/// The number of different responses in the `mix` corpora.
pub(crate) const MIX_PACKETS: usize = 2_000;

/// The number of requests in the `requests` corpus.
pub(crate) const REQUEST_PACKETS: usize = 500;

/// The number of `get_status` nodes in the large document.
pub(crate) const LARGE_NODES: usize = 10_000;

/// Where there is white space between tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// As servers and documentation print it: a line feed after the declaration, two spaces per level, a line feed at
    /// the end.
    Pretty,
    /// No white space between tags.
    Minified,
}

/// `mix.pretty` and `mix.min`: different answers with one `get_status` each, in the same order in both layouts.
///
/// Of 100 answers 40 are in progress, 30 finished with success, 20 finished with an error, 10 failed.
pub(crate) fn responses(count: usize, layout: Layout) -> Vec<Vec<u8>> {
    let mut random = SplitMix64::new(SEED);
    let mut kinds = kinds(count, &mut random);
    let mut seen = HashSet::new();
    let mut packets = Vec::with_capacity(count);
    while let Some(kind) = kinds.pop() {
        // Drawn again until it is new: a success differs only in its version.
        let (version, answer) = loop {
            let candidate = (version(&mut random), Answer::draw(kind, &mut random));
            if seen.insert(response(&candidate.0, std::slice::from_ref(&candidate.1), Layout::Minified)) {
                break candidate;
            }
        };
        packets.push(response(&version, &[answer], layout).into_bytes());
    }
    packets
}

/// `large.pretty` and `large.min`: one answer with many `get_status` nodes of the same mix.
pub(crate) fn large_response(nodes: usize, layout: Layout) -> Vec<u8> {
    let mut random = SplitMix64::new(SEED ^ 1);
    let kinds = kinds(nodes, &mut random);
    let answers: Vec<Answer> = kinds.into_iter().map(|kind| Answer::draw(kind, &mut random)).collect();
    response("1.6.9.0", &answers, layout).into_bytes()
}

/// `requests`: `get_status` of one to three migrations, in the spellings that real clients send.
pub(crate) fn requests(count: usize) -> Vec<Vec<u8>> {
    let mut random = SplitMix64::new(SEED ^ 2);
    (0..count).map(|_| request(&mut random).into_bytes()).collect()
}

/// A pseudo-random sequence (Steele, Lea, Flood 2014): small, seeded, the same everywhere.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// A sequence of its own for each seed.
    pub(crate) fn new(seed: u64) -> SplitMix64 {
        SplitMix64 { state: seed }
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `bound` (the tiny bias does not matter here).
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// True in `percent` of 100 draws.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `choices`, which must not be empty.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// Puts `items` in a random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    InProgress,
    Succeeded,
    FinishedWithError,
    Failed,
}

/// Exact shares in a random order.
fn kinds(count: usize, random: &mut SplitMix64) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = (0..count)
        .map(|index| match index % 10 {
            0..4 => Kind::InProgress,
            4..7 => Kind::Succeeded,
            7..9 => Kind::FinishedWithError,
            _ => Kind::Failed,
        })
        .collect();
    random.shuffle(&mut kinds);
    kinds
}

/// One `get_status` node; its texts are markup already, references and all.
#[derive(Debug, Clone)]
enum Answer {
    InProgress { total: u64, completed: u64, description: Option<String> },
    Succeeded,
    FinishedWithError { object: Option<(String, String)>, message: String },
    Failed { code: u32, text: String },
}

impl Answer {
    fn draw(kind: Kind, random: &mut SplitMix64) -> Answer {
        match kind {
            Kind::InProgress => {
                let total = if random.chance(3) { random.next() >> 20 } else { random.below(4_000) + 1 };
                let completed = random.below(total + 1);
                Answer::InProgress { total, completed, description: random.chance(70).then(|| description(random)) }
            }
            Kind::Succeeded => Answer::Succeeded,
            Kind::FinishedWithError => Answer::FinishedWithError {
                object: random.chance(65).then(|| object(random)),
                message: failure(random),
            },
            Kind::Failed => Answer::Failed {
                code: [1006, 1013, 1017, 1019, 1023, 1026, 15006, 15012, 2300][random.below(9) as usize],
                text: failure(random),
            },
        }
    }
}

/// The protocols that servers list, and numbers of that form.
fn version(random: &mut SplitMix64) -> String {
    const LISTED: &[&str] = &["1.4.0.0", "1.5.0.0", "1.6.0.2", "1.6.3.0", "1.6.6.0", "1.6.7.0", "1.6.8.0", "1.6.9.0"];
    if random.chance(90) {
        random.pick(LISTED).to_owned()
    } else {
        format!("1.{}.{}.{}", 4 + random.below(2), random.below(10), random.below(40))
    }
}

const HOSTS: &[&str] = &["example.com", "shop.example.net", "d1.qa", "mail.example.org", "xn--bcher-kva.example"];
const LOGINS: &[&str] = &["jimmy_jones", "neo", "reseller-7", "a.petrov", "webmaster", "kd4711"];

fn description(random: &mut SplitMix64) -> String {
    let host = random.pick(HOSTS);
    let number = random.below(1_000);
    match random.below(100) {
        0..20 => format!("Copying the content of {host}"),
        20..40 => format!("Deploying mail accounts: {number} of {}", number + random.below(1_000)),
        40..55 => format!("Restoring database wp_{number} on {host}:3306"),
        55..70 => "Fetching configuration from the source server".to_owned(),
        70..78 => format!("Übertragen der Postfächer von {host} ({number} MB)"),
        78..82 => format!("Перенос веб-пространства {host}"),
        82..86 => format!("{host} のメールボックスを移行しています"),
        86..92 => format!("Dump &amp; restore of {number} databases: users &lt;{}&gt; first", random.pick(LOGINS)),
        92..95 => format!("Migrating &quot;{host}&quot; &#8211; step {number} &#x2026;"),
        _ => format!("Deploying {host}\n  web: done\n  mail: {number} left\n  databases: waiting"),
    }
}

fn object(random: &mut SplitMix64) -> (String, String) {
    let kind = random.pick(&["domain", "client", "reseller", "mailname", "database", "ip-address"]);
    let number = random.below(10_000);
    let name = match random.below(100) {
        0..45 => random.pick(HOSTS).to_owned(),
        45..70 => format!("{}_{number}", random.pick(LOGINS)),
        70..85 => format!("info{number}@{}", random.pick(HOSTS)),
        85..93 => format!("müller-{number}.example"),
        _ => format!("R&amp;D {number}"),
    };
    (kind.to_owned(), name)
}

fn failure(random: &mut SplitMix64) -> String {
    let host = random.pick(HOSTS);
    let login = random.pick(LOGINS);
    let number = random.below(1_000);
    match random.below(100) {
        0..18 => format!("subscription \"{host}\" already exists"),
        18..34 => format!("Customer with login name \"{login}{number}\" already exists."),
        34..48 => format!(
            "Unable to start migrations process: Host 10.58.{}.{} is not accessible",
            number % 256,
            number % 199 + 1
        ),
        48..60 => format!("Unable to start migrations process: The following clients not exist: {login}{number}"),
        60..70 => format!("The migration {number} does not exist on {host}"),
        70..76 => format!("Das Abonnement „{host}“ ist schon vorhanden (Nr. {number})"),
        76..80 => format!("La base de données db_{number} n'a pas pu être restaurée"),
        80..84 => format!("ディスク容量が不足しています: /var/lib/psa/{number}"),
        84..90 => format!("rsync: write failed on '/var/www/{host}': size &gt; {number} MB &amp; quota &lt; 1 MB"),
        90..94 => format!("Database user &#39;{login}&#39; &#40;{number}&#41; exists"),
        _ => {
            format!("Execution of pmm-ras failed, exit code {number}:\n{host}: connection reset\n\tat deploy ({login})")
        }
    }
}

fn response(version: &str, answers: &[Answer], layout: Layout) -> String {
    let mut markup = Markup::new(layout);
    markup.text.push_str(r#"<?xml version="1.0" encoding="UTF-8"?>"#);
    markup.line();
    markup.open_with("packet", &format!(" version=\"{version}\""));
    markup.open("migration");
    for answer in answers {
        markup.open("get_status");
        markup.open("result");
        markup.leaf("status", if matches!(answer, Answer::Failed { .. }) { "error" } else { "ok" });
        match answer {
            Answer::InProgress { total, completed, description } => {
                markup.open("migration_status");
                markup.leaf("total", &total.to_string());
                markup.leaf("completed", &completed.to_string());
                if let Some(description) = description {
                    markup.leaf("description", description);
                }
                markup.close("migration_status");
            }
            Answer::Succeeded => {
                markup.open("finished");
                markup.empty("success");
                markup.close("finished");
            }
            Answer::FinishedWithError { object, message } => {
                markup.open("finished");
                markup.open("error");
                if let Some((kind, name)) = object {
                    markup.open("object");
                    markup.leaf("type", kind);
                    markup.leaf("name", name);
                    markup.close("object");
                }
                markup.leaf("message", message);
                markup.close("error");
                markup.close("finished");
            }
            Answer::Failed { code, text } => {
                markup.leaf("errcode", &code.to_string());
                markup.leaf("errtext", text);
            }
        }
        markup.close("result");
        markup.close("get_status");
    }
    markup.close("migration");
    markup.close("packet");
    markup.text
}

fn request(random: &mut SplitMix64) -> String {
    const DECLARATIONS: &[&str] = &[
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n",
        "<?xml version='1.0' encoding='UTF-8' ?>",
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n",
        "<?xml version=\"1.0\" ?>\n",
        "<?xml version=\"1.0\"?>\n",
        "",
    ];
    let layout = if random.chance(60) { Layout::Pretty } else { Layout::Minified };
    let mut markup = Markup::new(layout);
    if layout == Layout::Pretty && random.chance(30) {
        markup.indent = "\t";
    }
    markup.text.push_str(random.pick(DECLARATIONS));
    let attribute = match random.below(10) {
        0..3 => String::new(),
        3..5 => format!(" version='{}'", version(random)),
        _ => format!(" version=\"{}\"", version(random)),
    };
    markup.open_with("packet", &attribute);
    markup.open("migration");
    for _ in 0..random.below(3) + 1 {
        markup.open("get_status");
        markup.leaf("migration_id", &(10_000 + random.below(90_000)).to_string());
        markup.close("get_status");
    }
    markup.close("migration");
    markup.close("packet");
    if layout == Layout::Pretty && random.chance(10) {
        markup.text.push_str("  \n");
    }
    markup.text
}

/// Writes tags with or without the white space between them; texts come as markup.
struct Markup {
    text: String,
    layout: Layout,
    indent: &'static str,
    depth: usize,
}

impl Markup {
    fn new(layout: Layout) -> Markup {
        Markup { text: String::new(), layout, indent: "  ", depth: 0 }
    }

    fn line(&mut self) {
        if self.layout == Layout::Pretty {
            self.text.push('\n');
        }
    }

    fn margin(&mut self) {
        if self.layout == Layout::Pretty {
            for _ in 0..self.depth {
                self.text.push_str(self.indent);
            }
        }
    }

    fn open(&mut self, name: &str) {
        self.open_with(name, "");
    }

    fn open_with(&mut self, name: &str, attributes: &str) {
        self.margin();
        self.text.extend(["<", name, attributes, ">"]);
        self.line();
        self.depth += 1;
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.margin();
        self.text.extend(["</", name, ">"]);
        self.line();
    }

    fn leaf(&mut self, name: &str, text: &str) {
        self.margin();
        self.text.extend(["<", name, ">", text, "</", name, ">"]);
        self.line();
    }

    fn empty(&mut self, name: &str) {
        self.margin();
        self.text.extend(["<", name, "/>"]);
        self.line();
    }
}
