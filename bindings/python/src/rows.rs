//! Processes the packets in an Arrow array row by row, with one or several threads.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{ArrowError, DataType};

/// How many rows are processed at once.
const SLICE: usize = 1024;

/// How many of these blocks per thread are processed before the results are passed on.
const SLICES: usize = 16;

/// The accepted types, for error messages.
const TAKEN: &str = "utf8, large_utf8, utf8_view, binary, large_binary, binary_view, fixed_size_binary, \
    a dictionary of one of these, or null";

/// Whether packets can have this type, or be the only column in it.
pub(crate) fn check_type(data_type: &DataType) -> Result<(), ArrowError> {
    match data_type {
        DataType::Struct(fields) => match fields.as_ref() {
            [field] if !matches!(field.data_type(), DataType::Struct(_)) => check_type(field.data_type()),
            _ => Err(refused(format!("a table of {} columns: pass the column of the packets", fields.len()))),
        },
        DataType::Dictionary(_, values) if !matches!(**values, DataType::Dictionary(..) | DataType::Struct(_)) => {
            check_type(values)
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Ok(()),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => Ok(()),
        DataType::Null => Ok(()),
        other => Err(refused(other.to_string())),
    }
}

fn refused(found: String) -> ArrowError {
    ArrowError::InvalidArgumentError(format!("expected packets as {TAKEN}, found {found}"))
}

fn bytes(value: Option<&str>) -> Option<&[u8]> {
    value.map(str::as_bytes)
}

/// The bytes of each row.
fn values(array: &dyn Array) -> Result<Vec<Option<&[u8]>>, ArrowError> {
    Ok(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().map(bytes).collect(),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().map(bytes).collect(),
        DataType::Utf8View => array.as_string_view().iter().map(bytes).collect(),
        DataType::Binary => array.as_binary::<i32>().iter().collect(),
        DataType::LargeBinary => array.as_binary::<i64>().iter().collect(),
        DataType::BinaryView => array.as_binary_view().iter().collect(),
        DataType::FixedSizeBinary(_) => array.as_fixed_size_binary().iter().collect(),
        DataType::Null => vec![None; array.len()],
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let values = values(dictionary.values())?;
            if values.is_empty() {
                return Ok(vec![None; array.len()]);
            }
            let keys = dictionary.normalized_keys().into_iter().enumerate();
            keys.map(|(row, key)| if array.is_null(row) { None } else { values.get(key).copied()? }).collect()
        }
        DataType::Struct(_) if array.null_count() == 0 => return values(array.as_struct().column(0)),
        DataType::Struct(_) => {
            let column = values(array.as_struct().column(0))?.into_iter().enumerate();
            column.map(|(row, value)| value.filter(|_| array.is_valid(row))).collect()
        }
        other => return Err(refused(other.to_string())),
    })
}

/// Passes on the result of a function for each packet, in the order of the rows; `None` for null. Uses `threads`
/// threads, or one per processor if that is 0.
///
/// Only some rows are processed at a time: if all results were kept until the end, their many small texts would be
/// spread over memory (`bench.py`: a fifth slower).
pub(crate) fn map<R: Send>(
    array: &ArrayRef,
    threads: usize,
    each: impl Fn(&[u8]) -> R + Sync,
    mut take: impl FnMut(Option<R>),
) -> Result<(), ArrowError> {
    check_type(array.data_type())?;
    let rows = values(array)?;
    let threads = match threads {
        0 => thread::available_parallelism().map_or(1, NonZeroUsize::get),
        threads => threads.min(rows.len().div_ceil(SLICE)),
    };
    let made = |slice: &[Option<&[u8]>]| slice.iter().map(|row| row.map(&each)).collect::<Vec<_>>();
    if threads <= 1 {
        rows.chunks(SLICE).flat_map(made).for_each(take);
        return Ok(());
    }
    for part in rows.chunks(SLICE * SLICES * threads) {
        let slices: Vec<&[Option<&[u8]>]> = part.chunks(SLICE).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let numbers = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
            numbers.map_while(|number| Some((number, made(slices.get(number)?)))).collect::<Vec<_>>()
        };
        let mut done = thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut done = work();
            for other in others {
                done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            done
        });
        done.sort_unstable_by_key(|(number, _)| *number);
        done.into_iter().flat_map(|(_, slice)| slice).for_each(&mut take);
    }
    Ok(())
}
