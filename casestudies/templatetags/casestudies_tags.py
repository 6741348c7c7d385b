"""Case studies on the pages of other apps, and what their own pages need."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from casestudies import references
from casestudies.listing import case_listing
from casestudies.models import CaseStudyIndexPage, CaseStudyPage, Observation
from casestudies.querysets import for_lists
from figures import relative_time
from figures.charts import Chart, draw
from media import renditions
from pages.cards import Card
from pages.listing import Listing
from treatments.disclosure_rows import consent_words, original_words, shared_rows
from treatments.matching import matching

if TYPE_CHECKING:
    from conditions.models import Condition
    from treatments.models import Treatment

register = template.Library()

# An unlimited list would let one page grow without end; the index has pages.
MOST = 60


@register.simple_tag
def case_studies_for(
    condition: Condition | None, treatment: Treatment | None = None, limit: int = MOST
) -> list[Card]:
    """Return cards of the case studies of `condition` and `treatment`, or of terms below them, newest first.

    Without a treatment, the case studies of all treatments. Two queries, whatever their number; missing
    renditions are made.
    """
    if not condition and not treatment:
        return []
    return _cards(matching(for_lists(), condition or None, treatment or None)[:limit])


@register.simple_tag
def latest_case_studies(n: int = 3) -> list[Card]:
    """Cards of the `n` newest case studies. Two queries."""
    return _cards(for_lists()[: max(0, n)])


def _cards(cases: Iterable[CaseStudyPage]) -> list[Card]:
    found = list(cases)
    renditions.prefetch((case.shown_picture for case in found), presets=("card",))
    return [case.card() for case in found]


@register.simple_tag(takes_context=True)
def case_list(context: Context, page: CaseStudyIndexPage) -> tuple[Listing[CaseStudyPage], list[Card]]:
    """Return the case studies below `page` as the query string asks for them, and the cards of its part."""
    below: Any = for_lists()
    cases = below.child_of(page).prefetch_related("conditions", "treatments")
    listing = case_listing(list(cases), dict(context["request"].GET.lists()))
    return listing, _cards(listing.page.object_list)


@register.simple_tag(takes_context=True)
def case_provenance(context: Context, page: CaseStudyPage) -> list[tuple[str, Any, str]]:
    """Return how a case study was made, with its disclosures: (term, value, mark).

    Consent, funding and interests (D3, D9) are in the text, under a heading of their own: `case_interests`.
    """
    not_stated = _("Not stated")
    authors = "; ".join(
        ", ".join(part for part in (author.name, author.role, author.institution) if part)
        for author in page.shown_authors
    )
    quoted = (
        _("The patient’s own words stand between quotation marks.")
        if page.perspective
        else _("No one is quoted.")
    )
    return [
        (_("Written by"), authors or not_stated, "D10"),
        (_("In their own words"), quoted, "D4"),
        (_("Signed original"), original_words(page), "D6"),
        *shared_rows(page, context.get("cohort_page"), context.get("site_menu")),
    ]


@register.simple_tag
def case_interests(page: CaseStudyPage) -> list[tuple[str, str, str]]:
    """Return consent, competing interests and funding: (term, value, mark of the disclosure)."""
    not_stated = _("Not stated.")
    return [
        (_("Consent to publish"), page.consent_statement or consent_words(page), "D9"),
        (_("Competing interests"), page.competing_interests or not_stated, "D3"),
        (_("Who paid"), page.funding or not_stated, "D3"),
    ]


@register.filter
def cited(html: str, of: Sized) -> SafeString:
    """Rich text with its [3] linked to the third of the references `of` the page."""
    return mark_safe(references.link_markers(expand_db_html(html or ""), len(of)))


@register.filter
def cited_line(text: str, of: Sized) -> SafeString:
    """Plain text with its [3] linked to the third of the references `of` the page."""
    return mark_safe(references.link_markers(linebreaks(text or "", autoescape=True), len(of)))


@register.filter
def month_heading(months: int) -> str:
    """The head of a column of measurements: '−3', '0', '12'."""
    return relative_time.months_in_short(months)


@register.filter
def assessor(values: tuple[str, ...]) -> str:
    """Who measured, in words: 'Clinician, Parent'; '' where it is not stated."""
    words = dict(Observation.AssessedBy.choices)
    return ", ".join(str(words[value]) for value in values if value in words)


@register.inclusion_tag("components/chart.html")
def outcome_chart(chart: Chart, number: int = 1) -> dict[str, Any]:
    """Values of one measure over time as a picture, in words and as a table.

    `number`: which chart of its page it is.
    """
    name = f"chart-{number}"
    return {"chart": chart, "svg": mark_safe(draw(chart, name=name)), "name": name}
