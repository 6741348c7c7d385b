"""Recognises a person's names, words and links in a text. Pure: no Django.

A name alone is ambiguous. It counts as certain only if it is sure (`Name.is_sure`: shown on the person's own
pages, borne by no one else on record, not an ordinary word of the site), written with a capital letter and
not a part of a longer name ("Daniel Kim"). Another case ending, small letters or a shared name make a hit
that a person has to decide about; a full name is certain in its listed cases too (`mentions.endings`).
Accents and what no one sees never count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

import regex

from mentions.endings import TOKEN, Form, form_of, is_unspaced, is_whole, joined, plain, stems

# Lengths of runs of words: of a quote, and of other words, which editors may have written.
QUOTE_RUN, OTHER_RUN = 8, 10
# Shorter quotes are compared as a whole; below the first number they are too short to belong to anyone.
SHORTEST_QUOTE, CERTAIN_QUOTE = 4, 6
SHORTEST_NAME = 3
PREFIX = 2
TITLES = frozenset({"dr", "doctor", "prof", "professor", "mr", "mrs", "ms", "nurse", "sr", "sra", "dra"})

END = regex.compile(r"[.!?;:。！？…]")
# Names of so many characters are sure within words that are written without spaces.
CERTAIN_UNSPACED = 3


class Kind(StrEnum):
    NAME = "name"
    QUOTE = "quote"
    LINK = "link"
    # An editor chose the person: of a quote, or as being in a picture or recording.
    CHOSEN = "chosen"


@dataclass(frozen=True)
class Token:
    """A word in a text: as it is written, and without case and accents."""

    text: str
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Name:
    """A name in the form in which words are compared; `is_sure`: alone it means this person."""

    words: tuple[str, ...]
    is_sure: bool = True


@dataclass(frozen=True)
class Hit:
    """Characters of a text that mention the person."""

    kind: Kind
    start: int
    end: int
    is_certain: bool


def tokens(text: str) -> list[Token]:
    """Return the words of a text. A possessive s after an apostrophe is a word of its own."""
    return [Token(m[0], plain(m[0]), m.start(), m.end()) for m in TOKEN.finditer(text)]


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in the form in which they are compared."""
    return tuple(token.word for token in tokens(text))


def runs(words: tuple[str, ...], length: int) -> set[tuple[str, ...]]:
    """Return each run of so many words in a row."""
    return {words[start : start + length] for start in range(len(words) - length + 1)}


def carries(words: tuple[str, ...], some: Collection[tuple[str, ...]]) -> bool:
    """Return whether one of some runs of words, or of whole short texts, stands in these words."""
    ends: dict[str, set[int]] = defaultdict(set)
    for run in some:
        ends[run[0]].add(len(run))
    return any(
        words[at : at + length] in some
        for at, word in enumerate(words)
        if word in ends
        for length in ends[word]
    )


def is_capital(text: str) -> bool:
    """Return whether a word begins with a capital letter, or its script has none."""
    return not text[:1].islower()


