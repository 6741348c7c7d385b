"""Ways of writing the same conversation that are a little different from the usual layouts."""

from __future__ import annotations

import pytest

from tests.transcripts.conversation import TALK, WORDS, Line, clock, docx, table_xml, written
from transcripts import read


def _docx(line: Line, *above: str) -> bytes:
    return docx(*above, *(part for said in TALK for part in line(*said).split("\n")))


def _broken(words: str, at: int) -> str:
    """Return a run with a line break instead of the space after the word number `at`."""
    parts = words.split(" ")
    return f"<w:t>{' '.join(parts[:at])}</w:t><w:br/><w:t>{' '.join(parts[at:])}</w:t>"


# A column at which most lines of the conversation are cut in the middle of a word.
WIDTH = max(range(5, 30), key=lambda at: sum(" " not in said[at - 1 : at + 1] for said in WORDS))
CUT = [one for one in TALK if len(one[3]) > WIDTH and " " not in one[3][WIDTH - 1 : WIDTH + 1]]


TIMED: dict[str, bytes] = {
    "name in brackets before the time": written(lambda a, _b, who, said: f"[{who}] {clock(a)}\n{said}"),
    "time above the label": written(lambda a, _b, who, said: f"[{clock(a)}.00]\n{who}: {said}"),
    "time in round brackets after the label": written(lambda a, _b, who, said: f"{who}: ({clock(a)}) {said}"),
    "label, time below": written(lambda a, _b, who, said: f"{who}: ({clock(a, '00:00')})\n{said}"),
    "columns by tabs": written(lambda a, _b, who, said: f"{clock(a)}\t{who}\t{said}", between="\n"),
    "Markdown, time as code": written(lambda a, _b, who, said: f"`{clock(a)}` **{who}:** {said}"),
    "Markdown, all bold": written(lambda a, _b, who, said: f"**[{clock(a)}] {who}:** {said}", "# Talk\n\n"),
    "Markdown, names as headings": written(
        lambda a, _b, who, said: f"## {who}\n\n[{clock(a)}] {said}", "# Talk\n\n"
    ),
    "Markdown, time in italics": written(lambda a, _b, who, said: f"**{who}** *{clock(a)}*\n{said}"),
    "Markdown, time as a link": written(
        lambda a, _b, who, said: f"**{who}**: [{clock(a)}](https://example.org/x) {said}"
    ),
    "name and time before the words": written(lambda a, _b, who, said: f"{who} [{clock(a)}] {said}"),
    "time and dash before the name": written(lambda a, _b, who, said: f"[{clock(a)}] - {who}\n{said}"),
    "a span of time": written(lambda a, b, who, said: f"{clock(a)} - {clock(b)}\n{who}: {said}"),
    "spans of time and bracketed names": written(
        lambda a, b, who, said: f"{clock(a, '00:00:00,000')} - {clock(b, '00:00:00,000')} [{who}]\n{said}"
    ),
    "hashes around": written(
        lambda a, b, who, said: f"#{clock(a, '00:00:00-0')}#{who}: {said}#{clock(b, '00:00:00-0')}#"
    ),
    "Otter with a summary": written(
        lambda a, _b, who, said: f"{who}  {clock(a, '0:00')}  \n{said}",
        "Talk\nThu, Mar 05, 2026 10:00AM • 1:02:15\n\nSUMMARY KEYWORDS\ncup, nurses\n\nSPEAKERS\nRita Okoye\n\n",
    ),
    "Trint in Word": _docx(lambda a, _b, who, said: f"[{clock(a)}] {who}\n{said}", "Talk.m4a"),
    "table without headings": docx(table_xml([[clock(a), who, said] for a, _b, who, said in TALK])),
    "commas as decimal marks": written(
        lambda a, _b, who, said: f'{str(a).replace(".", ",")};{who};"{said}"',
        "Start;Speaker;Text\n",
        between="\n",
    ),
    "milliseconds with speakers": written(
        lambda a, b, who, said: f'{int(a * 1000)},{int(b * 1000)},{who},"{said}"',
        "start,end,speaker,text\n",
        between="\n",
    ),
    "Oral History as Data": written(
        lambda a, _b, who, said: f'{who},"{said}",,{clock(a, "00:00")}',
        "speaker,words,tags,timestamp\n",
        between="\n",
    ),
    "German headings": written(
        lambda a, _b, who, said: f"1;{clock(a)};{who};{said}",
        "Band;Timecode;Sprecher;Transkript\n",
        between="\n",
    ),
}
UNTIMED: dict[str, bytes] = {
    "WhisperX": written(lambda _a, _b, who, said: f"[{who}]: {said}", between="\n"),
    "tab after the name": written(lambda _a, _b, who, said: f"{who}\t{said}", between="\n"),
    "capitals": written(lambda _a, _b, who, said: f"{who}: {said}"),
    "words below the label": written(lambda _a, _b, who, said: f"{who}:\n{said}"),
    "names and words far apart": written(lambda _a, _b, who, said: f"{who}\n\n{said}"),
    "full-width colon": written(lambda _a, _b, who, said: f"{who}：{said}"),
    "line break after the label": docx(
        *(f"<w:p><w:r><w:t>{who}:</w:t><w:br/><w:t>{said}</w:t></w:r></w:p>" for _a, _b, who, said in TALK)
    ),
    "line breaks between words": docx(
        *(f"<w:p><w:r>{_broken(f'{who}: {said}', 3)}</w:r></w:p>" for _a, _b, who, said in TALK)
    ),
    "line breaks cut at one width": docx(
        *(
            f"<w:p><w:r><w:t xml:space='preserve'>{who}: {said[:WIDTH]}</w:t><w:br/><w:t>{said[WIDTH:]}</w:t></w:r></w:p>"
            for _a, _b, who, said in CUT
        )
    ),
    "all in one paragraph": docx(
        f"<w:p><w:r>{''.join(f'<w:t>{who}: {said}</w:t><w:br/>' for _a, _b, who, said in TALK)}</w:r></w:p>"
    ),
    "table of two columns": docx(table_xml([[f"{who}:", said] for _a, _b, who, said in TALK])),
    "Meet with one time": docx(
        "Attendees",
        "00:00:03",
        *(f"{who}: {said}" for _a, _b, who, said in TALK),
        "Transcription ended after 01:02:11",
    ),
}


