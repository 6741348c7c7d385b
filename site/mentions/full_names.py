"""Recognises full names without knowing them: keyed hashes of a person's names, and of the names in a text.

A first name alone is anyone's, so only a name of two words or more is kept (in both orders), a whole name in
a script without spaces, and two names of the same family that stand in one text ("Meera" and "Aarav"). The
words of a text are compared in their basic form, whatever their case ending (`mentions.endings`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, product

import regex

from mentions.endings import PARTICLES, Form, basic_forms, is_unspaced, is_whole, joined
from mentions.matching import END, TITLES, Token, is_capital, tokens

MOST_WORDS = 4
MOST_WORDS_OF_FACT = 8
SHORTEST_TITLE = 3
# In a script without spaces, a shorter name also stands within other words.
SHORTEST_UNSPACED = 3
# Between the words of a name; a full stop only after an initial.
_GAP = regex.compile(r"[\s,\-‐‑·'’]{1,3}")

Row = tuple[int, int]  # hashes of the first word, and of the whole name


def hash_of(words: str, key: bytes) -> int:
    """Return a keyed hash as a signed number of 64 bits."""
    return int.from_bytes(blake2b(words.encode(), digest_size=8, key=key).digest(), "big", signed=True)


def rows_of(names: Iterable[tuple[str, ...]], together: Collection[str], key: bytes) -> set[Row]:
    """Return what is stored of names, as words in basic form, and of first names that mean one family."""
    found = set()
    for words in names:
        if len(words) == 1 and len(words[0]) >= SHORTEST_UNSPACED and is_unspaced(words[0]):
            found.add((hash_of(words[0], key), hash_of(words[0], key)))
        if 2 <= len(words) <= MOST_WORDS:
            for order in {words, words[::-1], (words[0], words[-1]), (words[-1], words[0])}:
                found.add((hash_of(order[0], key), hash_of(" ".join(order), key)))
    for one, other in combinations(sorted(together), 2):
        whole = hash_of(f"{one}+{other}", key)
        # Each of them is looked up alone first; the second row differs by its number only.
        found |= {(hash_of(one, key), whole), (hash_of(other, key), ~whole)}
    return found


def fact_rows(names: Iterable[str], facts: Iterable[tuple[str, ...]], key: bytes) -> set[Row]:
    """Return what is stored of a person's first names together with what else is known of them: a country, a
    treatment, the title of a page.
    """
    facts = [fact for fact in facts if 0 < len(fact) <= MOST_WORDS_OF_FACT]
    found = {
        (hash_of(fact[0], key), hash_of(_with_fact(name, fact), key)) for name in names for fact in facts
    }
    # Each name is looked up alone first.
    return found | {first_name_row(name, key) for name in names if facts}


def title_rows(titles: Iterable[tuple[str, ...]], key: bytes) -> set[Row]:
    """Return what is stored of the titles of a person's pages."""
    return {
        (hash_of(words[0], key), hash_of(_title(words), key))
        for words in titles
        if len(words) >= SHORTEST_TITLE
    }


def first_name_row(name: str, key: bytes) -> Row:
    """Return what is stored of a first name that is recognised alone (`first_names_in`)."""
    return hash_of(name, key), mark_of(name, key)


def mark_of(name: str, key: bytes) -> int:
    """Return the hash of a first name that is looked up alone."""
    return hash_of(f"alone:{name}", key)


def _with_fact(name: str, fact: tuple[str, ...]) -> str:
    return f"{name}+fact:{' '.join(fact)}"


def _title(words: tuple[str, ...]) -> str:
    return f"title:{' '.join(words)}"


@dataclass
class Known:
    """The rows of everyone who withdrew: by the hash of a whole name, who bears it."""

    key: bytes
    firsts: set[int] = field(default_factory=set)
    bearers: dict[int, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int]], key: bytes) -> Known:
        """Return the rows (first, name, person)."""
        known = cls(key)
        for first, name, person in rows:
            known.firsts.add(first)
            known.bearers.setdefault(name, set()).add(person)
        return known

    def __bool__(self) -> bool:
        return bool(self.bearers)


@dataclass(frozen=True)
class Typed:
    """A name in a text, as it was typed, the words in basic form, and whose it is.

    `mark`: of what may mean someone else, the hash that was recognised; an editor decides about it.
    """

    text: str
    words: tuple[str, ...]
    people: frozenset[int]
    mark: int | None = None


def names_in(text: str, known: Known) -> Iterator[Typed]:
    """Yield the known names in a text."""
    text = joined(text)
    found = tokens(text)
    alone: dict[str, Token] = {}
    for at, token in enumerate(found):
        if not is_capital(token.text):
            continue
        if is_unspaced(token.word):
            yield from _within(token, known)
        firsts = [
            (name, form)
            for name, form in basic_forms(token.word)
            if _known_first(name, known.key) in known.firsts
        ]
        if firsts:
            yield from _from(at, firsts, found, text, known)
            alone |= {name: token for name, form in firsts if not _in_a_longer_name(found, at, text)}
    yield from _together(alone, text, known)
    yield from _with_facts(alone, found, text, known)


