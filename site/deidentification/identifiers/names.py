"""Finds private names in a text, whatever their case ending, accents or capital letters. Pure.

A case ending is recognised by what is left of the name without its own ending: 'Kowalskiej' of 'Kowalska',
'Павла' of 'Павел', 'Ionuțului' of 'Ionuț'. Words that only look like a case of a name are found as well: an
editor decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex

from deidentification.identifiers.kinds import KnownName
from deidentification.identifiers.letters import Token, is_capital, plain, tokens
from deidentification.identifiers.vocabulary import words
from deidentification.identifiers.words import COMMON, WORDS_AS_NAMES

VOWELS = "aeiouyаеиоуыэюяіїєьъαεηιουω"
# A name this long is recognised with any short ending; a shorter one with those in SHORT_ENDINGS.
INFLECTED_FROM, LONGEST_ENDING, SHORTEST_STEM = 4, 3, 3
SHORT_ENDINGS = frozenset(words("short endings"))
LONG_ENDINGS = frozenset(words("long endings"))
# What English adds to words. A name that is a word too ('Mark', 'Hope') is not found with these.
ENGLISH_ENDINGS = frozenset(["ed", "ing", "ly", "er", "ers", "est", "et", "ets", "ful", "able", "s", "es"])
# How the last consonant changes before e or i: 'Agnieszce', 'Olze', 'Barbarze', 'Marcie', 'Ользі'.
SOFTENED = {
    "k": ("c", "cz"), "g": ("dz", "z"), "t": ("c",), "d": ("dz",), "r": ("rz",), "h": ("s", "sz", "z"),
    "к": ("ц", "ч"), "г": ("з", "ж"), "х": ("с", "ш"),
}  # fmt: skip
SOFT = tuple("eiеиіє")
# Written before a word without a space: and, with, for, as, so, the; in Hebrew also from, that.
PREFIXES = {"arabic": ("و", "ب", "ل", "ك", "ف", "ال", "وال", "بال", "لل"), "hebrew": tuple("ובלהמשכ")}
# Scripts without spaces between words, or that add endings to them as Korean does.
UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
JOINT = regex.compile(r"(?<=[\p{Ll}\p{N}])(?=\p{Lu})")
DOUBLED = regex.compile(r"([kpt])\1$")
GAP = regex.compile(r"[^\p{L}\p{N}\n]{0,3}|[^\p{L}\p{N}]{0,2}")
SHORTEST, SHORTEST_JOINED, SHORTEST_SMALL = 2, 5, 4
DIGITS = "0123456789"


@dataclass(frozen=True)
class Wanted:
    """One word or several in a row, in the form in which words are compared, and whose name they are."""

    words: tuple[str, ...]
    known: KnownName
    is_small: bool = False  # given in small letters


def found_names(text: str, names: Iterable[KnownName]) -> Iterator[tuple[int, int, KnownName]]:
    """Yield (start, end, name) for each private name in a text; the longest names first."""
    wanted, unspaced = _wanted(tuple(names))
    if unspaced:
        yield from _unspaced(text, unspaced)
    if not wanted:
        return
    read = tokens(text)
    parts = [part for token in read if JOINT.search(token.text) for part in _parts(token)]
    places = _Places(read)
    for each in wanted:
        for at in places.of(each):
            if end := _matches(each, read, at, text):
                yield read[at].start, end, each.known
        for at, part in enumerate(parts) if len(each.words) == 1 else ():
            if end := _matches(each, parts, at, text):
                yield part.start, end, each.known


class _Places:
    """Where a name may begin in a text: most words are in small letters, and are other words."""

    def __init__(self, read: list[Token]) -> None:
        self.number = len(read)
        self.capitals = [at for at, token in enumerate(read) if is_capital(token.text)]
        self.by_word: dict[str, list[int]] = {}
        for at, token in enumerate(read):
            self.by_word.setdefault(token.word, []).append(at)
            if (bare := token.word.strip(DIGITS)) != token.word:
                self.by_word.setdefault(bare, []).append(at)

    def of(self, wanted: Wanted) -> Iterable[int]:
        """Return the tokens at which `_matches` may be true: it asks more of each."""
        words = wanted.words
        if len(words) > 1 and wanted.known.is_whole:
            return range(self.number)
        same = {words[0], f"{words[0]}s", "".join(words), "".join(words[::-1])}
        found = [at for word in same for at in self.by_word.get(word, ())]
        return sorted({*self.capitals, *found}) if found else self.capitals


def _parts(token: Token) -> Iterator[Token]:
    """Yield the parts of words that were written as one: 'seenFilipa', 'Filipa03Shown'."""
    bounds = [0, *(joint.start() for joint in JOINT.finditer(token.text)), len(token.text)]
    for start, end in pairwise(bounds):
        words = token.text[start:end]
        yield Token(words, plain(words), token.start + start, token.start + end)


def _unspaced(text: str, names: Iterable[tuple[str, KnownName]]) -> Iterator[tuple[int, int, KnownName]]:
    for name, known in names:
        at = text.find(name)
        while at >= 0:
            yield at, at + len(name), known
            at = text.find(name, at + 1)


@lru_cache(maxsize=64)
def _wanted(names: tuple[KnownName, ...]) -> tuple[list[Wanted], list[tuple[str, KnownName]]]:
    """Return what is looked for, whole names before their parts, and names in scripts without spaces."""
    found: dict[tuple[str, ...], Wanted] = {}
    unspaced: dict[str, KnownName] = {}
    for known in names:
        for piece in _pieces(known):
            if UNSPACED.search(piece):
                if len(piece) >= SHORTEST:
                    unspaced.setdefault(piece, known)
            elif (words := tuple(token.word for token in tokens(piece))) and len("".join(words)) >= SHORTEST:
                found.setdefault(words, Wanted(words, known, is_small=piece[:1].islower()))
    ordered = sorted(found.values(), key=lambda one: -len(one.words))
    return ordered, sorted(unspaced.items(), key=lambda one: -len(one[0]))


def _pieces(known: KnownName) -> Iterator[str]:
    yield known.name
    if known.is_whole:
        return
    for part in known.name.split():
        yield part
        if len(halves := regex.split(r"[-‐‑–]", part)) > 1:
            yield from (half for half in halves if len(half) >= SHORTEST_STEM)


def _matches(wanted: Wanted, read: list[Token], at: int, text: str) -> int:
    """Return where the words end that match from the token `at`, 0 for none."""
    token, words = read[at], wanted.words
    if len(words) == 1:
        return token.end if _is_one(token, words[0], is_small=wanted.is_small) else 0
    if _is_joined(token, words):
        return token.end
    is_small = wanted.known.is_whole  # 'лицее на Заречной' of 'лицей на Заречной'
    if len(read) - at < len(words) or not _is_part(token, words[0], is_small=is_small):
        return 0
    for before, after, word in zip(read[at:], read[at + 1 :], words[1:], strict=False):
        if not _is_part(after, word, is_small=is_small) or not GAP.fullmatch(text, before.end, after.start):
            return 0
    return read[at + len(words) - 1].end


def _is_joined(token: Token, words: tuple[str, ...]) -> bool:
    whole = "".join(words)
    return len(whole) >= SHORTEST_JOINED and token.word.strip("0123456789") in {whole, "".join(words[::-1])}


def _is_part(token: Token, word: str, *, is_small: bool) -> bool:
    if token.word in {word, f"{word}s"}:
        return True
    return (is_small or is_capital(token.text)) and is_form_of(token.word, word)


def _is_one(token: Token, word: str, *, is_small: bool) -> bool:
    bare = token.word.strip("0123456789") or token.word
    if bare == word:
        if is_small:
            return True
        if not is_capital(token.text):
            return len(word) >= SHORTEST_SMALL and word not in WORDS_AS_NAMES
        return len(word) > SHORTEST or (token.text.istitle() and token.text not in COMMON)
    is_acronym = token.text.isupper() and len(word) < INFLECTED_FROM
    return is_capital(token.text) and not is_acronym and is_form_of(bare, word)


@lru_cache(maxsize=20_000)
def is_form_of(word: str, name: str) -> bool:
    """Return whether a word may be a case or a pet form of a name, or the name after a prefix.

    Both in the form in which words are compared.
    """
    if any(word == prefix + name for prefixes in PREFIXES.values() for prefix in prefixes):
        return True
    if word[:1] != name[:1] or word == name:
        return word == name
    if len(name) < INFLECTED_FROM:
        stems = [name, f"{name[0]}ь{name[-1]}"] if name[1:2] == "е" else [name]  # 'Лев', 'Льва'
        return len(name) > SHORTEST and any(
            word.startswith(stem) and word[len(stem) :] in SHORT_ENDINGS for stem in stems
        )
    for stem in _stems(name):
        if word.startswith(stem) and _is_ending(word[len(stem) :], name):
            return True
    return any(
        word.startswith(stem)
        and word[len(stem) :].startswith(SOFT)
        and len(word) - len(stem) <= LONGEST_ENDING
        for stem in _softened(name)
    )


def _is_ending(ending: str, name: str) -> bool:
    if name in WORDS_AS_NAMES and ending in ENGLISH_ENDINGS:
        return False
    return len(ending) <= LONGEST_ENDING or ending in LONG_ENDINGS


@lru_cache(maxsize=2_000)
def _stems(name: str) -> tuple[str, ...]:
    """Return the name and what its cases have in common: 'павел' and 'павл', 'jonas' and 'jon'."""
    found = [name]
    if name[-1] in VOWELS:
        found.append(name[:-1])
    elif name[-1] in "sς" and name[-2] in VOWELS and len(name) > INFLECTED_FROM:
        found.append(name[:-2])
    if (
        len(name) > INFLECTED_FROM
        and name[-2] in "eoеоi"
        and name[-1] not in VOWELS
        and name[-3] not in VOWELS
    ):
        found += [name[:-2] + name[-1], f"{name[:-2]}ь{name[-1]}"]
    if name.endswith(("ий", "ии", "yi", "yj")):
        found.append(name[:-2])
    if name.endswith("escu"):
        found.append(f"{name[:-2]}ti")  # 'Ștefăneștilor'
    found += [DOUBLED.sub(r"\1", stem) for stem in found]
    return tuple(dict.fromkeys(stem for stem in found if len(stem) >= SHORTEST_STEM))


@lru_cache(maxsize=2_000)
def _softened(name: str) -> tuple[str, ...]:
    return tuple(stem[:-1] + soft for stem in _stems(name) for soft in SOFTENED.get(stem[-1], ()))


__all__ = ["found_names", "is_form_of", "plain"]
