"""Case studies on the pages of other apps, and what their own pages need."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

from casestudies import references
from casestudies.listing import CaseRow, case_listing, cases_for, public_index
from casestudies.models import CaseStudyIndexPage, CaseStudyPage, Observation
from casestudies.provenance import interest_rows, provenance_rows
from casestudies.querysets import cases_of
from figures import relative_time
from figures.charts import Chart, draw
from media import renditions
from pages.cards import Card
from pages.listing import Listing
from publication.visibility import visible_pages

if TYPE_CHECKING:
    from conditions.models import Condition
    from treatments.models import Treatment

register = template.Library()

# An unlimited list would let one page grow without end; the index has pages.
MOST = 6


@register.simple_tag
def case_studies_for(
    condition: Condition | None, treatment: Treatment | None = None, limit: int = MOST
) -> list[Card]:
    """Return cards of the case studies of `condition` and `treatment`, or of terms below them, newest first.

    Without a treatment, the case studies of all treatments. Two queries, whatever their number.
    """
    if not condition and not treatment:
        return []
    return _cards(cases_for(condition or None, treatment or None, limit))


@register.simple_tag
def case_study_list_of(condition: Condition, shown: Sized = ()) -> tuple[str, int] | None:
    """Return the address of the list of case studies of a condition, and their number; None if all are
    shown.
    """
    count = public_index.current().matching(condition, None).bit_count()
    page = visible_pages(CaseStudyIndexPage.objects.all()).first() if count > len(shown) else None
    return (f"{page.url}?condition={condition.slug}", count) if page else None


@register.simple_tag
def latest_case_studies(n: int = 3) -> list[Card]:
    """Cards of the `n` newest case studies. Two queries."""
    return _cards(cases_for(None, None, max(0, n)))


def _cards(numbers: Sequence[int]) -> list[Card]:
    """Return the cards of case studies in the order of their ids. Two queries."""
    by_number = {case.pk: case for case in cases_of(numbers)} if numbers else {}
    found = [by_number[number] for number in numbers if number in by_number]
    renditions.prefetch(case.shown_picture for case in found)
    return [case.card() for case in found]


@register.simple_tag(takes_context=True)
def case_list(context: Context, page: CaseStudyIndexPage) -> tuple[Listing[CaseRow], list[Card]]:
    """Return the case studies below `page` as the query string asks for them, and the cards of its part."""
    listing = case_listing(public_index.current(), page.path, dict(context["request"].GET.lists()))
    return listing, _cards([row.pk for row in listing.page.object_list])


@register.simple_tag(takes_context=True)
def case_provenance(context: Context, page: CaseStudyPage) -> list[tuple[str, Any, str]]:
    """Return how a case study was made, with its disclosures: (term, value, mark).

    Consent, funding and interests (D3, D9) are in the text, under a heading of their own: `case_interests`.
    """
    return provenance_rows(page, page.shown_authors, context.get("cohort_page"), context.get("site_menu"))


@register.simple_tag
def case_interests(page: CaseStudyPage) -> list[tuple[str, str, str]]:
    """Return consent, competing interests and funding: (term, value, mark of the disclosure)."""
    return interest_rows(page)


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
