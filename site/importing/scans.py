"""Checks the signed form of a consent, as other uploads are checked. It is kept unchanged, as evidence."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import File

from documents.upload import MEMBERS, check_document
from imaging.cleaning import clean_picture
from importing.records import Refused
from media.validation.recordings import probe
from media.validation.upload_checks import run_upload_checks

DOCUMENTS = frozenset({".pdf", ".txt", *(f".{name}" for name in MEMBERS)})
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".avif"})


def check_scan(path: Path) -> None:
    """Raise Refused for a file that is not a document, picture or recording, in spite of its name."""
    with path.open("rb") as opened:
        file = File(opened, name=path.name)
        try:
            run_upload_checks(file)
            if path.suffix.lower() in DOCUMENTS:
                check_document(file)
            elif path.suffix.lower() in PICTURES:
                clean_picture(file)
            else:
                probe(file)
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
