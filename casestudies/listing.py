"""The index of public case studies, and the filters of their list: condition, treatment, age, outcome."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from casestudies.models import CaseStudyPage
from conditions.models import Condition
from pages.age_bands import age_band, age_labels
from pages.choices import Outcome
from pages.facet_index import Part
from pages.listed import UNTREATED, Listed
from pages.listing import MOST_OPTIONS, Facet, Listing, Sort
from pages.public_index import PublicIndex
from pages.term_places import TermPlaces, read_tags
from publication.visibility import visible_pages
from treatments.models import Treatment

_AT_ONCE = 5000


class CaseRow(NamedTuple):
    """A case study. `below`: the tree path of its index page; `published_on`: a day since 1 January of year
    1; `published`: seconds since 1970; `conditions`, `treatments`: the ids of its terms.
    """

    pk: int
    below: str
    title: str
    outcome: str
    age: int | None
    followed_months: int
    published_on: int
    published: float
    conditions: tuple[int, ...] = ()
    treatments: tuple[int, ...] = ()


def read_rows(pages: Collection[int] | None = None, on: datetime | None = None) -> Iterator[CaseRow]:
    """Yield the rows of those case studies (ids; None: all) that are public at the moment `on`. Three
    queries.
    """
    found = visible_pages(CaseStudyPage.objects.all(), on).order_by()
    if pages is not None:
        found = found.filter(pk__in=pages)
    conditions = read_tags(CaseStudyPage, "conditions", pages)
    treatments = read_tags(CaseStudyPage, "treatments", pages)
    kept: dict[str, str] = {}
    columns = (
        "pk", "path", "title", "outcome", "age_at_treatment", "followed_months", "published_on",
        "first_published_at",
    )  # fmt: skip
    for pk, path, title, outcome, age, followed, day, published in found.values_list(*columns).iterator(
        _AT_ONCE
    ):
        below = path[: -CaseStudyPage.steplen]
        yield CaseRow(
            pk,
            kept.setdefault(below, below),
            title.casefold(),
            kept.setdefault(outcome, outcome),
            age,
            followed or 0,
            day.toordinal() if day else 0,
            published.timestamp() if published else 0.0,
            conditions.get(pk, ()),
            treatments.get(pk, ()),
        )


def newest(row: CaseRow) -> tuple[Any, ...]:
    return (-row.published_on, -row.published, row.pk)


def row_values(
    conditions: TermPlaces, treatments: TermPlaces
) -> dict[str, Callable[[CaseRow], Iterable[str]]]:
    """Return, by facet, the values of a row. `below` filters nothing."""
    return {
        "condition": lambda row: conditions.slugs(row.conditions),
        "treatment": lambda row: treatments.slugs(row.treatments) if row.treatments else (UNTREATED,),
        "age": lambda row: (age_band(row.age),),
        "outcome": lambda row: (row.outcome,),
        "below": lambda row: (row.below,),
    }


def sorts() -> list[Sort[CaseRow]]:
    return [
        Sort("newest", _("Newest first"), newest),
        Sort("followed", _("Followed up longest"), lambda row: (-row.followed_months, *newest(row))),
        Sort("title", _("Title"), lambda row: (row.title, *newest(row))),
    ]


public_index: PublicIndex[CaseRow] = PublicIndex(
    models=(CaseStudyPage,),
    make=CaseRow._make,
    read=read_rows,
    conditions=Condition,
    treatments=Treatment,
    values=row_values,
    orders={sort.value: sort.key for sort in sorts()},
)


def case_listing(
    listed: Listed[CaseRow], below: str, params: Mapping[str, Sequence[str]]
) -> Listing[CaseRow]:
    """Return the list that a query string asks for, of the case studies below the page with the path
    `below`.
    """
    part = Part(listed.index, listed.index.having("below", [below]))
    values = row_values(listed.conditions, listed.treatments)
    outcomes = {value: str(label) for value, label in Outcome.choices}
    facets = [
        _terms("condition", _("Condition"), listed.conditions, part, values, opened=True),
        _terms("treatment", _("Treatment"), listed.treatments, part, values),
        Facet("age", _("Age at treatment"), values["age"], age_labels()),
        Facet("outcome", _("What happened"), values["outcome"], outcomes, open=True),
    ]
    return Listing(part, facets, params, sorts=sorts(), most_options=MOST_OPTIONS)


def _terms(
    name: str, label: Any, places: TermPlaces, part: Part[CaseRow], values: Any, *, opened: bool = False
) -> Facet[CaseRow]:
    present = part.index.counts(name, part.within)
    labels = {slug: word for slug, word in places.labels.items() if present.get(slug)}
    return Facet(name, label, values[name], labels, open=opened, depths=places.depths)


def cases_for(condition: Condition | None, treatment: Treatment | None, number: int) -> list[int]:
    """Return the ids of the newest case studies of a condition and a treatment, as `Listed.matching`
    chooses.
    """
    listed = public_index.current()
    found = listed.matching(condition, treatment)
    return [row.pk for row in listed.index.rows_of(found, "newest", 0, number)]
