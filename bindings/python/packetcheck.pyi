"""Validates API packets against their documentation, decodes them, and encodes them back: by rows and by Arrow columns.

`kind` is a kind of packet that packetcheck knows (`packetcheck check --help` lists them: `plesk-response`, `sms-task`,
...), `schema` any XML Schema. Without both, the kind of each packet is detected. A `str` is read as its bytes in UTF-8.
"""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Protocol, final

class _ArrowArray(Protocol):
    """An array in the Arrow PyCapsule interface."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

class _ArrowStream(Protocol):
    """A stream of arrays in the same interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class Schema:
    """A compiled schema: immutable, shared by threads. A pickle holds the documents that it was compiled from."""

    @staticmethod
    def from_files(
        *paths: str | PathLike[str],
        map: Mapping[str, str | PathLike[str]] = {},
        folders: Sequence[str | PathLike[str]] = [],
    ) -> Schema:
        """Compiles schema documents, with what they include and import, into one schema.

        `map` names files for URLs and namespaces. Files are read from the folders of `paths` and from `folders`.

        Raises `ValueError` with everything that is wrong with the schema.
        """

    @staticmethod
    def from_documents(roots: Sequence[str], documents: Mapping[str, bytes]) -> Schema:
        """Compiles documents in memory; `roots` are the names of those to begin with."""

@final
class Report:
    """Everything that is wrong or odd with a packet. True if the packet is valid. `str()` shows it as the command does."""

    @property
    def valid(self) -> bool: ...
    @property
    def kind(self) -> str | None:
        """The kind of the packet; `None` if a schema decided, or if it shows no kind."""

    @property
    def errors(self) -> int: ...
    @property
    def warnings(self) -> int: ...
    @property
    def diagnostics(self) -> list[dict[str, Any]]:
        """As in `packetcheck check --format json`: `code`, `severity`, `message`, `path`, `line`, `column`, ..."""

    def __bool__(self) -> bool: ...

class InvalidPacket(ValueError):
    """A packet that is invalid, or values that are not those of a valid one."""

    report: Report

@final
class BooleanColumn:
    """An Arrow array of bool: `pyarrow.array(column)`, `polars.Series(column)`."""

    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...
    def __len__(self) -> int: ...

@final
class Table:
    """An Arrow table: `pyarrow.table(table)`, `pyarrow.record_batch(table)`, `polars.DataFrame(table)`."""

    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __len__(self) -> int: ...

def is_valid(packet: bytes | bytearray | str, *, kind: str | None = None, schema: Schema | None = None) -> bool:
    """Whether a packet is valid."""

def explain(packet: bytes | bytearray | str, *, kind: str | None = None, schema: Schema | None = None) -> Report:
    """Everything that is wrong or odd with a packet."""

def decode(
    packet: bytes | bytearray | str, *, kind: str | None = None, schema: Schema | None = None
) -> dict[str, Any]:
    """The values of a packet, by the mapping in `docs/json.md`. `decode_json` keeps the digits of decimal numbers.

    Raises `InvalidPacket`.
    """

def decode_json(packet: bytes | bytearray | str, *, kind: str | None = None, schema: Schema | None = None) -> str:
    """The values of a packet as JSON; for an HTTP capture, those of all its packets, one after another.

    Raises `InvalidPacket`.
    """

def encode(
    value: Mapping[str, Any] | str | bytes, *, kind: str | None = None, schema: Schema | None = None
) -> bytes:
    """The packet of some values, or of JSON (`str` or `bytes`), by `kind` or `schema`. Nothing invalid is written.

    Raises `InvalidPacket`, whose report is about the JSON.
    """

def is_valid_batch(
    array: _ArrowArray | _ArrowStream, *, kind: str | None = None, schema: Schema | None = None, threads: int = 1
) -> BooleanColumn:
    """Whether each packet is valid; null for null.

    `array` holds text or bytes in any layout of Arrow, or is a table or stream with one such column. The global
    interpreter lock is released. `threads=0` takes as many threads as there are processors; engines have their own
    threads.
    """

def check_batch(
    array: _ArrowArray | _ArrowStream, *, kind: str | None = None, schema: Schema | None = None, threads: int = 1
) -> Table:
    """The verdict on each packet and its first error, or else its first warning, in as many rows; nulls for null.

    Columns: `valid`, `kind`, `errors`, `warnings`, `code`, `byte_offset`, `line`, `column_number`, `path`, `message`.
    """

def status_batch(array: _ArrowArray | _ArrowStream, *, kind: str | None = None, threads: int = 1) -> Table:
    """The statuses of migrations in packets: a row for each migration, one with `valid` false for each packet that is invalid.

    Columns: `row` (the packet, from 0), `valid`, `system`, `task`, `state`, `step`, `completed`, `total`, `percent`,
    `remaining_ms`, `not_before_ms`, `estimated_end_ms`, `failure_code`, `failure_text`.
    """

def decode_batch(array: _ArrowArray | _ArrowStream, *, schema: Schema, path: str, threads: int = 1) -> Table:
    """The elements at a path such as `/order/item`: a row for each, one with `valid` false for each packet that is
    invalid.

    Columns: `row`, `valid`, then attributes (`@name`) and children (`name`), or the text (`$text`), as in JSON. Booleans,
    whole numbers of up to 64 bits and floating-point numbers have their types, what is repeated or has children is JSON,
    anything else text. A name that is taken, in upper or lower case, gets a `_` at its end.

    Raises `ValueError` if the schema declares no such element.
    """
