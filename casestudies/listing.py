"""Filters of the list of case studies: by condition, treatment, age at treatment, outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from casestudies.models import CaseStudyPage
from pages.age_bands import age_band, age_labels
from pages.choices import Outcome
from pages.listing import Facet, Listing, Sort
from pages.term_facets import TermLines


def case_listing(
    cases: Sequence[CaseStudyPage], params: Mapping[str, Sequence[str]]
) -> Listing[CaseStudyPage]:
    """Return the list that a query string asks for.

    `cases`: conditions and treatments prefetched, newest first.
    """
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
        Sort("newest", _("Newest first"), lambda _case: 0),
        Sort("followed", _("Followed up longest"), lambda case: case.followed_months or 0, reverse=True),
        Sort("title", _("Title"), lambda case: case.title.casefold()),
    ]
    return Listing(cases, facets, params, sorts=sorts)
