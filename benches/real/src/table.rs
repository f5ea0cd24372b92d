//! The figures as tables, within 120 columns.

use crate::figures::{Pace, Row};

/// The width to which notes are wrapped.
const WIDTH: usize = 120;

pub fn print(rows: &[Row]) {
    print_compilation(rows);
    print_valid(rows);
    print_invalid(rows);
    print_notes(rows);
}

fn print_compilation(rows: &[Row]) {
    println!("compiling the schema: processor time (ms), memory (KiB)\n");
    println!(
        "{:<30}{:>7}{:>9}{:>12}{:>12}{:>12}{:>12}{:>12}",
        "set", "files", "KiB", "packetcheck", "libxml2", "x libxml2", "peak KiB", "kept KiB"
    );
    for row in rows {
        let Some(schema) = &row.schema else { continue };
        let ratio = schema.libxml2_ms.map(|theirs| theirs / schema.packetcheck_ms);
        println!(
            "{:<30}{:>7}{:>9}{:>12.2}{:>12}{:>12}{:>12}{:>12}",
            row.set,
            schema.documents,
            schema.bytes / 1024,
            schema.packetcheck_ms,
            fixed(schema.libxml2_ms, 2),
            ratio_of(ratio),
            schema.peak_bytes / 1024,
            schema.kept_bytes / 1024
        );
    }
}

fn print_valid(rows: &[Row]) {
    println!("\nvalid documents: MB/s of processor time, and the ratio to quick-xml's raw events\n");
    println!(
        "{:<30}{:>5}{:>7}{:>10}{:>9}{:>7}{:>9}{:>7}{:>9}{:>7}{:>8}{:>11}",
        "set", "docs", "KiB", "quick-xml", "is_valid", "", "explain", "", "decode", "", "libxml2", "x libxml2"
    );
    let mut ratios: [Vec<f64>; 4] = Default::default();
    for (set, pace) in rows.iter().filter_map(|row| Some((&row.set, row.valid.as_ref()?))) {
        let of_row = [
            over(pace.is_valid, pace.quick_xml_raw),
            over(pace.explain, pace.quick_xml_raw),
            over(pace.decode, pace.quick_xml_raw),
            over(pace.is_valid, pace.libxml2),
        ];
        println!(
            "{}{:>9}{:>7}{:>9}{:>7}{:>9}{:>7}{:>8}{:>11}",
            start_of_line(set, pace),
            pace_of(pace.is_valid),
            ratio_of(of_row[0]),
            pace_of(pace.explain),
            ratio_of(of_row[1]),
            pace_of(pace.decode),
            ratio_of(of_row[2]),
            pace_of(pace.libxml2),
            ratio_of(of_row[3])
        );
        ratios.iter_mut().zip(of_row).for_each(|(all, ratio)| all.extend(ratio));
    }
    println!(
        "{:<52}{:>16}{:>16}{:>16}{:>19}",
        "geometric mean of the ratios",
        ratio_of(mean(&ratios[0])),
        ratio_of(mean(&ratios[1])),
        ratio_of(mean(&ratios[2])),
        ratio_of(mean(&ratios[3]))
    );
}

fn print_invalid(rows: &[Row]) {
    println!("\ninvalid documents: MB/s of processor time, every error reported (libxml2: trees)\n");
    println!(
        "{:<30}{:>5}{:>7}{:>10}{:>9}{:>7}{:>9}{:>11}",
        "set", "docs", "KiB", "quick-xml", "explain", "", "libxml2", "x libxml2"
    );
    let mut ratios: [Vec<f64>; 2] = Default::default();
    for (set, pace) in rows.iter().filter_map(|row| Some((&row.set, row.invalid.as_ref()?))) {
        let of_row = [over(pace.explain, pace.quick_xml_raw), over(pace.explain, pace.libxml2)];
        println!(
            "{}{:>9}{:>7}{:>9}{:>11}",
            start_of_line(set, pace),
            pace_of(pace.explain),
            ratio_of(of_row[0]),
            pace_of(pace.libxml2),
            ratio_of(of_row[1])
        );
        ratios.iter_mut().zip(of_row).for_each(|(all, ratio)| all.extend(ratio));
    }
    println!(
        "{:<52}{:>16}{:>20}",
        "geometric mean of the ratios",
        ratio_of(mean(&ratios[0])),
        ratio_of(mean(&ratios[1]))
    );
}

fn print_notes(rows: &[Row]) {
    println!("\nnotes\n");
    for row in rows {
        for note in &row.notes {
            print_wrapped(&format!("{}: {note}", row.set));
        }
        for document in &row.wrong {
            print_wrapped(&format!("{}: WRONG VERDICT, not timed: {document}", row.set));
        }
    }
}

/// Lines after the first are indented.
fn print_wrapped(text: &str) {
    let mut line = String::new();
    for word in text.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            println!("{line}");
            line = "   ".to_owned();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    println!("{line}");
}

fn start_of_line(set: &str, pace: &Pace) -> String {
    format!("{set:<30}{:>5}{:>7}{:>10}", pace.documents, pace.bytes / 1024, pace_of(pace.quick_xml_raw))
}

fn over(pace: Option<f64>, other: Option<f64>) -> Option<f64> {
    Some(pace? / other?)
}

fn mean(ratios: &[f64]) -> Option<f64> {
    let logarithms: f64 = ratios.iter().map(|ratio| ratio.ln()).sum();
    (!ratios.is_empty()).then(|| (logarithms / ratios.len() as f64).exp())
}

fn pace_of(pace: Option<f64>) -> String {
    fixed(pace, if pace < Some(10.0) { 2 } else { 0 })
}

fn ratio_of(ratio: Option<f64>) -> String {
    fixed(ratio, if ratio < Some(0.1) { 4 } else { 2 })
}

fn fixed(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
}
