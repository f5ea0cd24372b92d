#!/usr/bin/env python3
"""Holds the embedded schemas against xmllint: it loads them as plain XSD 1.0 and must agree with every expected
verdict under tests/data/plesk, but for what XSD 1.0 cannot say (rules decide that) and for DOCTYPEs.

Needs Python 3.9 or later and xmllint (Debian: libxml2-utils). Outside the default test run:

    python3 tests/compare/xmllint.py
"""

import collections
import subprocess
import sys

from samples import DATA, REFUSED_DOCTYPE, SCHEMAS, read_expected

# Invalid by a rule alone: the schema as XSD accepts them.
DECIDED_BY_RULES = {
    "differences/10_ok_without_body.xml",
    "differences/12_error_without_errcode.xml",
    "differences/12_error_without_errtext.xml",
    "differences/12_error_without_both.xml",
    "operations/start_ok_without_migration_id.xml",
    "operations/start_error_without_errcode.xml",
    "operations/start_error_without_errtext.xml",
    "operations/start_error_without_both.xml",
    "operations/check_error_without_errcode.xml",
    "operations/check_error_without_errtext.xml",
    "operations/check_error_without_both.xml",
    "operations/get_fs_ok_without_fs.xml",
}

# Valid, but libxml2 2.9 refuses them: integers of more than 24 digits, and a sign or blanks in unsignedInt.
REFUSED_BY_OLD_LIBXML2 = {
    "agreed/total_of_thirty_digits.xml",
    "agreed/errcode_plus.xml",
    "agreed/errcode_minus_zero.xml",
    "agreed/errcode_blanks.xml",
}


def main():
    by_kind = collections.defaultdict(dict)
    for name, kind, verdict in read_expected():
        by_kind[kind][name] = verdict
    listed = DECIDED_BY_RULES | REFUSED_DOCTYPE | REFUSED_BY_OLD_LIBXML2
    wrong, checked, seen = [], 0, set()
    for kind, expected in sorted(by_kind.items()):
        command = ["xmllint", "--nonet", "--noout", "--schema", str(SCHEMAS[kind]), *expected]
        run = subprocess.run(command, cwd=DATA, capture_output=True, text=True, encoding="utf-8", errors="replace")
        if "failed to compile" in run.stderr:
            sys.exit(f"{SCHEMAS[kind]} does not load:\n{run.stderr}")
        accepted = {line[: -len(" validates")] for line in run.stderr.splitlines() if line.endswith(" validates")}
        for name, verdict in expected.items():
            checked += 1
            wanted = verdict != "invalid"
            if name in listed:
                seen.add(name)
                wanted = True
            if (name in accepted) != wanted and name not in REFUSED_BY_OLD_LIBXML2:
                wrong.append(f"{name}: expected {verdict}, xmllint {'accepts' if name in accepted else 'refuses'} it")
    wrong += [f"{name}: listed here, but not among the samples" for name in sorted(listed - seen)]
    print("\n".join([*wrong, f"{checked} samples, {len(wrong)} differences"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
