"""What each kind of page costs at 1,000, 20,000 and 100,000 stories, and how it grows: nothing is kept.

The exponent is that of a power law between the smallest and the largest site: 0 means no growth, 1 in step with the
stories. Targets: 0.1 for pages, 0.35 for lists. SHORT=1 measures 1,000 stories only.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

from tests.bench.sites import (
    SHORT,
    STORY,
    as_json,
    environment,
    made_site,
    made_site_on_postgres,
    postgres_address,
    table,
)
from tests.operating.processes import ROOT

SIZES = (1_000,) if SHORT else (1_000, 20_000, 100_000)
ROUNDS = 5 if SHORT else 15
PAGES = {
    "home": "/",
    "story": STORY,
    "list": "/experiences/",
    "list, three filters": "/experiences/?outcome=good&age=child&format=text",
    "list, last page": "/experiences/?page=100000",
    "videos": "/videos/",
    "case studies": "/case-studies/",
    "treatment page": "",
    "sitemap": "/sitemap.xml",
}


def measured(stories: int, *, postgres: bool) -> dict[str, dict[str, float]]:
    """Return the figures of each kind of page at one size."""
    database = {}
    if postgres:
        site, database["DATABASE_URL"] = made_site_on_postgres(stories)
    else:
        site = made_site(stories)
    pages = {**PAGES, "treatment page": _treatment_page(site, **database)}
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "tests/bench/measured_pages.py"),
            json.dumps(list(pages.values())),
            str(ROUNDS),
        ],
        env={**environment(site, **database), "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}"},
        cwd=ROOT / "site",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return {name: found[address] for name, address in pages.items()}


def _treatment_page(site: Path, **more: str) -> str:
    code = """
import json
from treatments.models import TreatmentPage
page = TreatmentPage.objects.live().filter(slug__startswith="made-treatment-").order_by("pk").first()
print(json.dumps(page.url))
"""
    return str(as_json(site, code, **more))


def bench_growth() -> None:
    print_growth("SQLite", {size: measured(size, postgres=False) for size in SIZES})


def bench_growth_on_postgres() -> None:
    if not postgres_address(0):
        print("PostgreSQL does not answer; FIRSTHAND_BENCH_POSTGRES names another server.")
        return
    print_growth("PostgreSQL", {size: measured(size, postgres=True) for size in SIZES})


def print_growth(database: str, sizes: dict[int, dict[str, dict[str, float]]]) -> None:
    """Print a table of the kinds of pages, at each size of the site."""
    rows = [("page", *(f"{size:,} stories" for size in SIZES), "queries", "exponent")]
    for name in PAGES:
        figures = [sizes[size][name] for size in SIZES]
        growth = (
            math.log(figures[-1]["ms"] / figures[0]["ms"]) / math.log(SIZES[-1] / SIZES[0])
            if len(SIZES) > 1
            else 0
        )
        queries = "/".join(str(int(one["queries"])) for one in figures)
        rows.append((name, *(f"{one['ms']:.1f} ms" for one in figures), queries, f"{growth:.2f}"))
    table(f"Rendering with nothing kept, {database}: processor time", rows)
