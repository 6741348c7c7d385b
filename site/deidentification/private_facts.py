"""What is private of a person on record: names, short forms, other words, contact, month of birth."""

from __future__ import annotations

from collections.abc import Iterator

import regex
from django.utils.translation import gettext as _

from conditions.words import fold
from consent.models import Person
from deidentification.identifiers import KnownName, months_of, short_forms
from deidentification.identifiers.vocabulary import one_of

SHORTEST_NAME = 2
FEWEST_DIGITS = 6  # of a phone number in the contact
NUMBER = regex.compile(r"\d[\d /.-]{3,}\d")  # of a record
HOUSE = regex.compile(r",? (?:nr\.? ?)?\d+\p{L}?$")
STREET = regex.compile(rf"(?i)^(?:{one_of('streets')}) ")
CAPITAL, LETTER = regex.compile(r"\p{Lu}|\p{Lo}"), regex.compile(r"\p{L}")


def private_of(person: Person, public: set[str]) -> Iterator[KnownName]:
    """Yield what must not be published of a person, without a first name that the page shows: that is the
    consent's business.

    `public`: the words of the page's name for the person, folded.
    """
    yield from private_names(person, public)
    source = _("of a person on record")
    for line in person.private_words.splitlines():
        words = " ".join(line.split())
        if words and not set(fold(words).split()) <= public:
            numbers = NUMBER.findall(words) if LETTER.search(words) else []
            for each in (words, *_street(words), *numbers):
                yield KnownName(each, "", f"[{_('private')}]", source, is_whole=True)
    for words in _contact(person.contact):
        yield KnownName(words, "", f"[{_('private')}]", source, is_whole=True)
    if person.birth_date:
        neutral = f"[{_('in %(year)s') % {'year': person.birth_date.year}}]"
        for month in months_of(person.birth_date):
            yield KnownName(month, "", neutral, _("month of birth"), is_whole=True, kind="date")


def private_names(person: Person, public: set[str]) -> Iterator[KnownName]:
    """Yield the parts of a private name, parts written as one word, and short forms."""
    source, neutral = _("of a person on record"), f"[{_('name')}]"
    parts = [part for part in person.private_name.split() if not part[:1].islower()]
    private = [part for part in parts if fold(part) not in public]
    if len(private) == len(parts) > 1:
        for whole in (f"{parts[0]}{parts[-1]}", f"{parts[-1]}{parts[0]}"):
            yield KnownName(whole, "", neutral, source, is_whole=True)
    for part in private:
        if len(part) >= SHORTEST_NAME:
            yield KnownName(part, "", neutral, source)
        for form in short_forms(part):
            if fold(form) not in public:
                yield KnownName(form, "", neutral, _("short form of the name of a person on record"))


def _contact(contact: str) -> Iterator[str]:
    """Yield the phone numbers of a contact, and parts of an address: two words or more, or with a number."""
    for piece in regex.split(r"[\n,;]", contact):
        words = " ".join(piece.split()).strip(" .")
        digits = regex.findall(r"\+?\d[\d ()/.-]{4,}\d", words)
        yield from (found for found in digits if len(regex.sub(r"\D", "", found)) >= FEWEST_DIGITS)
        if not digits and CAPITAL.search(words) and len(words.split()) > 1 and ":" not in words:
            yield words
            yield from _street(words)


def _street(words: str) -> Iterator[str]:
    """Yield an address without the number of the house, and without the word for a street."""
    for shorter in dict.fromkeys((words.lstrip("0123456789 "), HOUSE.sub("", words), STREET.sub("", words))):
        if shorter != words and " " in shorter:
            yield shorter
