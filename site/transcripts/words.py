"""The words of a transcript as tokens, and which of them may be left out without a mark. Pure.

Each language has a data file of fillers and protected words (`languages/`), approved by an editor who speaks
it. Without a file no word is a filler, so a quote is rated more strictly, never less.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

import regex

Kind = Literal["word", "omit", "sound", "gap", "bracket"]
Free = Literal["", "filler", "repeat", "broken", "sound", "edge"]

_INNER = r"[\p{L}\p{M}\p{N}]+(?:(?:['’\-‐‑@]|[.,](?=\p{N}))[\p{L}\p{M}\p{N}]+)*"
_TOKEN = regex.compile(rf"\[\?.*?\?\]|\[[^\]]*\]|…|\.{{3,}}|{_INNER}[-–](?=\s|$)|{_INNER}|[%€$£°]")
_SOUND = regex.compile(
    r"\[(laugh\w*|laughter|sigh\w*|cough\w*|pause|noise|music|crying|cries|crosstalk|silence)[^\]]*\]",
    regex.I,
)
_OMISSION = regex.compile(r"\[\s*(\.{2,}|…)\s*\]|…|\.{3,}")
_PAUSE = frozenset(",.;:!?…—–-")


@dataclass(frozen=True)
class Language:
    """A language's data file. `loose` phrases are fillers only between punctuation marks."""

    fillers: frozenset[str] = frozenset()
    loose: tuple[tuple[str, ...], ...] = ()
    protected: frozenset[str] = frozenset()


@cache
def language(code: str) -> Language:
    """Return the words of a language by its BCP 47 code ('en', 'en-GB'); empty if it has no file yet."""
    primary = code.lower().split("-")[0]
    path = Path(__file__).with_name("languages") / f"{primary}.json"
    if not primary.isalpha() or not path.is_file():
        return Language()
    data = json.loads(path.read_text(encoding="utf-8"))
    return Language(
        fillers=frozenset(data["fillers"]),
        loose=tuple(tuple(phrase.split()) for phrase in data["loose"]),
        protected=frozenset(data["protected"]),
    )


@dataclass
class Token:
    """A word or mark. `at` and `end` are code points in the text; `norm` is the form that is compared."""

    raw: str
    norm: str
    at: int
    end: int
    kind: Kind
    free: Free = field(default="")

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.norm


def norm(word: str) -> str:
    """Return the form of a word that is compared: NFC, lower case, straight apostrophes and hyphens."""
    folded = unicodedata.normalize("NFC", word).lower()
    return folded.replace("’", "'").replace("‘", "'").replace("‐", "-").replace("‑", "-")


def tokens(text: str, *, said: bool) -> list[Token]:
    """Return the tokens of `text`. `said`: whether these are a transcript's words, where dots are a pause,
    not an omission.

    '[?word?]' (the transcriber was not sure) counts as the word; 'O[?K?]' is one word.
    """
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        raw, at, end = match.group(), match.start(), match.end()
        if raw.startswith("[?") and len(raw) >= 4:
            glue = bool(found) and found[-1].kind == "word" and found[-1].end == at
            for inner in _TOKEN.finditer(raw[2:-2]):
                if glue and inner.start() == 0:
                    last = found[-1]
                    last.raw, last.norm, last.end = (
                        last.raw + inner.group(),
                        last.norm + norm(inner.group()),
                        end,
                    )
                else:
                    start = at + 2 + inner.start()
                    found.append(
                        Token(inner.group(), norm(inner.group()), start, start + len(inner.group()), "word")
                    )
                glue = False
            continue
        kind: Kind = "word"
        if _OMISSION.fullmatch(raw):
            if said:
                continue
            kind = "omit"
        elif raw.lower().startswith("[inaudible"):
            kind = "gap"
        elif _SOUND.fullmatch(raw):
            kind = "sound"
        elif raw.startswith("["):
            kind = "bracket"
        found.append(Token(raw, norm(raw), at, end, kind))
    return found


def is_protected(token: Token, code: str) -> bool:
    """Return whether a word is a hedge, negation, number or comparison: without it the statement changes."""
    if token.kind != "word":
        return False
    if any(char.isdigit() for char in token.norm) or token.norm.endswith("n't"):
        return True
    return token.norm in (language(code).protected or language("en").protected)


def _pause_at(text: str, index: int, step: int) -> bool:
    while 0 <= index < len(text) and text[index].isspace():
        index += step
    return not 0 <= index < len(text) or text[index] in _PAUSE


def mark_free(said: list[Token], text: str, code: str, *, keep_first: bool = True) -> list[Token]:
    """Mark, in place, each token that may be left out without a mark, and return `said`.

    These are fillers; a word or phrase of up to three words said twice in a row (never a single number), of
    which the first may go, or the second if `keep_first` is false; a broken-off word; a sound; '[inaudible]'
    at either end.
    """
    words = language(code)
    for index, token in enumerate(said):
        token.free = _single(token, words, is_at_edge=index in (0, len(said) - 1))
    for phrase in words.loose:
        _mark_phrase(said, text, phrase)
    counted = [token for token in said if token.kind == "word" and not token.free]
    for size in (3, 2, 1):
        _mark_repeats(counted, size, keep_first)
    return said


def _single(token: Token, words: Language, *, is_at_edge: bool) -> Free:
    if token.kind == "sound":
        return "sound"
    if token.kind == "gap":
        return "edge" if is_at_edge else ""
    if token.norm in words.fillers:
        return "filler"
    return "broken" if token.raw[-1] in "-–" else token.free


def _mark_phrase(said: list[Token], text: str, phrase: tuple[str, ...]) -> None:
    """Mark a loose phrase as a filler wherever it is between punctuation marks."""
    size = len(phrase)
    for index in range(len(said) - size + 1):
        run = said[index : index + size]
        if tuple(token.norm for token in run) != phrase:
            continue
        if _pause_at(text, run[0].at - 1, -1) and _pause_at(text, run[-1].end, 1):
            for token in run:
                token.free = token.free or "filler"


def _mark_repeats(counted: list[Token], size: int, keep_first: bool) -> None:
    for index in range(len(counted) - 2 * size + 1):
        first, second = counted[index : index + size], counted[index + size : index + 2 * size]
        if any(one.norm != two.norm or one.free for one, two in zip(first, second, strict=True)):
            continue
        if size == 1 and any(char.isdigit() for char in first[0].norm):
            continue
        for token in first if keep_first else second:
            token.free = "repeat"
