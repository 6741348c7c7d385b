"""What `components/cohort.html` shows: everybody treated, in dots, in a sentence, in a key and in a table."""

from __future__ import annotations

import logging
from typing import Any

from pages import drawing, wording

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
    """Everybody treated, one dot each, beside one story (D1).

    `treated` None: nobody knows, and the figure says so. The three outcomes None: treated, but nobody known to be
    followed up. `months`: when they were seen. `over`: `treated` is a lower bound. `highlight`: the group of the
    story's own dot ('improved', 'unchanged', 'worse', 'unknown') if the family agreed; `name`: whose dot it is.
    Numbers that contradict each other are shown as not known, and logged.
    """
    shown: dict[str, Any] = {
        "heading": heading,
        "heading_id": heading_id,
        "source": source,
        "is_sample": is_sample,
        "condition": condition,
    }
    try:
        counts = drawing.Counts.of_treated(treated or 0, improved or 0, unchanged or 0, worse or 0)
    except ValueError as error:
        logger.error("Cohort figures for %r contradict each other: %s", condition, error)
        return shown
    if not counts.treated:
        return shown
    group = next((known for known in drawing.GROUPS if known == highlight and counts.of(known)), None)
    rows = wording.cohort_rows(counts)
    shown |= {
        "counts": counts,
        "sentence": wording.cohort_sentence(counts, condition=condition, months=months, over=over),
        "rows": rows,
        "keys": [row for row in rows if counts.of(row.group) or counts.followed],
        "caption": wording.table_caption(condition, months),
    }
    if drawing.is_drawn(counts):
        dots = drawing.dots(counts, group)
        shown |= {
            "dots": dots,
            "dots_title": wording.dots_title(dots),
            "dots_description": wording.dots_description(counts),
            "mark": next((row for row in rows if row.group == group), None) if dots.people == 1 else None,
            "name": name,
            "people": wording.figure(dots.people) if dots.people > 1 else "",
        }
    return shown
