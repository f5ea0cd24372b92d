"""Packets per CPU second, over 200,000 varied packets: columns against the loop in Rust, and against lxml row by row.

    cargo build --release --example rust_loop
    python bench.py TARGET/release/examples/rust_loop
"""

import ctypes
import gc
import struct
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
from lxml import etree

import packetcheck

HERE = Path(__file__).parent
sys.path.append(str(HERE / "tests"))
from packets import packets  # noqa: E402

ROUNDS = 5


def seconds(run):
    """CPU seconds of the fastest of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        begin = time.process_time()
        run()
        best = min(best, time.process_time() - begin)
    return best


def held():
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def main():
    rows = [packet for *_, packet in packets()]
    array = pa.array(rows)
    text = array.cast(pa.utf8())
    schema = packetcheck.Schema.from_files(HERE.parent.parent / "schemas" / "plesk" / "response.xsd")
    xsd = etree.XMLSchema(etree.parse(HERE.parent.parent / "schemas" / "plesk" / "response.xsd"))
    kind = "plesk-response"

    framed = b"".join(struct.pack("<I", len(row)) + row for row in rows)
    loop = subprocess.run([sys.argv[1]], input=framed, capture_output=True, check=True)
    valid, rust, rust_detected, rust_explain = map(float, loop.stdout.split())
    assert int(valid) == pa.array(packetcheck.is_valid_batch(array, kind=kind)).to_numpy(False).sum()

    def by_lxml():
        for row in rows:
            try:
                xsd.validate(etree.fromstring(row))
            except etree.XMLSyntaxError:
                pass

    lxml = seconds(by_lxml)
    measured = {
        "Rust, is_valid": rust,
        "is_valid_batch, binary": seconds(lambda: packetcheck.is_valid_batch(array, kind=kind)),
        "is_valid_batch, utf8": seconds(lambda: packetcheck.is_valid_batch(text, kind=kind)),
        "Rust, is_valid, kind detected": rust_detected,
        "is_valid_batch, kind detected": seconds(lambda: packetcheck.is_valid_batch(array)),
        "is_valid_batch, schema of files": seconds(lambda: packetcheck.is_valid_batch(array, schema=schema)),
        "is_valid, row by row": seconds(lambda: [packetcheck.is_valid(row, kind=kind) for row in rows]),
        "Rust, explain": rust_explain,
        "check_batch": seconds(lambda: packetcheck.check_batch(array, kind=kind)),
        "check_batch, schema of files": seconds(lambda: packetcheck.check_batch(array, schema=schema)),
        "status_batch": seconds(lambda: packetcheck.status_batch(array, kind=kind)),
        "decode_batch": seconds(
            lambda: packetcheck.decode_batch(array, schema=schema, path="/packet/migration/get_status/result")
        ),
        "explain, row by row": seconds(lambda: [packetcheck.explain(row, kind=kind) for row in rows]),
        "lxml, XMLSchema row by row": lxml,
    }
    print(f"{len(rows):,} packets, {len(framed) / len(rows):.0f} bytes each; the best of {ROUNDS} rounds\n")
    print("| | packets per CPU second | times lxml |\n|---|--:|--:|")
    for name, taken in measured.items():
        print(f"| {name} | {len(rows) / taken:,.0f} | {lxml / taken:.1f} |")
    is_valid, check = measured["is_valid_batch, binary"], measured["check_batch"]
    print(f"\nis_valid_batch takes {is_valid / rust:.2f} times as long as the loop in Rust (at most 1.2 is wanted)")
    print(f"is_valid_batch {lxml / is_valid:.1f} times lxml (30), check_batch {lxml / check:.1f} times lxml (10)")

    before = held()
    for _ in range(60):
        packetcheck.check_batch(array, kind=kind)
    print(f"memory after 60 batches more: {(held() - before) / 1e6:+.1f} MB")


if __name__ == "__main__":
    main()
