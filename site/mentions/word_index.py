"""Which pages about other people may mention a person, without reading them all: by an index of their words.

A row is valid while it is as old as the page's clearance (`PageWords`), so that a page that changed is read
itself, and nothing is missed. The worker makes new rows (`sweep`). 20,000 rows are compared in half a second.
"""

from __future__ import annotations

import time
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zlib import crc32

import regex
from django.db.models import F, QuerySet
from wagtail.models import Page

from attribution.content import content_of
from mentions import terms
from mentions.candidates import AT_ONCE, linked_in, pages_chosen, strings_of, with_rows
from mentions.endings import is_unspaced, joined, stems
from mentions.matching import QUOTE_RUN, Matcher, runs, words_of
from mentions.models import PageWords
from mentions.stored_texts import plain_text
from publication.mixins import about_person_models

# Words that more of other people's pages carry were not given by one person.
MOST_PAGES = 3
_ADDRESS = regex.compile(r"""\b(?:href|id)=["']([^"']*)""")
_SPACED = regex.compile(r"\p{Latin}|\p{Cyrillic}|\p{Greek}")

# With what the words of a row begin. Rows of an earlier release begin with one space: there "#7" stands for
# any number 7 on the page, also of a picture.
FORM = "  "

Run = tuple[str, ...]


def _mark(run: Run) -> int:
    return crc32(" ".join(run).encode())


def _marks(run: Run) -> list[int]:
    return [_mark(run[at : at + QUOTE_RUN]) for at in range(len(run) - QUOTE_RUN + 1)]


# Making -----------------------------------------------------------------------------------------------------


def row_of(page: Any, made_at: datetime) -> PageWords:
    """Return the row of a published page, not stored. `made_at`: of its clearance, before it was read."""
    raw = "\n".join(strings_of(page))
    text = joined(plain_text(raw))
    content = content_of(page)
    links = [address for address in _ADDRESS.findall(raw) if address]
    found = {*words_of(text), *(word for address in links for word in words_of(address))}
    found |= {f"={number}" for number in (*pages_chosen(page), *linked_in(raw))}
    found |= {f"@{quote.person}" for quote in content.quotes if quote.person}
    found |= {f"{file.kind}:{file.number}" for file in content.files}
    hashes = {_mark(run) for run in runs(words_of(text), QUOTE_RUN)}
    return PageWords(
        page_id=page.pk,
        made_at=made_at,
        words=f"{FORM}{' '.join(sorted(found))} ",
        runs=array("I", sorted(hashes)).tobytes(),
        own_names=[sorted(name for (name,) in line) for line in terms.own_name_lines(page)],
    )


def _stored(rows: Iterable[PageWords]) -> None:
    PageWords.objects.bulk_create(
        list(rows),
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=["made_at", "words", "runs", "own_names"],
    )


def _public() -> QuerySet[Page]:
    return Page.objects.filter(live=True, alias_of=None, clearance__isnull=False).order_by()


def _missing() -> QuerySet[Page]:
    """Return the published pages about people whose row is missing or older than the page."""
    valid = PageWords.objects.filter(made_at=F("page__clearance__made_at"))
    return _public().exclude(pk__in=valid.values("page"))


def _read(numbers: Collection[int]) -> Iterator[Any]:
    """Yield pages about people, with the rows of their tables."""
    for model in about_person_models():
        yield from with_rows(model, all_tables=True, pk__in=numbers)


def make(most: int | None = None) -> Iterator[PageWords]:
    """Make, store and yield the rows that are missing, `most` of them."""
    missing = dict(_missing().order_by("pk").values_list("pk", "clearance__made_at")[:most])
    numbers = list(missing)
    for start in range(0, len(numbers), AT_ONCE):
        rows = [row_of(page, missing[page.pk]) for page in _read(numbers[start : start + AT_ONCE])]
        _stored(rows)
        yield from rows


def _make_again(most: int) -> int:
    """Make some rows of an earlier release again, which stay valid until then. Return how many."""
    valid = PageWords.objects.filter(made_at=F("page__clearance__made_at"), page__live=True)
    old = dict(valid.exclude(words__startswith=FORM).values_list("page", "made_at")[:most])
    _stored([row_of(page, old[page.pk]) for page in _read(old)] if old else [])
    return len(old)


def forget(pages: Iterable[int]) -> None:
    """Delete the rows of pages whose words must not stay in the database, and those that are not valid."""
    PageWords.objects.filter(page__in=list(pages)).delete()
    PageWords.objects.exclude(made_at=F("page__clearance__made_at"), page__live=True).delete()


@dataclass
class _Sweep:
    """When the worker looks again."""

    at_once: int = 100
    pause: float = 60.0
    next_at: float = 0.0
    has_old: bool = True


_worker = _Sweep()


