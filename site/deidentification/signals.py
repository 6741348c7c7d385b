"""Connects the search for identifiers to the publication gate and the checklist."""

from __future__ import annotations

from deidentification import placeholders
from deidentification.checklist_lines import identifier_lines
from deidentification.events import asked_for_recognition, took_too_long
from deidentification.identifier_rule import decisions, families, rule
from deidentification.tasks import read_long_document, recognise_document
from media.models import Document
from media.on_commit import after_commit
from publication import checklist, gate
from publication.events import read_ahead


def read_names_ahead(people: list[int], **_rest: object) -> None:
    """Read private names and decisions for the drafts of a batch."""
    families.read_ahead(people)
    decisions.read_ahead(people)


def connect_signals() -> None:
    """Register the gate rule and the checklist lines of this app."""
    for each in (rule, placeholders.rule):
        if each not in gate.rules:
            gate.rules.append(each)
    checklist.register(identifier_lines)
    checklist.register(placeholders.placeholder_lines)
    took_too_long.connect(read_later)
    asked_for_recognition.connect(recognise_later)
    read_ahead.connect(read_names_ahead, dispatch_uid="deidentification.read_ahead")


def read_later(document: Document, **_kwargs: object) -> None:
    """Have the worker read a document that takes long."""
    after_commit(read_long_document.enqueue, document.pk)


def recognise_later(document: Document, **_kwargs: object) -> None:
    """Have the worker recognise the words of a scanned document."""
    after_commit(recognise_document.enqueue, document.pk)
