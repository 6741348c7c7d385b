"""Names of everyone on record, as keyed hashes that are looked up: who may be meant on a page about no one?

A full name counts, two first names of one family, and a first name alone that stands neither next to another
name nor after a title, if few people bear it. Nothing here reads all people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from audit.trail import fingerprint
from consent.models import Guardianship, Person
from deidentification.identifier_rule import country_names
from mentions.endings import is_unspaced
from mentions.full_names import (
    Known,
    Row,
    Typed,
    first_hashes,
    first_name_row,
    first_names_in,
    hash_of,
    names_in,
    rows_of,
)
from mentions.matching import TITLES, tokens, words_of
from mentions.models import PersonName
from mentions.terms import RELATIONS, is_long_enough, written_as_name

AT_ONCE = 400
# A first name that more people on record bear is anyone's.
MOST_BEARERS = 3
# Words of a text from which on its small letters say which words are ordinary: addresses are shorter.
SENTENCE = 3
# Characters shown to an editor before and after a name.
AROUND = 60

_waiting: ContextVar[list[int] | None] = ContextVar("mentions.person_names", default=None)


def key() -> bytes:
    """Return the secret key of all hashes of names."""
    return bytes.fromhex(fingerprint("withdrawn names"))


# Storing ----------------------------------------------------------------------------------------------------


def store(people: Iterable[int]) -> None:
    """Store the names of these people, and of those for whom they sign. Five queries for all."""
    numbers = set(people)
    if not numbers:
        return
    numbers |= set(Guardianship.objects.filter(guardian__in=numbers).values_list("person", flat=True))
    missing = _forget_outdated(numbers)
    PersonName.objects.bulk_create(
        [PersonName(person_id=number, first=first, name=name) for number, first, name in sorted(missing)],
        ignore_conflicts=True,
        batch_size=AT_ONCE,
    )


def _forget_outdated(numbers: set[int]) -> set[tuple[int, int, int]]:
    """Delete what these people are not called any more. Return the rows that are missing."""
    wanted = {(number, *row) for number, rows in _rows_of_people(numbers).items() for row in rows}
    rows = PersonName.objects.filter(person__in=numbers).values_list("pk", "person", "first", "name")
    stored = {(person, first, name): pk for pk, person, first, name in rows}
    if outdated := [stored[row] for row in stored.keys() - wanted]:
        PersonName.objects.filter(pk__in=outdated).delete()
    return wanted - stored.keys()


def _rows_of_people(numbers: set[int]) -> dict[int, set[Row]]:
    guardians = defaultdict(set)
    pairs = Guardianship.objects.filter(person__in=numbers).values_list("person", "guardian")
    for person, guardian in pairs:
        guardians[person].add(guardian)
    everyone = numbers.union(*guardians.values())
    names = {
        number: (display, private)
        for number, display, private in Person.objects.filter(pk__in=everyone, erased_at=None).values_list(
            "pk", "display_name", "private_name"
        )
    }
    return {
        number: set(
            rows_of_names(*names[number], [names[one][0] for one in guardians[number] if one in names])
        )
        for number in numbers & names.keys()
    }


def rows_of_names(display: str, private: str, family: Iterable[str] = ()) -> set[Row]:
    """Return what is stored of a person of these names. `family`: display names of who signs for them."""
    first = first_name(display)
    together = {name for name in (first, *map(first_name, family)) if name}
    whole = {written_as_name(display), written_as_name(private)} - {()}
    # Pairs without the person's own first name belong to another child of the family.
    rows = rows_of(whole, together if first and len(together) > 1 else (), key())
    return rows | ({first_name_row(first, key())} if first else set())


def first_name(display: str) -> str:
    """Return a display name of one word in the form in which it is compared, '' for another one."""
    words = written_as_name(display)
    if len(words) != 1 or not is_long_enough(words) or is_unspaced(words[0]):
        return ""
    return "" if words[0] in RELATIONS or words[0] in TITLES or words[0] in _names_of_places() else words[0]


@cache
def _names_of_places() -> frozenset[str]:
    return frozenset(" ".join(words_of(name)) for name in country_names())


@contextmanager
def together() -> Iterator[None]:
    """Store the names of people who are saved in this block at its end, in the caller's transaction."""
    token = _waiting.set([])
    try:
        yield
        waiting = _waiting.get() or []
    finally:
        _waiting.reset(token)
    store(waiting)


