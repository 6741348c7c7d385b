"""How far a quote was edited: verbatim, lightly edited or reworded. The rule is in docs/workbench.md. Pure.

The editor's browser runs the same rule in `rating.js`, tested with the same cases
(tests/transcripts/rating_cases.json). For compiling and publication, this one counts.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import regex

from transcripts.differences import Step, differences
from transcripts.words import Token, is_protected, mark_free, tokens

MAX_OMISSIONS = 3
MIN_KEPT = 0.5
MAX_BRACKET = 4

# '[?word?]': the first closing mark ends it, whatever follows.
_DOUBT = r"\[\?((?:(?!\?\]).)*)\?\]"


class Rating(StrEnum):
    VERBATIM = "verbatim"
    LIGHTLY_EDITED = "lightly edited"
    REWORDED = "reworded"


@dataclass(frozen=True)
class Reason:
    """Why a quote is reworded. `is_fixable`: marking the omission fixes it."""

    code: Literal["added", "unmarked", "omissions", "share"]
    text: str
    is_fixable: bool = False


@dataclass
class Counts:
    """Counts of words; fillers are not words."""

    words: int = 0
    kept: int = 0
    fillers: int = 0
    repeats: int = 0
    omissions: int = 0
    omitted: int = 0
    replaced: int = 0
    unmarked: int = 0
    added: int = 0


@dataclass(frozen=True)
class Rated:
    """The rating of a quote.

    `share`: percentage of words kept; `meaning`: protected words left out with a mark.
    """

    rating: Rating
    reasons: list[Reason]
    counts: Counts
    share: int
    meaning: list[str]
    steps: list[Step] = field(repr=False)


def sure(text: str) -> str:
    """Return the words without the transcriber's marks of doubt: the first form of a quote."""
    apart = regex.sub(_DOUBT + r"(?=[\p{L}\p{N}])", r"\1 ", text)
    return str(regex.sub(_DOUBT, r"\1", apart))


def _plain(text: str) -> str:
    straight = unicodedata.normalize("NFC", text).translate(str.maketrans("‘’“”", "''\"\""))
    return " ".join(sure(straight).split())


def rate(said: str, published: str, language: str = "en") -> Rated:
    """Rate `published` against the words that were `said`.

    Of words said twice, either may be left out: the second reading is tried only if the first fails.
    """
    first = _rate(said, published, language, keep_first=True)
    if first.rating is not Rating.REWORDED or not first.counts_repeats:
        return first.rated
    second = _rate(said, published, language, keep_first=False)
    return first.rated if second.rating is Rating.REWORDED else second.rated


@dataclass
class _NamedWords:
    """Words that a reason, or a question to the editor, names."""

    meaning: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Attempt:
    rated: Rated
    counts_repeats: bool

    @property
    def rating(self) -> Rating:
        return self.rated.rating


def _rate(said: str, published: str, code: str, *, keep_first: bool) -> _Attempt:
    a = mark_free(tokens(said, said=True), said, code, keep_first=keep_first)
    b = tokens(published, said=False)
    steps = differences(a, b)
    counts = Counts(words=sum(1 for token in a if token.kind == "word" and not token.free))
    found = _NamedWords()
    index = 0
    while index < len(steps):
        step = steps[index]
        if step.op == "same":
            step.kind = "same"
            if step.a and step.a.kind == "word" and not step.a.free:
                counts.kept += 1
            index += 1
            continue
        # An edit is everything between two kept words. Its contents decide its kind.
        end = index
        while end < len(steps) and steps[end].op != "same":
            end += 1
        _judge(steps[index:end], counts, found, code)
        index = end
    return _Attempt(
        _verdict((said, published), b, steps, counts, found),
        any(token.free == "repeat" for token in a),
    )


def _judge(run: list[Step], counts: Counts, found: _NamedWords, code: str) -> None:
    """Set the kind of each step of one edit, and count it."""
    gone = [(step, step.a) for step in run if step.a is not None]
    new = [(step, step.b) for step in run if step.b is not None]
    lost = [(step, token) for step, token in gone if not token.free]
    brackets = [token for _step, token in new if token.kind in ("bracket", "sound", "gap")]
    is_shown = bool(brackets) and all(len(token.raw.split()) <= MAX_BRACKET for token in brackets)
    _judge_free(gone, counts)
    _judge_new(new, is_shown)
    if lost and any(token.kind == "omit" for _step, token in new):
        counts.omissions += 1
        counts.omitted += len(lost)
        _set_kind(lost, "omitted")
        found.meaning += [token.raw for _step, token in lost if is_protected(token, code)]
    elif lost and is_shown:
        counts.replaced += 1
        _set_kind(lost, "replaced")
    else:
        counts.unmarked += len(lost)
        _set_kind(lost, "unmarked")
        found.unmarked += [token.raw for _step, token in lost]
        counts.replaced += is_shown
    words = [token.raw for _step, token in new if token.kind == "word"]
    if not is_shown:
        words += [token.raw for token in brackets]
    counts.added += len(words)
    found.added.extend(words)


