//! Charts of progress: a drawing is well-formed, describes in words what it shows, and matches the golden file.

use std::error::Error;
use std::fs;
use std::path::Path;

use packetcheck::progress::{Chart, ChartAxis, ChartPoint};

type Outcome = Result<(), Box<dyn Error>>;

const NOON: i64 = 1_714_564_800_000;
const MINUTE: i64 = 60_000;

fn at(minutes: i64) -> ChartPoint {
    ChartPoint::new(NOON + minutes * MINUTE)
}

/// A chart with everything that can be drawn.
fn full() -> Chart {
    Chart::new("srv <7> & \"co\"\u{202e}", ChartAxis::Dates)
        .point(at(-5))
        .point(at(0).percent(0.0))
        .point(at(10).percent(40.0))
        .point(at(15).failure())
        .point(at(20).percent(40.0))
        .point(at(30).percent(40.0))
        .stalled_since(NOON + 10 * MINUTE)
        .remaining(45 * MINUTE)
        .note("stalled since noon & ten")
}

/// The points of a line with a class.
fn line<'d>(document: &'d roxmltree::Document<'_>, class: &str) -> Option<Vec<&'d str>> {
    let shape = document.descendants().find(|node| node.attribute("class") == Some(class))?;
    Some(shape.attribute("points")?.split(' ').collect())
}

#[test]
fn a_chart_shows_the_line_the_standstill_the_failure_and_the_estimate() -> Outcome {
    let svg = full().to_svg("c7").ok_or("expected a chart")?;
    let document = roxmltree::Document::parse(&svg)?;
    // 30 minutes to the newest message and as many after it: of the remaining 45, two thirds of the rest.
    assert_eq!(line(&document, "line"), Some(vec!["42.0,158.0", "99.7,99.6", "157.3,99.6", "215.0,99.6"]));
    assert_eq!(line(&document, "still"), Some(vec!["99.7,99.6", "215.0,99.6"]));
    assert_eq!(line(&document, "estimate"), Some(vec!["215.0,99.6", "388.0,41.2"]));
    assert!(document.descendants().any(|node| node.attribute("class") == Some("error")));
    let text = |id: &str| {
        let node = document.descendants().find(|node| node.attribute("id") == Some(id));
        node.and_then(|node| node.text()).map(str::to_owned)
    };
    assert_eq!(text("c7-title").as_deref(), Some("Progress of srv <7> & \"co\"<U+202E>"));
    let described =
        "From 0% at 2024-05-01T12:00:00Z to 40% at 2024-05-01T12:30:00Z; 1 error marked. stalled since noon & ten";
    assert_eq!(text("c7-description").as_deref(), Some(described));
    Ok(())
}

#[test]
fn a_single_point_is_not_drawn() {
    let chart = Chart::new("a", ChartAxis::Dates);
    assert_eq!(chart.to_svg("a"), None);
    let chart = chart.point(at(0)).point(at(1).failure()).point(at(2).percent(5.0));
    assert_eq!(chart.to_svg("a"), None);
    assert!(chart.point(at(3).percent(5.0)).to_svg("a").is_some());
}

#[test]
fn axes_without_dates_show_no_dates() {
    let of = |axis| Chart::new("a", axis).point(ChartPoint::new(0).percent(1.0)).point(ChartPoint::new(1).percent(2.0));
    let messages = of(ChartAxis::Messages).remaining(1).to_svg("a").unwrap_or_default();
    assert!(messages.contains(">message 1<") && messages.contains(">message 2<"), "{messages}");
    assert!(!messages.contains("1970") && !messages.contains("estimate"), "{messages}");
    let elapsed = of(ChartAxis::Elapsed).remaining(1).to_svg("a").unwrap_or_default();
    assert!(!elapsed.contains("1970") && elapsed.contains("estimate"), "{elapsed}");
}

#[test]
fn a_long_course_is_thinned_and_keeps_its_ends() -> Outcome {
    let points = (0..100_000).map(|minute| at(minute).percent(minute as f64 / 1000.0));
    let chart = points.fold(Chart::new("long", ChartAxis::Dates), Chart::point);
    let svg = chart.to_svg("a").ok_or("expected a chart")?;
    let document = roxmltree::Document::parse(&svg)?;
    let line = line(&document, "line").ok_or("expected a line")?;
    assert!(line.len() <= 401, "{}", line.len());
    assert_eq!((line.first(), line.last()), (Some(&"42.0,158.0"), Some(&"388.0,12.0")));
    Ok(())
}

#[test]
fn values_that_make_no_sense_stay_inside_the_drawing() -> Outcome {
    let chart = Chart::new("odd", ChartAxis::Dates)
        .point(ChartPoint::new(i64::MIN).percent(-7.0))
        .point(ChartPoint::new(i64::MAX).percent(1e300))
        .stalled_since(i64::MIN)
        .remaining(i64::MAX);
    let svg = chart.to_svg("a").ok_or("expected a chart")?;
    let document = roxmltree::Document::parse(&svg)?;
    for class in ["line", "still", "estimate"] {
        for point in line(&document, class).ok_or(class)? {
            let (x, y) = point.split_once(',').ok_or(point)?;
            let (x, y): (f64, f64) = (x.parse()?, y.parse()?);
            assert!((0.0..=400.0).contains(&x) && (0.0..=190.0).contains(&y), "{class}: {point}");
        }
    }
    Ok(())
}

/// As a file of its own, with the default colours.
#[test]
fn a_chart_is_that_of_the_golden_file() -> Outcome {
    let svg = full().to_svg("chart").ok_or("expected a chart")?;
    let style = format!("<style>\n{}</style>\n</svg>\n", Chart::STYLE);
    let svg = svg.strip_suffix("</svg>\n").ok_or("expected an end")?.to_owned() + &style;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/chart.svg");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, &svg)?;
    }
    assert_eq!(
        svg,
        fs::read_to_string(&file)?,
        "`UPDATE_GOLDEN=1 cargo test --test packets chart` takes what was found"
    );
    Ok(())
}
