"""Compares a written word with a name in its basic form: case endings, prefixes, names without spaces. Pure.

Endings are listed for Cyrillic (Russian, Ukrainian, Bulgarian, Serbian) and Latin script (Romanian, Polish,
Czech, Slovak, Croatian). A word that may also be another person's name in its basic form ("Daniela" beside
"Daniel") is told apart from one that may not.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from unicodedata import normalize

import regex

# Letters may carry characters that no one sees: soft hyphens, joiners, marks of direction.
TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}](?:[\p{Cf}--\u200b]*[\p{L}\p{M}\p{N}])*", regex.V1)
_UNWRITTEN = regex.compile(r"[\p{M}\p{Cf}\u0640]+")
# Letters of Arabic and Persian keyboards that are typed for each other.
_SAME_LETTERS = str.maketrans("ةىکیıłøđ", "هيكيilod")
_SPACELESS = r"[\p{Han}\p{Hiragana}\p{Katakana}]"
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+")
_GAP = regex.compile(rf"(?<={_SPACELESS})[ \u3000·・]+(?={_SPACELESS})")

LONGEST_ENDING = 3
# From this length on, a name is also recognised with an ending that is not listed.
INFLECTED_FROM = 4
VOWELS = "aeiouyаеиоуыэюяйь"
_LONG = ("ии", "ыи", "ои", "ая")  # ends of surnames that are adjectives
_CYRILLIC = regex.compile(r"\p{Cyrillic}")
# Written before a word: and, with, for, as, so, the, from, that.
PREFIXES = {
    "Arabic": ("و", "ب", "ل", "ك", "ف", "ال", "وال", "بال", "كال", "فال", "لل", "ول", "وب", "وك", "فل", "فب"),
    "Hebrew": ("ו", "ב", "ל", "כ", "מ", "ש", "ה", "וה", "של", "ול", "וב", "ומ", "וש", "שה", "מה"),
}


class Form(IntEnum):
    """How a written word stands to a name, the surest last."""

    OTHER = 0  # another word
    MAYBE = 1  # an ending that is not listed
    GENDERED = 2  # a case, or a name of its own: "Daniela" and "Daniel"
    CASE = 3  # a listed case, or a prefix
    SAME = 4


def plain(word: str) -> str:
    """Return a word without case, accents and what no one sees."""
    if word.isascii():
        return word.lower()  # the same, and much quicker
    return _UNWRITTEN.sub("", normalize("NFKD", word)).casefold().translate(_SAME_LETTERS)


def _listed(endings: str) -> frozenset[str]:
    return frozenset(map(plain, endings.split(" ")))


# Small words within names, which forms and documents leave out or write with a capital letter.
PARTICLES = _listed(
    "af al av bin bint da das de del della den der di do dos du e el ibn la le ten ter van von y zu zur"
)
# By script: endings of cases, and endings that make another name as well.
CASES = {
    True: (
        _listed("ой ею ей ою ом ем ым им ого его ому ему ых их ыми ими ови еві ові у ю ы и е і ую юю"),
        _listed("а я"),
    ),
    False: (
        _listed("ei ii ai ului ovi owi iowi em iem ou om im ego iego emu iemu ej iej ie"),
        _listed("a e u y i"),
    ),
}


def joined(text: str) -> str:
    """Return a text in which names of Han and Kana stand without the space between their parts."""
    return _GAP.sub("", text)


def is_unspaced(word: str) -> bool:
    """Return whether a word is of a script that has no spaces between words."""
    return bool(_UNSPACED.fullmatch(word))


def stem(name: str) -> str:
    """Return a name without its last vowel."""
    return name[:-1] if len(name) >= 3 and name[-1] in VOWELS else name


def stems(name: str) -> Iterator[str]:
    """Yield what written forms of a name begin with: also without a vowel that case endings drop."""
    yield stem(name)
    if not _CYRILLIC.match(name) or len(name) < INFLECTED_FROM:
        return
    if name[-2:] in {"ел", "ек", "ец", "ев", "ок"}:
        yield name[:-2] + name[-1]  # Павел, Павла
    if name[-2:] in {"ии", "ыи", "ои", "ая", "яя"}:
        yield name[:-2]  # Достоевский, Достоевского


def form_of(word: str, name: str) -> Form:
    """Return how a word stands to a name. Both are plain."""
    if word == name or (word == name + "s" and len(name) > 2):
        return Form.SAME
    if any(word.endswith(name) and word[: -len(name)] in some for some in PREFIXES.values()):
        return Form.CASE
    for start in stems(name):
        if len(start) < 2 or not word.startswith(start):
            continue
        case = _case(word[len(start) :], word)
        if case is not None and len(word) > 2:
            return case
        if len(name) >= INFLECTED_FROM and len(word) <= len(start) + LONGEST_ENDING:
            return Form.MAYBE
    return Form.OTHER


def _case(ending: str, word: str) -> Form | None:
    cases, gendered = CASES[bool(_CYRILLIC.match(word))]
    if ending in cases:
        return Form.CASE
    return Form.GENDERED if ending in gendered else None


def is_whole(forms: list[Form]) -> bool:
    """Return whether the words of a full name, each in such a form, are that name beyond doubt."""
    if len(forms) < 2 or min(forms) < Form.GENDERED:
        return all(form == Form.SAME for form in forms)
    return Form.GENDERED not in forms or Form.SAME not in forms


@lru_cache(maxsize=20_000)
def basic_forms(word: str) -> tuple[tuple[str, Form], ...]:
    """Return the names of which a plain word may be a form, each with that form, without `MAYBE`."""
    found = {word: Form.SAME}
    if word.endswith("s") and len(word) > 3:
        found[word[:-1]] = Form.SAME
    for prefixes in PREFIXES.values():
        for prefix in prefixes:
            if word.startswith(prefix) and len(word) - len(prefix) >= 2:
                found.setdefault(word[len(prefix) :], Form.CASE)
    cases, gendered = CASES[bool(_CYRILLIC.match(word))]
    for length in range(LONGEST_ENDING + 2):
        start, ending = word[: len(word) - length], word[len(word) - length :]
        if len(start) >= 2 and (not ending or ending in cases or ending in gendered):
            for name in (start, *(start + last for last in (*VOWELS, *_LONG)), *_with_vowel(start)):
                if (form := form_of(word, name)) >= Form.GENDERED:
                    found.setdefault(name, form)
    return tuple(found.items())


def _with_vowel(start: str) -> Iterator[str]:
    """Yield the names that lose a vowel in other cases: Павл-, Павел."""
    if _CYRILLIC.match(start) and len(start) >= 3 and start[-1] in "лкцв":
        yield from (start[:-1] + vowel + start[-1] for vowel in "ео")


__all__ = ["TOKEN", "Form", "basic_forms", "form_of", "is_unspaced", "is_whole", "joined", "plain", "stems"]
