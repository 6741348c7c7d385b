"""Files as people have them: Excel's CSV, Word's HTML, DOCX, WordPress exports."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importing.formats import source_of
from importing.formats.folder import read_document
from importing.formats.mapping import Mapping, read_mapping
from importing.html_pieces import Text
from importing.html_reader import read_html
from importing.records import Refused, Row, within
from importing.text_blocks import as_edited, blocks_of, rich_text, text_pieces
from tests import factories as make
from tests.importing import archives


def rows(path: Path, mapping: Mapping | None = None) -> list[Row]:
    return list(source_of(path, mapping or Mapping()).rows())


# CSV --------------------------------------------------------------------------------------------------------

EXCEL = 'Id;Titel;Patient name;Before;Follow up 6;Follow_up_-3;Körpergröße\r\n1;"Die Treppe; jetzt";Inés;"Erste Zeile.\r\n\r\nZweite ""Zeile"".";Läuft;Steht;1,20 m\r\n;;;;;;\r\n2;Ohne;Bo;Kurz;;;\r\n'


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-8", "utf-16"])
def test_a_csv_file_from_excel(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "stories.csv"
    path.write_bytes(EXCEL.encode(encoding))
    source = source_of(path, Mapping(columns={"titel": "title"}))
    first, second = source.rows()
    assert (first.place, second.place) == ("stories.csv, line 2", "stories.csv, line 6")
    assert first.cells["title"] == "Die Treppe; jetzt"
    assert first.cells["patient_name"] == "Inés"
    assert first.cells["before"] == 'Erste Zeile.\r\n\r\nZweite "Zeile".'
    assert (first.cells["follow_up_6"], first.cells["follow_up_-3"]) == ("Läuft", "Steht")
    assert dict(first.unknown) == {"Körpergröße": "1,20 m"}
    assert bool(source.notes) == (encoding == "cp1252")
    assert source.done == pytest.approx(1.0)


def test_a_letter_of_another_encoding_that_comes_late(tmp_path: Path) -> None:
    """The first 256 kB are plain letters: what is guessed from them alone would be wrong."""
    path = tmp_path / "stories.csv"
    lines = [
        "id,title,before",
        *(f"{number},Story,{'word ' * 60}" for number in range(2000)),
        "last,Café,Ängstlich",
    ]
    path.write_bytes("\n".join(lines).encode("cp1252"))
    *_others, last = rows(path)
    assert last.cells["title"] == "Café"
    assert last.cells["before"] == "Ängstlich"


def test_rows_that_cannot_be_read_are_refused_alone(tmp_path: Path) -> None:
    path = tmp_path / "stories.csv"
    path.write_text("id,title\n1,One\n2,Two,three,four\n3,Three\n")
    first, second, third = rows(path)
    assert (first.problem, third.problem) == ("", "")
    assert "4 cells and there are 2 headings" in second.problem
    path.write_text('id,title\n1,One\n2,"Never closed\n3,Three\n')
    first, second = rows(path)
    assert "line 3" in second.place
    assert "never closed" in second.problem


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"id,title,Title\n1,a,b\n", ""),
        (b"id,x,x\n1,a,b", "two columns"),
    ],
)
def test_a_csv_file_that_cannot_be_read(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "stories.csv"
    path.write_bytes(content)
    if why:
        with pytest.raises(Refused, match=why):
            rows(path)
    else:
        assert rows(path)[0].cells["title"] == ["a", "b"]


# JSON Lines -------------------------------------------------------------------------------------------------


def test_json_lines_with_bad_lines(tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"id": 1, "title": "A"}\n\n{"id": 2,\n[1]\n{"id": "\xff"}\n{"a": NaN}\n{"id": 3}'
    )
    found = rows(path)
    assert [row.place for row in found] == [f"stories.jsonl, line {number}" for number in (1, 3, 4, 5, 6, 7)]
    assert found[0].cells == {"id": 1, "title": "A"}
    assert [bool(row.problem) for row in found] == [False, True, True, True, True, False]
    assert "UTF-8" in found[3].problem


def test_a_json_list_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_text('[\n  {"id": 1}\n]\n')
    with pytest.raises(Refused, match="one object on a line"):
        rows(path)


# Folders of documents ---------------------------------------------------------------------------------------

WORD_HTML = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta http-equiv=Content-Type content="text/html; charset=windows-1252"><title>x</title>
<style><!-- p.MsoNormal {margin:0cm} --></style></head><body lang=DE>
<div class=WordSection1><p class=MsoTitle>The stairs</p>
<h1>Before: fourteen stairs<o:p></o:p></h1>
<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]-->
<p class=MsoNormal>At&nbsp;five she <b style='mso-bidi-font-weight:normal'>could <i>stand</b></i>. Caf\xe9.<o:p>&nbsp;</o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-list:Ignore'>\xb7<span>&nbsp;&nbsp;</span></span><![endif]>the rail</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>the chair</p>
<h1>Treatment</h1><p class=MsoNormal>Six packets. <img width=10 src="The%20stairs_files/image001.png" alt="A girl on the stairs."></p>
<h1>After</h1><table border=1><tr><td><p>When</p></td><td>Hours</td></tr><tr><td>Before</td><td>2</td></tr></table>
</div></body></html>"""


