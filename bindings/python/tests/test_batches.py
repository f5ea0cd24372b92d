"""Packets as Arrow columns. pyarrow is used to make and to read them, and is not needed otherwise."""

import ctypes
import gc
import threading

import pytest

import packetcheck as pc
from packets import packets

pa = pytest.importorskip("pyarrow")

CHECK = pa.schema(
    [
        ("valid", pa.bool_()),
        ("kind", pa.utf8()),
        ("errors", pa.int32()),
        ("warnings", pa.int32()),
        ("code", pa.utf8()),
        ("byte_offset", pa.int64()),
        ("line", pa.int32()),
        ("column_number", pa.int32()),
        ("path", pa.utf8()),
        ("message", pa.utf8()),
    ]
)
STATUS = pa.schema(
    [("row", pa.int64()), ("valid", pa.bool_())]
    + [(name, pa.utf8()) for name in ["system", "task", "state", "step"]]
    + [("completed", pa.int64()), ("total", pa.int64()), ("percent", pa.float64())]
    + [(name, pa.int64()) for name in ["remaining_ms", "not_before_ms", "estimated_end_ms"]]
    + [("failure_code", pa.utf8()), ("failure_text", pa.utf8())]
)


def verdicts(array, **by):
    return pa.array(pc.is_valid_batch(array, **by)).to_pylist()


