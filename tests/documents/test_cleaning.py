"""Attacks: every hidden layer of a document has a name of its own; the reader finds each, and no copy has any."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import Any

import mammoth
import openpyxl  # type: ignore[import-untyped]
import pikepdf
import pypdf
import pytest
from PIL import Image

from documents import places
from documents.archives import parsed
from documents.cleaning.files import clean
from documents.contents import Contents
from documents.reading.files import read

from . import pdfs
from .archives import BUILDERS, Secrets

KINDS = ["pdf", *BUILDERS]
# What the reader notes elsewhere than its name suggests.
LEAST_LAYERS = {"pdf": 45, "docx": 40, "xlsx": 29, "pptx": 20, "odt": 20, "ods": 14, "odp": 10}


def planted(kind: str) -> tuple[bytes, Secrets]:
    secrets = Secrets()
    return (pdfs.full if kind == "pdf" else BUILDERS[kind])(secrets), secrets


def everything_in(data: bytes) -> bytes:
    """Return all bytes of a file, and of all in it, unpacked."""
    found = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                found += [name.encode(), everything_in(archive.read(name))]
    elif data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            found.append(pdf.trailer.unparse())
            for each in pdf.objects:
                found.append(each.unparse(resolved=True))
                if isinstance(each, pikepdf.Stream):
                    found += [each.read_raw_bytes(), str(dict(each.stream_dict.as_dict())).encode()]
                    if each.get("/Subtype") != pikepdf.Name.Image:
                        found.append(everything_in(each.read_bytes()))
    return b"\n".join(found)


def is_in(secret: str, content: bytes) -> bool:
    forms = [secret.encode(code) for code in ("latin-1", "utf-16-le", "utf-16-be")]
    return any(form in content or form.hex().encode() in content.lower() for form in forms)


def where(contents: Contents, secret: str) -> list[str]:
    return [places.in_words(text.place) for text in contents.texts if secret in text.words]


@pytest.mark.parametrize("kind", KINDS)
def test_the_reader_finds_what_is_hidden_in_every_layer(kind: str) -> None:
    data, secrets = planted(kind)
    found = read(data)
    missed = [layer for layer, secret in secrets.of.items() if not any(where(found, secret))]
    assert missed == []
    assert len(secrets.of) >= LEAST_LAYERS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_hidden_is_left_in_a_clean_copy(kind: str) -> None:
    data, secrets = planted(kind)
    before, after = everything_in(data), everything_in(clean(data, "A title").content)
    assert [layer for layer, secret in secrets.of.items() if is_in(secret, after)] == []
    # The check itself sees what is there.
    unseen = [layer for layer, secret in secrets.of.items() if not is_in(secret, before)]
    assert [layer for layer in unseen if "earlier" not in layer] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_has_the_same_visible_words(kind: str) -> None:
    data, secrets = planted(kind)
    before, after = visible_in(read(data), secrets), visible_in(read(clean(data).content), secrets)
    assert before
    assert after == before


def visible_in(found: Contents, secrets: Secrets) -> list[str]:
    """Return the visible lines, without those that were planted to be removed, and what a form shows."""
    words = [
        text.words for text in found.texts if places.is_visible(text.place) and text.place[0][0] != "link"
    ]
    hidden = [*secrets.of.values(), "Filled in"]
    lines = [line.strip() for one in words for line in one.splitlines()]
    return sorted(line for line in lines if line and not any(secret in line for secret in hidden))


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_of_a_copy_is_the_same(kind: str) -> None:
    copy = clean(planted(kind)[0], "A title")
    again = clean(copy.content, "A title")
    assert [len(again.content), visible_in(read(again.content), Secrets())] == [
        len(copy.content), visible_in(read(copy.content), Secrets())
    ]  # fmt: skip
    left = {key: number for key, number in again.removed.items() if number}
    assert set(left) <= {"property"}


@pytest.mark.parametrize("kind", ["docx", "pptx", "odt"])
def test_a_copy_has_the_pictures_with_the_same_pixels(kind: str) -> None:
    copies = []
    for data in (planted(kind)[0], clean(planted(kind)[0]).content):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            texts = b"".join(
                archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))
            )
            pictures = [name for name in archive.namelist() if name.endswith(".jpg")]
            shown = [name for name in pictures if name.rpartition("/")[2].encode() in texts]
            copies.append([Image.open(io.BytesIO(archive.read(name))).tobytes() for name in shown])
    assert copies[0] == copies[1]
    assert len(copies[0]) == 1


def test_other_programs_open_a_copy() -> None:
    pdf = pypdf.PdfReader(io.BytesIO(clean(planted("pdf")[0], "Report").content))
    assert [len(pdf.pages), pdf.metadata.title if pdf.metadata else ""] == [2, "Report"]
    assert "Words on page one" in pdf.pages[0].extract_text()
    assert "Filled in" in pdf.pages[0].extract_text()
    assert [item.title for item in pdf.outline] == ["Words on page two"]
    links = [one.get_object() for one in pdf.pages[1]["/Annots"]]  # type: ignore[attr-defined]
    assert {str(link["/Subtype"]) for link in links} == {"/Link"}
    assert len(links) == 2

    words = mammoth.extract_raw_text(io.BytesIO(clean(planted("docx")[0]).content)).value
    for each in (
        "Split over runs.",
        "Inserted.",
        "Moved here.",
        "Merged paragraphs.",
        "In a control.",
        "Shown by a field.",
    ):
        assert each in words

    book = openpyxl.load_workbook(io.BytesIO(clean(planted("xlsx")[0]).content))
    assert book.sheetnames == ["Results"]
    sheet = book["Results"]
    assert [sheet["A1"].value, sheet["B1"].value, sheet["C1"].value, sheet["B3"].value] == [
        "Shared",
        "Seen",
        None,
        "Value",
    ]


@pytest.mark.parametrize("kind", BUILDERS)
def test_the_parts_of_a_copy_fit_together(kind: str) -> None:
    """Every relation leads to a part, every part has a type, and every id in the text is a relation."""
    with zipfile.ZipFile(io.BytesIO(clean(planted(kind)[0]).content)) as archive:
        names = set(archive.namelist())
        for name in names:
            if name.endswith((".xml", ".rels")):
                root = parsed(archive.read(name))
                for relation in root if name.endswith(".rels") else ():
                    target = relation.get("Target")
                    if relation.get("TargetMode") != "External":
                        folder = name.partition("_rels/")[0]
                        assert resolved(folder, target) in names, (name, target)
                _check_ids(archive, name, root)


def resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(f"/{folder}", target)).lstrip("/")


def _check_ids(archive: zipfile.ZipFile, name: str, root: Any) -> None:
    folder, _slash, base = name.rpartition("/")
    rels = f"{folder}/_rels/{base}.rels"
    known = {one.get("Id") for one in parsed(archive.read(rels))} if rels in archive.namelist() else set()
    space = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
    used = {
        value for element in root.iter() for key, value in element.attrib.items() if key.startswith(space)
    }
    assert used <= known, name


def test_the_copy_of_a_file_without_its_size_opens() -> None:
    data = pdfs.saved(pdfs.blank(["Words"]), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    lacking = re.sub(rb"/Size \d+", b"", data)
    assert len(pypdf.PdfReader(io.BytesIO(clean(lacking).content), strict=True).pages) == 1


COUNTED = {
    "pdf": {
        "author": 1,
        "attachment": 4,
        "annotation": 3,
        "field": 2,
        "bookmark": 1,
        "layer": 1,
        "link": 3,
        "earlier": 1,
        "picture data": 1,
    },
    "docx": {"comment": 1, "author": 1, "embedded": 3, "hidden text": 2, "picture data": 1},
    "xlsx": {
        "comment": 2,
        "hidden sheet": 1,
        "hidden cell": 2,
        "formula": 1,
        "defined name": 1,
        "printer": 1,
    },
    "pptx": {"comment": 1, "hidden slide": 1, "notes": 1, "embedded": 1, "recording": 1},
    "odt": {"comment": 1, "change": 1, "macro": 1, "embedded": 1, "author": 1},
    "ods": {"comment": 1, "hidden sheet": 1, "hidden cell": 1, "formula": 1},
    "odp": {"hidden slide": 1, "notes": 2},
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_removed_is_counted(kind: str) -> None:
    removed = clean(planted(kind)[0]).removed
    assert {key: removed[key] for key in COUNTED[kind]} == COUNTED[kind]


def test_places_have_words() -> None:
    for kind in KINDS:
        for text in read(planted(kind)[0]).texts:
            assert not re.search(r"%\(", places.in_words(text.place))
            assert all(name_of_kind in places.PLACES for name_of_kind, _name in text.place)
