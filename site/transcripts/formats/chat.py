"""CHAT (CLAN, TalkBank): main lines '*MOT:<tab>words', with times in milliseconds between two \\x15. Pure.

Source: the CHAT manual, https://talkbank.org/0info/manuals/CHAT.html. Codes of retracing and timing are
removed; fillers stay as words; what cannot be understood is [inaudible].
"""

from __future__ import annotations

import re

from transcripts.cues import Cue, TranscriptRead, Unreadable, Unused, close_ends, joined

_BULLET = re.compile(
    r"[\x15•][ \t]*(?:%\w{1,8}:[ \t]*\"?[^\x15•\"]{0,80}?\"?_)?(\d{1,9})_(\d{1,9})-?[ \t]*[\x15•]"
)
_CODES = (
    (re.compile(r"\[=!\s?([^\]]{1,200})\]"), r"[\1]"),
    (re.compile(r"&=(\w+)(?::\w+)*"), r"[\1]"),
    (re.compile(r"\[[^\]=][^\]]{0,200}\]|\[=[^\]!][^\]]{0,200}\]|\[=\]"), ""),
    (re.compile(r"(?<![\w\]])&[-~+*]?(?=\w)"), ""),
    (re.compile(r"\(\.{1,3}\)|\(\d+(?:[.:]\d*)*\)"), ""),
    (re.compile(r"\b(?:xxx?|yyy?|www?)\b"), "[inaudible]"),
    (re.compile(r"\+\"/\.|\+\"\.|\+//?[.?]|\+/\?"), " –"),
    (re.compile(r"\+\.\.[.?]"), "…"),
    (re.compile(r"\+[,\"^<+]+"), ""),
    (re.compile(r"(?<=\w)\(([^\W\d_]+)\)|\(([^\W\d_]+)\)(?=\w)"), r"\1\2"),
    (re.compile(r"(?<=\w)@\w+(?::\w+)?"), ""),
    (re.compile(r"(?<!\w)0(?=[^\W\d])"), ""),
    (re.compile(r"[<>‹›⌈⌉⌊⌋↑↓≠∾⁎„‡ˈˌ↫]"), ""),
    (re.compile(r"(?<=\w)[_+](?=\w)"), " "),
    (re.compile(r" ([,.;:?!…])"), r"\1"),
)


def looks_like(text: str) -> bool:
    head = text[:2000]
    return bool(re.search(r"^@(?:UTF8|Begin|Participants:|Languages:)", head, re.M)) and bool(
        re.search(r"^(?:@Begin|\*\w{1,8}:)", text[:20_000], re.M)
    )


def read(text: str, _name: str = "") -> TranscriptRead:
    """Return the cues of a CHAT file. Headers and dependent tiers are left out; those with words are listed.

    Raises Unreadable for a file without main lines.
    """
    people: dict[str, str] = {}
    cues: list[Cue] = []
    unused: list[Unused] = []
    for number, line in _lines(text):
        if line.startswith("@Participants:"):
            people = _people(line)
        elif line.startswith("*"):
            cue = _cue(line, people)
            if cue.text:
                cues.append(cue)
            else:
                unused.append(Unused(number, joined([line]), "There are no words with this label."))
        elif line.startswith(("@Comment", "@Situation", "%com", "%exp", "%eng", "%add", "%act", "%sit")):
            unused.append(Unused(number, joined([line])[:500], "It is a comment of the transcriber."))
    if not cues:
        raise Unreadable("The CHAT file has no main lines (*ABC: words). Save it again from CLAN.")
    return TranscriptRead("chat", close_ends(cues), unused)


def _lines(text: str) -> list[tuple[int, str]]:
    """Return the number and words of each line, joined with the lines below that start with a tab."""
    found: list[tuple[int, list[str]]] = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if line[:1] in ("\t", " ") and found:
            found[-1][1].append(line)
        elif line.strip():
            found.append((number, [line.lstrip("\ufeff")]))
    return [(number, " ".join(parts)) for number, parts in found]


def _people(line: str) -> dict[str, str]:
    """Return the name of each code; the code itself where the file gives a role and no name."""
    people = {}
    for one in line.partition(":")[2].split(","):
        words = one.split()
        if words:
            people[words[0]] = words[1].replace("_", " ") if len(words) > 2 else words[0]
    return people


def _cue(line: str, people: dict[str, str]) -> Cue:
    code, _colon, words = line[1:].partition(":")
    times = [(int(one[1]) / 1000, int(one[2]) / 1000) for one in _BULLET.finditer(words)]
    words = joined([_BULLET.sub(" ", words)])
    for pattern, to in _CODES:
        words = pattern.sub(to, words)
    start, end = (times[0][0], max(end for _start, end in times)) if times else (None, None)
    if start is not None and end is not None and end < start:
        end = None
    return Cue(start, end, people.get(code.strip(), code.strip()), joined([words.replace("\x15", " ")]))
