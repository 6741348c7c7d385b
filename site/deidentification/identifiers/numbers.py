"""Recognises phone numbers, numbers of records and positions on a map, however they are written. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import phonenumbers
import regex

from deidentification.identifiers.vocabulary import one_of, sections

FEWEST_DIGITS, FEWEST_SPOKEN = 8, 6
_DIGIT = regex.compile(r"\d")
_YEARS = regex.compile(r"(?:(?:18|19|20)\d\d[ (),-]*){2,}")
# Results of a test: '1.2 3.4 5.6 7.8'.
_DECIMALS = regex.compile(r"(?:\d{1,2}\.\d{1,2}[ ,;/-]*)+")
_LOOSE = regex.compile(r"(?<![\w.])[+(]{0,2}\d(?:[ ()-]{0,3}\d){7,}(?![\w]|\.\d)")
_DOTTED = regex.compile(r"(?<![\w.])\+?(?:\d{2,4}\.){2,5}\d{2,4}(?![\w]|\.\d)")
_SLASHED = regex.compile(r"(?<![\w.])\(?0\d{1,4}\)?[/ ]{1,3}\d{2,4}(?:[ -]?\d{2,4}){1,3}(?![\w]|\.\d)")
# A short number that someone calls a phone number.
_CALLED = regex.compile(
    rf"(?i:\b(?:{one_of('phones')})(?:[.:]| (?:number|us|me|him|her|them|on|at|no\.?|is|was))*:?)"
    r" ?(?P<found>\+?\d(?:[ ()./-]{0,2}\d){4,})"
)
_SPOKEN = regex.compile(
    r"(?i)\b(?:plus[ ,]+)?"
    rf"(?:(?:(?:double|triple|treble) )?(?:{one_of('spoken digits')}|\d)\b[ ,.-]{{0,3}}){{{FEWEST_SPOKEN},}}"
)

EMAIL = regex.compile(
    r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b[\w.+-]+ ?(?:\(at\)|\[at\]|\{at\}| at ) ?[\w-]+(?: ?(?:\(dot\)|\[dot\]|\{dot\}| dot ) ?[\w-]+)+\b"
    r"|\b[\w.+-]+ ?(?:\(at\)|\[at\]) ?[\w-]+\.[a-z]{2,}\b"
)
WEB = regex.compile(
    r"\bhttps?://\S+|\bwww\.\S+|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"
    r"|\b(?:facebook|instagram|twitter|tiktok|linkedin|vk|ok|t|wa|youtube)\.(?:com|ru|me)/\S+"
    r"|(?<![\w@.])@[a-z_][\w.]{2,}\w",
    regex.I,
)
_NUMBER = r"(?P<found>[A-Za-z]{0,4}[ -]?\d[\d /-]{2,}\d[A-Za-z]?|[A-Z]{1,4}[- ]?\d{3,}[A-Z]?)"
_OWNER = (
    r"(?: (?:карты|пациента|pacientului|pacienta|pacjenta|medicală|medyczna|clínico|patient|الملف|المريض))?"
)
_MARK = r"(?:[ :]|№|#|nr\.?|no\.?|n\.?[º°]\.?|num(?:er|ero|éro|ărul)?\.?|is|der)*"
RECORD = regex.compile(
    rf"(?i:\b(?:{one_of('records')})[ -]?(?:(?:record|file|card|security|certificate) )?"
    rf"(?:numbers?|no\.?|nr\.?|id|#)(?: (?:is|was|of))?[:#]? ?){_NUMBER}"
    rf"|\b(?:{one_of('numbers of registers')})(?:[ :.#-]|number|no\.?|is)*{_NUMBER}"
    rf"|(?i:\b(?:{one_of('records in other languages')}){_OWNER}{_MARK}){_NUMBER}"
    r"|(?<!\w)№ ?(?P<found>\d[\d/ -]{2,}\d)"
    # A bank account, a social security number and a national insurance number.
    r"|\b(?P<found>[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?)\b"
    r"|(?<![\w-])(?P<found>\d{3}-\d{2}-\d{4})(?![\w-])"
    r"|\b(?P<found>[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D])\b"
)
# Degrees, as a number or with minutes; a British postcode; three words that name a square of three metres.
PLACE = regex.compile(
    r"(?<![\d.])-?\d{1,2}\.\d{3,}°? ?[NS]?[,; ]+-?\d{1,3}\.\d{3,}°? ?[EWO]?(?![\d.])"
    r"|\d{1,3} ?° ?\d{1,2}(?:[.,]\d+)? ?['′’](?: ?\d{1,2}(?:[.,]\d+)? ?(?:[\"″”]|''))? ?[NSEWO]?"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-BD-HJLNP-UW-Z]{2}\b"
    r"|///\p{Ll}+\.\p{Ll}+\.\p{Ll}+"
)


def phones_in(text: str, region: str | None) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each phone number: of eight digits or more, called one, or spoken."""
    # Most texts have no digit, and are searched for spoken numbers only.
    has_digit = _DIGIT.search(text) is not None
    if has_digit:
        for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.POSSIBLE):
            if _digits(match.raw_string) >= FEWEST_DIGITS and not _is_other(match.raw_string):
                yield match.start, match.end
    for pattern in (_LOOSE, _DOTTED, _SLASHED, _CALLED) if has_digit else ():
        for loose in pattern.finditer(text):
            found = "found" if "found" in pattern.groupindex else 0
            if (found or _digits(loose[0]) >= FEWEST_DIGITS) and not _is_other(loose[found]):
                yield loose.span(found)
    for spoken in _SPOKEN.finditer(text):
        words = regex.findall(r"\w+", spoken[0].casefold())
        # People count aloud, and a score is repeated; results of a test are in digits.
        if len(set(words)) > 2 and not all(map(str.isdigit, words)) and not _is_counting(words):
            yield spoken.start(), spoken.start() + len(spoken[0].rstrip(" ,.-"))


def _is_other(found: str) -> bool:
    return bool(_YEARS.fullmatch(found) or _DECIMALS.fullmatch(found))


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _is_counting(words: list[str]) -> bool:
    """Return whether the words count up or down: 'one, two, three, four, five, six'."""
    for order in sections()["spoken digits"]:
        at = [order.index(word) for word in words if word in order]
        steps = {after - before for before, after in pairwise(at)}
        if len(at) == len(words) and steps in ({1}, {-1}):
            return True
    return False


def as_known(digits: str) -> regex.Pattern[str]:
    """Return a pattern for a known number, whatever stands between its digits; the start of a long one may be
    missing, as the code of the country.
    """
    before = r"(?:\+?\d[\d ().,/\-]{0,12})??" if len(digits) >= FEWEST_DIGITS + 1 else ""
    digits = digits[-7:] if before else digits
    return regex.compile(rf"(?<!\d){before}" + r"[ ().,/\-]{0,2}".join(digits) + r"(?!\d)")
