"""How far a quote was edited: verbatim, lightly edited or reworded. Pure: the rule of WORKBENCH.md, section 5.

The editor's browser runs the same rule in `rating.js` with the same cases (tests/interviews/rating_cases.json); what
counts at compiling and at publication is this one.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import regex

from interviews.words import Token, is_protected, mark_free, tokens

MAX_OMISSIONS = 3
MIN_KEPT = 0.5
MAX_BRACKET = 4

# '[?word?]': the first closing mark ends it, whatever follows.
_DOUBT = r"\[\?((?:(?!\?\]).)*)\?\]"


class Rating(StrEnum):
    VERBATIM = "verbatim"
    LIGHTLY_EDITED = "lightly edited"
    REWORDED = "reworded"


@dataclass
class Step:
    """One step from what was said (`a`) to what is published (`b`); `kind` says what it is in the rule's words."""

    op: Literal["same", "del", "add"]
    a: Token | None = None
    b: Token | None = None
    kind: str = ""


@dataclass(frozen=True)
class Reason:
    """Why a quote is reworded. `mendable`: showing the omission mends it."""

    code: Literal["added", "unmarked", "omissions", "share"]
    text: str
    mendable: bool = False


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
    """`share` is the percentage of said words kept; `meaning` lists protected words that a marked omission takes away."""

    rating: Rating
    reasons: list[Reason]
    counts: Counts
    share: int
    meaning: list[str]
    steps: list[Step] = field(repr=False)


def diff(a: list[Token], b: list[Token]) -> list[Step]:
    """The longest common run of tokens, words that count weighing more than free ones. O(n x m) between common ends."""

    head = 0
    while head < min(len(a), len(b)) and not a[head].free and a[head].key == b[head].key:
        head += 1
    tail = 0
    while (
        tail < min(len(a), len(b)) - head
        and not a[len(a) - 1 - tail].free
        and a[len(a) - 1 - tail].key == b[len(b) - 1 - tail].key
    ):
        tail += 1
    left, right = a[head : len(a) - tail], b[head : len(b) - tail]
    n, m = len(left), len(right)
    weights = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        row, below, key = weights[i], weights[i + 1], left[i].key
        weight = 1 if left[i].free else 2
        for j in range(m - 1, -1, -1):
            best = below[j] if below[j] > row[j + 1] else row[j + 1]
            if key == right[j].key and below[j + 1] + weight > best:
                best = below[j + 1] + weight
            row[j] = best
    steps = [Step("same", one, two) for one, two in zip(a[:head], b[:head], strict=True)]
    i = j = 0
    while i < n or j < m:
        if i < n and j < m and left[i].key == right[j].key:
            weight = 1 if left[i].free else 2
            if weights[i][j] == weights[i + 1][j + 1] + weight:
                steps.append(Step("same", left[i], right[j]))
                i, j = i + 1, j + 1
                continue
        if i < n and (j >= m or weights[i + 1][j] >= weights[i][j + 1]):
            steps.append(Step("del", a=left[i]))
            i += 1
        else:
            steps.append(Step("add", b=right[j]))
            j += 1
    if tail:
        steps += [Step("same", one, two) for one, two in zip(a[-tail:], b[-tail:], strict=True)]
    return steps


def sure(text: str) -> str:
    """The words without the transcriber's marks of doubt. A quote starts like this."""
    apart = regex.sub(_DOUBT + r"(?=[\p{L}\p{N}])", r"\1 ", text)
    return str(regex.sub(_DOUBT, r"\1", apart))


def _plain(text: str) -> str:
    straight = unicodedata.normalize("NFC", text).translate(str.maketrans("‘’“”", "''\"\""))
    return " ".join(sure(straight).split())


def rate(said: str, published: str, language: str = "en") -> Rated:
    """Rate `published` against the words that were `said`.

    Of words said twice either one may go: the second reading is tried only where the first fails.
    """
    first = _rate(said, published, language, keep_first=True)
    if first.rating is not Rating.REWORDED or not first.counts_repeats:
        return first.rated
    second = _rate(said, published, language, keep_first=False)
    return first.rated if second.rating is Rating.REWORDED else second.rated


@dataclass
class _Found:
    """Words that a reason or a question to the editor names."""

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
    steps = diff(a, b)
    counts = Counts(words=sum(1 for token in a if token.kind == "word" and not token.free))
    found = _Found()
    index = 0
    while index < len(steps):
        step = steps[index]
        if step.op == "same":
            step.kind = "same"
            if step.a and step.a.kind == "word" and not step.a.free:
                counts.kept += 1
            index += 1
            continue
        # An edit is a stretch between two kept words. What stands in it decides what it is.
        end = index
        while end < len(steps) and steps[end].op != "same":
            end += 1
        _judge(steps[index:end], counts, found, code)
        index = end
    return _Attempt(
        _verdict((said, published), b, steps, counts, found),
        any(token.free == "repeat" for token in a),
    )


