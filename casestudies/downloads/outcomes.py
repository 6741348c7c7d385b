"""The outcomes of a case study as CSV: a row for each value, times relative."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpRequest

from casestudies.downloads.report import CaseReport
from figures.relative_time import months_in_words

HEAD = (
    "case", "version", "measure", "part", "side", "months", "when", "value", "unit", "better", "assessed_by",
    "note", "title",
)  # fmt: skip
# What spreadsheets take for the beginning of a formula, in whatever width it was typed (OWASP, 'CSV
# Injection').
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def harmless(text: object) -> str:
    """A cell that no spreadsheet runs: an apostrophe before what would be read as a formula.

    Plain numbers stay numbers.
    """
    words = str(text)
    bare = words.lstrip()
    if not bare.startswith(_STARTS) and not words.startswith(_STARTS):
        return words
    try:
        float(words.replace("−", "-"))
    except ValueError:
        return f"'{words}"
    return words


def rows(page: CaseReport) -> list[list[Any]]:
    """One list for each value, in the page's order of measures, first to last."""
    case = page.case_number or page.slug
    given = list(page.observations.all())
    order = {name: place for place, name in reversed(list(enumerate(one.series for one in given)))}
    given.sort(key=lambda one: (order[one.series], one.months))
    return [
        [
            case,
            page.version,
            one.measure,
            one.part,
            one.side,
            one.months,
            months_in_words(one.months),
            one.value,
            one.unit,
            one.better,
            one.assessed_by,
            one.note,
            page.title,
        ]
        for one in given
    ]


def make(page: CaseReport, _request: HttpRequest) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets need; lines end in CR LF (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows([harmless(cell) for cell in row] for row in rows(page))
    return out.getvalue().encode("utf-8-sig")
