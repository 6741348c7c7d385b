"""Case rows between 'look' and 'import'. What was read is kept, without dates, numbers and ages; the file is
not.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from cohorts.case_rows import CaseRead, CasesRead, RowError, Seen
from cohorts.models.cohort import Cohort
from uploads import pending_uploads


def keep(request: HttpRequest, cohort: Cohort, read: CasesRead) -> None:
    """Keep what was read for this editor, instead of what was kept before."""
    pending_uploads.keep(request, cohort, [(json.dumps(_pack(read)).encode(), "rows.json")])


def load(request: HttpRequest, cohort: Cohort) -> tuple[str, CasesRead] | None:
    """Return token and content of what this editor uploaded; None where there is nothing, or it is gone."""
    kept = pending_uploads.load(request, cohort)
    return (kept.token, _unpack(json.loads(kept.files[0][0]))) if kept else None


def _pack(read: CasesRead) -> dict[str, Any]:
    return {
        "cases": [
            [
                case.key,
                case.line,
                case.age_band,
                case.sex,
                [
                    [seen.measure, seen.day, None if seen.value is None else str(seen.value), seen.result]
                    for seen in case.observations
                ],
            ]
            for case in read.cases
        ],
        "errors": [[error.line, error.column, error.text] for error in read.errors],
        "notices": read.notices,
        "rows": read.rows,
        "refused": read.refused,
    }


def _unpack(data: dict[str, Any]) -> CasesRead:
    return CasesRead(
        cases=[
            CaseRead(
                key,
                line,
                band,
                sex,
                [
                    Seen(measure, day, None if value is None else Decimal(value), result)
                    for measure, day, value, result in observations
                ],
            )
            for key, line, band, sex, observations in data["cases"]
        ],
        errors=[RowError(*error) for error in data["errors"]],
        notices=data["notices"],
        rows=data["rows"],
        refused=data["refused"],
    )
