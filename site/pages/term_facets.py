"""Filter and search a list by the vocabulary: a wide term finds what is tagged by a narrow one, and a lay
name what it names.
"""

from __future__ import annotations

from collections.abc import Iterable

from conditions.models import Term


class TermLines:
    """The terms that tag the rows of a list, all of one vocabulary, and everything above them.

    Read with two queries (the terms on the way up, their names), however many terms there are; none for no
    terms.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        given = list(terms)
        paths = {path for term in given for path in term.lineage_paths()}
        found = type(given[0]).objects.filter(path__in=paths).with_words() if given else ()
        self._lines: dict[str, Term] = {term.path: term for term in found}

    @property
    def labels(self) -> dict[str, str]:
        """Names by slug in the order of the tree: the options of a facet."""
        return {term.slug: term.name for term in self._lines.values()}

    def slugs(self, terms: Iterable[Term]) -> set[str]:
        """The slugs of `terms` and of everything above them: what a row is found by."""
        return {
            self._lines[path].slug for term in terms for path in term.lineage_paths() if path in self._lines
        }

    def words(self, terms: Iterable[Term]) -> list[str]:
        """Every name, lay name and abbreviation of `terms` and of everything above them."""
        paths = {path for term in terms for path in term.lineage_paths() if path in self._lines}
        return [word for path in sorted(paths) for word in self._lines[path].own_words()]