def sweep() -> int:
    """Make some rows that are missing, and return how many. It looks once a minute while none are."""
    if time.monotonic() < _worker.next_at:
        return 0
    made = sum(1 for _row in make(_worker.at_once))
    if not made and _worker.has_old:
        made = _make_again(_worker.at_once)
        _worker.has_old = bool(made)
    if not made:
        _worker.next_at = time.monotonic() + _worker.pause
        forget(())
    return made


# Looking ----------------------------------------------------------------------------------------------------


class Query:
    """What is looked for in a row: names, links, files and short quotes as words, the rest as hashes."""

    def __init__(self, matcher: Matcher) -> None:
        self.looked_for = {name.words for name in matcher.names}
        self.names = [(name.words, [_needles(word) for word in name.words]) for name in matcher.names]
        self.marks = [f" {sign}{page} " for page in matcher.pages for sign in "=#"]
        self.marks += [f" {kind}:{number} " for kind, number in matcher.files]
        if matcher.person:
            self.marks.append(f" @{matcher.person} ")
        self.together = [[f" {word} " for word in quote] for quote in matcher.short_quotes]
        self.together += [[f" {word} " for word in words_of(path)] for path in matcher.paths]
        self.runs: dict[int, list[tuple[Run, list[int]]]] = defaultdict(list)
        for some in matcher.runs.values():
            for run in some:
                marks = _marks(run)
                self.runs[marks[0]].append((run, marks))
        self.all_marks = {mark for rows in self.runs.values() for _run, marks in rows for mark in marks}

    def mentions_in(self, words: str) -> bool:
        """Return whether a page with these words may link to the person's pages, show or quote them."""
        for mark in self.marks:
            if mark in words:
                return True
        return any(all(word in words for word in some) for some in self.together)

    def names_in(self, words: str) -> set[Run]:
        """Return the names that a page with these words may have."""
        return {
            name
            for name, needles in self.names
            if all(any(needle in words for needle in some) for some in needles)
        }

    def are_others(self, names: set[Run], own_lines: list[list[str]]) -> bool:
        """Return whether one of these names on a page is not that of its own people."""
        own = {word for (word,) in terms.own_names(_as_names(own_lines), self.looked_for)}
        return any(len(name) > 1 or name[0] not in own for name in names)

    def runs_in(self, stored: bytes | memoryview) -> Iterator[Run]:
        """Yield the runs of words that a page carries."""
        carried = self.all_marks.intersection(array("I", bytes(stored))) if self.all_marks else ()
        for mark in carried:
            for run, marks in self.runs.get(mark, ()):
                if all(one in carried for one in marks):
                    yield run


def _as_names(lines: list[list[str]]) -> list[set[Run]]:
    return [{(word,) for word in line} for line in lines]


def _needles(word: str) -> list[str]:
    """Return with what a written form of a name begins; also within words where a script asks for it."""
    if is_unspaced(word):
        return [word[:1]]
    return [f" {stem}" for stem in stems(word)] if _SPACED.match(word) else list(stems(word))


def look(matcher: Matcher, without: Collection[int]) -> tuple[set[int], Matcher]:
    """Return the numbers of pages about others that may mention the person, and the matcher without runs of
    words that many of them carry. Pages that no row is valid for are read, and get one.
    """
    query, found = Query(matcher), set[int]()
    carried: dict[Run, set[int]] = defaultdict(set)
    named: dict[int, set[Run]] = {}
    for _row in make():
        pass  # from here on every page has a row
    own, stored = (
        set(without),
        PageWords.objects.filter(made_at=F("page__clearance__made_at"), page__live=True).order_by(),
    )
    for page, words, some in stored.values_list("page", "words", "runs").iterator(chunk_size=500):
        if page in own:
            continue
        for run in query.runs_in(some):
            carried[run].add(page)
        if query.mentions_in(words):
            found.add(page)
        elif names := query.names_in(words):
            named[page] = names
    lines = PageWords.objects.filter(page__in=named).values_list("page", "own_names") if named else ()
    found |= {page for page, own_lines in lines if query.are_others(named[page], own_lines)}
    common = {run for run, pages in carried.items() if len(pages) > MOST_PAGES}
    found |= {page for run, pages in carried.items() if run not in common for page in pages}
    if common:
        matcher = replace(matcher, runs={length: some - common for length, some in matcher.runs.items()})
    return found, matcher


def pages_of_others(person: int, matcher: Matcher, without: Collection[int]) -> tuple[list[Any], Matcher]:
    """Return the published pages about other people that may mention a person, without aliases, and the
    matcher without words that many of them carry.
    """
    numbers, matcher = look(matcher, without)
    pages = list(_read(numbers)) if numbers else []
    return [page for page in pages if person not in page.people_told_of()], matcher


__all__ = ["forget", "look", "make", "pages_of_others", "row_of", "sweep"]
