//! Results as columns. Their types exist in every engine: no unsigned numbers, no views, no dictionaries.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, BooleanArray, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema as ArrowSchema, SchemaRef};
use packetcheck_core::codec::Integer;
use packetcheck_core::codec::table::{ColumnType, Row, Table};
use packetcheck_core::diagnostic::{LineIndex, Severity};
use packetcheck_core::{Limits, MessageProgress, PacketKind, Progress};

use crate::judge::Judge;
use crate::rows;

pub(crate) fn is_valid(array: &ArrayRef, judge: &Judge, threads: usize) -> Result<BooleanArray, ArrowError> {
    let mut valid = BooleanBuilder::with_capacity(array.len());
    rows::map(array, threads, |packet| judge.is_valid(packet), |row| valid.append_option(row))?;
    Ok(valid.finish())
}

fn schema(fields: &[(&str, DataType)]) -> SchemaRef {
    let fields: Vec<Field> = fields.iter().map(|(name, kind)| Field::new(*name, kind.clone(), true)).collect();
    Arc::new(ArrowSchema::new(fields))
}

pub(crate) fn check_schema() -> SchemaRef {
    schema(&[
        ("valid", DataType::Boolean),
        ("kind", DataType::Utf8),
        ("errors", DataType::Int32),
        ("warnings", DataType::Int32),
        ("code", DataType::Utf8),
        ("byte_offset", DataType::Int64),
        ("line", DataType::Int32),
        ("column_number", DataType::Int32),
        ("path", DataType::Utf8),
        ("message", DataType::Utf8),
    ])
}

/// The result of `check_batch` for one packet.
struct Checked {
    kind: Option<PacketKind>,
    errors: usize,
    warnings: usize,
    first: Option<First>,
}

/// The first error, or else the first warning.
struct First {
    code: &'static str,
    offset: usize,
    line: usize,
    column: usize,
    path: String,
    message: String,
}

impl Checked {
    fn new(judge: &Judge, packet: &[u8]) -> Checked {
        let (kind, report) = judge.explain(packet);
        let (errors, warnings) = (report.errors, report.warnings);
        let mut diagnostics = report.diagnostics;
        let first = diagnostics.iter().position(|diagnostic| diagnostic.severity == Severity::Error).unwrap_or(0);
        let first = (first < diagnostics.len()).then(|| diagnostics.swap_remove(first)).map(|diagnostic| {
            let place = LineIndex::new(packet).line_column(diagnostic.span.start);
            First {
                code: diagnostic.code.as_str(),
                offset: diagnostic.span.start,
                line: place.line,
                column: place.column,
                path: diagnostic.path,
                message: diagnostic.message,
            }
        });
        Checked { kind, errors, warnings, first }
    }
}

/// One row per packet.
pub(crate) fn check(array: &ArrayRef, judge: &Judge, threads: usize) -> Result<RecordBatch, ArrowError> {
    let short = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let mut valid = BooleanBuilder::with_capacity(array.len());
    let [mut errors, mut warnings, mut line, mut column] = [(); 4].map(|()| Int32Builder::with_capacity(array.len()));
    let mut offset = Int64Builder::with_capacity(array.len());
    let [mut kind, mut code, mut path, mut message] = [(); 4].map(|()| StringBuilder::new());
    let append = |row: Option<Checked>| {
        let row = row.as_ref();
        valid.append_option(row.map(|row| row.errors == 0));
        kind.append_option(row.and_then(|row| row.kind).map(PacketKind::name));
        errors.append_option(row.map(|row| short(row.errors)));
        warnings.append_option(row.map(|row| short(row.warnings)));
        let first = row.and_then(|row| row.first.as_ref());
        code.append_option(first.map(|first| first.code));
        offset.append_option(first.map(|first| first.offset as i64));
        line.append_option(first.map(|first| short(first.line)));
        column.append_option(first.map(|first| short(first.column)));
        path.append_option(first.map(|first| &first.path));
        message.append_option(first.map(|first| &first.message));
    };
    rows::map(array, threads, |packet| Checked::new(judge, packet), append)?;
    let columns: Vec<ArrayRef> = vec![
        Arc::new(valid.finish()),
        Arc::new(kind.finish()),
        Arc::new(errors.finish()),
        Arc::new(warnings.finish()),
        Arc::new(code.finish()),
        Arc::new(offset.finish()),
        Arc::new(line.finish()),
        Arc::new(column.finish()),
        Arc::new(path.finish()),
        Arc::new(message.finish()),
    ];
    RecordBatch::try_new(check_schema(), columns)
}

