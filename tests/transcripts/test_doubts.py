"""What a reading doubts about itself, and about the interview that it belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transcripts.layouts import LAYOUTS
from transcripts import Cue, TranscriptRead, read
from transcripts.doubts import doubts_about, doubts_of
from transcripts.spoken_language import language_of

LONG = "we had seven words in this line"


def made(*cues: tuple[float | None, float | None, str, str]) -> TranscriptRead:
    return TranscriptRead("text", [Cue(*cue) for cue in cues])


@pytest.mark.parametrize(
    ("transcript", "says"),
    [
        (made((None, None, "", "word " * 500)), "one cue of 500 words"),
        (made((0, 0.5, "", LONG), (1, 1.4, "", LONG), (2, 9, "", LONG)), "2 cues have more words than anyone can say"),
        (made((0, 1, "", "手术前的那个星期发生了什么你好吗他们告诉我们我不敢相信那是我的儿子 a b c d e f"), (2, 3, "", "手术前的那个星期发生了什么你好吗他们告诉我们我不敢相信那是我的儿子 a b c d e f")), "more words than anyone"),
        (made((50, 51, "", "a"), (10, 11, "", "b")), "times go back once"),
        (made((50592, 50595, "", "a"), (50599, 50600, "", "b")), "clock on the wall"),
        (made(*[(at, at + 1, "Ana", "yes") for at in range(9)]), "Only one speaker is named, Ana"),
        (made((0, 9, "Ana", "It was late. Ben: When?"), (9, 12, "Ben", "So.")), "1 cue contains the name of a speaker"),
        (made((0, 9, "Ana", "It was l\ufffdte.")), "1 letters could not be read"),
        (made((0, 9, "Ana", "It was late."), (9, 10, "", '<seg a="1"><u b="2">x</u></seg>')), "1 cues look like markup"),
    ],
)  # fmt: skip
def test_a_doubt_is_said(transcript: TranscriptRead, says: str) -> None:
    assert [doubt for doubt in doubts_of(transcript) if says in doubt]


def test_an_ordinary_transcript_raises_no_doubt(shared_data: Path) -> None:
    for path in sorted((shared_data / "interviews").glob("*.vtt")):
        assert not doubts_about(read(path.read_bytes(), path.name), language="en", recorded=36_000), path.name


def test_times_beyond_the_recording_and_another_language_are_doubted() -> None:
    found = read(LAYOUTS["whisper.json"][0])
    assert doubts_about(found, language="en", recorded=3700) == []
    assert doubts_about(found, language="en-GB", recorded=100) == [
        "1 of 6 cues start after the end of the recording."
    ]
    [doubt] = doubts_about(found, language="fr")
    assert "seem to be English, but the interview’s language is French" in doubt
    # No word list: nothing is said.
    assert doubts_about(found, language="sw") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nous étions dans la chambre et je ne savais pas ce que les médecins avaient dit. " * 3, "fr"),
        ("Wir waren in dem Zimmer und ich wusste nicht, was die Ärzte zu uns gesagt haben. " * 3, "de"),
        ("Eram în cameră și nu știam ce ne spun doctorii, dar eu am întrebat din nou. " * 3, "ro"),
        ("Мы были в комнате, и я не знала, что нам сказали врачи. " * 4, "ru"),
        ("قالوا لنا يوم الاثنين، ولم أكن أصدق ذلك. ", "ar"),
        ("手术前的那个星期发生了什么?星期一他们告诉我们,我不敢相信那是我的儿子。", "zh"),
        ("Only a few words.", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_text_is_seen_if_it_is_clear(text: str, code: str) -> None:
    assert language_of(text) == code
