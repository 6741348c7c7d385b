"""Why a reading may be wrong, in sentences for the editor. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from transcripts.cues import Cue, TranscriptRead
from transcripts.formats.refused import markup_in
from transcripts.spoken_language import NAMES, language_of

# The fastest speakers ever measured said ten words a second; people in interviews seldom say five for long.
FASTEST = 10.0
FASTEST_SIGNS = 20.0  # Chinese and Japanese signs a second
FEWEST_WORDS = 6
SHARE = 0.1  # of the cues; some vendors' ends are a little early
LONGEST_CUE = 120  # words in a transcript of one cue
HOUR = 3600.0
# Seconds by which a transcript may be longer than its recording.
LEEWAY = 5.0
_SIGN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def doubts_of(read: TranscriptRead) -> list[str]:
    """Return the doubts that the transcript itself raises."""
    found = [
        _one_cue(read.cues),
        _too_fast(read.cues),
        _back_in_time(read.cues),
        _late(read.cues),
        _one_speaker(read),
        _names_in_words(read),
        _lost_letters(read.cues),
        _markup(read.cues),
    ]
    return [one for one in found if one]


def doubts_about(read: TranscriptRead, *, language: str = "", recorded: float | None = None) -> list[str]:
    """Return all doubts about a transcript in `language` (a code), whose recording has `recorded` seconds."""
    found = list(read.doubts)
    if recorded and (beyond := sum(1 for cue in read.cues if cue.start and cue.start > recorded + LEEWAY)):
        found.append(f"{beyond} of {len(read.cues)} cues start after the end of the recording.")
    seen = language_of(" ".join(cue.text for cue in read.cues[:400]))
    stated = language.lower().partition("-")[0]
    if seen and stated in NAMES and seen != stated:
        found.append(
            f"The words seem to be {NAMES[seen]}, but the interview’s language is {NAMES[stated]}. If "
            "letters look wrong too, save the file as UTF-8 and choose it again."
        )
    return found


def _one_cue(cues: Sequence[Cue]) -> str:
    words = len(cues[0].text.split()) if len(cues) == 1 else 0
    if words <= LONGEST_CUE:
        return ""
    return f"Everything was read as one cue of {words} words. Were lines, names or times lost in the file?"


def _too_fast(cues: Sequence[Cue]) -> str:
    timed = [
        cue
        for cue in cues
        if cue.start is not None and cue.end is not None and len(cue.text.split()) >= FEWEST_WORDS
    ]
    fast = sum(1 for cue in timed if _is_too_fast(cue))
    if fast < 2 or fast < SHARE * len(timed):
        return ""
    return (
        f"{fast} cues have more words than anyone can say in their time. "
        "Are the times in another unit, or of another recording?"
    )


def _is_too_fast(cue: Cue) -> bool:
    lasts = (cue.end or 0.0) - (cue.start or 0.0)
    return len(cue.text.split()) > FASTEST * lasts or len(_SIGN.findall(cue.text)) > FASTEST_SIGNS * max(
        lasts, 0.5
    )


def _back_in_time(cues: Sequence[Cue]) -> str:
    starts = [cue.start for cue in cues if cue.start is not None]
    back = sum(1 for one, two in pairwise(starts) if two < one - 1)
    if not back:
        return ""
    times = "once" if back == 1 else f"{back} times"
    return f"The times go back {times}. Are several recordings or files in one transcript?"


def _late(cues: Sequence[Cue]) -> str:
    starts = [cue.start for cue in cues if cue.start is not None]
    if len(starts) < 2 or min(starts) < HOUR:
        return ""
    return "The first words are after more than an hour. Are the times those of a clock on the wall?"


def _one_speaker(read: TranscriptRead) -> str:
    if len(read.speakers) != 1 or len(read.cues) < 8:
        return ""
    named = sum(1 for cue in read.cues if cue.speaker)
    if named < len(read.cues) and named * 2 > len(read.cues):
        return ""
    return f"Only one speaker is named, {read.speakers[0]}. Do these words belong to two people?"


def _names_in_words(read: TranscriptRead) -> str:
    names = [re.escape(name) for name in read.speakers if len(name) > 2][:50]
    if not names:
        return ""
    label = re.compile(rf"(?:^|[.?!…\]]\s+)(?:{'|'.join(names)})\s?[:：]")
    count = sum(1 for cue in read.cues if label.search(cue.text[:5000]))
    if not count:
        return ""
    cues = "1 cue contains" if count == 1 else f"{count} cues contain"
    return f"{cues} the name of a speaker with a colon, so words of two speakers may be in one cue."


def _lost_letters(cues: Sequence[Cue]) -> str:
    lost = sum(cue.text.count("\ufffd") for cue in cues)
    return f"{lost} letters could not be read and show as �. Save the file as UTF-8." if lost else ""


def _markup(cues: Sequence[Cue]) -> str:
    kinds = [kind for cue in cues[:5000] if len(cue.text) > 20 and (kind := markup_in(cue.text))]
    return f"{len(kinds)} cues look like {kinds[0]}, not like words that were said." if kinds else ""