@pytest.mark.django_db
def test_html_saved_from_word(tmp_path: Path) -> None:
    (tmp_path / "The stairs.htm").write_bytes(WORD_HTML.encode("cp1252"))
    (tmp_path / "The stairs_files").mkdir()
    (tmp_path / "The stairs_files" / "image001.png").write_bytes(make.png().read())
    (tmp_path / "stories.csv").write_text("file,id,patient_name,title\nThe stairs.htm,w1,Ines,The stairs\n")
    report = archives.take_in(tmp_path)
    assert report.counts == {"created": 1}, report.lines
    draft = archives.draft_of("w1")
    assert draft.before_heading == "fourteen stairs"
    assert archives.words_of(draft.before) == [
        ("text", "<p>The stairs</p><p>At five she <b>could <i>stand</i></b>. Café.</p>"
                 "<ul><li>the rail</li><li>the chair</li></ul>"),
    ]  # fmt: skip
    assert [kind for kind, _value in archives.words_of(draft.during)] == ["text", "figure"]
    ((kind, value),) = archives.words_of(draft.after)
    assert kind == "table"
    assert value["table"]["rows"] == [{"values": ["Before", "2"]}]


@pytest.mark.django_db
def test_word_documents_without_a_table(tmp_path: Path) -> None:
    paragraphs = [("Title", "A year of stairs"), ("Normal", "Opening words."), ("Heading1", "Treatment"),
                  ("Normal", "Six packets &amp; 26 days."), ("Heading1", "After"), ("Heading2", "At school"),
                  ("Normal", "She climbs.")]  # fmt: skip
    (tmp_path / "one.docx").write_bytes(archives.docx(paragraphs))
    (tmp_path / "~$one.docx").write_bytes(b"Word's lock file")
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 broken")
    mapping = Mapping(defaults={"patient_name": "Ines", "country": "PT"})
    report = archives.take_in(tmp_path, mapping=mapping)
    assert report.counts == {"created": 1, "refused": 1}
    assert "broken.docx is damaged" in report.lines[0].notes[0]
    draft = archives.draft_of("one.docx")
    assert (draft.title, draft.patient_name) == ("A year of stairs", "Ines")
    assert archives.words_of(draft.before) == [("text", "<p>Opening words.</p>")]
    assert archives.words_of(draft.during) == [("text", "<p>Six packets &amp; 26 days.</p>")]
    assert archives.words_of(draft.after) == [
        ("text", "<h3>At school</h3><p>She climbs.</p>")
    ] or archives.words_of(draft.after) == [("text", "<h2>At school</h2><p>She climbs.</p>")]