pub(crate) fn status_schema() -> SchemaRef {
    schema(&[
        ("row", DataType::Int64),
        ("valid", DataType::Boolean),
        ("system", DataType::Utf8),
        ("task", DataType::Utf8),
        ("state", DataType::Utf8),
        ("step", DataType::Utf8),
        ("completed", DataType::Int64),
        ("total", DataType::Int64),
        ("percent", DataType::Float64),
        ("remaining_ms", DataType::Int64),
        ("not_before_ms", DataType::Int64),
        ("estimated_end_ms", DataType::Int64),
        ("failure_code", DataType::Utf8),
        ("failure_text", DataType::Utf8),
    ])
}

/// The migrations in a packet: an item for each, and an item without progress for each invalid message.
type Statuses = Vec<(Option<PacketKind>, Option<Progress<'static>>)>;

fn statuses(packet: &[u8], kind: Option<PacketKind>) -> Statuses {
    let messages = MessageProgress::of(packet, kind, &Limits::default());
    if messages.iter().all(|message| message.kind.is_none()) {
        return vec![(None, None)];
    }
    let each = messages.into_iter().flat_map(|message| match message.progress {
        Ok(progress) => progress.into_iter().map(|progress| (message.kind, Some(progress))).collect(),
        Err(_) => vec![(message.kind, None)],
    });
    each.collect()
}

/// A row for each migration. `first_row` is the number of the first packet.
pub(crate) fn status(
    array: &ArrayRef,
    first_row: usize,
    kind: Option<PacketKind>,
    threads: usize,
) -> Result<RecordBatch, ArrowError> {
    let mut valid = BooleanBuilder::new();
    let mut percent = Float64Builder::new();
    let [mut number, mut completed, mut total] = [(); 3].map(|()| Int64Builder::new());
    let [mut remaining, mut not_before, mut end] = [(); 3].map(|()| Int64Builder::new());
    let [mut system, mut task, mut state, mut step] = [(); 4].map(|()| StringBuilder::new());
    let [mut code, mut text] = [(); 2].map(|()| StringBuilder::new());
    let whole = |number: &Integer<'_>| i64::try_from(number).ok();
    let mut row = first_row as i64;
    let append = |statuses: Option<Statuses>| {
        for (kind, progress) in statuses.iter().flatten() {
            let progress = progress.as_ref();
            number.append_value(row);
            valid.append_value(progress.is_some());
            system.append_option(kind.map(|kind| kind.system().name));
            task.append_option(progress.and_then(|progress| progress.task.as_deref()));
            state.append_option(progress.map(|progress| progress.state.name()));
            step.append_option(progress.and_then(|progress| progress.step.as_deref()));
            completed.append_option(progress.and_then(|progress| progress.completed.as_ref()).and_then(whole));
            total.append_option(progress.and_then(|progress| progress.total.as_ref()).and_then(whole));
            percent.append_option(progress.and_then(|progress| progress.percent));
            let left = progress.and_then(|progress| progress.remaining);
            remaining.append_option(left.map(|left| i64::try_from(left.as_millis()).unwrap_or(i64::MAX)));
            not_before.append_option(progress.and_then(|progress| progress.not_before));
            end.append_option(progress.and_then(|progress| progress.estimated_end));
            let failure = progress.and_then(|progress| progress.failure.as_ref());
            code.append_option(failure.and_then(|failure| failure.code.as_deref()));
            text.append_option(failure.and_then(|failure| failure.text.as_deref()));
        }
        row += 1;
    };
    rows::map(array, threads, |packet| statuses(packet, kind), append)?;
    let columns: Vec<ArrayRef> = vec![
        Arc::new(number.finish()),
        Arc::new(valid.finish()),
        Arc::new(system.finish()),
        Arc::new(task.finish()),
        Arc::new(state.finish()),
        Arc::new(step.finish()),
        Arc::new(completed.finish()),
        Arc::new(total.finish()),
        Arc::new(percent.finish()),
        Arc::new(remaining.finish()),
        Arc::new(not_before.finish()),
        Arc::new(end.finish()),
        Arc::new(code.finish()),
        Arc::new(text.finish()),
    ];
    RecordBatch::try_new(status_schema(), columns)
}

/// The columns of a table, after the number of the packet's row and its verdict.
pub(crate) fn table_schema(table: &Table) -> SchemaRef {
    let mut fields = vec![("row".to_owned(), DataType::Int64), ("valid".to_owned(), DataType::Boolean)];
    for column in table.columns() {
        let mut name = column.name.clone();
        // Most engines do not distinguish upper and lower case in names.
        while fields.iter().any(|(taken, _)| taken.to_lowercase() == name.to_lowercase()) {
            name.push('_');
        }
        let kind = match column.kind {
            ColumnType::Boolean => DataType::Boolean,
            ColumnType::Int => DataType::Int32,
            ColumnType::Long => DataType::Int64,
            ColumnType::Double => DataType::Float64,
            _ => DataType::Utf8,
        };
        fields.push((name, kind));
    }
    let fields: Vec<(&str, DataType)> = fields.iter().map(|(name, kind)| (name.as_str(), kind.clone())).collect();
    schema(&fields)
}

/// A row for each repeated element, and a row without values for each invalid packet.
pub(crate) fn decode(
    array: &ArrayRef,
    first_row: usize,
    table: &Table,
    threads: usize,
) -> Result<RecordBatch, ArrowError> {
    let mut number = Int64Builder::new();
    let mut valid = BooleanBuilder::new();
    let mut columns: Vec<Builder> = table.columns().iter().map(|column| Builder::new(column.kind)).collect();
    let mut row = first_row as i64;
    let append = |packet: Option<Option<Vec<Row>>>| {
        let lines = packet.map(|lines| lines.map_or(vec![None], |lines| lines.into_iter().map(Some).collect()));
        for line in lines.unwrap_or_default() {
            number.append_value(row);
            valid.append_value(line.is_some());
            for (index, column) in columns.iter_mut().enumerate() {
                column.append(line.as_ref().and_then(|line| line.get(index)?.as_deref()));
            }
        }
        row += 1;
    };
    rows::map(array, threads, |packet| table.rows(packet).ok(), append)?;
    let own: [ArrayRef; 2] = [Arc::new(number.finish()), Arc::new(valid.finish())];
    RecordBatch::try_new(table_schema(table), own.into_iter().chain(columns.into_iter().map(Builder::finish)).collect())
}

/// A column of values, which have been checked against the schema.
enum Builder {
    Boolean(BooleanBuilder),
    Int(Int32Builder),
    Long(Int64Builder),
    Double(Float64Builder),
    Text(StringBuilder),
}

impl Builder {
    fn new(kind: ColumnType) -> Builder {
        match kind {
            ColumnType::Boolean => Builder::Boolean(BooleanBuilder::new()),
            ColumnType::Int => Builder::Int(Int32Builder::new()),
            ColumnType::Long => Builder::Long(Int64Builder::new()),
            ColumnType::Double => Builder::Double(Float64Builder::new()),
            _ => Builder::Text(StringBuilder::new()),
        }
    }

    fn append(&mut self, cell: Option<&str>) {
        match self {
            Builder::Boolean(builder) => builder.append_option(cell.and_then(|cell| cell.parse().ok())),
            Builder::Int(builder) => builder.append_option(cell.and_then(|cell| cell.parse().ok())),
            Builder::Long(builder) => builder.append_option(cell.and_then(|cell| cell.parse().ok())),
            Builder::Double(builder) => builder.append_option(cell.and_then(|cell| cell.parse().ok())),
            Builder::Text(builder) => builder.append_option(cell),
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Builder::Boolean(mut builder) => Arc::new(builder.finish()),
            Builder::Int(mut builder) => Arc::new(builder.finish()),
            Builder::Long(mut builder) => Arc::new(builder.finish()),
            Builder::Double(mut builder) => Arc::new(builder.finish()),
            Builder::Text(mut builder) => Arc::new(builder.finish()),
        }
    }
}
