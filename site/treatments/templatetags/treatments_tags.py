"""The figures of a treatment page, wherever they are shown: there, beside each story, on the front page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pages import wording
from pages.cohort_figure import cohort_figure
from pages.drawing import Counts
from treatments.models import TreatmentPage

register = template.Library()

# The group of everybody treated to which a story's own dot belongs. 'Mixed' belongs to none of them.
GROUPS = {"good": "improved", "same": "unchanged", "worse": "worse", "none": "unknown"}


def source_of(page: TreatmentPage) -> str:
    """Where the figures come from and of when they are."""
    sources = [page.patients_treated_source, page.follow_up_source]
    words = "; ".join(dict.fromkeys(source for source in sources if source))
    if page.patients_treated_on:
        day = date_format(page.patients_treated_on, "DATE_FORMAT")
        return _("%(source)s, as of %(day)s") % {"source": words, "day": day} if words else day
    return words


@register.inclusion_tag("components/cohort.html")
def cohort_of(
    page: TreatmentPage | None,
    *,
    condition: str = "",
    outcome: str = "",
    name: str = "",
    heading: str = "",
    heading_id: str = "everyone",
) -> dict[str, Any]:
    """Everybody treated, from the figures of a treatment page; 'not known' for None, or where it gives no number.

    `outcome` and `name`: of the story whose dot is marked, if the family agreed; '' marks none. `condition`: what to
    call it where there is no page.
    """
    if page is None:
        return cohort_figure(treated=None, condition=condition, heading=heading, heading_id=heading_id)
    return cohort_figure(
        treated=page.patients_treated,
        improved=page.improved,
        unchanged=page.unchanged,
        worse=page.worse,
        condition=lower_first(page.condition.name),
        months=page.follow_up_months,
        over=page.patients_treated_at_least,
        heading=heading,
        heading_id=heading_id,
        highlight=GROUPS.get(outcome, ""),
        name=name,
        source=source_of(page),
        is_sample=page.follow_up_is_sample and page.figures is not None,
    )


@register.simple_tag
def typical_result(page: TreatmentPage | None) -> str:
    """What became of everybody treated, in one or two sentences, to stand before any clip plays (16 CFR 255.2(b))."""
    if page is None or not page.patients_treated:
        return _("We do not know how many people were treated, or how they are today.")
    counts = Counts.of_treated(
        page.patients_treated, page.improved or 0, page.unchanged or 0, page.worse or 0
    )
    return wording.cohort_sentence(
        counts,
        condition=lower_first(page.condition.name),
        months=page.follow_up_months,
        over=page.patients_treated_at_least,
    )


@register.filter
def lower_first(name: str) -> str:
    """A term within a sentence: 'Cerebral palsy' as 'cerebral palsy', 'ADHD' and 'Bell's palsy' as they are."""
    first, *rest = name.split(" ") if name else [""]
    named_after_somebody = "'s" in first or "’s" in first or "-" in first
    if not first or named_after_somebody or not first[1:].islower():
        return name
    return " ".join([first[0].lower() + first[1:], *rest])


@register.simple_tag
def treatment_contents(
    page: TreatmentPage, *, documents: Any = (), cases: Any = (), video: Any = None
) -> list[tuple[str, str]]:
    """(id, text) of a treatment page's headings: what it has, in its order."""
    entries = [
        ("expect", _("What to expect"), page.expectations),
        ("protocol", _("How it is given"), page.protocol),
        ("evidence", _("How sure can we be?"), True),
        ("everyone", _("Everybody treated"), True),
        ("report", _("Documents"), documents),
        ("cases", _("Patient case studies"), cases),
        ("video", _("Featured video"), video),
        ("experiences", _("Patient experiences"), True),
    ]
    return [(id_, text) for id_, text, present in entries if present]


@register.filter
def figure(number: int) -> str:
    """A whole number as the reader's language writes it: 1,240."""
    return wording.figure(number)
