"""The outcomes of a case study as CSV: a row for each value, times relative.

What stands next to the text of the page is in the last columns, the same in each row. Lines of comments above
the table would break programs that read CSV (RFC 4180 knows none), and a file beside it would be lost when
the table is passed on. A row keeps its disclosures also when it is copied into another table.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpRequest

from casestudies.downloads.disclosures import Statements, newer_version, statements
from casestudies.downloads.report import CaseReport
from figures.relative_time import months_in_words

HEAD = (
    "case", "version", "measure", "part", "side", "months", "when", "value", "unit", "better", "assessed_by",
    "note", "title",
)  # fmt: skip
# The last columns, by the mark of the disclosure in each; where one mark has several terms, in their order.
BESIDE = {
    "D1": ("all_people_treated",),
    "D9": ("consent",),
    "D3": ("competing_interests", "who_paid"),
    "D10": ("written_by",),
    "D2": ("evidence",),
    "D5": ("sample",),
    "D8": ("approval", "trial_numbers", "side_effects_of_treatment", "who_bears_the_cost"),
    "D11": ("last_checked",),
    "D12": ("published_by", "publisher_interests", "feedback"),
}
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


def beside(told: Statements) -> dict[str, str]:
    """Return the disclosures by the name of their column."""
    found: dict[str, str] = {}
    for mark, names in BESIDE.items():
        words = [one for _term, one, of in told if of == mark]
        found |= dict(zip(names, words, strict=False))
    return found


def make(page: CaseReport, request: HttpRequest) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets need; lines end in CR LF (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    more = beside(statements(page, page.get_context(request), request))
    more["newer_version"] = newer_version(page, request)
    writer.writerow([*HEAD, *more])
    writer.writerows([harmless(cell) for cell in (*row, *more.values())] for row in rows(page))
    return out.getvalue().encode("utf-8-sig")
