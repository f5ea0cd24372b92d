#!/usr/bin/env python3
"""Holds verdicts against an independent processor, the Python package xmlschema, on documents mutated from valid ones.

Each folder of tests/compare/mutated has a schema and valid documents. Elements, attributes and texts of those are
dropped, doubled, moved, renamed and changed, a few at a time; both processors must say the same of every document, unless
tests/compare/mutated/explained.tsv tells why they differ:

    python3 tests/compare/mutated.py --packetcheck target/debug/packetcheck [--documents 1000] [--seed 1] [schema ...]

Needs Python 3.9 or later, lxml 5 or later and xmlschema 4 (pip install lxml xmlschema). Outside the default test run.
"""

import argparse
import copy
import csv
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import xmlschema
from lxml import etree

FOLDER = pathlib.Path(__file__).resolve().parent / "mutated"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
XSD = "{http://www.w3.org/2001/XMLSchema}"

# Values at the edges of types; those of the documents come besides.
VALUES = [
    "", " ", "0", "-0", "+1", "1", "01", "-1", "1.0", "1.50", "1e3", "INF", "-INF", "+INF", "NaN", "127", "128", "255",
    "256", "1000", "999", "9999.99", "10000.00", "0.001", ".5", "5.", "18446744073709551616", "true", "TRUE", "1 ", " 1",
    "1 2", "1 2 3 4", "1  2 3 4", "1 2 3 4 5", "a", "a b", "a  b", "A1", "A12", "A12345", "a:b", ":a", "1a", "-x", "ac-z",
    "abcabc-x", "red", "sea green", "sea  green", "#0Af9", "#0Af9bC", "Xaa", "Xb", "123-AB", "12-AB", "a@b.cd", "a@b",
    "2024-02-29", "2023-02-29", "2024-02-30", "2012-02-29", "2012-03-01Z", "1900-01-01", "1899-12-31", "1900-01-01+14:00",
    "0000-01-01", "-0001-01-01", "02024-01-01", "12024-01-01", "2024-1-1", "2024-01-01Z", "2024-01-01+14:01",
    "2000-01-01T00:00:00", "2000-01-01T00:00:00.1", "2000-01-01T10:00:00Z", "2000-01-01T15:00:00Z", "1999-12-31T24:00:00",
    "2030-06-15T12:00:00Z", "2030-06-15T12:00:00", "2030-06-14T22:00:00", "2030-06-14T21:00:00", "2024-01-01T24:00:01",
    "24:00:00", "23:59:60", "12:00", "--02-30", "--02-29", "---00", "---31", "--13", "--12--", "2024-13", "P1M", "P30D",
    "P28D", "P31D", "P32D", "P2Y", "P24M", "P23M", "P730D", "P732D", "PT1M", "PT60S", "PT59.9S", "-P1D", "P", "PT", "P1.5D",
    "0aF", "zz", "aGVsbG8", "aGVsbG8=", "YQ==", "YR==", "http://a/b c", "%", "en", "e", "en-", "x-123456789",
]


class Mutator:
    """Documents of one schema, made from its valid ones."""

    def __init__(self, folder, seed):
        self.random = random.Random(f"{seed} {folder.name}")
        self.valid = [etree.parse(str(path)).getroot() for path in sorted(folder.glob("valid_*.xml"))]
        elements = [element for root in self.valid for element in root.iter(etree.Element)]
        self.names = sorted({element.tag for element in elements})
        self.attributes = sorted({name for element in elements for name in element.attrib})
        texts = {element.text for element in elements if element.text and element.text.strip()}
        texts |= {value for element in elements for value in element.attrib.values()}
        self.values = sorted(texts) + VALUES
        schema = etree.parse(str(folder / "schema.xsd")).getroot()
        target = schema.get("targetNamespace")
        for declared in schema.iter(XSD + "element", XSD + "attribute"):
            names, prefix = (self.names, f"{{{target}}}" if target else "") if declared.tag == XSD + "element" else (self.attributes, "")
            if declared.get("name") and prefix + declared.get("name") not in names:
                names.append(prefix + declared.get("name"))
        self.types = [declared.get("name") for declared in schema.iter(XSD + "complexType", XSD + "simpleType") if declared.get("name")]
        self.steps = [
            self.drop, self.double, self.swap, self.move, self.rename, self.change_text, self.change_text,
            self.change_attribute, self.change_attribute, self.add_attribute, self.drop_attribute, self.add_type, self.add_nil,
            self.edit_text, self.strip_namespace,
        ]

    def document(self):
        root = copy.deepcopy(self.random.choice(self.valid))
        for _ in range(self.random.choice([1, 1, 1, 2, 2, 3])):
            self.random.choice(self.steps)(root)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True)

    def element(self, root, inner=True):
        elements = list(root.iter(etree.Element))
        return self.random.choice(elements[1:] if inner and len(elements) > 1 else elements)

    def drop(self, root):
        element = self.element(root)
        if element.getparent() is not None:
            element.getparent().remove(element)

    def double(self, root):
        element = self.element(root)
        if element.getparent() is not None:
            element.addnext(copy.deepcopy(element))

    def swap(self, root):
        element = self.element(root)
        if element.getnext() is not None:
            element.getnext().addnext(element)

    def move(self, root):
        element, parent = self.element(root), self.element(root, inner=False)
        if element.getparent() is not None:
            parent.insert(self.random.randrange(len(parent) + 1), copy.deepcopy(element))

    def rename(self, root):
        self.element(root).tag = self.random.choice(self.names)

    def strip_namespace(self, root):
        element = self.element(root, inner=False)
        element.tag = etree.QName(element).localname

    def change_text(self, root):
        leaves = [element for element in root.iter(etree.Element) if len(element) == 0]
        self.random.choice(leaves).text = self.random.choice(self.values)

    def edit_text(self, root):
        element = self.element(root)
        text = list(element.text or "")
        at = self.random.randrange(len(text) + 1)
        if text and self.random.random() < 0.4:
            del text[min(at, len(text) - 1)]
        else:
            text.insert(at, self.random.choice("01 -.:aZ+é\u0661"))
        element.text = "".join(text)

    def attributed(self, root):
        elements = [element for element in root.iter(etree.Element) if element.attrib]
        return self.random.choice(elements) if elements else None

    def change_attribute(self, root):
        element = self.attributed(root)
        if element is not None:
            name = self.random.choice(sorted(element.attrib))
            element.set(name, self.random.choice(self.values))

    def drop_attribute(self, root):
        element = self.attributed(root)
        if element is not None:
            del element.attrib[self.random.choice(sorted(element.attrib))]

    def add_attribute(self, root):
        if self.attributes:
            self.element(root).set(self.random.choice(self.attributes), self.random.choice(self.values))

    def add_type(self, root):
        element = self.element(root)
        prefixes = sorted(prefix or "" for prefix in element.nsmap)
        own = self.random.choice(prefixes or [""])
        names = self.types + ["string", "int", "decimal", "anyType", "token"]
        element.set(XSI + "type", f"{own}:{self.random.choice(names)}" if own else self.random.choice(names))

    def add_nil(self, root):
        element = self.element(root)
        element.set(XSI + "nil", self.random.choice(["true", "1", "false", "yes"]))
        if self.random.random() < 0.5:
            element.text = None
            for child in list(element):
                element.remove(child)


