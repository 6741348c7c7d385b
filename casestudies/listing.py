"""How the list of case studies is narrowed: by condition, treatment, age at treatment, outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from pages.choices import Outcome
from pages.listing import Facet, Listing, Sort
from pages.term_facets import TermLines

if TYPE_CHECKING:
    from casestudies.models import CaseStudyPage

# Upper ends, in years, of the bands of age; the last has none.
AGES = {"0-2": 2, "3-5": 5, "6-11": 11, "12-17": 17, "18-64": 64, "65": 200}


def age_band(years: int | None) -> str:
    """The band an age falls into: '6-11' for 7; '' where the age is not known."""
    if years is None:
        return ""
    return next(band for band, most in AGES.items() if years <= most)


def age_labels() -> dict[str, str]:
    labels = {band: band.replace("-", "–") for band in AGES}
    return labels | {"0-2": _("Under 3"), "65": _("65 or over")}


def case_listing(
    cases: Sequence[CaseStudyPage], params: Mapping[str, Sequence[str]]
) -> Listing[CaseStudyPage]:
    """The list as a query string asks for it. `cases` come with conditions and treatments prefetched, newest first."""
    conditions = TermLines(term for case in cases for term in case.conditions.all())
    treatments = TermLines(term for case in cases for term in case.treatments.all())
    facets: list[Facet[Any]] = [
        Facet(
            "condition",
            _("Condition"),
            lambda case: conditions.slugs(case.conditions.all()),
            conditions.labels,
            open=True,
        ),
        Facet(
            "treatment",
            _("Treatment"),
            lambda case: treatments.slugs(case.treatments.all()),
            treatments.labels,
        ),
        Facet("age", _("Age at treatment"), lambda case: [age_band(case.age_at_treatment)], age_labels()),
        Facet(
            "outcome",
            _("What happened"),
            lambda case: [case.outcome],
            {value: str(label) for value, label in Outcome.choices},
            open=True,
        ),
    ]
    sorts: list[Sort[Any]] = [
        Sort("newest", _("Newest first"), lambda case: 0),
        Sort("followed", _("Followed up longest"), lambda case: case.followed_months or 0, reverse=True),
        Sort("title", _("Title"), lambda case: case.title.casefold()),
    ]
    return Listing(cases, facets, params, sorts=sorts)
