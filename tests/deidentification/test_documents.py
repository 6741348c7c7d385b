"""Documents of pages about a person: searched whole, or read by a person; and their public copies."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.contrib.auth.models import Group as UserGroup
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from audit.actors import Actor
from audit.models import AuditEntry
from config.roles import TAGGER
from deidentification import document_texts, identifier_rule, services, unread_documents
from deidentification.models import ReadDocument
from documents.contents import Unread
from media import public_copies, publishing
from media.models import Document
from media.storage import private_storage, public_storage
from publication import gate
from publication.checklist import Group, State, checklist
from publication.drafts import draft_of
from publication.reasons import Why
from tests.approval.approving import AFTER, story
from tests.documents.test_cleaning import everything_in
from tests.factories import DocumentFactory, consenting
from uploads.errors import EditorError

pytestmark = pytest.mark.django_db


def page_with(document: Document, **fields: Any) -> Any:
    block = {
        "type": "document",
        "id": AFTER,
        "value": {"document": document.pk, "title": "", "description": ""},
    }
    return story(after=[block], **fields)


def stored(data: bytes, name: str = "report.pdf", title: str = "Report") -> Document:
    made: Document = DocumentFactory(title=title, file=ContentFile(data, name=name))
    return made


def scanned(dots: int = 200) -> bytes:
    """Return a PDF with a picture and no text."""
    pdf, picture, out = pikepdf.new(), io.BytesIO(), io.BytesIO()
    Image.new("RGB", (dots, dots), (200, 200, 200)).save(picture, "JPEG")
    page = pdf.add_blank_page()
    stream = pdf.make_stream(picture.getvalue(), Subtype=Name.Image, Width=dots, Height=dots,
                             ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode)  # fmt: skip
    page.obj.Resources = Dictionary(XObject=Dictionary(P=stream))
    page.obj.Contents = pdf.make_stream(b"q 500 0 0 700 20 20 cm /P Do Q")
    pdf.save(out)
    return out.getvalue()


def noted(words: str = "Ask Filipa") -> bytes:
    """Return a PDF with a sticky note and its author."""
    pdf, out = pikepdf.new(), io.BytesIO()
    page = pdf.add_blank_page()
    page.obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([1, 1, 9, 9]), Contents=String(words))]
    )
    pdf.docinfo["/Author"] = String("Filipa Sousa")
    pdf.save(out)
    return out.getvalue()


def stopping(page: Any) -> set[Why]:
    return {reason.why for reason in gate.reasons_not_public(draft_of(page))}


def lines_about_documents(page: Any) -> list[Any]:
    lines = checklist(draft_of(page)).lines
    return [line for line in lines if line.group == Group.IDENTIFIERS and line.title.startswith("Document ")]


# The search ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("name_form.pdf", "form field name"),
        ("name_sticky_note.pdf", "note on page 1"),
        ("name_author.pdf", "document properties: Author"),
        ("name_comment.docx", "author of a comment or change"),
        ("name_linebreak.docx", "paragraph 1"),
        ("name_tab.docx", "paragraph 1"),
        ("name_tracked.docx", "before tracked changes, 1"),
        ("name_plain.docx", "paragraph 1"),
    ],
)
def test_a_private_name_is_found_wherever_it_is(home: Any, shared_data: Path, name: str, where: str) -> None:
    document = stored((shared_data / "files" / "doc" / name).read_bytes(), name)
    page = page_with(document, person=consenting(private_name="Filipa Sousa", display_name="A."))
    found = [one for one in identifier_rule.open_findings(draft_of(page)) if one.finding.text == "Filipa"]
    assert found
    assert any(where in one.passage.label for one in found)
    assert Why.IDENTIFIES in stopping(page)


def test_a_finding_says_each_place_in_the_document(home: Any) -> None:
    words = "\n".join(["We live in Setubal."] + ["More words."] * 300 + ["Setubal again."])
    page = page_with(stored(words.encode(), "a.txt"))
    [one] = identifier_rule.open_findings(draft_of(page))
    assert one.passage.label.endswith(": text")
    page = page_with(stored(noted("Call +351 912 345 678")))
    [one] = identifier_rule.open_findings(draft_of(page))
    assert (one.finding.kind, one.passage.label.partition(": ")[2]) == ("phone", "note on page 1")


def test_dates_and_places_in_hidden_data_stop_no_one(home: Any) -> None:
    page = page_with(stored(noted("Written in Setubal")))
    assert stopping(page) == set()


# What cannot be searched --------------------------------------------------------------------------------------


def test_a_scanned_document_stops_publication_until_someone_has_read_it(home: Any, editor: Any) -> None:
    document = stored(scanned())
    page = page_with(document)
    assert stopping(page) == {Why.NOT_SEARCHED}
    [line] = lines_about_documents(page)
    assert (line.state, line.unread.document) == (State.STOPS, document)
    assert "page 1: It is a picture without text" in line.why

    found = document_texts.searched(document)
    services.confirm_document(
        document=document, content_hash=found.content_hash, page=page, by=Actor.of(editor)
    )
    assert stopping(page) == set()
    [line] = lines_about_documents(page)
    assert line.state == State.DONE
    assert "Read by editor" in line.why
    entry = AuditEntry.objects.get(action="document.read")
    assert (entry.thing, entry.details["content"]) == (f"media.document:{document.pk}", found.content_hash)

    services.reopen_document(document=document, page=page, by=Actor.of(editor))
    assert stopping(page) == {Why.NOT_SEARCHED}


def test_another_file_asks_again(home: Any, editor: Any) -> None:
    document = stored(scanned())
    page = page_with(document)
    first = document_texts.searched(document).content_hash
    services.confirm_document(document=document, content_hash=first, page=page, by=Actor.of(editor))
    document.file = ContentFile(scanned(220), name="report.pdf")
    document.save()
    assert stopping(page) == {Why.NOT_SEARCHED}
    with pytest.raises(EditorError, match="has changed"):
        services.confirm_document(document=document, content_hash=first, page=page, by=Actor.of(editor))


def test_a_document_that_was_searched_whole_has_nothing_to_confirm(home: Any, editor: Any) -> None:
    document = stored(b"Nothing in it.", "a.txt")
    page = page_with(document)
    [line] = lines_about_documents(page)
    assert (line.state, line.unread) == (State.DONE, None)
    found = document_texts.searched(document)
    with pytest.raises(EditorError, match="nothing to confirm"):
        services.confirm_document(
            document=document, content_hash=found.content_hash, page=page, by=Actor.of(editor)
        )


def test_a_lost_file_stops_publication(home: Any) -> None:
    document = stored(b"Nothing in it.", "a.txt")
    page = page_with(document)
    document.file.storage.delete(str(document.file.name))
    assert stopping(page) == {Why.NOT_SEARCHED}


def test_the_checklist_has_a_button_for_those_who_may_publish(home: Any, client: Any, editor: Any) -> None:
    document = stored(scanned())
    page = page_with(document)
    client.force_login(editor)
    shown = client.get(reverse("publication_checklist", args=[page.pk])).content.decode()
    assert "I have read all of it" in shown
    given = {"do": "confirm", "document": document.pk, "hash": document_texts.searched(document).content_hash}
    url = reverse("publication_checklist_act", args=[page.pk])
    assert client.post(url, {**given, "hash": "0" * 64}).status_code == 302
    assert not ReadDocument.objects.exists()
    assert client.post(url, given).status_code == 302
    assert ReadDocument.objects.get().by == editor
    assert client.post(url, {**given, "do": "read_again"}).status_code == 302
    assert not ReadDocument.objects.exists()


def test_who_may_not_publish_cannot_confirm(home: Any, client: Any, django_user_model: Any) -> None:
    tagger = django_user_model.objects.create_user("tagger")
    tagger.groups.add(UserGroup.objects.get(name=TAGGER))
    document = stored(scanned())
    page = page_with(document)
    client.force_login(tagger)
    given = {"do": "confirm", "document": document.pk, "hash": document_texts.searched(document).content_hash}
    client.post(reverse("publication_checklist_act", args=[page.pk]), given)
    assert not ReadDocument.objects.exists()


def test_a_document_that_takes_long_is_read_by_the_worker(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    document = stored(scanned())
    asked: list[int] = []
    late = document_texts.Searched("0" * 64, unread=(Unread((("page", "2"),), "late"),))
    monkeypatch.setattr(document_texts, "read", lambda *_given: late)
    monkeypatch.setattr("deidentification.signals.after_commit", lambda _task, number: asked.append(number))
    [unread] = unread_documents.unread_documents([document])
    assert asked == [document.pk]
    assert unread.parts == "page 2: Reading it would take too long."


# Uploads and public copies ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("encrypted_open_pw.pdf", "locked with a password"),
        ("name_locked.pdf", "locked"),
        ("macro.docx", "macros"),
    ],
)
def test_what_cannot_be_cleaned_is_refused_with_the_reason(
    shared_data: Path, name: str, message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        stored((shared_data / "files" / "doc" / name).read_bytes(), name)


def test_the_public_copy_has_nothing_hidden(home: Any, client: Any, shared_data: Path) -> None:
    for name in ("with_js.pdf", "with_author.pdf", "name_comment.docx", "name_tracked.docx"):
        data = (shared_data / "files" / "doc" / name).read_bytes()
        document = stored(data, name)
        publishing.publish(document)
        publishing.write_files(document)
        document.refresh_from_db()
        copy = public_storage().open(document.public_name).read()
        with document.file.open("rb") as original:
            assert original.read() == data
        hidden = (b"JavaScript", b"Private", b"Filipa", b"comments.xml", b"delText")
        assert any(secret in everything_in(data) for secret in hidden), name
        assert [secret for secret in hidden if secret in everything_in(copy)] == [], name


def test_a_document_that_cannot_be_cleaned_is_never_public(home: Any, shared_data: Path) -> None:
    document = stored(noted())
    locked = (shared_data / "files" / "doc" / "name_locked.pdf").read_bytes()
    with private_storage().open(str(document.file.name), "wb") as file:
        file.write(locked)
    publishing.publish(document)
    assert publishing.write_files(document) == 0
    document.refresh_from_db()
    assert (document.is_published, document.public_name) == (True, "")


def test_the_form_says_what_is_removed(home: Any, client: Any, editor: Any) -> None:
    document = stored(noted())
    client.force_login(editor)
    shown = client.get(reverse("wagtaildocs:edit", args=[document.pk])).content.decode()
    assert "Removed from the public copy:" in shown
    assert "1 note on a page" in shown
    assert "author" in shown


def test_earlier_public_copies_are_cleaned_once(
    home: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    document, text = stored(noted()), stored(b"Nothing in it.", "a.txt")
    with monkeypatch.context() as earlier:
        earlier.setattr(
            public_copies, "cleaned", lambda original, title: private_storage().open(original).read()
        )
        for each in (document, text):
            publishing.publish(each)
            publishing.write_files(each)
    document.refresh_from_db()
    first = document.public_name
    assert b"Filipa" in public_storage().open(first).read()

    call_command("clean_documents")
    assert "1 copies cleaned, 0 removed." in capsys.readouterr().out
    document.refresh_from_db()
    assert document.public_name != first
    assert not public_storage().exists(first)
    assert b"Filipa" not in public_storage().open(document.public_name).read()

    call_command("clean_documents")
    assert "0 copies cleaned, 0 removed." in capsys.readouterr().out
    publishing.unpublish(document)
    document.refresh_from_db()
    assert document.public_name == ""


def test_an_earlier_copy_that_cannot_be_cleaned_is_removed(
    home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = stored(noted())
    with monkeypatch.context() as earlier:
        earlier.setattr(
            public_copies, "cleaned", lambda original, title: private_storage().open(original).read()
        )
        publishing.publish(document)
        publishing.write_files(document)
    document.refresh_from_db()

    def refused(_original: str, _title: str) -> bytes:
        raise public_copies.CannotCopy("It cannot be cleaned.")

    monkeypatch.setattr(public_copies, "cleaned", refused)
    with pytest.raises(CommandError, match="Replace the documents"):
        call_command("clean_documents")
    document.refresh_from_db()
    assert document.public_name == ""
    assert AuditEntry.objects.filter(action="document.copy_removed").count() == 1
