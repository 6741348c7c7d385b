"""What `components/cohort.html` shows: everyone treated, in dots, in sentences, in a key and in a table."""

from __future__ import annotations

import logging
from typing import Any

from pages import drawing, wording
from pages.numbers import figure
from pages.outcome_counts import OUTCOMES, ImpossibleCounts, OutcomeCounts

logger = logging.getLogger(__name__)


def cohort_figure(
    *,
    treated: int | None,
    improved: int | None = None,
    unchanged: int | None = None,
    worse: int | None = None,
    condition: str = "",
    months: int | None = None,
    over: bool = False,
    heading: str = "",
    heading_id: str = "everyone",
    highlight: str = "",
    name: str = "",
    source: str = "",
    is_sample: bool = False,
) -> dict[str, Any]:
    """Return the figure of everyone treated, one dot each, next to one story.

    `treated` None: not known, and the figure says so. The three outcomes None: treated, but no one is known
    to have been followed up. `months`: when they were seen. `over`: `treated` is a lower bound. `highlight`:
    the outcome of the story's own dot ('improved', 'unchanged', 'worse', 'lost') if the family agreed;
    `name`: whose dot it is. Numbers that contradict each other are shown as not known, and logged.
    """
    shown: dict[str, Any] = {
        "heading": heading,
        "heading_id": heading_id,
        "source": source,
        "is_sample": is_sample,
        "condition": condition,
    }
    try:
        counts = OutcomeCounts.of_treated(treated or 0, improved or 0, unchanged or 0, worse or 0)
    except ImpossibleCounts as error:
        logger.error("Cohort figures for %r contradict each other: %s", condition, error)
        return shown
    if not counts.treated:
        return shown
    rows = wording.cohort_rows(counts)
    shown |= {
        "counts": counts,
        "sentence": wording.cohort_sentence(counts, condition=condition, months=months, over=over),
        "rows": rows,
        "keys": [row for row in rows if counts.of(row.name) or counts.followed_up],
        "caption": wording.table_caption(condition, months),
    }
    if drawing.is_drawn(counts):
        shown |= _dots(counts, rows, highlight) | {"name": name}
    return shown


def _dots(counts: OutcomeCounts, rows: list[wording.CohortRow], highlight: str) -> dict[str, Any]:
    marked = next((name for name in OUTCOMES if name == highlight and counts.of(name)), None)
    dots = drawing.dots(counts, marked)
    return {
        "dots": dots,
        "dots_title": wording.dots_title(dots),
        "dots_description": wording.dots_description(counts),
        "mark": next((row for row in rows if row.name == marked), None) if dots.people == 1 else None,
        "people": figure(dots.people) if dots.people > 1 else "",
    }
