"""Planted facts in documents of every accepted kind: each fact where readers see it, a name in each hidden layer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from html import escape

import openpyxl  # type: ignore[import-untyped]
import pytest

from deidentification import identifier_rule
from deidentification.document_texts import Joined
from deidentification.identifiers import Finding
from deidentification.page_text import METADATA, PROGRAM_DATA
from deidentification.passages import Passage
from documents import places
from documents.cleaning.files import clean
from documents.reading.files import read
from experiences.models import StoryPage
from tests.documents import archives, pdfs
from tests.documents.archives import Secrets
from tests.documents.test_cleaning import KINDS, everything_in, is_in

from .facts import covers, facts, names

pytestmark = pytest.mark.django_db
SENTENCES = [fact.sentence for fact in facts()]
# Characters that the fonts every PDF reader has can show.
WESTERN = [fact for fact in facts() if all(ord(char) < 128 for char in fact.words)]


# What readers see ---------------------------------------------------------------------------------------------


def docx() -> bytes:
    body = "".join(archives.p(archives.t(escape(words))) for words in SENTENCES)
    main = f"{archives.HEAD}<w:document xmlns:w='{archives.W}'><w:body>{body}</w:body></w:document>"
    kind = f"{archives.MAIN}wordprocessingml.document.main+xml"
    return archives.archive({
        "[Content_Types].xml": archives.types({"word/document.xml": kind}),
        "_rels/.rels": archives.relations(("rId1", "officeDocument", "word/document.xml")), "word/document.xml": main,
    })  # fmt: skip


def xlsx() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for words in SENTENCES:
        book.active.append([words])
    book.save(out)
    return out.getvalue()


def pptx() -> bytes:
    paragraphs = "</a:t></a:r></a:p><a:p><a:r><a:t>".join(map(escape, SENTENCES))
    with zipfile.ZipFile(io.BytesIO(archives.pptx(Secrets()))) as made:
        members: dict[str, bytes | str] = {name: made.read(name) for name in made.namelist()}
    slide = "ppt/slides/slide1.xml"
    members[slide] = bytes(members[slide]).replace(b"On the slide", paragraphs.encode())  # type: ignore[arg-type]
    return archives.archive(members)


def odt() -> bytes:
    body = "".join(f"<text:p>{escape(words)}</text:p>" for words in SENTENCES)
    return archives.odf("text", f"<office:text>{body}</office:text>", "", Secrets())


def ods() -> bytes:
    cell = "<table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row>"
    rows = "".join(cell.format(escape(words)) for words in SENTENCES)
    body = f"<office:spreadsheet><table:table table:name='A'>{rows}</table:table></office:spreadsheet>"
    return archives.odf("spreadsheet", body, "", Secrets())


def odp() -> bytes:
    shapes = "".join(
        f"<draw:frame><draw:text-box><text:p>{escape(words)}</text:p></draw:text-box></draw:frame>"
        for words in SENTENCES
    )
    body = f"<office:presentation><draw:page draw:name='a'>{shapes}</draw:page></office:presentation>"
    return archives.odf("presentation", body, "", Secrets())


def rtf() -> bytes:
    words = "\\par ".join(SENTENCES)
    coded = "".join(
        char if ord(char) < 128 else "".join(f"\\u{_signed(unit)}?" for unit in _units(char))
        for char in words
    )
    return b"{\\rtf1\\ansi " + coded.encode() + b"}"


def _units(char: str) -> list[int]:
    data = char.encode("utf-16-le")
    return [int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2)]


def _signed(unit: int) -> int:
    return unit - 65536 if unit > 32767 else unit


def html() -> bytes:
    return f"<html><meta charset=utf-8><body>{''.join(f'<p>{escape(words)}</p>' for words in SENTENCES)}</body></html>".encode()


def pdf() -> bytes:
    quoted = [fact.sentence.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for fact in WESTERN]
    return pdfs.saved(pdfs.blank(quoted))


VISIBLE: dict[str, Callable[[], bytes]] = {
    "docx": docx, "xlsx": xlsx, "pptx": pptx, "odt": odt, "ods": ods, "odp": odp, "rtf": rtf, "html": html, "pdf": pdf,
    "txt": lambda: "\n".join(SENTENCES).encode(),
    "utf-16": lambda: "\n".join(SENTENCES).encode("utf-16"),
    "csv": lambda: "\n".join(f'1;"{words}"' for words in SENTENCES).encode("utf-8-sig"),
}  # fmt: skip


def searched(data: bytes) -> list[tuple[str, list[Finding]]]:
    """Return (text, findings) of what readers see, of hidden data and of program data, as the gate searches."""
    found = [(text.place, text.words) for text in read(data).texts]
    visible = [one for one in found if places.is_visible(one[0])]
    hidden = [one for one in found if not places.is_visible(one[0]) and not places.is_program_data(one[0])]
    program = [one for one in found if places.is_program_data(one[0])]
    told, result = list(names()), []
    for texts, kind in ((visible, ""), (hidden, METADATA), (program, PROGRAM_DATA)):
        text = Joined.of("", texts).text
        result.append((text, identifier_rule._find(Passage("", "", text, kind), told, StoryPage())))
    return result


@pytest.mark.parametrize("kind", VISIBLE)
def test_each_fact_is_found_in_a_document(kind: str) -> None:
    [(text, found), *_hidden] = searched(VISIBLE[kind]())
    planted = WESTERN if kind == "pdf" else facts()
    missed = []
    for fact in planted:
        if not covers(found, text, fact.words):
            missed.append(fact.words)
    assert missed == []
    assert len(planted) >= (100 if kind == "pdf" else 200)


# Hidden layers --------------------------------------------------------------------------------------------------


class PlantedNames(Secrets):
    """Gives each layer a form of a private name and a number: 'Kasia07', 'Filipinha08'."""

    forms = [
        fact.words for fact in facts() if fact.is_told and fact.is_one_plain_word and len(fact.words) > 3
    ]

    def __call__(self, layer: str) -> str:
        if layer not in self.of:
            number = len(self.of)
            self.of[layer] = f"{self.forms[number % len(self.forms)]}{number:03}"
        return self.of[layer]


def planted(kind: str) -> tuple[bytes, PlantedNames]:
    secrets = PlantedNames()
    return (pdfs.full if kind == "pdf" else archives.BUILDERS[kind])(secrets), secrets


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_is_found_in_every_layer_of_a_document_and_is_in_no_public_copy(kind: str) -> None:
    data, secrets = planted(kind)
    told = {
        text[one.at : one.end]
        for text, found in searched(data)
        for one in found
        if identifier_rule.is_known(one)
    }
    found = "\n".join(told)
    missed = [layer for layer, secret in secrets.of.items() if secret not in found]
    assert missed == []
    after = everything_in(clean(data, "A title").content)
    assert [layer for layer, secret in secrets.of.items() if is_in(secret, after)] == []
    assert len(secrets.of) >= 10


def test_there_are_more_than_two_hundred_layers() -> None:
    layers = {kind: len(planted(kind)[1].of) for kind in KINDS}
    assert sum(layers.values()) >= 200, layers
