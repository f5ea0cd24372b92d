#!/usr/bin/env python3
"""Keeps a run of the peers table, and shows it in README.md.

    peers.py [--rounds N]   runs the table and writes peers.json, then as --draw
    peers.py --draw         writes peers.svg and the rows in README.md from peers.json
    peers.py --check        fails unless both are what --draw writes

peers.json holds what `packetcheck-peers --json` prints, and the machine and the compilers of that run. The run wants
the packages of the feature `c-peers` (benches/peers/README.md) and valgrind; what is missing has no lines, or no
instruction counts.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MANIFEST = HERE.parent / "peers" / "Cargo.toml"
RECORD = HERE / "peers.json"
PICTURE = HERE / "peers.svg"
README = ROOT / "README.md"
MARKS = ("<!-- rows: benches/record/peers.py -->", "<!-- rows end -->")

# The rows of README.md: corpus and contender.
ROWS = [
    ("mix.pretty", "packetcheck validate"),
    ("mix.pretty", "packetcheck decode"),
    ("mix.pretty", "packetcheck encode"),
    ("mix.pretty", "quick-xml raw"),
    ("mix.pretty", "quick-xml serde"),
    ("mix.pretty", "libxml2 and schema"),
    ("sms.example", "packetcheck decode"),
    ("sms.example", "serde_json plain"),
]

# The panels of the picture: a title, a corpus, and the base that the contenders of the panel share.
PANELS = [
    ("Reading XML (mix.pretty)", "mix.pretty", "quick-xml raw"),
    ("Writing XML (mix.pretty)", "mix.pretty", "quick-xml writer"),
    ("Reading JSON (sms.example)", "sms.example", "serde_json plain"),
]

# They read bytes without understanding them: their bars would leave the others no room.
SCANS = {"memchr of <", "simdutf8"}
OURS = ("packetcheck ", "generated ")

PACKAGES = ["librapidxml-dev", "libpugixml-dev", "libexpat1-dev", "libxml2-dev"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=200)
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--draw", action="store_true")
    action.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if not (arguments.draw or arguments.check):
        RECORD.write_text(dump(run(arguments.rounds)), encoding="utf-8")
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    readme = README.read_text(encoding="utf-8")
    drawn = {PICTURE: picture(record), README: with_rows(readme, record)}
    if not arguments.check:
        for path, text in drawn.items():
            path.write_text(text, encoding="utf-8")
        return
    for path, text in drawn.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            sys.exit(f"{path.relative_to(ROOT)} is not what peers.json says: benches/record/peers.py --draw")
    print("picture and rows are those of peers.json")


def run(rounds):
    features = ["--features", "c-peers", "--manifest-path", str(MANIFEST)]
    subprocess.run(["cargo", "build", "--quiet", "--locked", "--release", *features], check=True)
    command = ["cargo", "run", "--quiet", "--locked", "--release", *features, "--", "--json"]
    lines = json.loads(output([*command, "--rounds", str(rounds)]))
    # Apart, so that the times are not those of a machine that has just run valgrind.
    counted = json.loads(output([*command, "--rounds", "1", "--instructions"]))
    for line, with_count in zip(lines, counted, strict=True):
        line["instructions"] = with_count["instructions"]
    return {
        "machine": machine(),
        "rustc": output(["rustc", "--version"]).strip(),
        "c++": output(["c++", "--version"]).splitlines()[0],
        "packages": {name: version for name in PACKAGES if (version := package(name))},
        "rounds": rounds,
        "lines": lines,
    }


def output(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def machine():
    """The processor as it calls itself, with family and model, since cloud machines shorten the name."""
    about = {}
    cpuinfo = Path("/proc/cpuinfo")
    for line in cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []:
        name, _, value = line.partition(":")
        about.setdefault(name.strip(), value.strip())
    name = about.get("model name", platform.processor())
    if "cpu family" in about:
        name += f" (family {about['cpu family']}, model {about['model']})"
    cores = "1 core" if os.cpu_count() == 1 else f"{os.cpu_count()} cores"
    return f"{name}, {cores}, {platform.system()} {platform.machine()}"


def package(name):
    try:
        asked = ["dpkg-query", "--show", "--showformat=${Version}", name]
        answer = subprocess.run(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8")
        return answer.stdout.strip()
    except FileNotFoundError:
        return ""


def dump(record):
    """JSON with one line of the table on each line, so that a change shows what changed."""
    lines = ",\n".join("    " + json.dumps(line) for line in record["lines"])
    head = json.dumps({**record, "lines": []}, indent=2, ensure_ascii=False)
    return head.replace('"lines": []', f'"lines": [\n{lines}\n  ]') + "\n"


def find(record, corpus, contender):
    for line in record["lines"]:
        if (line["corpus"], line["contender"]) == (corpus, contender):
            return line
    return None


def ratio(record, line):
    return find(record, line["corpus"], line["base"])["min_ns"] / line["min_ns"]


def speed(line):
    """Megabytes a second."""
    return line["bytes"] * 1000 / line["min_ns"]


def with_rows(readme, record):
    start, end = (re.escape(mark) for mark in MARKS)
    rows = "\n".join([MARKS[0], "", *rows_of(record), "", MARKS[1]])
    found = re.subn(f"{start}.*?{end}", lambda _: rows, readme, flags=re.DOTALL)
    if found[1] != 1:
        sys.exit(f"README.md: expected {MARKS[0]} and {MARKS[1]} once, found them {found[1]} times")
    return found[0]


def rows_of(record):
    rounds, compiler = record["rounds"], record["rustc"].split(" (")[0]
    yield f"{record['machine']}; {compiler}; {rounds} rounds:"
    yield ""
    yield "| corpus | contender | ns a packet | MB/s | instructions a packet | × base |"
    yield "|---|---|--:|--:|--:|--:|"
    for corpus, contender in ROWS:
        line = find(record, corpus, contender)
        if line is None:
            sys.exit(f"peers.json has no line for {contender}, {corpus}: are all packages installed?")
        counted = f"{line['instructions']:,}" if line["instructions"] else ""
        cells = [corpus, contender, f"{line['min_ns']:,.0f}", f"{speed(line):,.0f}", counted, f"{ratio(record, line):.2f}"]
        yield f"| {' | '.join(cells)} |"


# The picture: a panel below another, a bar for each contender.
WIDTH, BAR, GAP, LABEL, RIGHT = 760, 16, 6, 210, 130

STYLE = """
    text { font: 12px sans-serif; fill: #1f2328 }
    .title { font-weight: bold; font-size: 13px }
    .note { font-size: 11px; fill: #59636e }
    .ours { fill: #1f6feb }
    .peer { fill: #8c959f }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .note { fill: #9198a1 }
      .peer { fill: #6e7681 }
    }
"""


def picture(record):
    parts, top = [], 10
    for title, corpus, base in PANELS:
        lines = [line for line in record["lines"] if (line["corpus"], line["base"]) == (corpus, base)]
        lines = sorted((line for line in lines if line["contender"] not in SCANS), key=speed, reverse=True)
        top += 14
        parts.append(text(10, top, title, "title"))
        top += 10
        for line in lines:
            length = (WIDTH - LABEL - RIGHT) * speed(line) / speed(lines[0])
            kind = "ours" if line["contender"].startswith(OURS) else "peer"
            parts.append(text(LABEL - 8, top + 12, line["contender"], anchor="end"))
            parts.append(f'<rect class="{kind}" x="{LABEL}" y="{top}" width="{length:.1f}" height="{BAR}"/>')
            value = f"{speed(line):,.0f} MB/s, {ratio(record, line):.1f} ×"
            parts.append(text(LABEL + length + 6, top + 12, value))
            top += BAR + GAP
        top += 10
    compiler = record["rustc"].split(" (")[0]
    notes = [
        "× is the speed beside quick-xml raw, quick-xml writer and serde_json plain, which check nothing by a schema.",
        "Each panel has a scale of its own; longer is faster.",
        f"{record['machine']}; {compiler}; least processor time of {record['rounds']} rounds.",
    ]
    for note in notes:
        top += 14
        parts.append(text(10, top, note, "note"))
    height = top + 10
    body = "\n  ".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="Speed of packetcheck and other readers and writers">\n  <style>{STYLE}  </style>\n  {body}\n</svg>\n'
    )


def text(left, top, words, kind="", anchor=""):
    attributes = (f' class="{kind}"' if kind else "") + (f' text-anchor="{anchor}"' if anchor else "")
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{left:.0f}" y="{top}"{attributes}>{escaped}</text>'


if __name__ == "__main__":
    main()