def _judge(run: list[Step], counts: Counts, found: _Found, code: str) -> None:
    """Name each step of one edit and count it."""
    gone = [(step, step.a) for step in run if step.a is not None]
    new = [(step, step.b) for step in run if step.b is not None]
    lost = [(step, token) for step, token in gone if not token.free]
    brackets = [token for _step, token in new if token.kind in ("bracket", "sound", "gap")]
    marked = any(token.kind == "omit" for _step, token in new)
    shown = bool(brackets) and all(len(token.raw.split()) <= MAX_BRACKET for token in brackets)
    for step, token in gone:
        if token.free:
            step.kind = token.free
            counts.repeats += token.free == "repeat"
            counts.fillers += token.free in ("filler", "broken")
    for step, token in new:
        if token.kind == "omit":
            step.kind = "mark"
        elif token.kind != "word" and shown:
            step.kind = "shown"
        else:
            step.kind = "added"
    if lost and marked:
        counts.omissions += 1
        counts.omitted += len(lost)
        for step, token in lost:
            step.kind = "omitted"
            if is_protected(token, code):
                found.meaning.append(token.raw)
    elif lost and shown:
        counts.replaced += 1
        for step, _token in lost:
            step.kind = "replaced"
    else:
        counts.unmarked += len(lost)
        for step, token in lost:
            step.kind = "unmarked"
            found.unmarked.append(token.raw)
        counts.replaced += shown
    words = [token.raw for _step, token in new if token.kind == "word"]
    if brackets and not shown:
        words += [token.raw for token in brackets]
    counts.added += len(words)
    found.added.extend(words)


def _some(words: list[str]) -> str:
    return ", ".join(words[:4]) + (" …" if len(words) > 4 else "")


def _verdict(
    texts: tuple[str, str], b: list[Token], steps: list[Step], counts: Counts, found: _Found
) -> Rated:
    said, published = texts
    kept = counts.kept / counts.words if counts.words else 1.0
    wholly = not any(
        (counts.fillers, counts.repeats, counts.omissions, counts.replaced, counts.unmarked, counts.added)
    )
    # A shown gap where somebody else spoke is no longer verbatim.
    gap = any(token.kind == "omit" and token.raw.startswith("[") for token in b)
    punctuation = wholly and (_plain(said) != _plain(published) or gap)
    reasons: list[Reason] = []
    if counts.added:
        many = "A word" if counts.added == 1 else f"{counts.added} words"
        reasons.append(Reason("added", f"{many} nobody said: {_some(found.added)}"))
    if counts.unmarked:
        reasons.append(
            Reason("unmarked", f"Left out without a mark: {_some(found.unmarked)}", not counts.added)
        )
    if counts.omissions > MAX_OMISSIONS:
        reasons.append(
            Reason(
                "omissions",
                f"{counts.omissions} omissions; at most {MAX_OMISSIONS} in one quote. Make two excerpts.",
            )
        )
    if counts.omissions and kept < MIN_KEPT:
        reasons.append(
            Reason("share", f"Only {int(kept * 100 + 0.5)} % of the words are left. Make two excerpts.")
        )
    if reasons:
        rating = Rating.REWORDED
    else:
        rating = Rating.VERBATIM if wholly and not punctuation else Rating.LIGHTLY_EDITED
    return Rated(rating, reasons, counts, int(min(1.0, kept) * 100 + 0.5), found.meaning, steps)


def mark_omissions(said: str, published: str, language: str = "en") -> str:
    """`published` with […] where words were left out without a mark: an honest slip becomes a shown omission."""
    steps = rate(said, published, language).steps
    out, position, index = "", 0, 0
    while index < len(steps):
        step = steps[index]
        if step.b is not None:
            end = step.b.end + (2 if published.startswith("?]", step.b.end) else 0)
            out += published[position:end]
            position = max(position, end)
        if step.kind == "unmarked":
            while index + 1 < len(steps) and steps[index + 1].op == "del":
                index += 1
            out += " […]"
        index += 1
    mended = " ".join((out + published[position:]).split())
    return regex.sub(r" ([,.;:!?])", r"\1", mended).strip()


def tidy(said: str, language: str = "en") -> str:
    """What was said without what is free, with spaces, commas and first capitals mended. Never 'reworded'."""
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