def test_every_input_type(running, invalid):
    values = [running, None, invalid, b""]
    types = [pa.utf8(), pa.large_utf8(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view()]
    for kind in types:
        array = pa.array([None if value is None else value.decode() for value in values], pa.utf8()).cast(kind)
        for one in [array, array.slice(0), pa.chunked_array([array[:1], array[1:]])]:
            assert verdicts(one) == [True, None, False, False], kind
        assert verdicts(array.slice(2, 1)) == [False], kind
    for kind in [pa.utf8(), pa.large_utf8(), pa.binary()]:
        dictionary = pa.array(values, pa.binary()).cast(kind).dictionary_encode()
        assert verdicts(dictionary) == [True, None, False, False], kind
    assert verdicts(pa.array([None], pa.binary()).dictionary_encode()) == [None]
    # A null among the values of a dictionary.
    dictionary = pa.DictionaryArray.from_arrays(pa.array([0, 1, None], pa.int8()), pa.array([None, running]))
    assert verdicts(dictionary) == [None, True, None]
    fixed = pa.array([running, None, b"x" * len(running)], pa.binary(len(running)))
    assert verdicts(fixed) == [True, None, False]
    assert verdicts(pa.nulls(3)) == [None] * 3
    assert verdicts(pa.array([], pa.utf8())) == []
    assert verdicts(pa.chunked_array([], pa.utf8())) == []


def test_streams_and_tables_of_one_column(running, invalid):
    table = pa.table({"packet": [running, invalid]})
    assert verdicts(table) == [True, False]
    assert verdicts(table.to_reader(1)) == [True, False]
    nulls = pa.StructArray.from_arrays([pa.array([running, running])], ["packet"], mask=pa.array([True, False]))
    assert verdicts(nulls) == [None, True]


def test_wrong_arguments_say_what_is_taken(running):
    with pytest.raises(TypeError, match="expected an Arrow array or stream .*, found `list`"):
        pc.is_valid_batch([running])
    with pytest.raises(TypeError, match="expected packets as utf8, .* or null, found Int64"):
        pc.check_batch(pa.array([1]))
    with pytest.raises(TypeError, match="found a table of 2 columns"):
        pc.check_batch(pa.table({"a": [running], "b": [1]}))
    with pytest.raises(TypeError, match="found List"):
        pc.status_batch(pa.chunked_array([[[running]]]))


def test_errors_of_streams_are_passed_on(running):
    def batches():
        yield pa.record_batch({"packet": [running]})
        raise RuntimeError("the file ends here")

    reader = pa.RecordBatchReader.from_batches(pa.schema([("packet", pa.binary())]), batches())
    with pytest.raises(ValueError, match="the file ends here"):
        pc.check_batch(reader)


def test_check(running, invalid):
    warned = running.replace(b"</status>", b"</status><errcode>0</errcode>", 1)
    result = pc.check_batch(pa.array([running, None, invalid, warned]))
    assert len(result) == 4
    assert pa.schema(result) == CHECK and pa.table(result).schema == CHECK
    valid, null, error, warning = pa.record_batch(result).to_pylist()
    nothing = dict.fromkeys(["code", "byte_offset", "line", "column_number", "path", "message"])
    assert valid == {"valid": True, "kind": "plesk-response", "errors": 0, "warnings": 0} | nothing
    assert set(null.values()) == {None}
    assert (error["code"], error["line"], error["column_number"]) == ("PC0501", 5, 7)
    assert (error["byte_offset"], error["path"]) == (103, "/packet/migration/get_status/result")
    assert (warning["valid"], warning["code"], warning["warnings"]) == (True, "PC0502", 1)
    chunks = pc.check_batch(pa.chunked_array([[running], [invalid]]))
    assert pa.table(chunks).column("valid").num_chunks == 2
    assert pa.record_batch(chunks).column("valid").to_pylist() == [True, False]
    assert pa.table(pc.check_batch(pa.chunked_array([], pa.utf8()))).num_rows == 0
    assert pa.record_batch(pc.check_batch(pa.chunked_array([], pa.utf8()))).schema == CHECK


def test_long_arrays_are_checked_in_parts(running):
    array = pa.array([b"", running]).take(pa.array([0, 1] * 300_000))
    for threads in [1, 2]:
        table = pa.table(pc.check_batch(array, threads=threads))
        assert table.column("valid").num_chunks == 3
        assert table.column("valid").to_pylist() == verdicts(array, threads=threads) == [False, True] * 300_000
    assert pa.table(pc.status_batch(array)).column("row")[-1].as_py() == 599_999


def test_every_sample_has_one_verdict(corpus):
    for kind in {kind for _, kind, *_ in corpus} | {None}:
        chosen = [packet for _, other, _, packet in corpus if kind in (other, None)]
        reports = [pc.explain(packet, kind=kind) for packet in chosen]
        array = pa.array(chosen)
        for threads in [1, 3]:
            assert verdicts(array, kind=kind, threads=threads) == [report.valid for report in reports]
            rows = pa.table(pc.check_batch(array, kind=kind, threads=threads)).to_pylist()
            for report, row in zip(reports, rows, strict=True):
                assert (row["kind"], row["errors"], row["warnings"]) == (report.kind, report.errors, report.warnings)
                worst = sorted(report.diagnostics, key=lambda diagnostic: diagnostic["severity"])[:1]
                first = [(row["code"], row["message"], row["line"], row["column_number"], row["path"])]
                expected = [(d["code"], d["message"], d["line"], d["column"], d["path"]) for d in worst]
                assert first == (expected or [(None,) * 5])


def test_varied_packets_have_the_verdict_they_were_made_with():
    made = list(packets(20_000))
    array = pa.array([packet for *_, packet in made])
    valid = [code in (None, "PC0502") for code, *_ in made]
    rows = pa.table(pc.check_batch(array))
    assert rows.column("code").to_pylist() == [code for code, *_ in made]
    assert rows.column("valid").to_pylist() == valid
    for by in [{}, {"threads": 2}, {"threads": 0}, {"kind": "plesk-response"}]:
        assert verdicts(array, **by) == valid
    assert [pc.is_valid(packet) for *_, packet in made] == valid
    status = pa.table(pc.status_batch(array, threads=2))
    assert status.column("row").to_pylist() == list(range(len(made)))
    assert status.column("state").to_pylist() == [state for _, state, _ in made]


def test_status(running, invalid, corpus):
    request = b"<packet><migration><check/></migration></packet>"
    result = pc.status_batch(pa.chunked_array([[running, None, request], [invalid, b"?"]]))
    assert pa.table(result).schema == STATUS
    first, broken, unknown = pa.table(result).to_pylist()
    assert (first["row"], first["valid"], first["system"], first["state"]) == (0, True, "plesk", "running")
    assert (first["completed"], first["total"], round(first["percent"], 2)) == (10, 33, 30.3)
    assert (broken["row"], broken["valid"], broken["system"], broken["state"]) == (3, False, "plesk", None)
    assert (unknown["row"], unknown["valid"], unknown["system"]) == (4, False, None)
    for _, kind, verdict, packet in corpus:
        rows = pa.table(pc.status_batch(pa.array([packet]), kind=kind)).to_pylist()
        assert all(row["valid"] == (verdict != "invalid") for row in rows)
    task = b'{"id": "7a9a", "name": "web01", "state": "RUNNING", "sub_tasks": [{"progress": 50}]}'
    [row] = pa.table(pc.status_batch(pa.array([task]), kind="sms-task")).to_pylist()
    assert (row["system"], row["task"], row["state"]) == ("sms", "7a9a", "running")


def test_decode(order, schema):
    broken = order.replace(b"2.50", b"two")
    result = pc.decode_batch(pa.chunked_array([[order, None], [broken, order]]), schema=schema, path="/order/item")
    table = pa.table(result)
    text = pa.utf8()
    assert table.schema == pa.schema(
        [("row", pa.int64()), ("valid", pa.bool_()), ("@sku", text), ("name", text), ("quantity", pa.int32())]
        + [("price", text), ("shipDate", text)]
    )
    rows = table.to_pylist()
    assert [row["row"] for row in rows] == [0, 0, 2, 3, 3]
    assert [row["valid"] for row in rows] == [True, True, False, True, True]
    assert rows[0] == {
        "row": 0,
        "valid": True,
        "@sku": "123-AB",
        "name": "tea",
        "quantity": 2,
        "price": '{"@currency":"EUR","$text":2.50}',
        "shipDate": "2026-11-20",
    }
    assert rows[2] == dict.fromkeys(rows[2]) | {"row": 2, "valid": False}

    def values(path, column):
        return pa.table(pc.decode_batch(pa.array([order]), schema=schema, path=path)).column(column).to_pylist()

    assert values("/order/item/price", "$text") == ["2.50", "1.0"]
    assert values("/order/card", "$text") == ["4111", "4112"]
    assert values("/order/note", "$text") == ["urgent"]
    assert values("/order/remark/b", "$text") == ["bold"]
    assert values("/order/tags", "$text") == ["[1,2,3]"]
    assert values("/order", "gift") == [True]
    assert values("/order", "@id") == [7]
    assert values("/order/Q{urn:po}item", "name") == ["tea", "cup"]


def test_decode_types():
    fields = {"b": "boolean", "i": "int", "u": "unsignedInt", "l": "long", "ul": "unsignedLong", "n": "integer"}
    fields |= {"d": "double", "m": "decimal", "t": "dateTime", "row": "short", "Valid": "string"}
    attributes = "".join(f'<xs:attribute name="{name}" type="xs:{kind}"/>' for name, kind in fields.items())
    elements = '<xs:sequence><xs:element name="Row" type="xs:byte" minOccurs="0" nillable="true"/></xs:sequence>'
    text = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType>'
        f"{elements}{attributes}</xs:complexType></xs:element></xs:schema>"
    )
    schema = pc.Schema.from_documents(["a.xsd"], {"a.xsd": text.encode()})
    document = (
        '<a b="1" i="+7" u="4294967295" l="-9223372036854775808" ul="18446744073709551615" n="1" d="-INF" m="0.10" '
        't="2026-11-20T08:00:00Z" row="-3" Valid="yes"><Row>5</Row></a>'
    )
    nil = '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Row xsi:nil="true"/></a>'
    table = pa.table(pc.decode_batch(pa.array([document, nil]), schema=schema, path="a"))
    # Of the last two columns the names would differ from `row` and `valid` in case alone, or not at all.
    assert table.schema.types[2:] == [
        pa.bool_(), pa.int32(), pa.int64(), pa.int64(), pa.utf8(), pa.utf8(), pa.float64(), pa.utf8(), pa.utf8(),
        pa.int32(), pa.utf8(), pa.int32(),
    ]  # fmt: skip
    assert table.column_names[2:] == ["@b", "@i", "@u", "@l", "@ul", "@n", "@d", "@m", "@t", "@row", "@Valid", "Row_"]
    assert list(table.to_pylist()[0].values())[2:] == [
        True, 7, 4294967295, -(2**63), "18446744073709551615", "1", float("-inf"), "0.10", "2026-11-20T08:00:00Z",
        -3, "yes", 5,
    ]  # fmt: skip
    assert set(list(table.to_pylist()[1].values())[2:]) == {None}