def ours(packetcheck, schema, paths):
    """What packetcheck says of each document: nothing, or its errors."""
    errors = {}
    for start in range(0, len(paths), 500):
        command = [packetcheck, "check", "--format", "jsonl", "--schema", str(schema), *map(str, paths[start : start + 500])]
        run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        if run.returncode == 2:
            sys.exit(f"packetcheck cannot check {schema}: {run.stderr}")
        for line in run.stdout.splitlines():
            report = json.loads(line)
            found = [each for each in report["diagnostics"] if each["severity"] == "error"]
            errors[report["path"]] = [f"{each['code']} {each['path']}: {each['message']}" for each in found]
    return [errors[str(path)] for path in paths]


def theirs(schema, path):
    """What xmlschema says."""
    try:
        return [f"{error.path}: {error.reason}" for error in schema.iter_errors(str(path))]
    except Exception as error:  # A processor that breaks down has refused the document.
        return [f"broke down: {type(error).__name__}: {error}"]


def opinion(second, path):
    """What libxml2 says, where the two differ: of use to those who look into it."""
    return "accepts" if second is not None and second.validate(etree.parse(str(path))) else "does not accept"


def second_opinion(path):
    try:
        return etree.XMLSchema(etree.parse(str(path)))
    except etree.XMLSchemaParseError:
        return None


def read_explained():
    """Rows of schema, who refuses, an expression for every error that the one who refuses tells, the reason."""
    with open(FOLDER / "explained.tsv", encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if row and not row[0].startswith("#")]
    return [(schema, refuses, re.compile(expression)) for schema, refuses, expression, _ in rows]


def explanations(explained, schema, refuses, errors):
    """The rows that explain all of the errors; none where one is not explained."""
    used = set()
    for error in errors:
        fitting = [row for row in explained if row[0] in (schema, "*") and row[1] == refuses and row[2].search(error)]
        if not fitting:
            return set()
        used.add(explained.index(fitting[0]))
    return used


def compare(folder, arguments, explained):
    """Prints what is not explained; returns how much that is, and the explanations used."""
    path = folder / "schema.xsd"
    schema, second = xmlschema.XMLSchema10(str(path)), second_opinion(path)
    mutator = Mutator(folder, arguments.seed)
    wrong, used, valid, differ = 0, set(), 0, 0
    with tempfile.TemporaryDirectory() as temporary:
        paths = []
        for number in range(arguments.documents):
            paths.append(pathlib.Path(temporary) / f"{number}.xml")
            paths[-1].write_bytes(mutator.document())
        for document, our_errors in zip(paths, ours(arguments.packetcheck, path, paths)):
            their_errors = theirs(schema, document)
            valid += not our_errors
            if bool(our_errors) == bool(their_errors):
                continue
            differ += 1
            refuses = "ours" if our_errors else "theirs"
            reasons = explanations(explained, folder.name, refuses, our_errors or their_errors)
            used |= reasons
            if not reasons:
                wrong += 1
                print(f"{folder.name}: refused by {refuses}; libxml2 {opinion(second, document)} it")
                print("\n".join((our_errors or their_errors)[:5]))
                print(document.read_text(encoding="utf-8"), end="\n\n")
    print(f"{folder.name}: {arguments.documents} documents, {valid} valid, {differ} verdicts differ, {wrong} unexplained")
    return wrong, used


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packetcheck", required=True)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("schemas", nargs="*", help="folders of tests/compare/mutated; all, if none is named")
    arguments = parser.parse_args()
    explained = read_explained()
    folders = [FOLDER / name for name in arguments.schemas] or sorted(path for path in FOLDER.iterdir() if path.is_dir())
    wrong, used = 0, set()
    for folder in folders:
        more, reasons = compare(folder, arguments, explained)
        wrong, used = wrong + more, used | reasons
    for index, (schema, refuses, expression) in enumerate(explained):
        if index not in used:
            print(f"not met this time: {schema}, refused by {refuses}: {expression.pattern}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