def _judge_free(gone: list[tuple[Step, Token]], counts: Counts) -> None:
    for step, token in gone:
        if token.free:
            step.kind = token.free
            counts.repeats += token.free == "repeat"
            counts.fillers += token.free in ("filler", "broken")


def _judge_new(new: list[tuple[Step, Token]], is_shown: bool) -> None:
    for step, token in new:
        if token.kind == "omit":
            step.kind = "mark"
        elif token.kind != "word" and is_shown:
            step.kind = "shown"
        else:
            step.kind = "added"


def _set_kind(steps: list[tuple[Step, Token]], kind: str) -> None:
    for step, _token in steps:
        step.kind = kind


def _some(words: list[str]) -> str:
    return ", ".join(words[:4]) + (" …" if len(words) > 4 else "")


def _verdict(
    texts: tuple[str, str], b: list[Token], steps: list[Step], counts: Counts, found: _NamedWords
) -> Rated:
    said, published = texts
    kept = counts.kept / counts.words if counts.words else 1.0
    is_complete = not any(
        (counts.fillers, counts.repeats, counts.omissions, counts.replaced, counts.unmarked, counts.added)
    )
    # A quote with a marked gap, where another person spoke, is not verbatim.
    has_gap = any(token.kind == "omit" and token.raw.startswith("[") for token in b)
    reasons = _reasons(counts, found, kept)
    if reasons:
        rating = Rating.REWORDED
    elif is_complete and not has_gap and _plain(said) == _plain(published):
        rating = Rating.VERBATIM
    else:
        rating = Rating.LIGHTLY_EDITED
    return Rated(rating, reasons, counts, int(min(1.0, kept) * 100 + 0.5), found.meaning, steps)


def _reasons(counts: Counts, found: _NamedWords, kept: float) -> list[Reason]:
    """Return why a quote is reworded; `kept` is the share of words kept, from 0 to 1."""
    reasons: list[Reason] = []
    if counts.added:
        words = "A word is" if counts.added == 1 else f"{counts.added} words are"
        reasons.append(Reason("added", f"{words} not in the transcript: {_some(found.added)}"))
    if counts.unmarked:
        text = f"Left out without a mark: {_some(found.unmarked)}"
        reasons.append(Reason("unmarked", text, not counts.added))
    if counts.omissions > MAX_OMISSIONS:
        text = f"{counts.omissions} omissions; a quote can have at most {MAX_OMISSIONS}. Make two excerpts."
        reasons.append(Reason("omissions", text))
    if counts.omissions and kept < MIN_KEPT:
        text = f"Only {int(kept * 100 + 0.5)} % of the words are left. Make two excerpts."
        reasons.append(Reason("share", text))
    return reasons


def tidy(said: str, language: str = "en") -> str:
    """Return the words without fillers and repeats, with corrected spaces, commas and capitals.

    Never 'reworded'.
    """
    text, position = "", 0
    for token in mark_free(tokens(said, said=True), said, language):
        if token.free:
            text += said[position : token.at]
            position = token.end
    text = " ".join(sure(text + said[position:]).split())
    text = regex.sub(r"(\s*[,;])+\s*(?=[,.;!?])", "", text)
    text = regex.sub(r"\s+([,.;!?])", r"\1", text)
    text = regex.sub(r",(\s*,)+", ",", text)
    text = regex.sub(r"([.!?])\s*[,;]+", r"\1 ", text)
    text = regex.sub(r"^[\s,.;]+", "", text)
    text = regex.sub(r"([\p{L}\p{N}])\.{2}(?!\.)", r"\1.", text)
    text = " ".join(text.split())
    return str(regex.sub(r"(^|[.!?]\s+)(\p{Ll})", lambda match: match[1] + match[2].upper(), text))
