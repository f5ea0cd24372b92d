"""Answers of Plesk to `get_status`, all different, with what is expected of each; the same in every run."""

import random

COUNT = 200_000


def packets(count=COUNT, seed=7):
    """Yields (code, state, packet): the code of the first diagnostic, and the state of the migration."""
    draw = random.Random(seed)
    for number in range(count):
        form, code, state = draw.choices(CASES, WEIGHTS)[0]
        total = draw.randrange(2, 1_000_000)
        values = {"number": number, "total": total, "completed": draw.randrange(1, total)}
        values |= {"name": draw.choice(NAMES), "version": draw.choice(VERSIONS)}
        yield code, state, (HEAD + form + TAIL).format_map(values).encode()


VERSIONS = ["1.6.9.0", "1.6.8.0", "1.6.7.0", "1.6.3.5"]
NAMES = ["d1.qa", "kunde &amp; söhne", "имя.example", "example.org"]
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<packet version="{version}">
  <migration>
    <get_status>
      <result>
"""
TAIL = """
      </result>
    </get_status>
  </migration>
</packet>
"""
RUNNING = """        <status>ok</status>
        <migration_status>
          <total>{total}</total>
          <completed>{completed}</completed>
          <description>Copying subscription "{name}" ({number})</description>
        </migration_status>"""
FINISHED = """        <status>ok</status>
        <finished>
          <error>
            <object>
              <type>domain</type>
              <name>{name}-{number}</name>
            </object>
            <message>The mail service could not be moved</message>
          </error>
        </finished>"""
SUCCEEDED = """        <status>ok</status>
        <finished>
          <success/>
        </finished>"""
REFUSED = """        <status>error</status>
        <errcode>1013</errcode>
        <errtext>Migration {number} does not exist</errtext>"""

# Of 100 packets 8 are invalid, and 5 valid with a warning.
CASES = [
    (RUNNING, None, "running"),
    (FINISHED, None, "failed"),
    (SUCCEEDED, None, "succeeded"),
    (REFUSED, None, "unknown"),
    (SUCCEEDED.replace("<finished>", "<errcode>0</errcode>\n        <finished>"), "PC0502", "succeeded"),
    (RUNNING.replace("<total>{total}", "<total>many"), "PC0401", None),
    (REFUSED.replace("        <errcode>1013</errcode>\n", ""), "PC0501", None),
    (RUNNING.replace("completed>", "complete>"), "PC0204", None),
]
WEIGHTS = [40, 17, 20, 10, 5, 3, 3, 2]
