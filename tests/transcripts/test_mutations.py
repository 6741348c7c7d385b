"""Damaged, mixed and misnamed files: read or refused in a sentence, and never read as one cue of markup.

2,000 files, which takes a few seconds; FUZZ_FILES and FUZZ_SEED choose others.
"""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest

from tests.transcripts.layouts import LAYOUTS
from transcripts import TranscriptRead, Unreadable, read

FILES = int(os.environ.get("FUZZ_FILES") or 2000)
SEED = int(os.environ.get("FUZZ_SEED") or 20261128)
SUFFIXES = [
    "",
    ".txt",
    ".vtt",
    ".srt",
    ".csv",
    ".json",
    ".xml",
    ".docx",
    ".rtf",
    ".html",
    ".TextGrid",
    ".pdf",
]
ENCODINGS = ["utf-16", "utf-16-le", "cp1252", "cp1251", "mac_roman", "utf-8-sig", "utf-32"]
MARKUP = re.compile(
    r"</?[A-Za-z][\w:.-]*(?:\s[^<>]*)?>|\"\w+\"\s*:\s*[\"\[{\d]|\\(?:par|pard|rtf1)\b|-->|w:document|PK\x03\x04"
)


def is_one_cue_of_markup(found: TranscriptRead) -> bool:
    return len(found.cues) == 1 and len(MARKUP.findall(found.cues[0].text)) > 1


def truncated(chance: random.Random, data: bytes) -> bytes:
    at, end = sorted(chance.randint(0, len(data)) for _ in range(2))
    return chance.choice([data[:end], data[at:], data[:at] + data[end:]])


def mixed_encodings(chance: random.Random, data: bytes) -> bytes:
    at = chance.randint(0, len(data))
    text = data[at:].decode("utf-8", errors="replace").replace("e", chance.choice("éąşאя的"))
    return data[:at] + text.encode(chance.choice(ENCODINGS), errors="replace")


def swapped(chance: random.Random, data: bytes) -> bytes:
    """Swap columns of tables, and lines of other files."""
    lines = data.split(b"\n")
    mark = chance.choice([b"\t", b",", b";", b":", b" "])
    if chance.random() < 0.5:
        chance.shuffle(lines)
        return b"\n".join(lines)
    return b"\n".join(mark.join(reversed(line.split(mark))) for line in lines)


def merged(chance: random.Random, data: bytes) -> bytes:
    other = chance.choice(list(LAYOUTS.values()))[0]
    at = chance.randint(0, len(data))
    return chance.choice(
        [data + other, data[:at] + other, other[: len(other) // 2] + data, data[:at] + other + data[at:]]
    )


def stumbled(chance: random.Random, data: bytes) -> bytes:
    at = chance.randint(0, len(data))
    what = [
        b"\0",
        b"<",
        b"{",
        b"[",
        b'"',
        b"\xff\xfe",
        b"-->",
        b"\\'",
        b"&#x110000;",
        b"9" * 40,
        b"\x15",
        b"#",
        b"\r",
    ]
    return data[:at] + chance.choice(what) * chance.choice([1, 1, 3, 300]) + data[at:]


KINDS = [truncated, mixed_encodings, swapped, merged, stumbled]


def check(data: bytes, name: str) -> bool:
    """Return whether the file was read. Fails for anything but a reading or a sentence."""
    try:
        found = read(data, name)
    except Unreadable as error:
        sentence = str(error)
    else:
        sentence = ""
    if sentence:
        assert re.search(r"\w+ \w+ .*[.?]$", sentence, re.S), sentence
        return False
    assert not is_one_cue_of_markup(found), found.cues
    for cue in found.cues:
        assert (cue.start is None) <= (cue.end is None)
        assert cue.start is None or 0 <= cue.start <= (cue.end or 0)
        assert not cue.words or len(cue.words) == len(cue.text.split())
    return True


def test_damaged_mixed_and_misnamed_files_are_read_or_refused() -> None:
    chance = random.Random(SEED)
    refused = 0
    for number in range(FILES):
        seed = chance.choice(list(LAYOUTS))
        data = LAYOUTS[seed][0]
        for _step in range(chance.choice([1, 1, 2, 3])):
            data = chance.choice(KINDS)(chance, data)[:200_000]
        name = seed if chance.random() < 0.5 else f"talk{chance.choice(SUFFIXES)}"
        try:
            refused += not check(data, name)
        except Exception as error:
            Path("/tmp/mutation.bin").write_bytes(data)
            raise AssertionError(
                f"FUZZ_SEED={SEED}, file {number}: {seed} as {name}: {data[:1500]!r}"
            ) from error
    assert 0 < refused < FILES


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_content_decides_and_not_the_name(suffix: str) -> None:
    for name, (data, _closely, _speakers) in LAYOUTS.items():
        if name == "without-headings.csv":
            continue
        if suffix in (".vtt", ".csv") and name.endswith((".txt", ".md")):
            continue  # Such a suffix says what plain text would have to be.
        assert read(data, f"talk{suffix}").cues == read(data, name).cues, name
