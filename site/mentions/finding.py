"""Searches for mentions of one person: pages about no one, pages about others, and what pages share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from wagtail.models import Page

from audit.trail import fingerprint
from consent.models import Person
from mentions import candidates, facts, naming, places, terms, word_index
from mentions.cleaning import Cleaner
from mentions.found import Cleaned, Found
from mentions.matching import Kind, Matcher, Name
from mentions.stored_texts import read_together
from publication.mixins import AboutPerson


@dataclass(frozen=True)
class Wanted:
    """What to look for, as plain data. `links`: pages whose links count; None for all about the person.
    `files`: pictures and recordings of the person that may no longer be shown, by kind and number.
    `also`: keys of ambiguous mentions that someone decided to remove; with `only_also`, no others are.
    `pages`: only these are searched, and the shared objects `things` (model and number); then `unsure` has
    the keyed hashes of the names that the whole search found to be ambiguous.
    """

    person: int
    names: bool = True
    quotes: bool = True
    links: list[int] | None = None
    also: frozenset[str] = frozenset()
    pages: list[int] | None = None
    unsure: frozenset[str] = frozenset()
    things: list[list[Any]] | None = None
    only_also: bool = False
    files: tuple[tuple[str, int], ...] = ()

    def is_chosen(self, found: Found) -> bool:
        """Return whether a mention is removed."""
        return (found.is_certain and not self.only_also) or found.key in self.also

    def as_json(self) -> dict[str, Any]:
        """Return the data for a step of a takedown."""
        return {
            "person": self.person,
            "names": self.names,
            "quotes": self.quotes,
            "links": self.links,
            "also": sorted(self.also),
            "pages": self.pages,
            "unsure": sorted(self.unsure),
            "things": self.things,
            "files": [list(file) for file in self.files],
        }

    @classmethod
    def of(cls, data: dict[str, Any]) -> Wanted:
        """Return what `as_json` stored."""
        # A step that was recorded before pictures were looked for has no files.
        files = tuple((str(kind), int(number)) for kind, number in data.get("files", ()))
        sets = {name: frozenset(data[name]) for name in ("also", "unsure")}
        return cls(**{**data, **sets, "files": files})

    def narrowed_to(self, result: Search) -> Wanted:
        """Return the same for what a search found, so that nothing else is read again."""
        pages = [on_page.page.pk for on_page in result.affected if on_page.is_page]
        things = [[places.label_of(one.page), one.page.pk] for one in result.affected if not one.is_page]
        unsure = frozenset(_mark(name) for name in result.matcher.names if not name.is_sure)
        return replace(self, pages=pages, unsure=unsure, things=things)


def _mark(name: Name) -> str:
    return fingerprint("mention", " ".join(name.words))[:16]


@dataclass
class OnPage:
    """One public page, or one object that pages show, that mentions the person, with what is left of it."""

    page: Any
    cleaned: Cleaned
    reading: places.Reading

    @property
    def is_page(self) -> bool:
        """Whether it is a page, and not something that pages show."""
        return isinstance(self.page, Page)

    @property
    def is_unpublished(self) -> bool:
        """Whether what mentions the person cannot be removed while the page is public."""
        return self.reading.is_unpublished and bool(self.cleaned.stuck)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return each mention with what happens to it, for a preview."""
        removed = self.cleaned.removed
        return [
            {
                "found": one,
                "title": places.title_of(self.page),
                "url": places.edit_url(self.page),
                "outcome": self._outcome(one),
                "is_chosen": one in removed,
            }
            for one in self.cleaned.found
        ]

    def _outcome(self, one: Found) -> str:
        if one.by_hand:
            return _("Stays until someone changes it by hand. Decide: is this the person?")
        if one not in self.cleaned.removed:
            return _("Stays. Decide: is this the person?")
        if one in self.cleaned.stuck:
            return _("The page is unpublished: this cannot be left out.")
        if one.kind == Kind.CHOSEN:
            return _("This is removed: an editor chose the person here.")
        if one.kind == Kind.LINK:
            return _("The link is removed.")
        return _("These words are replaced.") if self.reading.words_only else _("This passage is removed.")


