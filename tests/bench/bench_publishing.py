"""How long a publication takes, and how soon a visitor sees it through the page cache.

Targets: a publication costs at most 80 ms at any size (exponent at most 0.1); it is seen at most 250 ms later (p99).
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

from tests.bench.sites import SHORT, copy_of, environment, made_site, median, served, table
from tests.operating.processes import ROOT

SIZES = (1_000,) if SHORT else (1_000, 20_000)
TIMES = 10 if SHORT else 60


def bench_publishing(tmp_path: Path) -> None:
    rows = [("stories", "publication, CPU", "seen after, median", "p99")]
    costs = []
    for size in SIZES:
        with copy_of(made_site(size), tmp_path) as var, served(var, tmp_path, workers="2") as site:
            command = [
                sys.executable,
                str(ROOT / "tests/bench/publisher.py"),
                site,
                "made-story-000010",
                str(TIMES),
            ]
            done = subprocess.run(
                command,
                env={**environment(var, SITE_URL=site), "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}"},
                cwd=ROOT / "site",
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr[-3000:]
            found = json.loads(done.stdout.strip().splitlines()[-1])
        seen = sorted(found["seen"])
        costs.append(median(found["published"]))
        p99 = seen[min(len(seen) - 1, math.ceil(len(seen) * 0.99) - 1)]
        rows.append((f"{size:,}", f"{costs[-1]:.0f} ms", f"{median(seen):.0f} ms", f"{p99:.0f} ms"))
    if len(SIZES) > 1:
        growth = math.log(costs[-1] / costs[0]) / math.log(SIZES[-1] / SIZES[0])
        rows.append(("exponent", f"{growth:.2f}", "", ""))
    table("Publishing a story", rows)
