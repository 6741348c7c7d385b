"""Every layout that services and tools export is read exactly: words, speakers, starts, times of words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.transcripts.conversation import ENDS, TALK, WORDS, timed_words
from tests.transcripts.layouts import LAYOUTS, NUMBERED, WITH_WORD_TIMES
from transcripts import TranscriptRead, Unreadable, read

# Seconds by which a start may differ from the truth, by what the layout keeps.
TOLERANCE = {"exact": 0.05, "tenth": 0.1, "sec": 1.0}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_read_by_its_grammar(name: str) -> None:
    data, closely, has_speakers = LAYOUTS[name]
    found = read(data, name)
    assert [cue.text for cue in found.cues] == WORDS
    names = NUMBERED.get(name, ("Rita Okoye", "Tomas Berg"))
    if name == "no-space.srt":
        names = ("RITA OKOYE", "TOMAS BERG")
    expected = [names[who == "Tomas Berg"] if has_speakers else "" for _a, _b, who, _said in TALK]
    assert [cue.speaker for cue in found.cues] == expected
    if closely == ENDS:
        assert [cue.end for cue in found.cues] == pytest.approx([b for _a, b, _w, _s in TALK], abs=1)
    elif closely is not None:
        assert [cue.start for cue in found.cues] == pytest.approx([a for a, *_rest in TALK], abs=closely)
    assert not found.doubts


@pytest.mark.parametrize("name", WITH_WORD_TIMES)
def test_times_of_words_are_kept(name: str) -> None:
    for cue, (start, end, _who, said) in zip(read(LAYOUTS[name][0], name).cues, TALK, strict=True):
        assert [word.text for word in cue.words] == said.split()
        starts = [at for _word, at, _until in timed_words(start, end, said)]
        assert [word.start for word in cue.words] == pytest.approx(starts, abs=0.02)


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("sonix.txt", "talk.m4a"),
        ("otter.txt", "Transcribed by https://otter.ai"),
        ("teams.docx", "March 5, 2026"),
        ("teams.docx", "Rita Okoye stopped transcription"),
        ("meet.docx", "Attendees"),
        ("meet.docx", "Meeting ended after"),
        ("descript.md", "My interview"),
        ("talk.eaf", "R-en"),
        ("talk.cha", "@Comment: sample"),
        ("table.docx", "A title"),
    ],
)
def test_what_is_left_out_is_listed(name: str, left_out: str) -> None:
    found = read(LAYOUTS[name][0], name)
    assert any(left_out in one.text for one in found.unused)
    assert all(one.reason for one in found.unused)


def test_columns_and_notes_that_are_left_out_are_named() -> None:
    assert "Columns that were left out: Tape_number, Translation." in read(LAYOUTS["ohd.csv"][0]).notes
    assert any("not said" in note for note in read(LAYOUTS["w3c.vtt"][0]).notes)


def problem(found: TranscriptRead, truth: dict) -> str:
    """Return how a reading differs from the truth; '' if it is the same."""
    if "words" in truth:
        words = sum(len(cue.text.split()) for cue in found.cues)
        return "" if words == truth["words"] else f"{words} words instead of {truth['words']}"
    if [cue.text for cue in found.cues] != [words for _start, _who, words in truth["cues"]]:
        return "other words"
    if [cue.speaker for cue in found.cues] != [who for _start, who, _words in truth["cues"]]:
        return "other speakers"
    closely = TOLERANCE.get(truth["start"])
    if closely is None:
        return ""
    off = max(
        abs((cue.start or 0) - start) for cue, (start, *_rest) in zip(found.cues, truth["cues"], strict=True)
    )
    return "" if off <= closely else f"starts differ by up to {off:.1f} s"


def table(folder: Path) -> list[tuple[str, str, str]]:
    """Return (file, format or 'refused', what is wrong) for each file with a truth."""
    rows = []
    for name, truth in json.loads((folder / "truth.json").read_text(encoding="utf-8")).items():
        try:
            found = read((folder / name).read_bytes(), name)
        except Unreadable as error:
            rows.append((name, "refused", "" if truth.get("refuse_ok") else str(error)))
        else:
            # The HTML file itself has whole seconds only.
            closely = "sec" if name == "html.html" else truth.get("start")
            rows.append((name, found.format, problem(found, {**truth, "start": closely})))
    return rows


def test_all_shared_layouts_equal_their_truth(shared_data: Path) -> None:
    rows = table(shared_data / "transcripts")
    for row in rows:
        print("{:32} {:12} {}".format(*row))
    assert len(rows) > 40
    assert not [row for row in rows if row[2]]
