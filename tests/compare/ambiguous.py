#!/usr/bin/env python3
"""Compares which content models are ambiguous (cos-nonambig, Unique Particle Attribution) by four judges.

    ambiguous.py PROGRAM [COUNT [SEED]]

Random content models over three names, with choices, sequences, occurrences and a second declaration of a name, are judged by
`PROGRAM schema check`, by the definition itself, by libxml2 (lxml) and by the Python package xmlschema. What is installed of the
last two is asked. Exits with 1 if the program and the definition differ.

The definition: occurrences are written out, each copy of a particle keeps the number of the particle in the schema, and wherever
two copies with different numbers can take the same next name, the model is ambiguous.
"""

import itertools
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import lxml.etree
except ImportError:
    lxml = None
try:
    import xmlschema
except ImportError:
    xmlschema = None

NAMES = "abc"


def model(rng, depth, count):
    """A random particle: (kind, minimum, maximum or None, name and number or members)."""
    low = rng.choice([0, 1, 1, 1, 2])
    high = rng.choice([low, low, low + 1, None]) if low else rng.choice([1, 1, 2, None])
    if depth == 0 or rng.random() < 0.4:
        return ("element", low, high, (rng.choice(NAMES), next(count)))
    members = [model(rng, depth - 1, count) for _ in range(rng.randint(1, 3))]
    return (rng.choice(["sequence", "choice"]), low, high, members)


def written(particle):
    kind, low, high, inner = particle
    occurs = f' minOccurs="{low}" maxOccurs="{"unbounded" if high is None else high}"'
    if kind == "element":
        return f'<xs:element ref="{inner[0]}"{occurs}/>'
    return f"<xs:{kind}{occurs}>{''.join(map(written, inner))}</xs:{kind}>"


class Automaton:
    """Positions of the particle written out: a position is a name and the number of its particle."""

    def __init__(self):
        self.positions, self.follow = [], []

    def of(self, particle):
        """(may be empty, first positions, last positions)"""
        kind, low, high, inner = particle
        rounds = [self.once(kind, inner) for _ in range(max(low, 1) if high is None else high)]
        empty, first, last = True, set(), set()
        for number, (one_empty, one_first, one_last) in enumerate(rounds):
            may_be_left_out = one_empty or number >= low
            for position in last:
                self.follow[position] |= one_first
            if empty:
                first |= one_first
            last = one_last | (last if may_be_left_out else set())
            empty = empty and may_be_left_out
        if high is None and rounds:
            one_first, one_last = rounds[-1][1], rounds[-1][2]
            for position in one_last:
                self.follow[position] |= one_first
        return empty, first, last

    def once(self, kind, inner):
        if kind == "element":
            self.positions.append(inner)
            self.follow.append(set())
            return False, {len(self.positions) - 1}, {len(self.positions) - 1}
        parts = [self.of(member) for member in inner]
        if kind == "choice":
            empties, firsts, lasts = zip(*parts)
            return any(empties), set().union(*firsts), set().union(*lasts)
        empty, first, last = True, set(), set()
        for part_empty, part_first, part_last in parts:
            for position in last:
                self.follow[position] |= part_first
            if empty:
                first |= part_first
            last = part_last | (last if part_empty else set())
            empty = empty and part_empty
        return empty, first, last

    def is_ambiguous(self, particle):
        _, first, _ = self.of(particle)
        seen, queue = set(), [frozenset(first)]
        while queue:
            following = queue.pop()
            for name in NAMES:
                taken = frozenset(position for position in following if self.positions[position][0] == name)
                if len({self.positions[position][1] for position in taken}) > 1:
                    return True
                after = frozenset(itertools.chain.from_iterable(self.follow[position] for position in taken))
                if after and after not in seen:
                    seen.add(after)
                    queue.append(after)
        return False


def schema(particle):
    names = "".join(f'<xs:element name="{name}"/>' for name in NAMES)
    root = particle if particle[0] != "element" else ("sequence", 1, 1, [particle])
    content = written(root)
    return (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{names}'
        f'<xs:element name="r"><xs:complexType>{content}</xs:complexType></xs:element></xs:schema>'
    )


def by_program(program, path):
    """Whether it is ambiguous; None: something else is wrong."""
    command = [program, "schema", "check", "--format", "json", path]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    files = [file for result in report["results"] for file in result["files"]]
    codes = {diagnostic["code"] for file in files for diagnostic in file["diagnostics"]}
    return False if not codes else True if codes == {"PC1116"} else None


def by_libxml2(text):
    if lxml is None:
        return None
    try:
        lxml.etree.XMLSchema(lxml.etree.fromstring(text))
        return False
    except lxml.etree.XMLSchemaParseError as error:
        return True if "determinist" in str(error) else None


def by_xmlschema(text):
    if xmlschema is None:
        return None
    try:
        xmlschema.XMLSchema10(text)
        return False
    except xmlschema.XMLSchemaModelError:
        return True
    except xmlschema.XMLSchemaException:
        return None


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.xsd")
        wrong, ambiguous, others = 0, 0, {"libxml2": [0, 0], "xmlschema": [0, 0]}
        for _ in range(count):
            particle = model(rng, 2, itertools.count())
            text = schema(particle)
            Path(path).write_text(text, encoding="utf-8")
            right, ours = Automaton().is_ambiguous(particle), by_program(program, path)
            ambiguous += right
            if ours != right:
                wrong += 1
                print(f"the program says {ours}, the definition {right}:\n  {text[text.index('<xs:complexType>') :]}")
            for name, judge in (("libxml2", by_libxml2), ("xmlschema", by_xmlschema)):
                verdict = judge(text)
                if verdict is not None and verdict != right:
                    others[name][int(right)] += 1
                    if sum(others[name]) <= 3:
                        print(f"{name} says {verdict}, the definition {right}:\n  {text[text.index('<xs:complexType>') :]}")
    print(f"{count} content models, {ambiguous} of them ambiguous: {wrong} judged otherwise than by the definition")
    for name, (refused, accepted) in others.items():
        print(f"{name}: {refused} refused that are not ambiguous, {accepted} accepted that are")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
