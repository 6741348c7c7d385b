"""What is known and not read is refused by its name, with what to do; hidden words are not imported."""

from __future__ import annotations

import pytest

from tests.transcripts.conversation import docx, table_xml, xlsx, zipped
from transcripts import Unreadable, read
from transcripts.formats import FORMATS, NAMES


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7\nx", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "an old Word or Excel file"),
        (b"SQLite format 3\0" + b"\0" * 99, "MAXQDA"),
        (b"RIFF\x24\x08\0\0WAVEfmt ", "WAV"),
        (b"\0\0\0\x20ftypM4A ", "MP4 or M4A"),
        (zipped({"content.xml": "<x/>"}), "OpenDocument"),
        (zipped({"META-INF/container.xml": "<x/>"}), "EPUB"),
        (b"<SAMI><BODY><SYNC Start=0><P>Hi", "SAMI"),
        (b"{1}{25}Hello\n{30}{60}You\n", "MicroDVD"),
        (b"Scenarist_SCC V1.0\n\n00:00:00:00\t9420 9420", "Scenarist SCC"),
        (b'<?xml version="1.0"?><basic-transcription><head/></basic-transcription>', "EXMARaLDA"),
        (b"<fcpxml version='1.9'><x/></fcpxml>", "Final Cut"),
        (b"<note><to>me</to></note>", "XML (data with the element <note>)"),
        (b'{"a": 1, "b": ["x"]}', "JSON"),
        (b'{"segments": [{"start": 1, "text": "cut', "JSON"),
        (b"<ANNOTATION_DOCUMENT><TIME_ORDER>", "ELAN"),
        (b"<Trans><Episode>", "Transcriber"),
        (b"<TEI><text><body><p>Only prose</p></body></text></TEI>", "no utterances"),
        (b'<TEI><text><body><u who="#A">Hi</u></body></text></TEI>', "speakers #A, and its header"),
        (b"@UTF8\n@Begin\n@End\n", "CHAT file has no main lines"),
        (b"{\\rtf1\\ansi }", "RTF file has no words"),
        (b"words <seg a='1'>x</seg><seg a='2'>y</seg><seg a='3'>z</seg>", "looks like markup"),
        (xlsx([["only"], ["one"], ["column"]]), "No sheet of the Excel workbook is a table"),
    ],
)
def test_a_format_is_refused_by_its_name(data: bytes, name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data, "talk.txt")
    assert name in str(refused.value)
    assert str(refused.value)[-1] == "."


def test_entities_are_refused_in_every_kind_of_xml() -> None:
    bomb = '<!DOCTYPE {0} [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><{0}><x>&b;</x></{0}>'
    for root in ("ANNOTATION_DOCUMENT", "Trans", "TEI", "tt", "timedtext", "ROOT"):
        with pytest.raises(Unreadable):
            read(bomb.format(root).encode())
    with pytest.raises(Unreadable):
        read(zipped({"word/document.xml": bomb.format("w")}))


def test_every_code_has_a_name_and_fits_its_column() -> None:
    assert {one.code for one in FORMATS} <= set(NAMES)
    assert max(map(len, NAMES)) <= 12


NOT_HIDDEN, HIDDEN_STYLE = '<w:vanish w:val="0"/>', '<w:rStyle w:val="Child"/>'


def run(words: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{words}</w:t></w:r>"


def test_hidden_and_deleted_words_of_a_word_document_are_not_imported() -> None:
    secret = "<w:style w:styleId='Secret'><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId='Child'><w:basedOn w:val='Secret'/></w:style>"
    found = read(
        docx(
            f"<w:p>{run('Mother: We went ')}{run('with Anna ', '<w:vanish/>')}{run('home.')}</w:p>",
            f"<w:p>{run('Doctor: ')}{run('shown, ', NOT_HIDDEN)}{run('private ', HIDDEN_STYLE)}{run('yes.')}</w:p>",
            f"<w:p>{run('Mother: It was ')}<w:del>{run('never ')}</w:del><w:ins>{run('late.')}</w:ins></w:p>",
            "<w:p><w:r><w:t>Doctor: one</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t></w:r></w:p>",
            styles=secret,
        )
    )
    assert [cue.text for cue in found.cues] == [
        "We went home.",
        "shown, yes.",
        "It was late.",
        "one two three",
    ]
    assert [one.text for one in found.unused] == ["with Anna private"]


def test_hidden_words_of_rtf_are_not_imported_and_letters_are_decoded() -> None:
    source = (
        rb"{\rtf1\ansi\ansicpg1255{\fonttbl{\f0 Arial;}}\pard M\u232\'e8re: Caf\u233? {\v secret }{\*\bkmkstart x}l\'e0\par "
        rb"M\u232?re: \ldblquote oui\rdblquote\line bis\par}"
    )
    found = read(source)
    assert [cue.text for cue in found.cues] == ["Café lא", "“oui” bis"]
    assert [one.text for one in found.unused] == ["secret"]


def test_a_table_in_word_or_excel_is_read_by_its_columns() -> None:
    rows = [
        ["Nr", "Sprecher", "Zeit", "Transkript"],
        ["1", "Mutter", "00:05", "Guten Tag"],
        ["2", "Ärztin", "00:09", "Ja?"],
    ]
    said = [(5.0, "Mutter", "Guten Tag"), (9.0, "Ärztin", "Ja?")]
    for data in (docx(table_xml(rows)), xlsx(rows), "\n".join(";".join(row) for row in rows).encode()):
        found = read(data)
        assert [(cue.start, cue.speaker, cue.text) for cue in found.cues] == said
        assert "Columns that were left out: Nr." in found.notes


def test_a_table_that_arranges_a_page_is_read_as_text() -> None:
    found = read(docx(table_xml([["Our clinic"]]), "Mother: hello", "Doctor: yes", "Mother: good"))
    assert found.speakers == ["Mother", "Doctor"]
    assert "Our clinic" in [one.text for one in found.unused]
