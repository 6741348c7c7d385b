"""Documents with parts that could not be searched: they stop publication until a person has read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from deidentification import recognition
from deidentification.document_texts import Searched, searched
from deidentification.models import ReadDocument, RecognisedText
from documents import places
from documents.contents import Place
from media.models import Document

MOST_SHOWN = 8
STUCK = timedelta(hours=1)  # after which reading a scan may be asked for again


@dataclass(frozen=True)
class UnreadDocument:
    """A document with parts that could not be searched. `read_by`: who has read exactly this file since.

    `recognised`: what tesseract was asked to read of its scanned pages.
    """

    document: Document
    found: Searched
    read_by: ReadDocument | None = None
    recognised: RecognisedText | None = None

    @property
    def is_scan(self) -> bool:
        """Whether tesseract could read pages of it."""
        return bool(recognition.scanned_pages(self.found.unread))

    @property
    def may_be_recognised(self) -> bool:
        """Whether an editor may ask for it now: not while it is being read, and not again."""
        asked = self.recognised
        if not self.is_scan or not recognition.is_installed():
            return False
        is_stuck = asked is not None and asked.state == RecognisedText.State.ASKED and asked.asked_at < (
            timezone.now() - STUCK
        )  # fmt: skip
        return asked is None or asked.state == RecognisedText.State.FAILED or is_stuck

    @property
    def recognition_in_words(self) -> str:
        """What the editor is told about tesseract, '' where it does not matter."""
        if not self.is_scan:
            return ""
        if self.recognised is not None:
            return _in_words(self.recognised)
        if recognition.is_installed():
            return ""
        return _(
            "The site could search scanned pages with the program tesseract: ask the operator to install "
            "%(package)s on the server."
        ) % {"package": recognition.PACKAGE}

    @property
    def parts(self) -> str:
        """'page 3: It is a picture without text. attachment a.zip: It is locked with a password.'"""
        shown, whole = self.found.unread[:MOST_SHOWN], _("the whole document")
        words = [
            f"{places.in_words(missed.place) or whole}: {places.reason_in_words(missed.reason)}"
            for missed in shown
        ]
        if more := len(self.found.unread) - len(shown):
            words.append(_("And %(n)d more.") % {"n": more})
        return " ".join(words)


def unread_documents(files: Iterable[Any]) -> list[UnreadDocument]:
    """Return those of `files` that are documents with parts that could not be searched, decided or not.

    Makes a query only if there are any.
    """
    found = [(file, searched(file)) for file in files if isinstance(file, Document)]
    incomplete = [(document, one) for document, one in found if one.unread]
    if not incomplete:
        return []
    numbers = [document.pk for document, _one in incomplete]
    decided = {
        (one.document_id, one.content_hash): one for one in ReadDocument.objects.filter(document__in=numbers)
    }
    asked = {
        (one.document_id, one.content_hash): one
        for one in RecognisedText.objects.filter(document__in=numbers)
    }
    keys = [(document.pk, one.content_hash) for document, one in incomplete]
    return [
        UnreadDocument(document, one, decided.get(key), asked.get(key))
        for (document, one), key in zip(incomplete, keys, strict=True)
    ]


def texts_of_scans(document: Document, found: Searched) -> list[tuple[Place, str]]:
    """Return (position, words) that tesseract recognised. Makes a query only for a document with scans."""
    if not recognition.scanned_pages(found.unread):
        return []
    stored = RecognisedText.objects.filter(document=document, content_hash=found.content_hash).first()
    return [((("page", page),), words) for page, words in stored.texts] if stored else []


def _in_words(asked: RecognisedText) -> str:
    if asked.state == RecognisedText.State.ASKED:
        return _("tesseract is reading it. Load this page again in a minute.")
    if asked.state == RecognisedText.State.FAILED:
        return _("tesseract could not read it.")
    words = _("tesseract read %(number)d pages, and their words were searched. It misreads letters.") % {
        "number": len(asked.texts)
    }
    if asked.missed:
        pages = ", ".join(page for page, _reason in asked.missed)
        words += " " + _("It could not read these pages: %(pages)s.") % {"pages": pages}
    return words


def label_of(document: Document) -> str:
    """Return 'Document 5 (Report)'."""
    return _("Document %(number)d (%(title)s)") % {"number": document.pk, "title": document.title}