def test_documents_that_the_table_does_not_name_are_noted(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.html").write_text("<h1>T</h1><p>x</p>")
    (tmp_path / "stories.csv").write_text("file,id,title\none.html,1,One\nmissing.html,2,Two\n")
    source = source_of(tmp_path, Mapping())
    first, second = source.rows()
    assert not first.problem
    assert "‘missing.html’ is not in the folder" in second.problem
    assert any("two.html" in note for note in source.notes)


# WordPress --------------------------------------------------------------------------------------------------

WXR = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.4" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Parents’ stories</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>
<item><title><![CDATA[Ines &amp; the stairs]]></title><link>https://old.example/ines/</link>
 <dc:creator><![CDATA[marta]]></dc:creator>
 <content:encoded><![CDATA[[vc_row el_class="x"]At five she could stand.
She held the table.

<strong>No one</strong> told us.\x0b

[caption id="attachment_12" align="alignnone" width="300"]<a href="https://old.example/wp-content/uploads/2024/05/stairs.png"><img class="size-medium" src="https://old.example/wp-content/uploads/2024/05/stairs-300x200.png" alt="" width="300" /></a> Her <em>first</em> stair[/caption]

<h2>Treatment</h2>
Six packets. [button link="https://shop.example"]Order[/button] [a town] stays.
[gallery ids="12,99"]
[embed]https://video.example/watch?v=1[/embed]

<h2>After</h2>
<!-- wp:list --><ul><li>five stairs</li></ul>
<a href="https://old.example/wp-content/uploads/report.pdf">The report</a>
<iframe src="https://maps.example/x"></iframe>]]></content:encoded>
 <excerpt:encoded><![CDATA[A year later she <b>climbs</b>.]]></excerpt:encoded>
 <wp:post_id>7</wp:post_id><wp:post_name><![CDATA[ines-and-the-stairs]]></wp:post_name>
 <wp:status><![CDATA[publish]]></wp:status><wp:post_type><![CDATA[post]]></wp:post_type>
 <category domain="category" nicename="cp"><![CDATA[CP]]></category>
 <category domain="post_tag" nicename="stairs"><![CDATA[stairs]]></category>
 <wp:postmeta><wp:meta_key><![CDATA[first_name]]></wp:meta_key><wp:meta_value><![CDATA[Ines]]></wp:meta_value></wp:postmeta>
 <wp:postmeta><wp:meta_key><![CDATA[_thumbnail_id]]></wp:meta_key><wp:meta_value><![CDATA[12]]></wp:meta_value></wp:postmeta>
 <wp:postmeta><wp:meta_key><![CDATA[_edit_lock]]></wp:meta_key><wp:meta_value><![CDATA[1]]></wp:meta_value></wp:postmeta>
</item>
<item><title>Old</title><wp:post_id>8</wp:post_id><wp:status>trash</wp:status><wp:post_type>post</wp:post_type></item>
<item><title>About</title><wp:post_id>9</wp:post_id><wp:status>publish</wp:status><wp:post_type>page</wp:post_type></item>
<item><title>stairs</title><wp:post_id>12</wp:post_id><wp:status>inherit</wp:status><wp:post_type>attachment</wp:post_type>
 <wp:attachment_url>https://old.example/wp-content/uploads/2024/05/stairs.png</wp:attachment_url>
 <wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>A girl on the stairs.</wp:meta_value></wp:postmeta>
</item>
<item><title>Empty &amp; draft</title><content:encoded><![CDATA[]]></content:encoded><wp:post_id>10</wp:post_id><wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>
</channel></rss>
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.xml"
    path.write_text(WXR, "utf-8")
    folder = tmp_path / "uploads" / "2024" / "05"
    folder.mkdir(parents=True)
    (folder / "stairs.png").write_bytes(make.png().read())
    (tmp_path / "uploads" / "report.pdf").write_bytes(make.PDF)
    return path


@pytest.mark.django_db
def test_a_wordpress_export(export: Path, tmp_path: Path) -> None:
    archives.vocabulary()
    (tmp_path / "map.toml").write_text('[columns]\nfirst_name = "patient_name"\ncategory = "conditions"\n')
    report = archives.take_in(export, mapping=read_mapping(tmp_path / "map.toml"))
    assert report.counts == {"created": 2}, report.lines
    assert any("page (1)" in note for note in report.notes)
    draft = archives.draft_of("wp-7")
    assert (draft.title, draft.patient_name, draft.slug) == (
        "Ines & the stairs",
        "Ines",
        "ines-and-the-stairs",
    )
    assert draft.lede == "A year later she climbs."
    assert [str(term) for term in draft.conditions.all()] == ["Cerebral palsy"]
    assert [item.tag.name for item in draft.tagged_items.all()] == ["stairs"]
    before = archives.words_of(draft.before)
    assert [kind for kind, _value in before] == ["figure", "text", "figure"]
    assert (
        before[1][1] == "<p>At five she could stand.<br/>She held the table.</p><p><b>No one</b> told us.</p>"
    )
    assert before[2][1]["caption"] == "Her first stair"
    during = archives.words_of(draft.during)
    assert [kind for kind, _value in during] == ["text", "figure"]
    assert during[0][1] == "<p>Six packets. Order [a town] stays.</p>"
    after = archives.words_of(draft.after)
    assert [kind for kind, _value in after] == ["text", "document"]
    assert after[0][1] == "<ul><li>five stairs</li></ul><p>The report</p>"
    note = archives.imported("wp-7").note
    assert any("vc_row" in remark and "button" in remark for remark in note["remarks"])
    assert any("video.example" in remark for remark in note["remarks"])
    assert any("maps.example" in remark for remark in note["remarks"])
    assert note["kept"]["status"] == "publish"
    assert not draft.live


def test_a_wordpress_export_that_is_cut_or_hostile(export: Path) -> None:
    export.write_text(WXR[: WXR.index("<wp:post_id>10")], "utf-8")
    with pytest.raises(Refused, match="not a complete WordPress export"):
        rows(export)
    export.write_text(
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]><rss><channel><item/></channel></rss>'
    )
    with pytest.raises(Refused, match="entities"):
        rows(export)


