"""Scanned documents: tesseract reads them where it is installed, and a person confirms in any case."""

from __future__ import annotations

import io
import os
import shutil
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from audit.actors import Actor
from audit.models import AuditEntry
from deidentification import document_texts, identifier_rule, recognition, services, tasks, unread_documents
from deidentification.models import RecognisedText
from media.models import Document
from publication.drafts import draft_of
from publication.reasons import Why
from tests.approval.approving import AFTER, story
from tests.factories import DocumentFactory, consenting
from uploads.errors import EditorError

from .test_documents import lines_about_documents, page_with, stopping

pytestmark = pytest.mark.django_db
WORDS = ["Discharge letter of Filipa Sousa", "Phone +351 912 345 678"]
# `make test` installs tesseract with tests/machine.sh and sets CI: there these tests fail rather than be skipped.
needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None and not os.environ.get("CI"),
    reason="tesseract is not installed: run sh tests/machine.sh",
)


def drawn(words: list[str]) -> bytes:
    picture, out = Image.new("L", (1600, 700), 255), io.BytesIO()
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(words):
        draw.text((60, 80 + 140 * number), line, fill=0, font=ImageFont.load_default(64))
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def scan(*pages: bytes, turned: int = 0) -> bytes:
    """Return a PDF whose pages are pictures, as a scanner makes it."""
    pdf, out = pikepdf.new(), io.BytesIO()
    for data in pages:
        page = pdf.add_blank_page(page_size=(595, 260))
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
        stream = pdf.make_stream(data, Subtype=Name.Image, Width=width, Height=height, ColorSpace=Name.DeviceGray,
                                 BitsPerComponent=8, Filter=Name.DCTDecode)  # fmt: skip
        page.obj.Resources = Dictionary(XObject=Dictionary(P=stream))
        page.obj.Contents = pdf.make_stream(b"q 595 0 0 260 0 0 cm /P Do Q")
        page.obj.Rotate = turned
    pdf.save(out)
    return out.getvalue()


def stored(data: bytes) -> Document:
    made: Document = DocumentFactory(title="Letter", file=ContentFile(data, name="letter.pdf"))
    return made


def asked(document: Document, page: Any, by: Actor) -> RecognisedText:
    found = document_texts.searched(document)
    return services.ask_recognition(document=document, content_hash=found.content_hash, page=page, by=by)


@needs_tesseract
def test_the_words_of_a_scan_are_searched_and_a_person_still_confirms(home: Any, editor: Any) -> None:
    document = stored(scan(drawn(WORDS), drawn(["Nothing to find here at all"])))
    page = page_with(document, person=consenting(private_name="Filipa Sousa", display_name="A."))
    assert stopping(page) == {Why.NOT_SEARCHED}
    asked(document, page, Actor.of(editor))
    [line] = lines_about_documents(page)
    assert "tesseract is reading it" in line.why
    tasks.recognise_document.func(document.pk)
    found = identifier_rule.open_findings(draft_of(page))
    assert {one.finding.text for one in found} >= {"Filipa", "Sousa", "+351 912 345 678"}
    assert {one.passage.label.partition(": ")[2] for one in found} == {"page 1"}
    assert stopping(page) == {Why.NOT_SEARCHED, Why.IDENTIFIES}
    [line] = lines_about_documents(page)
    assert "tesseract read 2 pages" in line.why
    assert "Read all of it yourself" in line.why
    entry = AuditEntry.objects.get(action="document.recognise")
    assert "Filipa" not in f"{entry.details} {RecognisedText.objects.get()}"


@needs_tesseract
def test_a_turned_and_a_damaged_page() -> None:
    with Image.open(io.BytesIO(drawn(WORDS))) as picture:
        out = io.BytesIO()
        picture.rotate(90, expand=True).save(out, "JPEG", quality=90)
    found = recognition.recognise(scan(out.getvalue(), turned=90), ["1"])
    assert "Filipa Sousa" in found.texts[0][1]
    broken = scan(drawn(WORDS)).replace(b"\xff\xd8\xff", b"\x00\x00\x00")
    assert recognition.recognise(broken, ["1"]).missed == [("1", "damaged")]
    assert recognition.recognise(b"%PDF-1.4 nothing", ["1"]).missed == [("1", "late")]


@needs_tesseract
def test_limits_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "MOST_PAGES", 1)
    found = recognition.recognise(scan(drawn(WORDS), drawn(WORDS)), ["1", "2"])
    assert [page for page, _words in found.texts] == ["1"]
    assert found.missed == [("2", "late")]
    monkeypatch.setattr(recognition, "SECONDS", 0)
    assert recognition.recognise(scan(drawn(WORDS)), ["1"]).missed == [("1", "late")]


def test_another_file_is_not_taken_for_the_one_that_was_read(
    home: Any, editor: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(recognition, "is_installed", lambda: True)
    document = stored(scan(drawn(WORDS)))
    page = page_with(document)
    one = asked(document, page, Actor.of(editor))
    one.state, one.texts = RecognisedText.State.DONE, [["1", "Call +351 912 345 678"]]
    one.save()
    assert Why.IDENTIFIES in stopping(page)
    document.file = ContentFile(scan(drawn(["Other"])), name="letter.pdf")
    document.save()
    assert stopping(page) == {Why.NOT_SEARCHED}
    with pytest.raises(EditorError, match="has changed"):
        services.ask_recognition(
            document=document, content_hash=one.content_hash, page=page, by=Actor.of(editor)
        )
    RecognisedText.objects.update(state=RecognisedText.State.ASKED, content_hash=one.content_hash)
    services.recognise(document)
    assert RecognisedText.objects.get().state == RecognisedText.State.FAILED


def test_without_the_program_the_checklist_says_what_to_install(
    home: Any, client: Any, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "is_installed", lambda: False)
    document = stored(scan(drawn(WORDS)))
    page = page_with(document)
    client.force_login(editor)
    url = reverse("publication_checklist", args=[page.pk])
    shown = client.get(url).content.decode()
    assert "install tesseract-ocr on the server" in shown
    assert "Read with tesseract" not in shown
    with pytest.raises(EditorError, match="install tesseract-ocr"):
        asked(document, page, Actor.of(editor))


def test_the_button_asks_the_worker(
    home: Any, client: Any, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "is_installed", lambda: True)
    waiting: list[int] = []
    monkeypatch.setattr("deidentification.signals.after_commit", lambda _task, number: waiting.append(number))
    document = stored(scan(drawn(WORDS)))
    page = page_with(document)
    client.force_login(editor)
    assert (
        "Read with tesseract" in client.get(reverse("publication_checklist", args=[page.pk])).content.decode()
    )
    given = {
        "do": "recognise",
        "document": document.pk,
        "hash": document_texts.searched(document).content_hash,
    }
    assert client.post(reverse("publication_checklist_act", args=[page.pk]), given).status_code == 302
    assert waiting == [document.pk]
    [unread] = unread_documents.unread_documents([document])
    assert (unread.recognised.by_name, unread.may_be_recognised) == ("editor", False)
    shown = client.get(reverse("publication_checklist", args=[page.pk])).content.decode()
    assert "Read with tesseract" not in shown


def test_a_document_without_scans_is_not_offered(
    home: Any, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "is_installed", lambda: True)
    document = DocumentFactory(title="Report", file=ContentFile(b"Nothing in it.", name="a.txt"))
    block = {
        "type": "document",
        "id": AFTER,
        "value": {"document": document.pk, "title": "", "description": ""},
    }
    with pytest.raises(EditorError, match="No page"):
        asked(document, story(after=[block]), Actor.of(editor))
