"""The figures of a treatment page, wherever they are shown: there, next to each story, on the home page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from disclosure_control import configured
from pages import wording
from pages.cohort_figure import cohort_figure
from pages.numbers import figure as in_figures
from pages.outcome_counts import SHAPES
from treatments import balance as balances
from treatments.disclosure_rows import treatment_rows
from treatments.models import TreatmentPage
from treatments.typical import bar, sentence, typical_of

register = template.Library()

# The outcome to which a story's own dot belongs, by the story's ending. 'Mixed' belongs to none of them.
OUTCOME_OF_STORY = {shape: name for name, shape in SHAPES.items()}


def source_of(page: TreatmentPage) -> str:
    """Return where the figures come from, and their date."""
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
    """Show everyone treated, from the figures of a treatment page; 'not known' for None, or where it gives no
    number.

    `outcome` and `name`: of the story whose dot is marked, if the family agreed; '' marks none. `condition`:
    what to call it where there is no page.
    """
    if page is None:
        return cohort_figure(treated=None, condition=condition, heading=heading, heading_id=heading_id)
    typical = typical_of(page)
    if typical.few:
        return {
            "heading": heading,
            "heading_id": heading_id,
            "few": True,
            "sentence": sentence(typical, lower_first(page.condition.name)),
            "rows": [],
            "source": source_of(page),
        }
    if typical.merged:
        return {
            "heading": heading,
            "heading_id": heading_id,
            "sentence": sentence(typical, lower_first(page.condition.name)),
            "rows": wording.group_rows(
                typical.groups, followed_up=typical.followed_up, treated=typical.treated or 0
            ),
            "caption": wording.table_caption(lower_first(page.condition.name), typical.months),
            "source": source_of(page),
            "is_sample": page.follow_up_is_sample,
        }
    return cohort_figure(
        treated=typical.treated,
        improved=typical.count("improved"),
        unchanged=typical.count("unchanged"),
        worse=typical.count("worse"),
        condition=lower_first(page.condition.name),
        months=page.follow_up_months,
        over=page.patients_treated_at_least,
        heading=heading,
        heading_id=heading_id,
        highlight=OUTCOME_OF_STORY.get(outcome, ""),
        name=name,
        source=source_of(page),
        is_sample=page.follow_up_is_sample and bool(typical.groups),
    )


@register.simple_tag
def typical_result(page: TreatmentPage | None) -> str:
    """Return what became of everyone treated, to be shown before any clip plays (16 CFR 255.2(b))."""
    return sentence(typical_of(page), lower_first(page.condition.name) if page else "")


@register.inclusion_tag("components/typical.html")
def typical_box(page: TreatmentPage | None, *, compare: str = "#everyone") -> dict[str, Any]:
    """Show the box before any clip: the sentence, a bar of everyone treated, source and date, or 'not known'.

    `compare`: the address of the full figures, '' for none.
    """
    typical = typical_of(page)
    return {
        "sentence": typical_result(page),
        "known": typical.few or typical.treated is not None,
        "parts": bar(typical),
        "source": source_of(page) if page and typical.treated is not None else "",
        "is_sample": bool(page and page.follow_up_is_sample and typical.groups),
        "report": page.figures_report if page else "",
        "compare": compare,
    }


@register.simple_tag
def treatment_safety(page: TreatmentPage) -> list[tuple[str, str]]:
    """Return approval, trials, side effects and cost of a treatment: (term, words), 'not stated' where it is
    empty.
    """
    return [(term, words) for term, words, _mark in treatment_rows(page)]


@register.simple_tag
def balance_of(page: TreatmentPage | None) -> str:
    """Return how the stories told here ended, next to everyone followed up; '' where no story is told."""
    return balances.balance_sentence(page.story_counts, typical_of(page)) if page else ""


@register.filter
def lower_first(name: str) -> str:
    """Return a term as it is written within a sentence: 'Cerebral palsy' as 'cerebral palsy', 'ADHD' and
    'Bell's palsy' as they are.
    """
    first, *rest = name.split(" ") if name else [""]
    named_after_a_person = "'s" in first or "’s" in first or "-" in first
    if not first or named_after_a_person or not first[1:].islower():
        return name
    return " ".join([first[0].lower() + first[1:], *rest])


@register.simple_tag
def treatment_contents(
    page: TreatmentPage, *, documents: Any = (), cases: Any = (), video: Any = None
) -> list[tuple[str, str]]:
    """Return (id, text) of the headings that a treatment page has, in its order."""
    entries = [
        ("expect", _("What to expect"), page.expectations),
        ("protocol", _("How it is given"), page.protocol),
        ("evidence", _("How sure can we be?"), True),
        ("everyone", _("Everyone treated"), True),
        ("report", _("Documents"), documents),
        ("cases", _("Patient case studies"), cases),
        ("video", _("Featured video"), video),
        ("experiences", _("Patient experiences"), True),
    ]
    return [(id_, text) for id_, text, present in entries if present]


@register.simple_tag
def fewest_people() -> int:
    """Return how many people a published figure describes at least."""
    return configured.rules().fewest


@register.filter
def figure(number: int) -> str:
    """Return a whole number as the reader's language writes it: 1,240."""
    return in_figures(number)
