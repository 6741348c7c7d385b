"""Conditions suggested from words, lay names included, with the place that triggered each. Pure.

A place counts only in what contributors say: not in a question, and not under a 'no' (WORKBENCH.md, decision 7).
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
class Hit:
    """One place: index of the text, code points from and to, and the sentence around it."""

    text: int
    at: int
    end: int
    words: str
    sentence: str


@dataclass
class Suggestion:
    """A term with the places that speak for it, and how many were ruled out by a 'no' or a question."""

    term: int
    hits: list[Hit] = field(default_factory=list)
    ruled_out: int = 0


def folded(word: str) -> str:
    """A word as it is compared: without accents, in lower case. Capitals are kept in an abbreviation ('MS', 'CP')."""
    plain = "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
    return plain if len(plain) <= 4 and plain.isupper() and plain.isalpha() else plain.lower()


class Lexicon:
    """Names of terms, ready to be looked for: `names` maps a term's key to all that people call it."""

    def __init__(self, names: Mapping[int, Iterable[str]]) -> None:
        self.phrases: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        for term, called in names.items():
            for name in called:
                words = tuple(folded(word.replace("’", "'")) for word in _WORD.findall(name))
                # One or two small letters are a word of the language before they are an abbreviation.
                if words and (len(words) > 1 or len(words[0]) > 2 or words[0].isupper()):
                    self.phrases[words].add(term)
        self.longest = max(map(len, self.phrases), default=0)

    def find(self, text: str) -> list[tuple[int, int, frozenset[int]]]:
        """(from, to, terms) of each name in `text`; the longest name at a place wins."""
        words = [
            (match.start(), match.end(), folded(match.group().replace("’", "'")))
            for match in _WORD.finditer(text)
        ]
        found = []
        index = 0
        while index < len(words):
            for size in range(min(self.longest, len(words) - index), 0, -1):
                terms = self.phrases.get(tuple(word for _at, _end, word in words[index : index + size]))
                if terms:
                    found.append((words[index][0], words[index + size - 1][1], frozenset(terms)))
                    index += size
                    break
            else:
                index += 1
        return found


def suggest(texts: Sequence[str], lexicon: Lexicon) -> list[Suggestion]:
    """What the `texts` (one speaker's words each) speak of, most places first; only terms with a place that counts."""
    suggestions: dict[int, Suggestion] = {}
    for index, text in enumerate(texts):
        for at, end, terms in lexicon.find(text):
            begin, stop = _sentence(text, at, end)
            sentence = text[begin:stop].strip()
            counts = not sentence.endswith(("?", "؟")) and not _NEGATION.search(text[begin:at])
            for term in terms:
                suggestion = suggestions.setdefault(term, Suggestion(term))
                if counts:
                    suggestion.hits.append(Hit(index, at, end, text[at:end], sentence))
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
