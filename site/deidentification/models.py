"""An editor's decisions about words that may identify a person, and about documents that could not be
searched; words recognised in scanned documents.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.models.person import Person
from media.models import Document


class KeptIdentifier(models.Model):
    """A decision that words which may identify a person stay in what is published about that person, and the
    reason.

    The decision applies to the words, not to a page: it holds on every page about that person, also on a copy
    or a translation. Words that an editor replaced need no decision, because they are no longer found.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="kept_identifiers")
    kind = models.CharField(max_length=10)
    text = models.CharField(max_length=300)
    # Case-folded, so that the words match in any capitalisation.
    key = models.CharField(max_length=300, editable=False)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("kept identifier")
        verbose_name_plural = _("kept identifiers")
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "key"], name="one_decision_on_words")
        ]

    def __str__(self) -> str:
        # Without the words: this string reaches logs.
        return f"{self.kind} kept for person {self.person_id}"

    @staticmethod
    def key_of(text: str) -> str:
        """Return the form of `text` under which a decision is found again."""
        return text.casefold()[:300]


class ReadDocument(models.Model):
    """A person has read a document with parts that could not be searched, and found nothing in it that
    identifies anyone. It is about exactly this content: another file asks again.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="readings")
    content_hash = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reading of a document")
        verbose_name_plural = _("readings of documents")
        constraints = [
            models.UniqueConstraint(fields=["document", "content_hash"], name="one_reading_of_a_file")
        ]

    def __str__(self) -> str:
        return f"document {self.document_id} read by {self.by_name}"


class RecognisedText(models.Model):
    """What tesseract recognised on the scanned pages of a document, for the search alone. It is about exactly
    this content.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("being read")
        DONE = "done", _("read")
        FAILED = "failed", _("could not be read")

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="recognitions")
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=6, choices=State.choices, default=State.ASKED)
    # [[page, words], ...] and [[page, key of documents.places.REASONS], ...]
    texts = models.JSONField(default=list)
    missed = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("recognised text")
        verbose_name_plural = _("recognised texts")
        constraints = [
            models.UniqueConstraint(fields=["document", "content_hash"], name="one_recognition_of_a_file")
        ]

    def __str__(self) -> str:
        # Without the words: this string reaches logs.
        return f"document {self.document_id} {self.state}"