# Text -------------------------------------------------------------------------------------------------------


def test_links_that_run_programs_are_dropped() -> None:
    (piece,) = read_html(
        '<p><a href="javascript:alert(1)">x</a> <a onclick="y" href="https://a.example/?b=1&c">z</a></p>'
    )
    assert isinstance(piece, Text)
    assert piece.markup == 'x <a href="https://a.example/?b=1&amp;c">z</a>'


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=60)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=4))
def test_plain_text_is_what_the_editor_would_store(paragraphs: list[str]) -> None:
    pieces = text_pieces("\n\n".join(paragraphs).replace("<", "‹"))
    markup = rich_text(piece for piece in pieces if isinstance(piece, Text))
    assert as_edited(markup) == markup


TAGS = st.sampled_from(
    ["<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<ul>", "<li>", "</li>", "</ul>", "<h2>", "</h2>", "<br>", "<div>", "</div>",
     "<blockquote>", "</blockquote>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<figure>", "<figcaption>",
     "</figcaption>", "<script>", "</script>", "<!-- ", "-->", "<a href='https://a.example'>", "</a>", "<img src=a.png>"]
)  # fmt: skip


@settings(deadline=None, max_examples=int(os.environ.get("HTML_EXAMPLES", "200")))
@given(st.lists(TAGS | WORDS, max_size=14), st.booleans())
def test_any_html_is_read_without_an_error_and_gives_safe_blocks(parts: list[str], loose: bool) -> None:
    blocks = blocks_of(read_html("".join(parts), loose_lines=loose))
    for block in blocks:
        if block["type"] == "text":
            assert "<script" not in block["value"]
            assert as_edited(block["value"]) == block["value"]


@settings(deadline=None)
@given(st.lists(st.tuples(TAGS, st.from_regex(r"[a-z]{4,8}", fullmatch=True)), max_size=10))
def test_no_word_of_a_text_is_lost(parts: list[tuple[str, str]]) -> None:
    hidden = ("<script>", "<!-- ", "<table>", "<figcaption>", "<td>", "<tr>", "</td>", "</table>")
    shown = [(tag, word) for tag, word in parts if tag not in hidden]
    text = " ".join(
        str(block["value"]) for block in blocks_of(read_html("".join(f"{tag}{word} " for tag, word in shown)))
    )
    for _tag, word in shown:
        assert word in text


# Paths and the mapping --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", "a/../../secret", "..\\secret", "a\0b", "", ".", "link"]
)
def test_files_outside_the_folder_are_not_found(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    (tmp_path / "secret").write_text("x")
    (folder / "link").symlink_to(tmp_path / "secret")
    assert within(folder, name) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [("[columns", "not a TOML file"), ("[colums]\na = 'b'", "‘colums’"), ("[columns]\na = 'nowhere'", "not a column"),
     ("[headings]\nend = ['x']", "headings may be given")],
)  # fmt: skip
def test_a_mapping_file_with_a_mistake(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "map.toml").write_text(text)
    with pytest.raises(Refused, match=why):
        read_mapping(tmp_path / "map.toml")


def test_a_document_that_is_not_one(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(bytes(range(256)) * 20)
    with pytest.raises(Refused, match="not an HTML file"):
        read_document(tmp_path / "a.html")