@pytest.mark.parametrize("name", [*TIMED, *UNTIMED])
def test_a_variant_is_read_like_the_usual_layout(name: str) -> None:
    found = read({**TIMED, **UNTIMED}[name])
    talk = CUT if name == "line breaks cut at one width" else TALK
    assert [cue.text for cue in found.cues] == [said for _a, _b, _who, said in talk]
    assert [cue.speaker for cue in found.cues] == [who for _a, _b, who, _said in talk]
    if name in TIMED:
        assert [cue.start for cue in found.cues] == pytest.approx([a for a, *_rest in TALK], abs=1)
    assert not found.doubts


@pytest.mark.parametrize(
    "text",
    [
        "I was born in 1960.\n\nAt 10:30 one day: he fell.\n\n10:30 is what I remember.\n\nNote: it rained.",
        "The doctor said: go home.\n\nThe doctor said: come back.\n\nSo we went.",
    ],
)
def test_prose_with_colons_and_clock_times_is_not_cut_up(text: str) -> None:
    found = read(text.encode())
    assert [cue.text for cue in found.cues] == text.split("\n\n")
    assert {(cue.speaker, cue.start) for cue in found.cues} == {("", None)}


def test_two_speakers_in_one_caption_are_two_cues_with_its_times() -> None:
    found = read(
        b"WEBVTT\n\n00:01.000 --> 00:03.000\nANA: Where?\nBEN: Here.\n\n00:03.000 --> 00:04.000\nANA: So.\n"
    )
    assert [(cue.start, cue.speaker, cue.text) for cue in found.cues] == [
        (1.0, "ANA", "Where?"),
        (1.0, "BEN", "Here."),
        (3.0, "ANA", "So."),
    ]


def test_all_words_of_the_conversation_are_different_enough_to_compare() -> None:
    assert len(set(WORDS)) == len(WORDS)
