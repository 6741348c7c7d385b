"""An editor's decisions about words that may identify a person, and about documents that could not be
searched. Every decision is written here.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from deidentification import recognition
from deidentification.document_texts import searched
from deidentification.events import asked_for_recognition
from deidentification.models import KeptIdentifier, ReadDocument, RecognisedText
from media.models import Document
from publication.mixins import AboutPerson
from uploads.errors import EditorError

SHORTEST_REASON = 3


@transaction.atomic
def keep_identifier(*, page: AboutPerson, kind: str, text: str, reason: str, by: Actor) -> KeptIdentifier:
    """Keep these words on every page about the person of `page`.

    Raises EditorError without a reason or a person.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise EditorError(_("Give a reason why these words can stay. The reason is recorded."))
    person = page.contributor
    if person is None:
        raise EditorError(_("No person is linked to this page. Choose the person first."))
    kept, _created = KeptIdentifier.objects.update_or_create(
        person_id=person,
        kind=kind,
        key=KeptIdentifier.key_of(text),
        defaults={"text": text[:300], "reason": reason.strip()[:300], "by": by.user, "by_name": by.name},
    )
    trail.record(
        by=by, action="identifier.keep", thing=kept, person=person, details={"page": page.pk, "kind": kind}
    )
    return kept


@transaction.atomic
def reopen_identifier(*, page: AboutPerson, kind: str, text: str, by: Actor) -> None:
    """Withdraw a decision to keep these words, so that they stop publication again.

    Raises EditorError where the decision was made elsewhere.
    """
    kept = KeptIdentifier.objects.filter(
        person__in=page.people_told_of(), kind=kind, key=KeptIdentifier.key_of(text)
    ).first()
    if kept is None:
        raise EditorError(_("This was decided in the interview. Change the decision there."))
    trail.record(by=by, action="identifier.reopen", thing=kept, person=kept.person_id)
    kept.delete()


@transaction.atomic
def confirm_document(*, document: Document, content_hash: str, page: AboutPerson, by: Actor) -> ReadDocument:
    """Note that `by` has read all of a document that could not be searched whole.

    Raises EditorError if the document is another one by now, or if there is nothing to confirm.
    """
    found = searched(document)
    if not content_hash or found.content_hash != content_hash:
        raise EditorError(_("The document has changed since you opened the checklist. Read it again."))
    if not found.unread:
        raise EditorError(_("The whole document was searched. There is nothing to confirm."))
    read, _created = ReadDocument.objects.get_or_create(
        document=document, content_hash=content_hash, defaults={"by": by.user, "by_name": by.name}
    )
    trail.record(
        by=by,
        action="document.read",
        thing=document,
        person=page.contributor,
        details={"page": page.pk, "content": content_hash, "parts": len(found.unread)},
    )
    return read


@transaction.atomic
def reopen_document(*, document: Document, page: AboutPerson, by: Actor) -> None:
    """Withdraw the confirmation that a document was read, so that it stops publication again."""
    trail.record(
        by=by, action="document.reopen", thing=document, person=page.contributor, details={"page": page.pk}
    )
    ReadDocument.objects.filter(document=document).delete()


@transaction.atomic
def ask_recognition(*, document: Document, content_hash: str, page: AboutPerson, by: Actor) -> RecognisedText:
    """Have the worker recognise the words of the scanned pages of a document.

    Raises EditorError if tesseract is not installed, if the document is another one by now, or without
    such pages.
    """
    if not recognition.is_installed():
        raise EditorError(
            _("The server lacks the program tesseract. Ask its operator to install %(package)s.")
            % {"package": recognition.PACKAGE}
        )
    found = searched(document)
    if not content_hash or found.content_hash != content_hash:
        raise EditorError(_("The document has changed since you opened the checklist. Read it again."))
    if not recognition.scanned_pages(found.unread):
        raise EditorError(_("No page of this document is a scan."))
    asked, _created = RecognisedText.objects.update_or_create(
        document=document,
        content_hash=content_hash,
        defaults={
            "state": RecognisedText.State.ASKED,
            "by": by.user,
            "by_name": by.name,
            "asked_at": timezone.now(),
        },
    )
    trail.record(by=by, action="document.recognise", thing=document, person=page.contributor,
                 details={"page": page.pk, "content": content_hash})  # fmt: skip
    asked_for_recognition.send(sender=RecognisedText, document=document)
    return asked


def recognise(document: Document) -> None:
    """Recognise what was asked for, and store it. For the worker; it may take minutes."""
    for asked in RecognisedText.objects.filter(document=document, state=RecognisedText.State.ASKED):
        found = searched(document)
        if found.content_hash != asked.content_hash or not recognition.is_installed():
            asked.state = RecognisedText.State.FAILED
        else:
            with document.file.open("rb") as opened:
                read = recognition.recognise(bytes(opened.read()), recognition.scanned_pages(found.unread))
            asked.texts, asked.missed = read.texts, read.missed
            asked.state = RecognisedText.State.DONE if read.texts else RecognisedText.State.FAILED
        asked.save(update_fields=["state", "texts", "missed"])
