"""Runs the code of `docs/engines.md`, and compares what it finds in 200,000 packets with what they were made with."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest

from conftest import ROOT
from packets import COUNT, packets

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def code_of(page, engine):
    [text] = re.findall(rf"^##+ {engine}\n.*?^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    return text


PAGE = ROOT / "docs" / "engines.md"
README = ROOT / "bindings" / "python" / "README.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where `packets.parquet` is, and the schema documents of the example."""
    folder = tmp_path_factory.mktemp("engines")
    table = pa.table({"id": range(COUNT), "packet": [packet for *_, packet in packets()]})
    pq.write_table(table, folder / "packets.parquet", row_group_size=50_000)
    for path in (ROOT / "schemas" / "plesk").glob("*.xsd"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def expected():
    """How many packets have each code, and how many migrations are in each state."""
    made = [(code, state) for code, state, _ in packets()]
    codes, states = Counter(code for code, _ in made), Counter(state for _, state in made)
    assert codes.total() == states.total() == COUNT
    return codes, states


@pytest.mark.parametrize("engine", ["DuckDB", "Polars", "DataFusion", "pyarrow"])
def test_engine(engine, folder, expected, monkeypatch):
    pytest.importorskip(engine.lower())
    monkeypatch.chdir(folder)
    names = {}
    exec(code_of(PAGE, engine), names)
    assert dict(names["result"]) == expected[0]
    assert len(names["result"]) == len(expected[0])
    exec(code_of(README, engine), names)
    assert names["valid"] == expected[0][None] + expected[0]["PC0502"]


def run(code, result, folder):
    """What a program of its own makes of a result, so that functions are sent to workers as those of users are."""
    (folder / "job.py").write_text(f"{code}print('RESULT', repr({result}))\n")
    environment = os.environ | {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    job = subprocess.run([sys.executable, "job.py"], cwd=folder, env=environment, capture_output=True, text=True)
    assert job.returncode == 0, job.stderr[-4000:]
    [line] = [line for line in job.stdout.splitlines() if line.startswith("RESULT ")]
    return ast.literal_eval(line.removeprefix("RESULT "))


@pytest.mark.spark
@pytest.mark.parametrize("master", ["local[2]", "local-cluster[2,1,1024]"])
def test_spark(master, folder, expected):
    pytest.importorskip("pyspark")
    code = code_of(PAGE, "PySpark").replace("local[2]", master)
    assert master in code
    result, states, unfinished = run(code, "(result, states, len(unfinished))", folder)
    assert (dict(result), dict(states), unfinished) == (*expected, 10)


@pytest.mark.spark
def test_spark_in_short(folder, expected):
    pytest.importorskip("pyspark")
    assert run(code_of(README, "PySpark"), "valid", folder) == expected[0][None] + expected[0]["PC0502"]
