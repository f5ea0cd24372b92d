#!/usr/bin/env python3
"""Holds the rules in the embedded schemas against an independent Schematron processor.

lxml's isoschematron gathers the rules from the same XSD files (it follows their includes) and runs them as XSLT; lxml's
XMLSchema checks the rest. Both together must give the expected verdict of every sample under tests/data/plesk. With the
path of a packetcheck command it also invents response packets and compares verdicts and the texts of rules:

    python3 tests/compare/schematron.py [--packetcheck target/debug/packetcheck [--packets 1000] [--seed 1]]

Needs Python 3.9 or later and lxml 5 or later (pip install lxml). Outside the default test run.
"""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile

from lxml import etree, isoschematron

from samples import DATA, REFUSED_DOCTYPE, SCHEMAS, read_expected

SVRL = "{http://purl.oclc.org/dsdl/svrl}"


class Independent:
    """One schema, as lxml sees it."""

    def __init__(self, path):
        tree = etree.parse(str(path))
        self.schema = etree.XMLSchema(tree)
        self.rules = isoschematron.Schematron(tree, store_report=True)

    def judge(self, source):
        """The verdict on the bytes, and the texts of the rules that fired, each with its severity."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            document = etree.fromstring(source, parser).getroottree()
        except etree.XMLSyntaxError:
            return "invalid", collections.Counter()
        if not self.schema.validate(document):
            return "invalid", collections.Counter()
        self.rules.validate(document)
        fired = collections.Counter()
        for element in self.rules.validation_report.iter(SVRL + "failed-assert", SVRL + "successful-report"):
            text = " ".join("".join(element.find(SVRL + "text").itertext()).split())
            fired[element.get("role", "error"), text] += 1
        severities = {severity for severity, _ in fired}
        verdict = "invalid" if "error" in severities else "warning" if severities else "valid"
        return verdict, fired


def compare_samples(independent):
    wrong, checked = [], 0
    for name, kind, expected in read_expected():
        checked += 1
        verdict, _ = independent[kind].judge((DATA / name).read_bytes())
        if name not in REFUSED_DOCTYPE and verdict != expected:
            wrong.append(f"{name}: expected {expected}, found {verdict}")
    print("\n".join([*wrong, f"{checked} samples, {len(wrong)} differences"]))
    return not wrong


class Inventor:
    """Invents response packets: mostly right, with every oddity that the rules are about, and some plain faults."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def packet(self):
        body = "".join(self.migration() for _ in range(self.random.choice([1, 1, 1, 2])))
        if self.chance(15):
            body = f"<system>{self.common()}</system>"
        output = "<output>sh: not found</output>" if self.chance(10) else ""
        version = ' version="1.6.8.0"' if self.chance(70) else ""
        return f"<packet{version}>{body}{output}</packet>"

    def migration(self):
        operations = "".join(
            f"<get_status><result>{self.common()}{self.body()}</result></get_status>"
            for _ in range(self.random.choice([1, 1, 2, 3]))
        )
        return f"<migration>{operations}</migration>"

    def common(self):
        status = self.random.choice(["ok", "ok", "ok", "error", "error"] + ["Ok"] * self.chance(5))
        likely = 85 if status == "error" else 8
        code = f"<errcode>{self.random.choice(['1013', '0', '+5', '15006'])}</errcode>" if self.chance(likely) else ""
        text = f"<errtext>{self.random.choice(['', 'no &amp; never', 'Нет'])}</errtext>" if self.chance(likely) else ""
        return f"<status>{status}</status>{code}{text}"

    def body(self):
        return self.random.choice([self.progress, self.progress, self.finished, self.finished, self.finished, str])()

    def number(self):
        return self.random.choice(["0", "10", "33", "+33", "034", " 34\n", "-1", "-0", "x", "9" * 30])

    def progress(self):
        description = "<description>mail</description>" if self.chance(30) else ""
        total, completed = (f"<{name}>{self.number()}</{name}>" for name in ("total", "completed"))
        return f"<migration_status>{total}{completed}{description}</migration_status>"

    def finished(self):
        success = self.random.choice(["<success/>"] * 5 + ["<success> </success>", '<success a="b"/>', "<success><x/></success>"])
        errors = "".join(self.error() for _ in range(self.random.choice([0, 1, 1, 2, 3])))
        return f"<finished>{success if self.chance(50) else ''}{errors if self.chance(60) else ''}</finished>"

    def error(self):
        parts = self.random.choice(["", "m", "o", "om", "om", "om", "omm", "mo", "mom", "mm", "oo", "momm"])
        return f"<error>{''.join(self.object() if part == 'o' else '<message>no</message>' for part in parts)}</error>"

    def object(self):
        return self.random.choice(
            ["<object><type>t</type><name>n</name></object>"] * 4
            + ["<object/>", "<object><type/></object>", "<object><name>n</name></object>", "<object><name/><type/></object>"]
        )


def compare_invented(independent, command, packets, seed):
    inventor = Inventor(seed)
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number in range(packets):
            path = pathlib.Path(folder) / f"{number:06}.xml"
            path.write_text(inventor.packet(), encoding="utf-8")
            paths.append(path)
        run = subprocess.run(
            [command, "check", "--as", "plesk-response", "--format", "jsonl", *map(str, paths)],
            capture_output=True, text=True, encoding="utf-8",
        )
        answers = {pathlib.Path(answer["path"]).name: answer for answer in map(json.loads, run.stdout.splitlines())}
        wrong, verdicts = [], collections.Counter()
        for path in paths:
            source = path.read_bytes()
            verdict, fired = independent.judge(source)
            verdicts[verdict] += 1
            answer = answers.get(path.name, {"verdict": "missing", "diagnostics": []})
            found = collections.Counter((item["severity"], item["message"]) for item in answer["diagnostics"])
            own = answer["verdict"]
            if own == "valid" and found:
                own = "warning"
            # Where the structure is wrong there are no rules to compare: packetcheck says more than lxml was asked.
            if own != verdict or (fired and fired != found):
                wrong.append(f"{source.decode()}\n  lxml: {verdict} {dict(fired)}\n  packetcheck: {own} {dict(found)}")
    print("\n".join([*wrong[:20], f"{packets} invented packets ({dict(verdicts)}), {len(wrong)} differences"]))
    return not wrong


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--packetcheck", help="the command to compare with")
    arguments.add_argument("--packets", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    independent = {kind: Independent(path) for kind, path in SCHEMAS.items()}
    agreed = compare_samples(independent)
    if options.packetcheck:
        agreed &= compare_invented(
            independent["plesk-response"], options.packetcheck, options.packets, options.seed
        )
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())
