from pathlib import Path

import pytest

import packetcheck

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data"


def samples():
    """Every sample of a system: its file, its kind, its verdict, its bytes."""
    for system in ["plesk", "dataworks", "sms"]:
        for line in (DATA / system / "expected.tsv").read_text().splitlines():
            if not line.startswith("#"):
                file, kind, verdict, *_ = line.split("\t")
                yield file, kind, verdict, (DATA / system / file).read_bytes()


@pytest.fixture(scope="session")
def corpus():
    return list(samples())


@pytest.fixture(scope="session")
def schema():
    return packetcheck.Schema.from_files(DATA / "values" / "po.xsd")


@pytest.fixture(scope="session")
def order():
    return (DATA / "values" / "po.xml").read_bytes()


@pytest.fixture(scope="session")
def running():
    return (DATA / "plesk" / "documentation" / "in_progress.xml").read_bytes()


@pytest.fixture(scope="session")
def invalid():
    return (DATA / "plesk" / "differences" / "12_error_without_errcode.xml").read_bytes()
