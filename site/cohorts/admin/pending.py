"""Case rows between 'look' and 'import'. Kept is what was read, without dates, numbers and ages; the file is not."""

from __future__ import annotations

import json
import secrets
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.http import HttpRequest
from django.utils import timezone

from cohorts.csv_import import CaseRead, CasesRead, RowError, Seen
from cohorts.models.cohort import Cohort
from interviews.admin.pending import FOLDER, sweep
from media.storage import private_storage


def _slot(cohort: Cohort) -> str:
    return f"cohort-rows-{cohort.pk}"


def keep(request: HttpRequest, cohort: Cohort, read: CasesRead) -> None:
    """Keep what was read for this editor, instead of what was kept before; a day at most."""
    forget(request, cohort)
    sweep()
    token = secrets.token_urlsafe(12)
    name = f"{FOLDER}/{timezone.localdate():%Y-%m-%d}/{token}-rows.json"
    request.session[_slot(cohort)] = {
        "token": token,
        "path": private_storage().save(name, ContentFile(json.dumps(_pack(read)).encode())),
    }


def load(request: HttpRequest, cohort: Cohort) -> tuple[str, CasesRead] | None:
    """Token and content of what this editor uploaded; None where there is nothing, or it is gone."""
    kept: dict[str, str] | None = request.session.get(_slot(cohort))
    if not kept:
        return None
    try:
        with private_storage().open(kept["path"]) as file:
            return kept["token"], _unpack(json.loads(file.read()))
    except OSError:
        forget(request, cohort)
        return None


def forget(request: HttpRequest, cohort: Cohort) -> None:
    if kept := request.session.pop(_slot(cohort), None):
        private_storage().delete(kept["path"])


def _pack(read: CasesRead) -> dict[str, Any]:
    return {
        "cases": [
            [
                case.key,
                case.line,
                case.age_band,
                case.sex,
                [
                    [one.measure, one.day, None if one.value is None else str(one.value), one.result]
                    for one in case.observations
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
