"""What the form of a document says about its public copy and its search."""

from __future__ import annotations

import hashlib
from typing import Any

from django import template
from django.core.cache import cache

from deidentification.document_texts import CACHE_SECONDS, searched
from documents import places, refusals, removed, sandbox
from documents.cleaning.copies import NotCleanable
from media.models import Document

register = template.Library()
VERSION = 1


@register.inclusion_tag("deidentification/document_report.html")
def document_report(document: Document) -> dict[str, Any]:
    """Show what the public copy of a document does not contain, and what could not be searched."""
    unread = [
        (places.in_words(missed.place), places.reason_in_words(missed.reason))
        for missed in searched(document).unread
    ]
    return {**_copy(document), "unread": unread}


def _copy(document: Document) -> dict[str, Any]:
    """Return {"removed": [words]} or {"refused": sentence}; kept for a day."""
    name = str(document.file.name)
    key = f"cleaned:{hashlib.sha256(f'{VERSION}:{name}'.encode()).hexdigest()}"
    told = cache.get(key)
    if told is None:
        told = _told(document)
        cache.set(key, told, CACHE_SECONDS)
    if "refused" in told:
        return {"refused": refusals.in_words(told["refused"])}
    return {"removed": removed.in_words(told["removed"])}


def _told(document: Document) -> dict[str, Any]:
    try:
        with document.file.open("rb") as opened:
            data = bytes(opened.read())
        return {"removed": dict(sandbox.clean(data, document.title).removed)}
    except NotCleanable as error:
        return {"refused": str(error)}
    except OSError:
        return {"refused": "missing"}
