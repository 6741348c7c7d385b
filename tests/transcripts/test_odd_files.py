"""Odd transcript files: what is kept of them, and which lines are listed as unused, with the reason."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.test_transcripts import cues, docx, grid
from transcripts import Cue, Unreadable, read, read_all
from transcripts.cues import close_ends, seconds
from transcripts.speakers import Labels, label

Times = tuple[float | None, float | None, str, str]


def unused(text: str, name: str = "") -> list[tuple[int, str]]:
    return [(line.line, line.reason) for line in read(text.encode(), name).unused]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0:01.5 -> 0:02\nHello\n", [(1.5, 2.0, "", "Hello")]),
        (
            "1\n00:00:01,000 -->\nHello\n\n2\n00:00:04,000 --> 00:00:05,000\nBye",
            [(1, 4, "", "Hello"), (4, 5, "", "Bye")],
        ),
        ("00:01,0 --> 00:02,0\n{\\an8}<font color='red'>MOTHER: <b>up</b></font>", [(1, 2, "MOTHER", "up")]),
        ("00:01,0 --> 00:02,0\nTom &amp; Ana\n", [(1, 2, "", "Tom & Ana")]),
        # A number alone is a cue's number only right above its times.
        (
            "00:01,0 --> 00:02,0\nHe was\n42\n\n2\n00:03,0 --> 00:04,0\nyes",
            [(1, 2, "", "He was 42"), (3, 4, "", "yes")],
        ),
    ],
    ids=["short arrow", "no end", "tags", "entities", "number in the words"],
)
def test_srt_in_the_ways_that_programs_write_it(text: str, expected: list[Times]) -> None:
    assert cues(text) == expected
    assert not unused(text)


def test_srt_lists_each_line_that_it_cannot_use_in_the_order_of_the_file() -> None:
    text = "Interview of June\n1\n00:05,0 --> 00:03,0\nwords\n\n2\n00:06,0 --> 00:07,0\n\n3\n00:08,0 --> 00:09,0\nend\n"
    assert unused(text) == [
        (1, "There is no line with times before these words."),
        (3, "It ends before it starts, so its end is ignored."),
        (7, "There are no words under these times."),
    ]
    assert cues(text) == [(5.0, 8.0, "", "words"), (8.0, 9.0, "", "end")]


def test_webvtt_with_the_commas_of_srt_is_read_and_noted() -> None:
    found = read(b"WEBVTT\n\n00:01,000 --> 00:02,000\n<v A>one\n\n00:03,000 --> 00:04,000\n<v A>two\n")
    assert [cue.text for cue in found.cues] == ["one", "two"]
    assert found.notes == [
        "2 times are written with a comma, as in SRT; they are read as if with a full stop."
    ]


def test_a_file_named_vtt_without_its_heading_is_refused() -> None:
    with pytest.raises(Unreadable, match="WEBVTT"):
        read(b"Mother: hello\nDoctor: yes\n", "talk.vtt")


def test_textgrid_names_an_unnamed_tier_after_the_file_and_sorts_the_tiers_by_time() -> None:
    text = grid(
        ("", [(5, 6, 'she said ""no""'.replace('""', '"'))]), ("Mother", [(-1, 2, "early"), (2, 3, "  ")])
    )
    assert cues(text, "Doctor.TextGrid") == [
        (0.0, 2.0, "Mother", "early"),
        (5.0, 6.0, "Doctor", 'she said "no"'),
    ]


def test_textgrid_points_are_moments_and_times_in_the_wrong_order_are_listed() -> None:
    text = grid(("Mother", [(3, 1, "backwards")]))
    assert unused(text) == [(18, "It ends before it starts.")]
    points = 'File type = "ooTextFile"\nObject class = "TextGrid"\n0\n9\n<exists>\n1\n"TextTier"\n"Laugh"\n0\n9\n1\n4.5\n"ha"\n'
    assert cues(points) == [(4.5, 4.5, "Laugh", "ha")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('File type = "ooTextFile"\nObject class = "TextGrid"\n0\n9\n<exists>\n1\n"IntervalTier"\n', "ends too early, at line 8"),
        ('File type = "ooTextFile"\nObject class = "TextGrid"\n0\n9\n<exists>\n2000\n', "says it has 2000 tiers; at most 1000"),
        ('File type = "ooTextFile"\nObject class = "TextGrid"\n0\n9\n7\n', "Line 5 of the TextGrid should say <exists>"),
        ('File type = "ooTextFile"\nObject class = "TextGrid"\n"a"\n', "‘\"a\"’ where a number should be"),
        ('File type = "ooTextFile"\nObject class = "TextGrid"\n0\n9e99\n', "‘9e99’, which is not a time"),
        (grid(("A", [(0, 1, "x")])).replace("size = 1\n        inter", "size = -1\n        inter").replace("intervals: size = 1", "intervals: size = -1"), "says -1 intervals"),
        ('File type = "ooTextFile" Object class "Pitch"\n"TextGrid"', "does not start like a Praat TextGrid"),
    ],
)  # fmt: skip
def test_a_broken_textgrid_is_refused_with_the_line(text: str, says: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text.encode())
    assert says in str(refused.value)


def test_a_textgrid_without_tiers_has_no_cues() -> None:
    assert cues('File type = "ooTextFile"\nObject class = "TextGrid"\n0\n9\n<absent>\n') == []


def ohms(transcript: str, sync: str) -> str:
    return f"<ROOT><record><sync>{sync}</sync><transcript>{transcript}</transcript></record></ROOT>"


def test_ohms_marks_that_cannot_be_used_are_listed_and_the_words_kept() -> None:
    found = read(ohms("MOTHER: one two\nthree four\n", "1:|2(0)|x|1(0)|9(0)").encode())
    assert [line.reason for line in found.unused] == [
        "Minute mark 2 is not in the form 9(11).",
        "Minute mark 3 is at an earlier place than the previous mark.",
    ]
    assert "1 minute marks are after the last line." in found.notes
    assert [(cue.start, cue.text) for cue in found.cues] == [(0.0, "one two"), (60.0, "three four")]


def test_ohms_without_usable_marks_has_words_without_times() -> None:
    found = read(ohms("MOTHER: one two", "every minute").encode())
    assert [line.reason for line in found.unused] == [
        "The minute marks (<sync>) are not in the form 1:|9(11)|29(8)."
    ]
    assert found.cues == [Cue(None, None, "MOTHER", "one two")]


def test_ohms_counts_marks_in_the_interval_that_it_names() -> None:
    assert [cue[0] for cue in cues(ohms("A: one\nB: two\nA: three\nB: four", "5:|2(0)|4(0)"))] == [
        0.0,
        300.0,
        450.0,
        600.0,
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [("<ROOT><record>", "The XML cannot be read"), (ohms(" ", ""), "The OHMS record has no transcript")],
)
def test_a_broken_ohms_record_is_refused(text: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(text.encode())


def test_a_table_without_headings_and_one_with_an_open_quotation_mark() -> None:
    assert cues("Mother,Hello,1,2\nDoctor,Yes,2,3\n", "x.csv") == [
        (1, 2, "Mother", "Hello"),
        (2, 3, "Doctor", "Yes"),
    ]
    text = 'speaker,words,start\nMother,hello,1\nDoctor,"never closed,2\n'
    assert [cue[3] for cue in cues(text)] == ["hello"]
    assert unused(text) == [
        (3, "A quotation mark is opened in line 3 and never closed. Add the closing mark.")
    ]


def test_a_table_keeps_the_first_of_two_columns_and_drops_an_end_without_a_start() -> None:
    assert cues("who,text,said,end\nMother,first,second,9\n") == [(None, None, "Mother", "first")]
    with pytest.raises(Unreadable, match="needs the columns speaker, words and start"):
        read(b"only words\n", "x.csv")


def test_a_word_document_is_read_by_its_paragraphs() -> None:
    found = read(
        docx("Mother: Hello &amp; welcome", "", "Doctor:", "Mother: bye", "Doctor: yes"), "talk.docx"
    )
    assert found.format == "docx"
    assert [(cue.speaker, cue.text) for cue in found.cues] == [
        ("Mother", "Hello & welcome"),
        ("Mother", "bye"),
        ("Doctor", "yes"),
    ]
    assert [line.reason for line in found.unused] == ["There are no words with this label."]


def test_a_word_document_that_unpacks_to_too_much_is_refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (61 * 1024 * 1024))
    with pytest.raises(Unreadable, match="larger than 60 MB when unpacked"):
        read(data.getvalue())


def test_several_files_are_joined_by_time_or_refused() -> None:
    timed = (b"WEBVTT\n\n00:03.000 --> 00:04.000\n<v A>second\n", "a.vtt")
    first = (b"1\n00:00:01,000 --> 00:00:02,000\nB: first\n", "b.srt")
    assert [cue.text for cue in read_all([timed, first]).cues] == ["first", "second"]
    with pytest.raises(Unreadable, match="only if each of them has time codes"):
        read_all([timed, (b"Mother: no times\nMother: at all", "c.txt")])
    assert read_all([(b"Mother: no times\nMother: at all", "c.txt")]).speakers == ["Mother"]


def test_encodings_are_guessed_and_the_guess_is_noted() -> None:
    text = "Мать: Она держалась за перила.\nВрач: Когда это было?\nМать: Прошлой весной, в апреле.\n"
    for encoding, notes in (
        ("utf-8-sig", 0),
        ("utf-16", 0),
        ("cp1251", 1),
        ("utf-16-le", 1),
        ("utf-16-be", 1),
    ):
        found = read(text.encode(encoding))
        assert found.speakers == ["Мать", "Врач"], encoding
        assert len(found.notes) == notes, encoding
    assert [read("Mother: one line".encode(f"utf-16-{end}")).cues[0].speaker for end in ("le", "be")] == [
        "Mother"
    ] * 2
    assert "show as �" in read(b"\xff\xfe" + "Mother: words".encode("utf-16-le") + b"\x00").notes[0]


def test_a_file_as_large_as_a_recording_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(Unreadable, match=r"The file has 22 MB.*Did you choose the recording"):
        read(b"a" * 22_000_000, "x.txt")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Mother: words", ("Mother", "words")),
        ("— Мать: слова", ("Мать", "слова")),
        ("Dr Ana  Lee : yes", ("Dr Ana Lee", "yes")),
        ("母亲: 你好", ("母亲", "你好")),
        ("note: small letters", None),
        ("One two three four five: too long", None),
        ("At 10:30 we left", None),
        ("Is it? No: yes", None),
    ],
)
def test_what_looks_like_a_label(line: str, expected: tuple[str, str] | None) -> None:
    assert label(line) == expected


def test_a_label_that_occurs_once_among_much_prose_is_words() -> None:
    prose = ["We went home.", "It was late.", "Note: bring water"]
    assert Labels.of(prose).split(prose[2]) == ("", "Note: bring water")
    assert Labels.of([*prose, "Note: and bread"]).split(prose[2]) == ("Note", "bring water")
    assert Labels.of([*prose, "ANNA: no"]).split("ANNA: no") == ("ANNA", "no")


@given(
    st.integers(0, 9999), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999), st.sampled_from(".,")
)
def test_times_mean_the_same_however_written(
    hours: int, minutes: int, whole: int, milli: int, mark: str
) -> None:
    expected = hours * 3600 + minutes * 60 + whole + milli / 1000
    assert seconds(f" {hours}:{minutes:02}:{whole:02}{mark}{milli:03} ") == pytest.approx(expected)
    assert seconds(f"{hours * 3600 + minutes * 60 + whole}{mark}{milli:03}") == pytest.approx(expected)


@pytest.mark.parametrize("text", ["", "soon", "1:60", "1:2:3:4", "-3", "1.2.3", "1e3", "٣:٠x"])
def test_anything_else_is_not_a_time(text: str) -> None:
    assert seconds(text) is None


@given(
    st.lists(
        st.tuples(st.none() | st.floats(0, 100), st.none() | st.floats(100, 200), st.text("a ", max_size=30))
    )
)
def test_every_start_gets_an_end_that_is_not_before_it(
    rows: list[tuple[float | None, float | None, str]],
) -> None:
    given_cues = [Cue(start, end if start is not None else None, "", text) for start, end, text in rows]
    closed = close_ends(given_cues)
    assert [(cue.start, cue.text) for cue in closed] == [(cue.start, cue.text) for cue in given_cues]
    for before, after in zip(given_cues, closed, strict=True):
        assert (after.end is None) == (before.start is None)
        assert before.end in (None, after.end)
        assert after.start is None or after.end is None or after.end >= after.start