def test_decode_names_what_the_path_may_be(order, schema):
    array = pa.array([order])
    with pytest.raises(ValueError, match="expected a child of `order` .*found `itm`; did you mean `item`"):
        pc.decode_batch(array, schema=schema, path="/order/itm")
    with pytest.raises(ValueError, match="no children"):
        pc.decode_batch(array, schema=schema, path="/order/card/number")
    with pytest.raises(ValueError, match="expected a path"):
        pc.decode_batch(array, schema=schema, path="")
    with pytest.raises(TypeError, match="packetcheck.Schema"):
        pc.decode_batch(array, schema=None, path="/order")


def test_other_threads_of_python_run_meanwhile(running):
    array = pa.array([running] * 100_000)
    begun, ended = threading.Event(), threading.Event()

    def work():
        begun.set()
        pc.check_batch(array)
        ended.set()

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait()
    turns = 0
    while not ended.is_set():
        turns += 1
        ended.wait(0.001)
    thread.join()
    assert turns > 2


def test_memory_stays_flat():
    """What is imported and exported is released, also where nobody takes the result."""
    array = pa.array([packet for *_, packet in packets(5_000)])

    def batch():
        pa.table(pc.check_batch(pa.chunked_array([array])))
        pa.array(pc.is_valid_batch(array))
        pc.check_batch(array).__arrow_c_array__()
        pc.status_batch(array).__arrow_c_stream__()

    def held():
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        pages = int(open("/proc/self/statm").read().split()[1])
        return pages * 4096

    for _ in range(5):
        batch()
    before, arrow = held(), pa.total_allocated_bytes()
    for _ in range(60):
        batch()
    assert pa.total_allocated_bytes() <= arrow
    assert held() - before < 4 << 20
