"""Reading transcripts: each format, and hard cases."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.captions import Cue as Caption
from media.captions import to_webvtt
from transcripts import Cue, Unreadable, read, read_all

SMALL = Path(__file__).parent / "data"


def cues(text: str | bytes, name: str = "") -> list[tuple[float | None, float | None, str, str]]:
    found = read(text.encode() if isinstance(text, str) else text, name)
    return [(cue.start, cue.end, cue.speaker, cue.text) for cue in found.cues]


def docx(*paragraphs: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>',
        )
    return data.getvalue()


def grid(*tiers: tuple[str, list[tuple[float, float, str]]], short: bool = False) -> str:
    def tier(number: int, name: str, intervals: list[tuple[float, float, str]]) -> str:
        if short:
            rows = "\n".join(f'{a}\n{b}\n"{text.replace(chr(34), chr(34) * 2)}"' for a, b, text in intervals)
            return f'"IntervalTier"\n"{name}"\n0\n99\n{len(intervals)}\n{rows}\n'
        rows = "\n".join(
            f'        intervals [{index}]:\n            xmin = {a}\n            xmax = {b}\n            text = "{text.replace(chr(34), chr(34) * 2)}"'
            for index, (a, b, text) in enumerate(intervals, 1)
        )
        return f'    item [{number}]:\n        class = "IntervalTier"\n        name = "{name}"\n        xmin = 0\n        xmax = 99\n        intervals: size = {len(intervals)}\n{rows}\n'

    body = "".join(tier(index, *one) for index, one in enumerate(tiers, 1))
    if short:
        return f'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n99\n<exists>\n{len(tiers)}\n{body}'
    return f'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 99\ntiers? <exists>\nsize = {len(tiers)}\nitem []:\n{body}'


WEBVTT = "WEBVTT\n\n00:01.000 --> 00:02.500\n<v.loud Mother>She <i>stood</i> up\n"


@pytest.mark.parametrize(
    "text",
    [
        WEBVTT,
        "\ufeff" + WEBVTT,
        WEBVTT.replace("\n", "\r\n"),
        WEBVTT.replace("\n", "\r"),
        WEBVTT.replace("00:01.000", "00:00:01.000"),
        WEBVTT.replace("WEBVTT", "WEBVTT - an interview\nKind: captions"),
        WEBVTT.replace("<i>stood</i>", "<i><b>stood</i>"),
        WEBVTT.rstrip("\n"),
        WEBVTT.replace("01.000 --> 00:02.500", "01,000 --> 00:02,500")
        .replace("00:01,", "00:00:01,")
        .replace("00:02,", "00:00:02,"),
        WEBVTT.encode("utf-16"),
    ],
    ids=[
        "plain",
        "byte-order mark",
        "CRLF",
        "CR",
        "hours",
        "header",
        "unclosed tag",
        "no last line end",
        "commas",
        "UTF-16",
    ],
)
def test_webvtt_is_read_however_it_is_written(text: str | bytes) -> None:
    assert cues(text) == [(1.0, 2.5, "Mother", "She stood up")]


def test_webvtt_keeps_overlapping_and_empty_times_and_lists_what_it_cannot_use() -> None:
    found = read(
        b"WEBVTT\n\n1\n00:01.000 --> 00:05.000\n<v A>long [inaudible]\n\n00:02.000 --> 00:02.000\n<v B>at once\n\n"
        b"00:03.0 --> 00:04.000\nlost words\n\njust words\n"
    )
    assert [(cue.start, cue.end, cue.text) for cue in found.cues] == [
        (1.0, 5.0, "long [inaudible]"),
        (2.0, 2.0, "at once"),
    ]
    assert [(one.line, one.text) for one in found.unused] == [
        (10, "00:03.0 --> 00:04.000\nlost words"),
        (13, "just words"),
    ]
    assert found.speakers == ["A", "B"]
    assert found.renamed({"A": "Mother"}).speakers == ["Mother", "B"]


# One valid cue first and last, cues that the standard's timestamp algorithm ignores in between.
BAD_TIMES = """0000:00.000|00:0:00.000|00:0000.000|00:00:0.000|00:00:00000|00:00:00.00|00:00:00.0|00:00:00.|00:00:00|00:00:0|00:00:|
00:00|00:0|00:|00|0||0:00.000|0000.000|00:0.000|00:00000|00:00.00|0.|.|x00:00:00.000|00:00:60.000|00:60:00.000|-00:00:00.000|
00:00:00.0000|00 :00:00.000""".replace("\n", "").split("|")


@pytest.mark.parametrize("bad", BAD_TIMES)
def test_webvtt_times_by_the_standard(bad: str) -> None:
    found = read(
        f"WEBVTT\n\n0:00:00.000 --> 00:00:01.000\none\n\n{bad} --> 00:00:01.000\nlost\n\n00:00:00.000 --> 0:00:01.000\ntwo\n".encode()
    )
    assert [cue.text for cue in found.cues] == ["one", "two"]
    assert "lost" in found.unused[0].text


def test_srt() -> None:
    text = (
        "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Mother:</i> Hi &amp; bye\r\n\r\n2\r\n00:00:03.000 -->\r\nDoctor: no end\r\n\r\n"
        "3\r\n00:00:09,000 --> 00:00:08,000\r\nMother: last words\r\nin two lines\r\n\r\n4\r\n00:00:10,000 --> 00:00:11,000\r\n"
    )
    found = read(text.encode())
    assert found.format == "srt"
    assert [(cue.start, cue.end, cue.speaker, cue.text) for cue in found.cues] == [
        (1.0, 2.5, "Mother", "Hi & bye"),
        (3.0, 9.0, "Doctor", "no end"),
        (9.0, 11.0, "Mother", "last words in two lines"),
    ]
    assert [one.line for one in found.unused] == [10, 15]


@pytest.mark.parametrize("short", [False, True])
def test_textgrid(short: bool) -> None:
    text = grid(
        ("Doctor", [(0, 2.5, 'He said "hi"'), (2.5, 5, "")]), ("Patient", [(1, 2, "hello")]), short=short
    )
    assert cues(text) == [(0.0, 2.5, "Doctor", 'He said "hi"'), (1.0, 2.0, "Patient", "hello")]
    assert cues(text.encode("utf-16")) == cues(text)
    with pytest.raises(Unreadable, match="ends too early, at line"):
        read(text[: len(text) - 20].encode())


def test_two_textgrids_are_one_interview() -> None:
    both = read_all(
        [
            (grid(("", [(0, 1, "a")])).encode(), "doctor.TextGrid"),
            (grid(("", [(0.5, 2, "b")])).encode(), "patient.TextGrid"),
        ]
    )
    assert [(cue.speaker, cue.text) for cue in both.cues] == [("doctor", "a"), ("patient", "b")]


OHMS = """<?xml version="1.0" encoding="UTF-8"?><ROOT xmlns="https://example.org/ohms"><record id="1"><version>5.4</version>
<sync>{sync}</sync><transcript>{transcript}</transcript><vtt_transcript>{vtt}</vtt_transcript></record></ROOT>"""


def test_ohms_with_minute_marks() -> None:
    text = OHMS.format(
        sync="1:|2(3)|4(0)",
        vtt="",
        transcript="SMITH: one two three four\nfive six seven eight nine\nJONES: ten eleven\ntwelve thirteen",
    )
    found = read(text.encode())
    assert [(cue.start, cue.speaker, cue.text) for cue in found.cues] == [
        (0.0, "SMITH", "one two three four five six seven"),
        (60.0, "SMITH", "eight nine"),
        (90.0, "JONES", "ten eleven"),
        (120.0, "JONES", "twelve thirteen"),
    ]
    assert "estimated" in found.notes[0]


def test_ohms_with_webvtt_inside_and_hostile_xml() -> None:
    text = OHMS.format(sync="", transcript="", vtt=WEBVTT.replace("<", "&lt;").replace("-->", "--&gt;"))
    assert cues(text) == [(1.0, 2.5, "Mother", "She stood up")]
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><ROOT><record>&b;</record></ROOT>'
    with pytest.raises(Unreadable):
        read(bomb.encode())
    with pytest.raises(Unreadable, match="no transcript"):
        read(b"<ROOT><record></record></ROOT>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[00:12:31] Mother: Hello there.\nand more\n[00:12:40] Interviewer: Yes?",
            [(751.0, 760.0, "Mother", "Hello there. and more"), (760.0, 761.0, "Interviewer", "Yes?")],
        ),
        (
            "Mother (0:05): words\n\nDoctor (0:09): more",
            [(5.0, 9.0, "Mother", "words"), (9.0, 10.0, "Doctor", "more")],
        ),
        (
            "Mother  0:05\nwords here\n\nDoctor  0:09\nmore words",
            [(5.0, 9.0, "Mother", "words here"), (9.0, 10.0, "Doctor", "more words")],
        ),
        (
            "Mother: [0:05] words\nDoctor: [0:09] more",
            [(5.0, 9.0, "Mother", "words"), (9.0, 10.0, "Doctor", "more")],
        ),
        (
            "Mother: hi\n\nshe goes on\n\nDoctor: hello\nMother: bye",
            [
                (None, None, "Mother", "hi"),
                (None, None, "Mother", "she goes on"),
                (None, None, "Doctor", "hello"),
                (None, None, "Mother", "bye"),
            ],
        ),
        ("أم: مرحبا\nطبيب: أهلا", [(None, None, "أم", "مرحبا"), (None, None, "طبيب", "أهلا")]),
        (
            "Only words, and at 10:30 we left: nothing else.",
            [(None, None, "", "Only words, and at 10:30 we left: nothing else.")],
        ),
    ],
)
def test_plain_text_and_word(text: str, expected: list[tuple[float | None, float | None, str, str]]) -> None:
    assert cues(text) == expected
    if len(expected) == len(text.splitlines()):
        assert cues(docx(*text.splitlines()), "x.docx") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('speaker,words,start\nMother,"Hello, you",12.5\n', [(12.5, 13.5, "Mother", "Hello, you")]),
        ("start;text;who\n00:01:02,5;Hello;Mother\n", [(62.5, 63.5, "Mother", "Hello")]),
        ("\ufeffTime\tSpeaker\tText\tEnd\n1\tMother\tHello\t3\n", [(1.0, 3.0, "Mother", "Hello")]),
    ],
)
def test_csv(text: str, expected: list[tuple[float | None, float | None, str, str]]) -> None:
    assert cues(text) == expected


def test_csv_says_which_rows_it_could_not_use() -> None:
    found = read(b"speaker,words,start\nMother,,3\nDoctor,hello,soon\n", "x.csv")
    assert [(one.line, one.reason.split(";")[0]) for one in found.unused] == [
        (2, "There are no words in this row."),
        (3, "‘soon’ is not a time"),
    ]
    assert found.cues == [Cue(None, None, "Doctor", "hello")]


def test_a_wrong_encoding_is_detected_and_said() -> None:
    found = read(
        "Mère: Elle s’est levée, et j’ai pleuré très fort à côté d’elle.\nMédecin: Bientôt ?".encode("cp1252")
    )
    assert found.cues[0].text.startswith("Elle s’est levée")
    assert "not UTF-8" in found.notes[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n",
        b"\x7fELF\x01\x01\x00\x00" * 50,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9,
        b"PK\x03\x04 broken",
        b"\x00" * 500,
        bytes(range(256)) * 9,
    ],
)
def test_what_is_no_transcript_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"\w+ \w+ .*\."):
        read(data)


def test_a_file_of_another_kind_under_the_name_of_a_word_document() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(Unreadable, match="not a Word document"):
        read(data.getvalue(), "x.docx")


MADE = st.builds(
    lambda start, length, who, text: Caption(start / 1000, (start + length) / 1000, who, text),
    st.integers(0, 36_000_000),
    st.integers(0, 60_000),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), max_size=12),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]),
        min_size=1,
        max_size=40,
    ),
)


@given(st.lists(MADE, max_size=8))
def test_cues_to_webvtt_and_back_are_the_same(made: list[Caption]) -> None:
    found = read(to_webvtt(made).encode())
    assert [(cue.start, cue.end, cue.speaker, cue.text) for cue in found.cues] == [
        (one.start, one.end, one.speaker, one.text) for one in made
    ]
    assert not found.unused


@pytest.mark.parametrize("transcripts", ["2 invented", "57 real"])
def test_whole_transcripts(request: pytest.FixtureRequest, transcripts: str) -> None:
    """Mock consultations; the invented ones in the repository are laid out like the real ones."""
    invented = transcripts == "2 invented"
    folder = SMALL if invented else request.getfixturevalue("shared_data") / "interviews"
    found = [read(path.read_bytes(), path.name) for path in sorted(folder.glob("*.vtt"))]
    assert (len(found), sum(len(one.cues) for one in found)) == ((2, 39) if invented else (57, 6742))
    assert not [unused for one in found for unused in one.unused]
    assert {speaker for one in found for speaker in one.speakers} == {"Doctor", "Patient"}