@dataclass
class Matcher:
    """What is looked for: names, runs of words by length, whole short quotes, and pages linked to.

    `person`: the number that quotes carry where this person was chosen, None where these may stay. `files`:
    the pictures and recordings of the person that may no longer be shown, by kind and number.
    """

    names: list[Name] = field(default_factory=list)
    runs: dict[int, set[tuple[str, ...]]] = field(default_factory=dict)
    short_quotes: set[tuple[str, ...]] = field(default_factory=set)
    pages: frozenset[int] = frozenset()
    paths: tuple[str, ...] = ()
    person: int | None = None
    files: frozenset[tuple[str, int]] = frozenset()

    def __post_init__(self) -> None:
        self.by_prefix: dict[str, list[Name]] = defaultdict(list)
        for name in self.names:
            self.by_prefix[name.words[0][:PREFIX]].append(name)
        self.prefixed = [name for name in self.names if regex.match(r"\p{Arabic}|\p{Hebrew}", name.words[0])]
        self.unspaced = [(name, "".join(name.words)) for name in self.names if _is_unspaced(name)]
        self.known = {word for name in self.names for word in name.words}
        self.stems = {stem for name in self.names for stem in stems(name.words[0])}
        self.starts = {length: {run[0] for run in some} for length, some in self.runs.items()}
        self.short_starts = {quote[0] for quote in self.short_quotes}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        words = self.names or self.runs or self.short_quotes
        return not (words or self.pages or self.paths or self.person or self.files)

    def may_be_in(self, text: str) -> bool:
        """Return False only if `hits` finds nothing. Much quicker: the text is folded as a whole."""
        folded = plain(joined(text))
        if any(stem in folded for stem in self.stems) or any(path.rstrip("/") in text for path in self.paths):
            return True
        if not self.runs and not self.short_quotes:
            return False
        words = TOKEN.findall(folded)
        for at, word in enumerate(words):
            if word in self.short_starts:
                return True
            for length, starts in self.starts.items():
                if word in starts and tuple(words[at : at + length]) in self.runs[length]:
                    return True
        return False

    def hits(self, text: str) -> list[Hit]:
        """Return what in a text mentions the person, in no particular order."""
        found = tokens(text)
        names = self._names(found, text)
        if len({text[hit.start : hit.end].casefold() for hit in names}) > 1:
            # Two names of the same person together: "Meera, mother of Aarav".
            names = [
                Hit(hit.kind, hit.start, hit.end, hit.is_certain or is_capital(text[hit.start :]))
                for hit in names
            ]
        return [*self._quotes(found), *self._paths(text), *names]

    def links_to(self, address: str) -> bool:
        """Return whether an address leads to one of the pages."""
        path = "/" + address.partition("#")[0].partition("?")[0].split("://")[-1].partition("/")[2].strip("/")
        plain_path = "/" + address.partition("#")[0].partition("?")[0].strip("/")
        return any(own.rstrip("/") in {path, plain_path} for own in self.paths)

    def _paths(self, text: str) -> list[Hit]:
        if "/" not in text:
            return []
        found = []
        for path in self.paths:
            own = path.rstrip("/")
            for match in regex.finditer(regex.escape(own) + r"(?![\w-])", text):
                found.append(Hit(Kind.LINK, match.start(), match.end(), is_certain=True))
        return found

    def _quotes(self, found: list[Token]) -> list[Hit]:
        hits = []
        words = tuple(token.word for token in found)
        for length, known in self.runs.items():
            starts = self.starts[length]
            for at, word in enumerate(words[: len(words) - length + 1]):
                if word in starts and words[at : at + length] in known:
                    hits.append(Hit(Kind.QUOTE, found[at].start, found[at + length - 1].end, is_certain=True))
        for at, word in enumerate(words):
            if word in self.short_starts:
                for quote in self.short_quotes:
                    end = at + len(quote)
                    if words[at:end] == quote:
                        certain = len(quote) >= CERTAIN_QUOTE
                        hits.append(Hit(Kind.QUOTE, found[at].start, found[end - 1].end, certain))
        return hits

    def _names(self, found: list[Token], text: str) -> list[Hit]:
        hits = list(self._within_words(found))
        for at, token in enumerate(found):
            for name in self._possible(token.word):
                end = at + len(name.words)
                written = found[at:end]
                forms = [form_of(one.word, word) for one, word in zip(written, name.words, strict=False)]
                if len(forms) < len(name.words) or Form.OTHER in forms or _is_broken(written, text):
                    continue
                exact = all(form == Form.SAME for form in forms)
                capital = is_capital(token.text) and (len(forms) == 1 or is_capital(written[-1].text))
                if not exact and not capital:
                    continue
                certain = (
                    name.is_sure
                    and capital
                    and is_whole(forms)
                    and not self._in_a_longer_name(found, at, end, text)
                )
                hits.append(Hit(Kind.NAME, token.start, written[-1].end, certain))
        return hits

    def _within_words(self, found: list[Token]) -> Iterable[Hit]:
        """Yield names in words that are written without spaces: 我们采访了王小明."""
        for name, whole in self.unspaced:
            run = ""
            for at, token in enumerate(found):
                if whole in token.word and is_unspaced(whole):
                    certain = name.is_sure and len(whole) >= CERTAIN_UNSPACED
                    yield Hit(Kind.NAME, *_place(token, whole), certain)
                run = (found[at - 1].word if at else "") + token.word
                apart = at and found[at - 1].end + 1 == token.start and whole not in token.word
                if apart and run == whole:
                    yield Hit(Kind.NAME, found[at - 1].start, token.end, name.is_sure and len(whole) >= 3)

    def _possible(self, word: str) -> Iterable[Name]:
        listed = self.by_prefix.get(word[:PREFIX], ())
        yield from (name for name in listed if not _is_unspaced(name))
        yield from (name for name in self.prefixed if not word.startswith(name.words[0][:PREFIX]))

    def _in_a_longer_name(self, found: list[Token], at: int, end: int, text: str) -> bool:
        """Return whether the words stand in the name of someone else: 'Dr Daniel', 'Daniel Kim'."""
        if at and found[at - 1].word in TITLES and len(text[found[at - 1].end : found[at].start]) <= 2:
            return True
        if end >= len(found) or text[found[end - 1].end : found[end].start] not in {" ", "\n", "\u00a0"}:
            return False
        after = found[end]
        return after.text[:1].isupper() and after.word not in self.known


def _is_broken(written: list[Token], text: str) -> bool:
    """Return whether a sentence ends within these words; an initial has a full stop of its own."""
    return any(
        END.search(text, one.end, other.start) and len(one.word) > 1 for one, other in pairwise(written)
    )


def _is_unspaced(name: Name) -> bool:
    return all(map(is_unspaced, name.words))


def _place(token: Token, name: str) -> tuple[int, int]:
    """Return where in the text a name within a word stands, the whole word where that cannot be told."""
    if len(token.text) != len(token.word):
        return token.start, token.end
    start = token.start + token.word.index(name)
    return start, start + len(name)


__all__ = [
    "Hit",
    "Kind",
    "Matcher",
    "Name",
    "Token",
    "carries",
    "is_capital",
    "plain",
    "runs",
    "tokens",
    "words_of",
]
