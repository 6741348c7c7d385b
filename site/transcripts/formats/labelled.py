"""Speakers written into the words of cues: 'Mother: ...' in captions, whatever their format. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from transcripts.cues import Cue, joined
from transcripts.speakers import Labels, without_emphasis

_NO_NAME = re.compile(r">{2,3}[ \t]*")


def labelled(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues with the labels in their words as their speakers, where the file names no others.

    Lines of a cue are separated by a line feed; a cue in which a second speaker has a line becomes two cues
    with the same times, as a WebVTT cue with two voices does.
    """
    lines = [without_emphasis(line) for cue in cues if not cue.speaker for line in cue.text.split("\n")]
    labels = Labels.of(lines)
    found: list[Cue] = []
    for cue in cues:
        if cue.speaker:
            found.append(replace(cue, text=joined([cue.text])))
            continue
        said: list[tuple[str, list[str]]] = []
        for line in cue.text.split("\n"):
            speaker, words = labels.split(without_emphasis(line) if labels.known else line)
            if speaker or not said:
                said.append((speaker, []))
            said[-1][1].append(_NO_NAME.sub("", words) if words.startswith(">>") else words)
        whole = [(speaker, text) for speaker, parts in said if (text := joined(parts))]
        found += [_one(cue, speaker, text, len(whole) == 1) for speaker, text in whole]
        if not whole:
            found.append(replace(cue, speaker=said[0][0], text=""))
    return found


def _one(cue: Cue, speaker: str, text: str, is_whole: bool) -> Cue:
    """Return the cue of one speaker; times of words stay only with words that are all there."""
    words = cue.words if is_whole and len(cue.words) == len(text.split()) else ()
    return replace(cue, speaker=speaker, text=text, words=words)
