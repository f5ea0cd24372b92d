"""Packets one by one."""

import json
import pickle
import threading

import pytest

import packetcheck as pc
from conftest import DATA


def test_verdicts(running, invalid):
    assert pc.is_valid(running) and not pc.is_valid(invalid)
    assert pc.is_valid(running.decode()) and pc.is_valid(bytearray(running))
    assert not pc.is_valid(running, kind="plesk-request")


def test_every_sample_has_its_verdict(corpus):
    for file, kind, verdict, packet in corpus:
        report = pc.explain(packet, kind=kind)
        assert (report.valid, pc.is_valid(packet, kind=kind)) == (verdict != "invalid",) * 2, file
        assert (report.kind, verdict != "warning" or report.warnings > 0) == (kind, True), file
        assert pc.is_valid(packet) == pc.explain(packet).valid, file
        if report.valid:
            text = pc.decode_json(packet, kind=kind)
            # Values in Python are nested less deep.
            if text.count("[") < 500:
                assert pc.decode(packet, kind=kind) == json.loads(text), file
        else:
            with pytest.raises(pc.InvalidPacket) as raised:
                pc.decode(packet, kind=kind)
            assert raised.value.report.diagnostics == report.diagnostics, file


def test_captures_are_judged_as_the_command_does():
    for path in sorted((DATA / "captures").iterdir()):
        packet = path.read_bytes()
        assert pc.is_valid(packet) == pc.explain(packet).valid, path


def test_report(invalid):
    report = pc.explain(invalid)
    assert (report.valid, report.kind, report.errors, report.warnings) == (False, "plesk-response", 1, 0)
    [diagnostic] = report.diagnostics
    assert diagnostic["code"] == "PC0501" and (diagnostic["line"], diagnostic["column"]) == (5, 7)
    assert "--> packet:5:7" in str(report) and str(report).endswith("1 error")
    assert repr(report) == "<packetcheck.Report kind='plesk-response' errors=1 warnings=0>"
    assert not report and pc.explain(b"<packet><migration><check/></migration></packet>")
    copy = pickle.loads(pickle.dumps(report))
    assert str(copy) == str(report) and copy.diagnostics == report.diagnostics


def test_decode_and_encode(running, order, schema):
    values = pc.decode(running)
    assert values["packet"]["@version"] == "1.6.0.2"
    packet = pc.encode(values, kind="plesk-response")
    assert pc.decode(packet) == values
    values = pc.decode(order, schema=schema)
    assert values["order"]["item"][0]["@sku"] == "123-AB"
    assert pc.decode(pc.encode(values, schema=schema), schema=schema) == values
    # The digits of numbers are in the JSON alone.
    text = pc.decode_json(order, schema=schema)
    assert '"$text": 2.50' in text
    assert b">2.50<" in pc.encode(text, schema=schema)


def test_what_is_refused_carries_its_report(invalid, schema):
    with pytest.raises(pc.InvalidPacket, match="missing `errcode`") as raised:
        pc.decode(invalid)
    assert raised.value.report.diagnostics[0]["code"] == "PC0501"
    assert isinstance(raised.value, ValueError)
    assert pickle.loads(pickle.dumps(raised.value)).report.errors == 1
    with pytest.raises(pc.InvalidPacket) as raised:
        pc.encode({"order": {"@idd": 7}}, schema=schema)
    assert "/order/@idd" in [diagnostic["path"] for diagnostic in raised.value.report.diagnostics]
    with pytest.raises(pc.InvalidPacket):
        pc.encode({"packet": {"migration": 1}}, kind="plesk-request")


def test_wrong_arguments_say_what_is_taken(running, schema):
    with pytest.raises(TypeError, match="expected a packet as bytes, bytearray or str, found `int`"):
        pc.is_valid(7)
    with pytest.raises(TypeError, match="packetcheck.Schema, found `str`"):
        pc.explain(running, schema="po.xsd")
    with pytest.raises(TypeError, match="found both"):
        pc.is_valid(running, kind="sms-task", schema=schema)
    with pytest.raises(TypeError, match="found neither"):
        pc.encode({})
    with pytest.raises(ValueError, match="expected one of `plesk-request`"):
        pc.is_valid(running, kind="plesk")


def test_schema_from_documents():
    def document(name):
        return (
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
            f'<xs:element name="{name}" type="xs:int"/></xs:schema>'
        )

    documents = {"a.xsd": document("a").encode("utf-16"), "b.xsd": document("b").encode()}
    schema = pc.Schema.from_documents(["a.xsd", "b.xsd"], documents)
    copy = pickle.loads(pickle.dumps(schema))
    for one in [schema, copy]:
        assert pc.is_valid("<a>1</a>", schema=one) and pc.is_valid("<b>2</b>", schema=one)
        assert pc.explain("<b>x</b>", schema=one).errors == 1
    with pytest.raises(ValueError, match="no.xsd"):
        pc.Schema.from_documents(["no.xsd"], documents)


def test_schema_from_files(tmp_path, order):
    folder = DATA / "values"
    schema = pc.Schema.from_files(str(folder / "po.xsd"))
    copy = pickle.loads(pickle.dumps(schema))
    assert repr(copy) == repr(schema) and pc.is_valid(order, schema=copy)
    mapped = (folder / "po.xsd").read_text().replace('"types.xsd"', '"http://example.org/t"')
    (tmp_path / "po.xsd").write_text(mapped)
    with pytest.raises(ValueError):
        pc.Schema.from_files(tmp_path / "po.xsd")
    schema = pc.Schema.from_files(tmp_path / "po.xsd", map={"http://example.org/t": folder / "types.xsd"})
    assert pc.is_valid(order, schema=pickle.loads(pickle.dumps(schema)))
    (tmp_path / "po.xsd").write_text(mapped.replace("http://example.org/t", str(folder / "types.xsd")))
    assert pc.is_valid(order, schema=pc.Schema.from_files(tmp_path / "po.xsd", folders=[folder]))


def test_threads_share_a_schema(order, schema):
    found = []
    work = [threading.Thread(target=lambda: found.append(pc.is_valid(order, schema=schema))) for _ in range(8)]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert found == [True] * 8


