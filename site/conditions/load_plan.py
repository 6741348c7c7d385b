"""Decides what loading a file would change, before anything is written. Pure: no Django.

A loader adds what is missing and changes only what a loader wrote. With every term it stores what it wrote
last, field by field (`Term.loaded`). If the field differs today, an editor has changed it, and it is kept. A
name or code that a loader once added and an editor removed is not added again. Nothing is ever deleted. The
project's own starter vocabulary is written for visitors, so it may replace the words of any other file, and
no other file may replace the starter's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from conditions.records import NameRecord, TermRecord
from conditions.systems import SYSTEMS
from conditions.words import fold, slug_of

STARTER = "starter"


@dataclass
class KnownTerm:
    """A term as it is in the database, or as it will be when `pk` is None."""

    pk: int | None
    name: str
    slug: str
    description: str
    parent: KnownTerm | None
    depth: int = 1
    loaded: dict[str, Any] = field(default_factory=dict)
    names: set[tuple[str, str]] = field(default_factory=set)
    codes: set[tuple[str, str]] = field(default_factory=set)

    def goes_by(self, words: set[str]) -> bool:
        return fold(self.name) in words or any(name in words for name, _ in self.names)

    def is_below(self, other: KnownTerm) -> bool:
        above: KnownTerm | None = self
        while above is not None:
            if above is other:
                return True
            above = above.parent
        return False


@dataclass
class Change:
    """What one record changes about one term. `action` is created, updated, moved or unchanged."""

    record: TermRecord
    term: KnownTerm
    action: str = "unchanged"
    details: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    names: list[NameRecord] = field(default_factory=list)
    codes: list[tuple[str, str]] = field(default_factory=list)
    moved: bool = False


class Vocabulary:
    """All known terms, to be found by code, by slug and by the key that a source uses."""

    def __init__(self, terms: Iterable[KnownTerm], source: str) -> None:
        self.source = source
        self.slugs: dict[str, KnownTerm] = {}
        self.codes: dict[tuple[str, str], list[KnownTerm]] = {}
        self.keys: dict[str, KnownTerm] = {}
        self.claimed: set[int] = set()
        for term in terms:
            self.enter(term)

    def enter(self, term: KnownTerm) -> None:
        self.slugs[term.slug] = term
        for code in term.codes:
            self.codes.setdefault(code, []).append(term)
        if key := term.loaded.get("keys", {}).get(self.source):
            self.keys.setdefault(key, term)

    def claim(self, record: TermRecord) -> KnownTerm | None:
        """Return the known term that a record describes, if any. No two records of a file get the same term.

        First the term that this source's record created or matched earlier, then a term with the same
        identifying code, then with the same slug. A classifying code (ICD) does not identify one disease, and
        cross references are often imprecise: a MeSH or ORPHA code counts only if a name agrees too, and never
        against a different DOID.
        """
        words = {fold(record.name), *(fold(name.name) for name in record.names)}
        own_doids = {code for code in record.codes if code[0] == "doid"}
        candidates = [self.keys[record.key]] if record.key in self.keys else []
        for system in ("doid", "orpha", "mesh"):
            same_code = [
                term for code in record.codes if code[0] == system for term in self.codes.get(code, [])
            ]
            same_code.sort(key=lambda term: term.slug != record.slug)
            candidates += [term for term in same_code if system == "doid" or term.goes_by(words)]
        if by_slug := self.slugs.get(record.slug or slug_of(record.name)):
            candidates.append(by_slug)
        for term in candidates:
            doids = {code for code in term.codes if code[0] == "doid"}
            if id(term) not in self.claimed and not (own_doids and doids and not own_doids & doids):
                self.claimed.add(id(term))
                return term
        return None

    def free_slug(self, stem: str) -> str:
        slug, number = stem, 2
        while slug in self.slugs:
            slug, number = f"{stem}-{number}", number + 1
        return slug

    def code_owner(self, code: tuple[str, str]) -> KnownTerm | None:
        return next(iter(self.codes.get(code, [])), None)


def may_write(current: Any, offered: Any, memory: dict[str, Any] | None, source: str) -> bool | None:
    """Return True to write `offered`, False to leave `current`, None to leave it because an editor changed
    it.
    """
    if offered == current:
        return False
    if memory is None:
        return current == "" and offered != ""
    if memory["was"] != current:
        return None
    return offered != "" and (memory["by"] == source or source == STARTER)


def remember(term: KnownTerm, name: str, value: Any, source: str) -> None:
    term.loaded[name] = {"by": source, "was": value}


def create(record: TermRecord, parent: KnownTerm | None, vocabulary: Vocabulary) -> Change:
    """Plan a new term."""
    term = KnownTerm(
        pk=None,
        name=record.name,
        slug=vocabulary.free_slug(record.slug or slug_of(record.name)),
        description=record.description,
        parent=parent,
        depth=parent.depth + 1 if parent else 1,
    )
    for name in ("name", "description"):
        remember(term, name, getattr(record, name), vocabulary.source)
    change = Change(record, term, action="created")
    _add_names(change, list(record.names))
    _add_codes(change)
    term.loaded["keys"] = {vocabulary.source: record.key}
    vocabulary.enter(term)
    vocabulary.claimed.add(id(term))
    return change


def update(
    record: TermRecord, term: KnownTerm, parent: KnownTerm | None, places: bool, vocabulary: Vocabulary
) -> Change:
    """Plan what a record adds to or changes about a known term. `places`: whether the record names its
    parent.
    """
    change, source = Change(record, term), vocabulary.source
    names = list(record.names)
    for name in ("name", "description"):
        current, offered = getattr(term, name), getattr(record, name)
        allowed = may_write(current, offered, term.loaded.get(name), source)
        if allowed:
            setattr(term, name, offered)
            remember(term, name, offered, source)
            change.details.append(f"{name} → {offered}")
        elif allowed is None and term.loaded[name]["was"] != offered:
            change.kept.append(name)
        elif name == "name" and allowed is False and term.loaded.get(name, {}).get("by") != source:
            # The main name in another file becomes one more name of this term.
            names.insert(0, NameRecord(offered, "en", "synonym"))
    _add_names(change, names)
    _add_codes(change)
    if places:
        _place(change, parent, source)
    if change.details:
        change.action = "moved" if change.moved and len(change.details) == 1 else "updated"
    keys = term.loaded.setdefault("keys", {})
    if keys.get(source) != record.key and change.details:
        keys[source] = record.key
    return change


def _add_names(change: Change, names: list[NameRecord]) -> None:
    term = change.term
    written = term.loaded.setdefault("names", [])
    for name in names:
        key = (fold(name.name), name.language)
        mark = f"{name.language}:{key[0]}"
        if key in term.names or key == (fold(term.name), "en"):
            continue
        if mark in written:
            continue
        term.names.add(key)
        written.append(mark)
        change.names.append(name)
        change.details.append(f"+ {name.kind} “{name.name}” ({name.language})")


def _add_codes(change: Change) -> None:
    term = change.term
    written = term.loaded.setdefault("codes", [])
    for system, code in change.record.codes:
        mark = f"{system}:{code}"
        if (system, code) in term.codes or mark in written:
            continue
        term.codes.add((system, code))
        written.append(mark)
        change.codes.append((system, code))
        change.details.append(f"+ {SYSTEMS[system].label} {code}")


def _place(change: Change, parent: KnownTerm | None, source: str) -> None:
    """Move the term if a loader placed it, but never below one of its own descendants."""
    term = change.term
    memory = term.loaded.get("parent")
    if parent is term.parent or memory is None:
        return
    here = term.parent.pk if term.parent else None
    if memory["was"] != here:
        change.kept.append("place in the tree")
    elif (memory["by"] == source or source == STARTER) and not (parent and parent.is_below(term)):
        term.parent = parent
        change.moved = True
        change.details.append(f"moved below {parent.name}" if parent else "moved to the top")
