"""Suggests terms from what contributors say, with the words that led to each suggestion. Pure.

A mention does not count in a question or after a negation such as 'no'.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.?!؟。]+(?=\s|$)")
_NEGATION = re.compile(
    r"\b(?:no|not|never|without|don['’]t|haven['’]t|hasn['’]t|didn['’]t|doesn['’]t|isn['’]t|wasn['’]t|den(?:y|ied)|any)\b[^.?!,;]{0,30}$",
    re.I,
)


@dataclass(frozen=True)
class Mention:
    """One mention: index of the text, code points from and to, the words, and the sentence around them."""

    text: int
    at: int
    end: int
    words: str
    sentence: str


@dataclass
class Suggestion:
    """A term with its mentions, and the number of mentions in a question or after a negation."""

    term: int
    hits: list[Mention] = field(default_factory=list)
    ruled_out: int = 0


def folded(word: str) -> str:
    """Return a word for comparison: no accents, lower case; abbreviations ('MS', 'CP') keep capitals."""
    plain = "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
    return plain if len(plain) <= 4 and plain.isupper() and plain.isalpha() else plain.lower()


class Lexicon:
    """Names of terms, prepared for searching in texts. `names` maps a term's key to its names."""

    def __init__(self, names: Mapping[int, Iterable[str]]) -> None:
        self.phrases: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        for term, called in names.items():
            for name in called:
                words = tuple(folded(word.replace("’", "'")) for word in _WORD.findall(name))
                # One or two lower-case letters are more likely a word than an abbreviation.
                if words and (len(words) > 1 or len(words[0]) > 2 or words[0].isupper()):
                    self.phrases[words].add(term)
        self.longest = max(map(len, self.phrases), default=0)

    def find(self, text: str) -> list[tuple[int, int, frozenset[int]]]:
        """Return (from, to, terms) of each name in `text`; the longest name at a position wins."""
        words = [
            (match.start(), match.end(), folded(match.group().replace("’", "'")))
            for match in _WORD.finditer(text)
        ]
        names = []
        index = 0
        while index < len(words):
            for size in range(min(self.longest, len(words) - index), 0, -1):
                terms = self.phrases.get(tuple(word for _at, _end, word in words[index : index + size]))
                if terms:
                    names.append((words[index][0], words[index + size - 1][1], frozenset(terms)))
                    index += size
                    break
            else:
                index += 1
        return names


def suggest(texts: Sequence[str], lexicon: Lexicon) -> list[Suggestion]:
    """Return the terms mentioned in `texts` (each the words of one speaker), the most frequent first."""
    suggestions: dict[int, Suggestion] = {}
    for index, text in enumerate(texts):
        for at, end, terms in lexicon.find(text):
            begin, stop = _sentence(text, at, end)
            sentence = text[begin:stop].strip()
            counts = not sentence.endswith(("?", "؟")) and not _NEGATION.search(text[begin:at])
            for term in terms:
                suggestion = suggestions.setdefault(term, Suggestion(term))
                if counts:
                    suggestion.hits.append(Mention(index, at, end, text[at:end], sentence))
                else:
                    suggestion.ruled_out += 1
    counted = [suggestion for suggestion in suggestions.values() if suggestion.hits]
    return sorted(counted, key=lambda suggestion: -len(suggestion.hits))


def _sentence(text: str, at: int, end: int) -> tuple[int, int]:
    begin = 0
    for stop in _SENTENCE_END.finditer(text, 0, at):
        begin = stop.end()
    following = _SENTENCE_END.search(text, end)
    return begin, following.end() if following else len(text)