@dataclass
class Search:
    """The mentions of one person. `pages`: those with any mention; `matcher`: what was looked for."""

    matcher: Matcher
    pages: list[OnPage] = field(default_factory=list)

    @property
    def found(self) -> list[Found]:
        """All mentions, in the order of the pages."""
        return [one for on_page in self.pages for one in on_page.cleaned.found]

    @property
    def affected(self) -> list[OnPage]:
        """The pages from which something is removed."""
        return [on_page for on_page in self.pages if on_page.cleaned.removed]


def mentions_of(person: Person) -> list[Found]:
    """Return every mention of a person on a public page that is not about a person."""
    return search(Wanted(person.pk)).found


def search(wanted: Wanted, matcher: Matcher | None = None) -> Search:
    """Search everything that is public and not about the person.

    `matcher`: what an earlier search of the whole site looked for (`Search.matcher`), so that only the pages
    of `wanted` are read again.
    """
    person = Person.objects.filter(pk=wanted.person).first()
    if person is None:
        return Search(Matcher())
    if matcher is not None and wanted.pages is not None:
        holders = _holders(wanted)
    else:
        matcher = terms.matcher_of(
            person, names=wanted.names, quotes=wanted.quotes, links=wanted.links, files=wanted.files
        )
        if matcher.is_empty:
            return Search(matcher)
        if wanted.pages is None:
            holders, matcher = _everywhere(wanted, matcher, person)
        else:
            holders = _holders(wanted)
            matcher = _as_found(wanted, matcher, holders, person)
    result = Search(matcher)
    decided = naming.decided_for(person.pk, matcher)
    with read_together([one for one in holders if isinstance(one, AboutPerson)]):
        for holder in holders:
            reading = places.reading_of(holder, person.pk)
            own = naming.as_decided(holder, candidates.matcher_for(holder, matcher, person), decided)
            cleaned = Cleaner(holder, own, wanted.is_chosen, reading).run()
            if cleaned.found:
                result.pages.append(OnPage(holder, cleaned, reading))
    return result


def _holders(wanted: Wanted) -> list[Any]:
    """Return the pages and shared objects in which `wanted` was found earlier."""
    pages = candidates.of_all_types(wanted.pages or (), live=True)
    return [*pages, *_things(wanted.things or ())]


def _as_found(wanted: Wanted, matcher: Matcher, holders: list[Any], person: Person) -> Matcher:
    """Return the matcher as the search of the whole site left it, for what that search found."""
    names = [
        replace(name, is_sure=name.is_sure and _mark(name) not in wanted.unsure) for name in matcher.names
    ]
    own_pages = terms.pages_about(person.pk)
    return facts.without_facts(replace(matcher, names=names), holders, own_pages, person.created_at)


def _everywhere(wanted: Wanted, matcher: Matcher, person: Person) -> tuple[list[Any], Matcher]:
    """Return what may mention the person of all that is public, and the matcher with what was learned."""
    own = terms.pages_about(wanted.person)
    gone = {page.pk for page in own} | set(wanted.links or ())
    others, matcher = word_index.pages_of_others(wanted.person, matcher, gone)
    sources = (*candidates.public_pages(), *others, *places.shared_things())
    found, matcher = candidates.narrowed(matcher, sources, own)
    matcher = facts.without_facts(matcher, found, own, person.created_at)
    things = places.only_public([one for one in found if not isinstance(one, Page)], gone)
    return [*(one for one in found if isinstance(one, Page)), *things], matcher


def _things(named: Iterator[list[Any]] | Any) -> Iterator[Any]:
    for label, number in named:
        yield from apps.get_model(label)._default_manager.filter(pk=number)


__all__ = ["OnPage", "Search", "Wanted", "mentions_of", "search"]
