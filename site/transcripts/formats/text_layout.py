"""How one text is laid out: where its times and names stand. Pure.

A name and a time can stand in any order, in one line with the words or above them. What a single line means
is decided by how the whole file is written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from transcripts.speakers import DIRECTION, NAME, Labels, is_name, without_emphasis
from transcripts.stamps import FIRM, MARKED, STAMP, Clock

FIRST = re.compile(rf"[ \t]*(?P<stamp>{STAMP})[ \t]*(?:[-–—|:][ \t]+|[-–—|:]$)?[ \t]*")
_MARKED_FIRST = re.compile(rf"[ \t]*(?P<stamp>{MARKED})[ \t]*")
_AFTER_NAME = re.compile(
    rf"(?:\[[ \t]*(?P<inside>{NAME})[ \t]*\]|(?P<name>{NAME}))[ \t]*"
    rf"(?:[:：]?[ \t]*(?=[\[({{#])|[-–—,|][ \t]+)?(?P<stamp>{STAMP})"
    r"[ \t]*(?P<colon>[:：]?)[ \t]*"
)
_LAST = re.compile(rf"(?P<words>.*\S)[ \t]*(?P<stamp>{FIRM}|\([ \t]*\d{{1,2}}:\d\d(?::\d\d)?[ \t]*\))$", re.S)
_MARKDOWN = re.compile(r"\*\*[^*\n]+\*\*|^#{1,6} \S", re.M)
_ITALIC = re.compile(r"(?<![\w*])[*_](?=[^\s*])|(?<=[^\s*])[*_](?![\w*])")
_LINK = re.compile(r"(?<=\])\(https?://[^\s()]{1,500}\)")
_HEADING = re.compile(r"#{1,6}[ \t]+(?!\d)")
_LONGEST_NAME = 60


def clean(line: str, is_markdown: bool) -> str:
    """Return a line without spaces and marks of direction at its ends, and without the marks of Markdown."""
    line = line.replace("\u00a0", " ").strip(f"{DIRECTION} \t\f\v\x1c\x1d\x1e\x1f\x85")
    if is_markdown:
        line = _ITALIC.sub("", _HEADING.sub("", without_emphasis(line))).replace("`", "").rstrip("\\").strip()
    return _LINK.sub("", line)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, cleaned."""
    is_markdown = len(_MARKDOWN.findall(text[:20_000])) > 1
    return [clean(line, is_markdown) for line in re.split(r"\r\n|[\n\r\u2028\u2029\v\f]", text)]


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands before (`stamp`, `name`) and after (`last`) the words of one line; '' and None if nothing
    does.
    """

    stamp: str
    name: str | None
    words: str
    last: str = ""


@dataclass(frozen=True)
class TextLayout:
    """`alone`: names that have a line of their own; `before_times`: names before a time and words.

    The flags say where names stand beside a time; `times_last`: times stand after the words they belong to;
    `has_bare_times`: times without brackets are times, and not words.
    """

    labels: Labels
    clock: Clock
    alone: frozenset[str] = frozenset()
    has_name_after_time: bool = False
    has_name_below_time: bool = False
    times_last: bool = False
    has_bare_times: bool = True
    before_times: frozenset[str] = frozenset()

    @classmethod
    def of(cls, lines: Sequence[str]) -> TextLayout:
        firsts = [FIRST.match(line) for line in lines]
        rests = [line[first.end() :] if first else line for line, first in zip(lines, firsts, strict=True)]
        stamps = [first["stamp"] for first in firsts if first]
        named = [one for line in lines if (one := _name_and_stamp(line)) and one.end() == len(line)]
        lasts = [
            one["stamp"]
            for line, first in zip(lines, firsts, strict=True)
            if not first and (one := _LAST.fullmatch(line)) and not is_name(one["words"].strip("[]:- "))
        ]
        clock = Clock.of([*stamps, *(one["stamp"] for one in named), *lasts])
        return cls(
            labels=Labels.of([_LAST.sub(r"\g<words>", rest) if lasts else rest for rest in rests]),
            clock=clock,
            alone=_names_alone(lines, firsts) if not named else frozenset(),
            has_name_after_time=_are_names_after_times(lines, firsts),
            has_name_below_time=_are_names_below_times(lines, firsts),
            times_last=len(lasts) + _ends_alone(lines, firsts) > len(stamps) + len(named),
            before_times=_names_before_times(lines),
            has_bare_times=_are_times([clock.times(stamp)[0] for stamp in stamps], lines),
        )

    def heading(self, line: str) -> Heading:
        """Return the time and the name of a line, and its words."""
        last = ""
        if self.times_last and re.fullmatch(STAMP, line):
            return Heading("", None, "", line)
        if self.times_last and (found := _LAST.fullmatch(line)):
            line, last = found["words"], found["stamp"]
        after = _name_and_stamp(line)
        if after and (after["colon"] or after.end() == len(line) or _name_in(after) in self.before_times):
            return Heading(after["stamp"], _name_in(after), line[after.end() :], last)
        first = (FIRST if self.has_bare_times else _MARKED_FIRST).match(line)
        stamp, rest = (first["stamp"], line[first.end() :]) if first else ("", line)
        if stamp and self.has_name_after_time and is_name(bare := rest.strip("[]").removesuffix(":").strip()):
            return Heading(stamp, _squeezed(bare), "", last)
        name, words = self.labels.split(rest)
        if not name:
            return Heading(stamp, rest, "", last) if rest in self.alone else Heading(stamp, None, rest, last)
        if not stamp and (inner := _MARKED_FIRST.match(words)):
            stamp, words = inner["stamp"], words[inner.end() :]
        return Heading(stamp, name, words, last)


def _ends_alone(lines: Sequence[str], firsts: Sequence[re.Match[str] | None]) -> int:
    """Return a weight for lines with nothing but a time that stand below words and above a blank line, in a
    text that ends with one.
    """
    ends = [first for line, first in zip(lines, firsts, strict=True) if line][-1:]
    if not ends or not ends[0] or ends[0].end() != len(ends[0].string):
        return 0
    weight = 0
    around = zip(["", *lines], [None, *firsts], firsts, lines, [*lines[1:], ""], strict=False)
    for above, first_above, first, line, below in around:
        if first and first.end() == len(line):
            weight += 2 if above and not first_above and not below else 0
    return weight


def _name_in(match: re.Match[str]) -> str:
    return _squeezed(match["inside"] or match["name"])


def _names_before_times(lines: Sequence[str]) -> frozenset[str]:
    """Return the names of lines such as 'Mother [00:00:03] words', if many lines are written so."""
    found = [one for line in lines if (one := _name_and_stamp(line)) and one.end() < len(line)]
    names = Counter(_name_in(one) for one in found if not one["stamp"][0].isdigit())
    is_usual = sum(names.values()) * 2 > sum(1 for line in lines if line)
    return frozenset(name for name, count in names.items() if count > 1 and is_usual)


def _squeezed(name: str) -> str:
    return " ".join(name.split())


def _name_and_stamp(line: str) -> re.Match[str] | None:
    found = _AFTER_NAME.match(line[:200])
    return found if found and is_name(found["inside"] or found["name"]) else None


def _are_times(starts: Sequence[float | None], lines: Sequence[str]) -> bool:
    """Return whether the times at the starts of lines are times of the recording, which never go back."""
    times = [start for start in starts if start is not None]
    if len(times) < 2:
        return sum(1 for line in lines if line) < 4 or any(re.fullmatch(STAMP, line) for line in lines)
    return sum(1 for one, two in pairwise(times) if two < one) * 5 <= len(times)


def _are_names_after_times(lines: Sequence[str], firsts: Sequence[re.Match[str] | None]) -> bool:
    """Return whether lines such as '[00:00:03] Mother' stand above the words."""
    names = others = 0
    for index, first in enumerate(firsts):
        if not first or not (rest := lines[index][first.end() :]):
            continue
        below = next((at for at in range(index + 1, min(index + 3, len(lines))) if lines[at]), None)
        is_above_words = below is not None and not firsts[below]
        if is_above_words and is_name(rest.strip("[]").removesuffix(":").strip()):
            names += 1
        else:
            others += 1
    return names > 0 and names >= 2 * others


def _are_names_below_times(lines: Sequence[str], firsts: Sequence[re.Match[str] | None]) -> bool:
    """Return whether a time, a name and words stand in three lines."""
    names: Counter[str] = Counter()
    times = 0
    for index, first in enumerate(firsts):
        if not first or first.end() != len(lines[index]):
            continue
        times += 1
        name, words = ([*lines[index + 1 : index + 3], "", ""])[:2]
        if words and is_name(name) and not firsts[index + 2] and len(name) < _LONGEST_NAME:
            names[name] += 1
    return times > 1 and sum(names.values()) * 5 >= times * 4 and len(names) * 3 <= max(times * 2, 3)


def _names_alone(lines: Sequence[str], firsts: Sequence[re.Match[str] | None]) -> frozenset[str]:
    """Return the names that stand in a line of their own above the words, or above a time with words."""
    filled = [line for line in lines if line]
    timed = {line for line, first in zip(lines, firsts, strict=True) if first and first.end() < len(line)}
    counts = Counter(line for line in filled if len(line) < _LONGEST_NAME and is_name(line))
    names = {name for name, count in counts.items() if count > 1}
    found = sum(counts[name] for name in names)
    below = [two for one, two in pairwise([*filled, ""]) if one in names]
    at_end = sum(1 for line in below if line in names or not line or (any(firsts) and line not in timed))
    return frozenset(names) if len(names) > 1 and found * 4 >= len(filled) and not at_end else frozenset()
