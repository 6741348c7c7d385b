"""What bringing an archive costs, step by step, up to stored public pages.

Wanted: 200 stories a second of text-only import with stored pages, which is 5 ms for all steps. The statements are
limited by tests; the time is only printed. SHORT=1 brings fewer stories.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.bench.sites import SHORT, copy_of, environment, made_site, table
from tests.operating.processes import ROOT

ROWS = 200 if SHORT else 1_000


def bench_importing(tmp_path: Path) -> None:
    with copy_of(made_site(0), tmp_path) as var:
        done = subprocess.run(
            [sys.executable, str(ROOT / "tests/bench/importer.py"), str(tmp_path), str(ROWS)],
            env={**environment(var), "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}"},
            cwd=ROOT / "site",
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["public"] == found["stored"] == ROWS
    steps = found["steps"]
    rows = [("step", "CPU a story", "a second", "statements")]
    rows += [
        (name, f"{ms:.1f} ms", f"{1000 / ms:.0f}", f"{statements:.1f}")
        for name, (ms, statements) in steps.items()
    ]
    for title, names in (
        ("import to public pages", ("import a story", "publish a story", "store its page")),
        ("with its consent", ("import a story", "record a consent", "publish a story", "store its page")),
    ):
        ms = sum(steps[name][0] for name in names)
        rows.append((title, f"{ms:.1f} ms", f"{1000 / ms:.0f}", ""))
    table(f"Bringing {ROWS:,} stories of words", rows)
