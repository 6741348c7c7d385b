"""What a story page costs, beside a bare Django template of the same size measured in the same minute.

Processor time of the whole request, in a process of its own, without a network (`measured_story` says what is in it).
The kinds take turns, so that whatever else the machine does falls on all of them; the median of the rounds counts.
Ratios travel from one machine to another, milliseconds do not. Nothing here fails: the figures are for people to compare.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys

from tests.bench.sites import SHORT, STORY, environment, made_site
from tests.operating.processes import ROOT

ROUNDS = 5 if SHORT else 15
REQUESTS = 4 if SHORT else 20  # in a round, of each kind


def bench_story_page() -> None:
    site = made_site(1_000)
    load_before = os.getloadavg()[0]
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/bench/measured_story.py"), STORY, str(ROUNDS), str(REQUESTS)],
        env={**environment(site), "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}"},
        cwd=ROOT / "site",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    print(
        f"\n\nStory page of `make_stories`, 1,000 stories: {found['bytes']} bytes of HTML, as the bare page has"
    )
    print(f"  processor time of a request, median of {ROUNDS} rounds of {REQUESTS}, taken in turns")
    base = found["kinds"]["bare template"][0]
    for name, (median, least, most, queries) in found["kinds"].items():
        print(
            f"  {name:50} {median:8.2f} ms  x {median / base:6.1f}   "
            f"{least:.2f} to {most:.2f} ms   {queries} queries"
        )
    print("  Wanted: rendered at most x 10 with 12 queries, from the stored page x 2.5 with 3 queries.")
    print(
        f"  SQLite, Python {platform.python_version()}, {os.cpu_count()} cores, load {load_before:.2f} before and "
        f"{os.getloadavg()[0]:.2f} after"
    )
