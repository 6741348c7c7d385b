"""How long 10,000 case rows take to come in, and the report's PDF: wanted under 30 s and under 10 s."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from cohorts import pdf_report, published
from cohorts.columns import NAMES
from cohorts.models import Cohort, CohortObservation
from cohorts.report_versions import data_hash
from cohorts.services import import_rows, read_for, withdraw_case
from tests.cohorts.cohorts import rows_cohort

ROWS = 10_000


def file_of_rows() -> bytes:
    """10,000 rows of 4,000 people, a baseline and some follow-ups each; three of the rows cannot be."""
    chance = random.Random(5)
    lines = [",".join(NAMES)]
    while len(lines) <= ROWS:
        number = len(lines)
        head = f"H-{number},{chance.randrange(1, 70)},{chance.choice(('female', 'male'))},2024-01-15,GMFM-66"
        before = round(chance.uniform(20, 70), 1)
        days = [
            "2024-01-10",
            *chance.sample(("2024-02-14", "2024-04-16", "2024-07-15", "2025-01-14"), chance.randrange(0, 4)),
        ]
        for day in days:
            after = before if day == "2024-01-10" else round(before + chance.gauss(1.5, 4), 1)
            lines.append(f"{head},{day},,{after},")
    lines = lines[: ROWS + 1]
    for line, (good, bad) in {
        100: ("GMFM-66", "GMFM-67"),
        5_000: ("2024-01-15", "15.01.2024"),
        9_000: ("GMFM-66", ""),
    }.items():
        lines[line] = lines[line].replace(good, bad, 1)
    return "\n".join(lines).encode()


@pytest.mark.django_db
def bench_cohort() -> None:
    made: Any = rows_cohort(live=True)
    data = file_of_rows()
    begin = time.monotonic()
    read = read_for(made, data)
    was_read = time.monotonic()
    done = import_rows(cohort=made, read=read, by=None)
    end = time.monotonic()
    print(
        f"\nCohort of {ROWS:,} rows, {done.created:,} people, {CohortObservation.objects.count():,} observations"
    )
    for error in read.errors:
        print(f"  refused: {error}")
    print(
        f"  read and checked {was_read - begin:6.2f} s, written, counted and reported {end - was_read:6.2f} s (wanted: < 30 s in all)"
    )
    begin = time.monotonic()
    again = import_rows(cohort=made, read=read_for(made, data), by=None)
    print(f"  the same file again {time.monotonic() - begin:6.2f} s, {again.created + again.updated} changed")
    report = published.report_data(Cohort.objects.get(pk=made.pk))
    begin = time.monotonic()
    pdf = pdf_report.render_report(
        report, number=1, day=made.first_published_at.date(), digest=data_hash(report)
    )
    pdf_time = time.monotonic() - begin
    begin = time.process_time()
    withdraw_case(cohort=made, number="H-1", by=None)
    print(f"  a person withdrawn {time.process_time() - begin:6.2f} s of CPU (wanted: < 2 s)")
    print(f"  PDF of the report {pdf_time:6.2f} s, {len(pdf) / 1000:.0f} kB (wanted: < 10 s)")
