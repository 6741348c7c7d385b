"""Any upload is read as a transcript or refused, in linear time, without an unexpected exception."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcripts import TranscriptRead, Unreadable, read

PIECES = st.sampled_from(
    [
        "WEBVTT",
        "\n",
        "\n\n",
        "\r\n",
        "00:00:01.000 --> 00:00:02.000",
        "00:00:01,000 --> ",
        "-->",
        "<v Mother>",
        "</v>",
        "<c.a><i>",
        "Mother: ",
        "MOTHER:",
        "[00:12]",
        "(1:02:03)",
        '"',
        '""',
        ",",
        ";",
        "\t",
        "ooTextFile",
        '"TextGrid"',
        "<exists>",
        "1",
        "99999999999",
        "<ROOT>",
        "<record>",
        "<transcript>",
        "&amp;",
        "&#xD800;",
        "\0",
        "\ufeff",
        "speaker,words,start\n",
        "[inaudible]",
        "[?um?]",
        "word",
    ]
)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=40).map("".join).map(str.encode)),
    st.sampled_from(["", "a.vtt", "a.srt", "a.csv", "a.xml", "a.TextGrid", "a.txt", "a.docx"]),
)
def test_anything_is_read_or_refused(data: bytes, name: str) -> None:
    try:
        found = read(data, name)
    except Unreadable:
        return
    assert isinstance(found, TranscriptRead)
    for cue in found.cues:
        assert cue.text or found.format == "webvtt"
        assert (cue.start is None) or (cue.start >= 0 and cue.end is not None)


SPACES = " " * 900_000
LONG = {
    "spaces": f"Mother: a{SPACES}b\nDoctor: c",
    "spaces in CHAT": f"@Begin\n*MOT:\ta{SPACES}b\n@End",
    "brackets in CHAT": "@Begin\n*MOT:\t" + "[=! " * 200_000,
    "comments": "<!---->" * 140_000,
    "comments and an element": "<!---->" * 600 + "<Trans>",
    "persons in persons": "<TEI>" + '<person xml:id="a">' * 45_000,
    "closed persons in persons": "<TEI>" + '<person xml:id="a">' * 30_000 + "</person>" * 30_000 + "</TEI>",
    "paragraphs": "<tt>" + "<p>" * 90_000 + "</p>" * 90_000 + "</tt>",
    "tiers": "<ANNOTATION_DOCUMENT>" + "<TIER>" * 50_000 + "</TIER>" * 50_000 + "</ANNOTATION_DOCUMENT>",
    "divisions": "<html><body>" + "<div>" * 180_000,
    "hidden": "<html><body>" + "<div hidden>" * 70_000 + "</p>" * 70_000,
    "groups": "{\\rtf1 " + "{" * 900_000,
    "objects": '{"a":' * 180_000,
    "segments": '{"segments": [' + '{"start": 1, "end": 2, "text": "a"},' * 25_000 + '{"text": "b"}]}',
    "words of a service": '{"results": {"items": [' + '{"type": "pronunciation"},' * 35_000 + "{}]}}",
    "columns": "speaker,words\n" + "a," * 450_000,
    "times last": "Mother: a #00:00:01-0#\n" * 40_000,
    "times in a line": "Mother: " + "a [00:00:01] " * 70_000,
    "one line": "a" * 1_000_000,
    "one speaker": "Mother: " + "x " * 500_000,
    "time codes": "[00:00:01] " * 90_000,
    "cues": "WEBVTT\n\n" + "00:00.000 --> 00:01.000\n<v a>b\n\n" * 30_000,
    "unclosed tags": "WEBVTT\n\n00:00.000 --> 00:01.000\n" + "<v a>" * 200_000,
    "arrows": "-->" * 300_000,
    "quotation marks": '"' * 1_000_000,
    "angles": "<" * 1_000_000,
    "commas": "," * 1_000_000,
    "brackets": "[" * 1_000_000,
    "names": "A " * 500_000 + ":",
    "srt": "1\n00:00:01,000 --> 00:00:02,000\nx\n\n" * 25_000,
    "grid": '"ooTextFile" "TextGrid" 0 9 <exists> 1 "IntervalTier" "a" 0 9 90000 ' + '0 1 "x" ' * 90_000,
}


@pytest.mark.parametrize("kind", LONG)
def test_a_megabyte_is_read_in_linear_time(kind: str) -> None:
    """Not a measurement (`make bench` has it): a reader that takes the square of the length would take
    minutes.
    """
    begin = time.process_time()
    with contextlib.suppress(Unreadable):
        read(LONG[kind].encode())
    assert time.process_time() - begin < 20
