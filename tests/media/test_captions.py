from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.captions import Cue, NotWebVTT, parse, to_webvtt


def cues(body: str) -> list[Cue]:
    return parse(f"WEBVTT\n\n{body}").cues


def test_reads_times_speaker_text_and_identifier() -> None:
    assert cues("7\n00:01.500 --> 01:02:03.004 line:0\n<v.loud Ana  María>He &amp; I\nwalked</v>") == [
        Cue(1.5, 3723.004, "Ana María", "He & I\nwalked", "7")
    ]


@pytest.mark.parametrize(
    "start", ["WEBVTT", "\ufeffWEBVTT", "WEBVTT title", "WEBVTT\theader\nKind: captions"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_beginning_and_line_end_of_the_standard_is_read(start: str, line_end: str) -> None:
    text = f"{start}\n\n00:00.000 --> 00:01.000\na\n".replace("\n", line_end)
    assert parse(text).cues == [Cue(0, 1, "", "a")]


@pytest.mark.parametrize(
    "text", ["", "WEBVTTx\n", "webvtt\n", " WEBVTT", "1\n00:00:01,000 --> 00:00:02,000\na"]
)
def test_a_file_that_does_not_begin_as_webvtt_is_refused(text: str) -> None:
    with pytest.raises(NotWebVTT):
        parse(text)


@pytest.mark.parametrize(
    "timings",
    [
        "00:00 --> 00:01.000",
        "00:00,000 --> 00:01,000",
        "00:60.000 --> 00:61.000",
        "0:00.000 --> 0:01.000",
        "00:00.0000 --> 00:01.0000",
        "00:00.000 -> 00:01.000 -->",
        "60:00.000 --> 61:00.000",
        "٠٠:00.000 --> 00:01.000",
    ],
)
def test_a_block_with_wrong_times_is_reported_and_the_rest_is_read(timings: str) -> None:
    found = parse(f"WEBVTT\n\n{timings}\nlost\n\n00:02.000 --> 00:03.000\nkept")
    assert [cue.text for cue in found.cues] == ["kept"]
    assert [(unused.line, "lost" in unused.text) for unused in found.unused] == [(3, True)]


def test_timings_without_an_empty_line_before_them_begin_a_new_cue() -> None:
    found = cues("00:00.000 --> 00:01.000\na\n00:01.000 --> 00:02.000\nb")
    assert [(cue.start, cue.text) for cue in found] == [(0, "a"), (1, "b")]


def test_timings_right_after_the_header_begin_a_cue() -> None:
    assert parse("WEBVTT\n00:00.000 --> 00:01.000\na").cues == [Cue(0, 1, "", "a")]


def test_notes_styles_and_regions_are_neither_cues_nor_unused_lines() -> None:
    found = parse(
        "WEBVTT\n\nNOTE to myself\nmore\n\nSTYLE\n::cue{}\n\nREGION\nid:a\n\n00:00.000 --> 00:01.000\na"
    )
    assert (len(found.cues), found.unused) == (1, [])


def test_words_without_times_are_reported() -> None:
    (unused,) = parse("WEBVTT\n\nHello there\nagain").unused
    assert (unused.line, unused.text) == (3, "Hello there\nagain")


def test_each_voice_of_a_cue_is_kept() -> None:
    found = cues("00:00.000 --> 00:01.000\n<v A>Hello<v B>Hi</v> <i>there</i></v> [door]")
    assert [(cue.speaker, cue.text) for cue in found] == [
        ("A", "Hello"),
        ("B", "Hi"),
        ("A", "there"),
        ("", "[door]"),
    ]


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("a &lt;b&gt; &nbsp;&eacute;", "a <b> \xa0é"),
        ("<00:01.000>a <c.red.big>b</c> <lang en>c", "a b c"),
        ("<ruby>base<rt>top</ruby> end", "basetop end"),
        ("cut <v Bob", "cut"),
        ("un<known>known</known>", "unknown"),
    ],
)
def test_cue_text_becomes_plain_text(raw: str, plain: str) -> None:
    assert cues(f"00:00.000 --> 00:01.000\n{raw}")[0].text == plain


seconds = st.integers(0, 10**9).map(lambda thousandths: thousandths / 1000)
printable = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n&<>-\t\r"), max_size=40
)
made = st.builds(
    Cue,
    start=seconds,
    end=seconds,
    speaker=printable.map(lambda text: " ".join(text.split())),
    text=printable.map(str.strip),
    identifier=printable.map(lambda text: " ".join(text.replace("-->", "").split())),
)


@given(st.lists(made, max_size=6))
def test_written_cues_are_read_unchanged(written: list[Cue]) -> None:
    found = parse(to_webvtt(written))
    assert found.unused == []
    assert found.cues == written


@given(st.text(st.sampled_from("WEBVT\n\r -->:.0159<>/vcib&;#amp1 NOTE\0\u2028"), max_size=300))
def test_cues_read_from_any_text_can_be_written(noise: str) -> None:
    found = parse("WEBVTT\n\n00:00.000 --> 00:01.000\n" + noise).cues
    assert parse(to_webvtt(found)).cues == found


@pytest.mark.parametrize(
    "hostile",
    [
        "<" * 500_000,
        "&" * 500_000,
        "-->\n" * 200_000,
        "<v a>" * 120_000,
        "<v a>x" * 100_000,
        "9" * 900_000 + "-->",
        "00:00.000 --> 00:01.000\n" * 40_000,
        "<i>" * 300_000 + "x" + "</v>x" * 50_000,
    ],
)
def test_takes_linear_time(hostile: str) -> None:
    began = time.process_time()
    parse("WEBVTT\n\n00:00.000 --> 00:01.000\n" + hostile)
    assert time.process_time() - began < 2
