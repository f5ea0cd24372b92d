"""The samples under tests/data/plesk and their expected verdicts, for the comparison scripts beside this file."""

import csv
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "plesk"
SCHEMAS = {
    "plesk-request": ROOT / "schemas" / "plesk" / "request.xsd",
    "plesk-response": ROOT / "schemas" / "plesk" / "response.xsd",
}
# What is refused before any schema is asked; processors that read DOCTYPEs go on and find nothing wrong.
REFUSED_DOCTYPE = {"wire/doctype.xml"}


def read_expected():
    """Yields (name, kind, verdict) for every line of expected.tsv."""
    with open(DATA / "expected.tsv", encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row and not row[0].startswith("#"):
                name, kind, verdict = row[:3]
                yield name, kind, verdict