def person_saved(instance: Any, raw: bool = False, **_rest: object) -> None:
    """Store the names of a person who was saved, or for whom someone signs from now on."""
    number = instance.pk if isinstance(instance, Person) else instance.person_id
    waiting = _waiting.get()
    if raw:
        return
    if waiting is None:
        store([number])
    else:
        waiting.append(number)


def guardianship_ended(instance: Guardianship, **_rest: object) -> None:
    """Forget that two names are those of one family. Nothing is added: the person may be being deleted."""
    _forget_outdated({instance.person_id})


# Recognising ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OnRecord:
    """A name in a text, of people on record. `mark`: its hash; `people`: who bears it; `around`: the words
    around it.
    """

    text: str
    words: tuple[str, ...]
    people: frozenset[int]
    mark: int
    around: str = ""

    @classmethod
    def of(cls, typed: Typed, text: str) -> OnRecord:
        """Return a name as it was recognised in a text."""
        mark = hash_of(" ".join(typed.words), key()) if typed.mark is None else typed.mark
        at = max(text.find(typed.text.split()[0]), 0)
        around = " ".join(text[max(at - AROUND, 0) : at + len(typed.text) + AROUND].split())
        return cls(typed.text, typed.words, typed.people, mark, around)


def names_on_record(texts: Collection[str], address: str = "") -> list[OnRecord]:
    """Return the names in texts that people on record bear, each once, in the order of the texts.

    `address`: the words of a page's address (`redacting.slug_words`), whose capital letters say nothing. Of a
    word that the texts have too, they say whether it is a first name.
    """
    known = _known_for((*texts, address))
    if not known:
        return []
    ordinary = {word for text in texts for word in _small(text)} | _of_the_site()
    found: dict[int, OnRecord] = {}
    for text in (*texts, address):
        for typed in names_in(text, known):
            if typed.mark is None:
                found.setdefault((one := OnRecord.of(typed, text)).mark, one)
        if text is address:
            ordinary |= {word for other in texts for word in words_of(other)}
        for typed in first_names_in(text, known):
            if len(typed.people) <= MOST_BEARERS and typed.words[0] not in ordinary:
                found.setdefault((one := OnRecord.of(typed, text)).mark, one)
    return _longest(found.values())


def _known_for(texts: Iterable[str]) -> Known:
    """Return the names on record that begin with a word of the texts: a query for each 400 words."""
    wanted = sorted({number for text in texts for number in first_hashes(text, key())})
    rows: list[tuple[int, int, int]] = []
    for start in range(0, len(wanted), AT_ONCE):
        some = PersonName.objects.filter(first__in=wanted[start : start + AT_ONCE])
        rows += some.values_list("first", "name", "person")
    return Known.of(rows, key())


def _longest(found: Iterable[OnRecord]) -> list[OnRecord]:
    """Leave out a first name that is part of a full name of the same person, and two first names of a family
    where each counts alone.
    """
    found = list(found)
    alone = {one.words[0] for one in found if len(one.words) == 1}
    longer = [one for one in found if len(one.words) > 1 and not set(one.words) <= alone]
    return [
        one
        for one in found
        if one in longer
        or (
            len(one.words) == 1
            and not any(one.words[0] in other.words and other.people & one.people for other in longer)
        )
    ]


def _small(text: str) -> set[str]:
    """Return the words of a sentence that are written in small letters."""
    words = tokens(text)
    return (
        {word.word for word in words if word.text.islower()}
        if " " in text and len(words) >= SENTENCE
        else set()
    )


def _of_the_site() -> set[str]:
    return set(words_of(str(getattr(settings, "WAGTAIL_SITE_NAME", ""))))


__all__ = [
    "OnRecord",
    "guardianship_ended",
    "key",
    "names_on_record",
    "person_saved",
    "rows_of_names",
    "store",
    "together",
]
