"""The invented facts of `facts.toml`, and the people on record to whom they belong."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from consent.models import Person
from deidentification.identifiers import Finding, KnownName
from deidentification.private_facts import private_of
from documents.contents import plain

FILE = Path(__file__).with_name("facts.toml")


@dataclass(frozen=True)
class Fact:
    """Words that must not get out. `is_told`: the record of a person says so; else a rule finds them."""

    words: str
    kind: str
    is_told: bool

    @property
    def sentence(self) -> str:
        """The fact in a sentence in which nothing else is found."""
        return f"and then {self.words}; she kept it."

    @property
    def is_one_plain_word(self) -> bool:
        return self.words.isascii() and self.words.isalpha() and self.words.istitle()


@cache
def read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def people() -> list[Person]:
    """Return the people on record, not stored."""
    return [
        Person(
            private_name=one["name"], display_name="Ines", private_words=one.get("words", ""),
            contact=one.get("contact", ""), birth_date=one.get("born"),
        )
        for one in read()["person"]
    ]  # fmt: skip


@cache
def facts() -> tuple[Fact, ...]:
    told = [Fact(words, "told", True) for one in read()["person"] for words in one["facts"]]
    found = [Fact(words, kind, False) for kind, listed in read()["found"].items() for words in listed]
    return (*told, *found)


@cache
def names() -> tuple[KnownName, ...]:
    return tuple(name for person in people() for name in private_of(person, set()))


def covers(findings: Iterable[Finding], text: str, words: str) -> bool:
    """Return whether a finding lies on these words of a text, or the text does not have them any more."""
    forms = [
        words,
        " ".join(unicodedata.normalize("NFC", words).split()),
        plain(words),
        " ".join(plain(words).split()),
    ]
    form = next((one for one in forms if one in text), None)
    assert form is not None, f"{words!r} is not in the text that is searched: {text[:200]!r}"
    at = text.find(form)
    return any(one.at < at + len(form) and one.end > at for one in findings)
