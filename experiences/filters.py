"""How the story index may be narrowed and ordered. Works on rows; no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_countries import countries

from experiences.rows import ExperienceRow, ExperienceRows, ListedTerm
from pages.age_bands import age_band, age_labels
from pages.choices import Outcome
from pages.listing import Facet, Listing, Sort

FORMATS = {"text": _("To read"), "video": _("With video"), "sound": _("With sound")}


def formats(row: ExperienceRow) -> set[str]:
    """A story can be read; either kind may have video or sound."""
    found = {"text"} if row.kind == "story" else set()
    return found | ({"video"} if row.has_video else set()) | ({"sound"} if row.has_audio else set())


def _country_names(rows: Iterable[ExperienceRow]) -> dict[str, str]:
    named = {row.country: str(countries.name(row.country) or row.country) for row in rows if row.country}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def _term_facet(
    name: str, label: Any, places: Mapping[str, ListedTerm], *, opened: bool
) -> Facet[ExperienceRow]:
    slugs = {path: place.slug for path, place in places.items()}

    def values_of(row: ExperienceRow) -> set[str]:
        paths = row.conditions if name == "condition" else row.treatments
        return {slugs[path] for path in paths if path in slugs}

    return Facet(
        name,
        label,
        values_of,
        {place.slug: place.name for place in places.values()},
        open=opened,
        depths={place.slug: place.depth for place in places.values()},
    )


def story_facets(rows: ExperienceRows) -> list[Facet[ExperienceRow]]:
    return [
        _term_facet("condition", _("Condition"), rows.conditions, opened=True),
        Facet(
            "age",
            _("Age at treatment"),
            lambda row: [age_band(row.age)],
            age_labels(),
            open=True,
        ),
        Facet(
            "outcome",
            _("What happened"),
            lambda row: [row.outcome],
            {value: str(label) for value, label in Outcome.choices},
            open=True,
        ),
        Facet("format", _("Format"), formats, FORMATS, open=True),
        _term_facet("treatment", _("Treatment"), rows.treatments, opened=False),
        Facet("country", _("Country"), lambda row: [row.country], _country_names(rows.rows)),
    ]


def story_sorts(rows: ExperienceRows) -> list[Sort[ExperienceRow]]:
    """Never by outcome: that would put some families' stories last for good."""
    names = _country_names(rows.rows)

    def newest(row: ExperienceRow) -> tuple[Any, ...]:
        return (0.0 if row.published is None else -row.published.timestamp(), -row.pk)

    return [
        Sort("newest", _("Newest"), newest),
        Sort("followed", _("Followed for longest"), lambda row: (-(row.followed_months or 0), *newest(row))),
        Sort(
            "youngest",
            _("Age, youngest first"),
            lambda row: (row.age is None, row.age or 0, *newest(row)),
        ),
        Sort(
            "country",
            _("Country"),
            lambda row: (not row.country, names.get(row.country, "").casefold(), *newest(row)),
        ),
    ]


def story_listing(rows: ExperienceRows, params: Mapping[str, Sequence[str]]) -> Listing[ExperienceRow]:
    return Listing(rows.rows, story_facets(rows), params, sorts=story_sorts(rows), per_page=12)
