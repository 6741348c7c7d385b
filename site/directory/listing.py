"""How hospitals and doctors are found: words, country, condition, treatment, language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django_countries import countries

from directory.languages import SPOKEN
from pages.listing import Facet, Listing
from pages.term_facets import TermLines

if TYPE_CHECKING:
    from directory.models.listed import ListedPage


def directory_listing(entries: Sequence[ListedPage], params: Mapping[str, Sequence[str]]) -> Listing[Any]:
    """The list as a query string asks for it.

    `entries` come with conditions and treatments prefetched. Four queries for the vocabulary, however many
    entries: a wide condition finds who treats a narrower one, and 'CP' typed in the box who treats cerebral
    palsy.
    """
    conditions = TermLines(term for entry in entries for term in entry.conditions.all())
    treatments = TermLines(term for entry in entries for term in entry.treatments.all())

    def words(entry: ListedPage) -> str:
        terms = [*conditions.words(entry.conditions.all()), *treatments.words(entry.treatments.all())]
        return " ".join([entry.own_words(), *terms])

    present = {code for entry in entries for code in _countries(entry)}
    facets: list[Facet[Any]] = [
        Facet(
            "country",
            _("Country"),
            _countries,
            {code: str(name) for code, name in countries if code in present},
            open=True,
        ),
        Facet(
            "condition",
            _("Treats"),
            lambda entry: conditions.slugs(entry.conditions.all()),
            conditions.labels,
            open=True,
        ),
        Facet(
            "treatment",
            _("Treatment"),
            lambda entry: treatments.slugs(entry.treatments.all()),
            treatments.labels,
        ),
        Facet(
            "language",
            _("Speaks"),
            lambda entry: entry.languages or (),
            {code: str(name) for code, name in sorted(SPOKEN.items(), key=lambda pair: str(pair[1]))},
        ),
    ]
    return Listing(entries, facets, params, text_of=words)


def _countries(entry: Any) -> set[str]:
    """A doctor is in the countries of the hospitals too."""
    own = {str(entry.country)} if entry.country else set()
    return own | getattr(entry, "countries", set())
