#!/usr/bin/env python3
"""Holds the tests of Schematron rules against libxml2's XPath 1.0.

Invents expressions of the supported part and documents, puts the expressions as reports into one schema, and compares
which of them packetcheck reports on each document with what lxml evaluates:

    python3 tests/compare/xpath.py --packetcheck target/debug/packetcheck [--rounds 20] [--seed 1]

Needs Python 3.9 or later and lxml 5 or later (pip install lxml). Outside the default test run.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
from xml.sax.saxutils import quoteattr

from lxml import etree

SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:sch="http://purl.oclc.org/dsdl/schematron">
<xs:annotation><xs:appinfo><sch:pattern><sch:rule context="r">
%s
</sch:rule></sch:pattern></xs:appinfo></xs:annotation>
<xs:element name="r" type="letters"/>
<xs:complexType name="letters" mixed="true">
  <xs:choice minOccurs="0" maxOccurs="unbounded">
    <xs:element name="a" type="xs:string"/>
    <xs:element name="b" type="xs:string"/>
    <xs:element name="c" type="xs:string"/>
    <xs:element name="g" type="letters"/>
  </xs:choice>
  <xs:attribute name="x"/><xs:attribute name="y"/>
</xs:complexType>
</xs:schema>
"""
# `@*` alone has no order, so nothing here asks for the first of several attributes.
NODES = ["a", "b", "c", "g", "*", ".", "@x", "@y"]
RULES, DOCUMENTS = 40, 40


class Inventor:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *choices):
        return self.random.choice(choices)

    def operand(self):
        node = self.pick(*NODES)
        return self.pick(
            node, node, node, f"count({self.pick('a', 'b', '*', '@x', '@*')})", f"number({node})",
            f"string-length({node})", f"normalize-space({node})", f"translate({node}, '+ok', 'xO')", f"-{node}",
            "0", "1", "2", "-2.5", ".5", "3.", "'1'", "''", "'ok'", '"-3"', "true()", "false()", "string-length()",
        )

    def expression(self, depth=3):
        if depth == 0 or self.random.random() < 0.3:
            operator = self.pick("=", "!=", "<", "<=", ">", ">=")
            return self.pick(
                f"{self.operand()} {operator} {self.operand()}",
                f"{self.operand()} {operator} {self.operand()}",
                f"{self.operand()} {operator} {self.operand()} {operator} {self.operand()}",
                self.operand(),
                self.pick("text()", "@*", "a/following-sibling::b", "*/preceding-sibling::c", "c/following-sibling::*"),
            )
        left, right = self.expression(depth - 1), self.expression(depth - 1)
        return self.pick(
            f"not({left})", f"boolean({left})", f"{left} and {right}", f"{left} or {right}", f"boolean({left}) = boolean({right})",
            f"({left} or {right}) and {left}",
        )

    def element(self, name, depth):
        attributes = "".join(f' {name}="{self.text()}"' for name in "xy" if self.random.random() < 0.4)
        parts = []
        for _ in range(self.random.randrange(6)):
            child = self.pick("a", "b", "c", "g", "text")
            if child == "g" and depth:
                parts.append(self.element("g", depth - 1))
            elif child == "text":
                parts.append(self.text())
            elif child != "g":
                parts.append(f"<{child}>{self.text()}</{child}>")
        return f"<{name}{attributes}>{''.join(parts)}</{name}>"

    def text(self):
        # No exponents: libxml2 reads "1e3" as a number, which XPath 1.0 does not.
        return self.pick("", "", "1", "ok", " 2.5\n", "+1", "-3", "&#49;", "o k", ".5", "-.5", "3.", "Infinity")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--packetcheck", required=True, help="the command to compare with")
    arguments.add_argument("--rounds", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    inventor = Inventor(options.seed)
    wrong, fired_in_all = [], 0
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            tests = [inventor.expression() for _ in range(RULES)]
            reports = [
                f'<sch:report role="warning" test={quoteattr(test)}>rule {number}</sch:report>'
                for number, test in enumerate(tests)
            ]
            schema = folder / "schema.xsd"
            schema.write_text(SCHEMA % "\n".join(reports), encoding="utf-8")
            paths = [folder / f"{number:03}.xml" for number in range(DOCUMENTS)]
            for path in paths:
                path.write_text(inventor.element("r", 2), encoding="utf-8")
            run = subprocess.run(
                [options.packetcheck, "check", "--schema", str(schema), "--format", "jsonl", *map(str, paths)],
                capture_output=True, text=True, encoding="utf-8",
            )
            answers = {pathlib.Path(answer["path"]).name: answer for answer in map(json.loads, run.stdout.splitlines())}
            if not answers:
                sys.exit(f"no answer from {options.packetcheck}: {run.stderr}")
            for path in paths:
                root = etree.parse(str(path)).getroot()
                expected = {number for number, test in enumerate(tests) if root.xpath(f"boolean({test})")}
                found = {int(item["message"].split()[1]) for item in answers[path.name]["diagnostics"]}
                fired_in_all += len(expected)
                for number in sorted(expected ^ found):
                    wrong.append(f"{tests[number]} on {path.read_text(encoding='utf-8')!r}: lxml says {number in expected}")
    checked = options.rounds * RULES * DOCUMENTS
    print("\n".join([*wrong[:20], f"{checked} evaluations, {fired_in_all} true, {len(wrong)} differences"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