def title_in(text: str, known: Known) -> Iterator[Typed]:
    """Yield the title of a withdrawn page, if a whole text is one."""
    words = tuple(token.word for token in tokens(joined(text)))
    if len(words) >= SHORTEST_TITLE:
        mark = hash_of(_title(words), known.key)
        if people := known.bearers.get(mark):
            yield Typed(text, words, frozenset(people), mark)


def _with_facts(alone: dict[str, Token], found: list[Token], text: str, known: Known) -> Iterator[Typed]:
    """Yield first names that stand in one text with something else that is known of the person."""
    if not alone:
        return
    names = {name: token for name, token in alone.items() if _is_first_name(name, known)}
    for at, token in enumerate(found) if names else ():
        if _known_first(token.word, known.key) not in known.firsts:
            continue
        for end in range(at + 1, min(at + MOST_WORDS_OF_FACT, len(found)) + 1):
            fact = tuple(one.word for one in found[at:end])
            for name, first in names.items():
                mark = hash_of(_with_fact(name, fact), known.key)
                if people := known.bearers.get(mark):
                    typed = f"{text[first.start : first.end]} … {text[token.start : found[end - 1].end]}"
                    yield Typed(" ".join(typed.split()), (name, *fact), frozenset(people), mark)


def _is_first_name(name: str, known: Known) -> bool:
    return mark_of(name, known.key) in known.bearers


def first_hashes(text: str, key: bytes) -> set[int]:
    """Return the hashes of first words that `names_in` and `first_names_in` may look for in a text."""
    found = set()
    for token in tokens(joined(text)):
        if not is_capital(token.text):
            continue
        found |= {_known_first(name, key) for name, _form in basic_forms(token.word)}
        if is_unspaced(token.word):
            found |= {_known_first(part, key) for part in _parts(token.word)}
    return found


def first_names_in(text: str, known: Known) -> Iterator[Typed]:
    """Yield the known first names that stand alone: neither next to another name nor after a title."""
    text = joined(text)
    found = tokens(text)
    for at, token in enumerate(found):
        if not is_capital(token.text) or _after_a_name(found, at, text):
            continue
        is_longer = _in_a_longer_name(found, at, text)
        for name, form in basic_forms(token.word):
            # No surname follows a genitive: "Aaravs Mutter".
            if form == Form.GENDERED or (is_longer and token.word != f"{name}s"):
                continue
            mark = mark_of(name, known.key)
            if people := known.bearers.get(mark):
                yield Typed(token.text, (name,), frozenset(people), mark)


@lru_cache(maxsize=20_000)
def _known_first(name: str, key: bytes) -> int:
    return hash_of(name, key)


def _within(token: Token, known: Known) -> Iterator[Typed]:
    for part in _parts(token.word):
        if people := known.bearers.get(hash_of(part, known.key)):
            yield Typed(part, (part,), frozenset(people))


def _parts(word: str) -> Iterator[str]:
    """Yield what may be a name within a word of a script without spaces."""
    for length in range(SHORTEST_UNSPACED, MOST_WORDS + 2):
        for start in range(len(word) - length + 1):
            yield word[start : start + length]


def _from(
    at: int, firsts: list[tuple[str, Form]], found: list[Token], text: str, known: Known
) -> Iterator[Typed]:
    """Yield the names that begin with this word."""
    choices = [firsts]
    for number in range(at + 1, len(found)):
        before, token = found[number - 1], found[number]
        gap = text[before.end : token.start]
        is_initial = len(before.word) == 1 and gap.strip() == "."
        if len(choices) == MOST_WORDS or not (is_initial or _GAP.fullmatch(gap)):
            return
        if token.word in PARTICLES:
            continue
        if not is_capital(token.text):
            return
        choices.append(list(basic_forms(token.word)))
        for chosen in product(*choices):
            words = tuple(word for word, _form in chosen)
            people = known.bearers.get(hash_of(" ".join(words), known.key))
            if people and is_whole([form for _word, form in chosen]):
                typed = " ".join(text[found[at].start : token.end].split())
                yield Typed(typed, words, frozenset(people))


def _in_a_longer_name(found: list[Token], at: int, text: str) -> bool:
    """Return whether another word with a capital letter follows: 'Aarav Patel'."""
    after = found[at + 1] if at + 1 < len(found) else None
    return bool(after and text[found[at].end : after.start] == " " and after.text[:1].isupper())


def _after_a_name(found: list[Token], at: int, text: str) -> bool:
    """Return whether a title stands before a word, or a name ('Dr Daniel', 'with Maria Daniel'). A capital
    letter at the beginning of a sentence makes no name.
    """
    if not at:
        return False
    before, gap = found[at - 1], text[found[at - 1].end : found[at].start]
    if before.word in TITLES and len(gap) <= 2:
        return True
    earlier = text[found[at - 2].end : before.start] if at > 1 else ""
    begins = at < 2 or bool(END.search(earlier)) or "\n" in earlier
    return gap == " " and before.text[:1].isupper() and not begins


def _together(alone: dict[str, Token], text: str, known: Known) -> Iterator[Typed]:
    for one, other in combinations(sorted(alone), 2):
        if people := known.bearers.get(hash_of(f"{one}+{other}", known.key)):
            places = sorted((alone[one], alone[other]), key=lambda token: token.start)
            typed = " … ".join(text[token.start : token.end] for token in places)
            yield Typed(typed, (one, other), frozenset(people))
