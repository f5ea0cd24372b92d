//! Migrations as an HTML page.

use packetcheck::diagnostic::render::markup;
use packetcheck::progress::Chart;
use packetcheck::progress::migrations::{Migration, amount, notes, percents, rfc3339, short, step, summary};

use crate::page::Page;

const STYLE: &str = include_str!("style.css");

const HEAD: [&str; 9] = ["Task", "System", "State", "Progress", "Done", "Left", "Age", "Step", "Notes"];

/// The page, as of a time in milliseconds since 1970.
pub(super) fn draw(migrations: &[Migration], now: i64) -> String {
    let charts: String =
        migrations.iter().enumerate().filter_map(|(index, migration)| figure(migration, index + 1)).collect();
    let charts = match charts.is_empty() {
        true => String::new(),
        false => format!(
            "<section aria-labelledby=\"charts\">\n<h2 id=\"charts\">Progress over time</h2>\n\
             <div class=\"charts\">\n{charts}</div>\n</section>\n"
        ),
    };
    let title = summary(migrations);
    Page {
        title: &title,
        heading: "Migrations",
        summary: &format!("{}. As of {}.", markup(&title), time(now)),
        skip: ("all", "To the table"),
        style: &format!("{STYLE}{}", Chart::STYLE),
        main: &format!("{charts}{}", table(migrations)),
    }
    .draw()
}

/// A chart with its notes; `None` if too little is known for one.
fn figure(migration: &Migration, number: usize) -> Option<String> {
    let chart = migration.chart().to_svg(&format!("chart{number}"))?;
    let notes: String = notes(migration).iter().map(|note| format!("<li>{}</li>\n", markup(note))).collect();
    Some(format!(
        "<figure>\n<figcaption><b>{}</b> {}</figcaption>\n{chart}<ul>\n{notes}</ul>\n</figure>\n",
        markup(&migration.name),
        badge(migration),
    ))
}

fn table(migrations: &[Migration]) -> String {
    if migrations.is_empty() {
        return "<p id=\"all\">No message reports the progress of a migration.</p>\n".to_owned();
    }
    let head: String = HEAD.iter().map(|head| format!("<th scope=\"col\">{head}</th>\n")).collect();
    let rows: String = migrations.iter().map(row).collect();
    format!(
        "<section aria-labelledby=\"all\">\n<h2 id=\"all\">All migrations</h2>\n\
         <div class=\"scroll\" role=\"region\" aria-labelledby=\"caption\" tabindex=\"0\">\n<table>\n\
         <caption id=\"caption\"><span>The progress of each migration, by its newest message</span></caption>\n\
         <thead>\n<tr>\n{head}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n</section>\n"
    )
}

fn row(migration: &Migration) -> String {
    let (progress, course) = (&migration.latest.progress, &migration.course);
    let notes: Vec<String> = notes(migration).iter().map(|note| markup(note)).collect();
    let age = course.age.map(|age| {
        let at = course.time.and_then(rfc3339).unwrap_or_default();
        format!("<time datetime=\"{at}\" title=\"{at}\">{}</time>", short(age))
    });
    let cells = [
        progress.system.name().to_owned(),
        badge(migration),
        format!("{}{}", bar(course.amount.percent), percents(&course.amount)),
        markup(&amount(&course.amount)),
        course.remaining.map(short).unwrap_or_default(),
        age.unwrap_or_default(),
        markup(&step(migration)),
        notes.join("<br/>"),
    ];
    let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>\n")).collect();
    format!("<tr>\n<th scope=\"row\">{}</th>\n{cells}</tr>\n", markup(&migration.name))
}

/// The number next to the bar says the same.
fn bar(percent: Option<f64>) -> String {
    let percent = percent.unwrap_or(0.0);
    format!("<span class=\"bar\" aria-hidden=\"true\"><span style=\"width:{percent:.1}%\"></span></span> ")
}

fn badge(migration: &Migration) -> String {
    let class = migration.tone().name();
    format!("<span class=\"state {class}\">{}</span>", migration.state_name())
}

fn time(milliseconds: i64) -> String {
    let time = rfc3339(milliseconds).unwrap_or_default();
    format!("<time datetime=\"{time}\">{time}</time>")
}
