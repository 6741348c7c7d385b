"""How the story index may be narrowed and ordered. Works on rows; no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from experiences.rows import ExperienceRow
from pages.age_bands import age_band, age_labels
from pages.choices import Outcome
from pages.facet_index import FacetIndex
from pages.listed import UNTREATED, Listed
from pages.listing import MOST_OPTIONS, Facet, Listing, Sort
from pages.term_places import TermPlaces

FORMATS = {"text": _("To read"), "video": _("With video"), "sound": _("With sound")}


def formats(row: ExperienceRow) -> set[str]:
    """A story can be read; either kind may have video or sound."""
    found = {"text"} if row.kind == "story" else set()
    return found | ({"video"} if row.has_video else set()) | ({"sound"} if row.has_audio else set())


def marks(row: ExperienceRow) -> list[str]:
    return [name for name, is_so in (("sample", row.is_sample), ("featured", row.is_featured)) if is_so]


def row_values(
    conditions: TermPlaces, treatments: TermPlaces
) -> dict[str, Callable[[ExperienceRow], Iterable[str]]]:
    """Return, by facet, the values of a row. Those after `country` are no filters.

    `tagged`: the terms of a page itself, without those that have a narrower one of its own below them.
    """
    return {
        "condition": lambda row: conditions.slugs(row.conditions),
        "age": lambda row: (age_band(row.age),),
        "outcome": lambda row: (row.outcome,),
        "format": formats,
        "treatment": lambda row: treatments.slugs(row.treatments) if row.treatments else (UNTREATED,),
        "country": lambda row: (row.country,),
        "kind": lambda row: (row.kind,),
        "mark": marks,
        "tagged": lambda row: conditions.narrowest(row.conditions),
    }


def newest(row: ExperienceRow) -> tuple[float, int]:
    return (0.0 if row.published is None else -row.published, -row.pk)


def story_sorts() -> list[Sort[ExperienceRow]]:
    """Never by outcome: that would put some families' stories last for good."""
    return [
        Sort("newest", _("Newest"), newest),
        Sort("followed", _("Followed for longest"), lambda row: (-(row.followed_months or 0), *newest(row))),
        Sort(
            "youngest",
            _("Age, youngest first"),
            lambda row: (row.age is None, row.age or 0, *newest(row)),
        ),
        Sort("country", _("Country"), newest, grouped_by="country"),
    ]


@lru_cache(maxsize=32)
def _all_countries(_language: str | None) -> dict[str, str]:
    """The names of all countries in the reader's language, in the order of its alphabet."""
    return dict(sorted(dict(countries).items(), key=lambda pair: pair[1].casefold()))


def country_names(present: Iterable[str]) -> dict[str, str]:
    """Return the names of these countries by code, in alphabetical order."""
    codes = {code for code in present if code}
    names = {code: str(name) for code, name in _all_countries(get_language()).items() if code in codes}
    return names | {code: code for code in sorted(codes - names.keys())}


def story_facets(
    conditions: TermPlaces, treatments: TermPlaces, present: Mapping[str, Iterable[str]]
) -> list[Facet[ExperienceRow]]:
    """Return the filters. `present`: by facet, the values that some row has."""
    values = row_values(conditions, treatments)

    def terms(name: str, label: Any, places: TermPlaces, *, opened: bool) -> Facet[ExperienceRow]:
        here = set(present[name])
        labels = {slug: word for slug, word in places.labels.items() if slug in here}
        return Facet(name, label, values[name], labels, open=opened, depths=places.depths)

    outcomes = {value: str(label) for value, label in Outcome.choices}
    return [
        terms("condition", _("Condition"), conditions, opened=True),
        Facet("age", _("Age at treatment"), values["age"], age_labels(), open=True),
        Facet("outcome", _("What happened"), values["outcome"], outcomes, open=True),
        Facet("format", _("Format"), values["format"], FORMATS, open=True),
        terms("treatment", _("Treatment"), treatments, opened=False),
        Facet("country", _("Country"), values["country"], country_names(present["country"])),
    ]


def story_listing(
    listed: Listed[ExperienceRow], params: Mapping[str, Sequence[str]]
) -> Listing[ExperienceRow]:
    index: FacetIndex[ExperienceRow] = listed.index
    present = {name: index.totals(name) for name in ("condition", "treatment", "country")}
    return Listing(
        index,
        story_facets(listed.conditions, listed.treatments, present),
        params,
        sorts=story_sorts(),
        per_page=12,
        most_options=MOST_OPTIONS,
    )
