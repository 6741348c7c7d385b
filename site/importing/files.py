"""Pictures and documents of an archive: checked as uploads are, and stored once for the same content."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from wagtail.utils.file import hash_filelike

from documents.upload import check_document
from imaging.alt_text import why_not_alt_text
from imaging.cleaning import clean_picture
from importing.models import ImportedFile
from importing.records import FileReference, Refused, within
from media.models import Document, Picture
from media.validation.upload_checks import run_upload_checks

UNSAVED = 0  # stands for the key of a file that a dry run does not store


class Files:
    """Finds and stores the files that rows of an archive name. `folder`: where they are."""

    def __init__(self, folder: Path, *, by: User | None = None, dry_run: bool = False) -> None:
        self.folder, self.by, self.dry_run = folder, by, dry_run

    def find(self, reference: FileReference) -> Path | None:
        """Return the file in the folder, None if it is not there."""
        return within(self.folder, reference.name) or within(self.folder, unquote(reference.name))

    def content_hash(self, reference: FileReference) -> str:
        """Return the SHA-256 of the content, '' for a file that is not there."""
        path = self.find(reference)
        if path is None:
            return ""
        facts = path.stat()
        return _digest(path, facts.st_size, facts.st_mtime_ns)

    def picture(self, reference: FileReference) -> tuple[int, str]:
        """Return the key of the picture, and a description for its block that differs from the picture's own.

        Raises Refused with the reason.
        """
        path = self._needed(reference)
        known = ImportedFile.objects.filter(content_hash=self.content_hash(reference)).first()
        if known is not None and known.picture is not None:
            return self._as_known(known.picture, reference)
        described = reference.description
        if reason := why_not_alt_text(described, path.name):
            raise Refused(f"The picture ‘{reference.name}’ has no description that helps: {reason}")
        with path.open("rb") as opened:
            try:
                cleaned = clean_picture(File(opened, name=path.name))
                run_upload_checks(cleaned)
            except ValidationError as error:
                raise Refused(" ".join(error.messages)) from error
        same = Picture.objects.filter(file_hash=hash_filelike(cleaned)).first()
        if same is None and self.dry_run:
            return UNSAVED, ""
        cleaned.seek(0)
        with transaction.atomic():
            picture = same or Picture(
                title=described[:255],
                alt_text=described,
                credit=reference.credit,
                file=cleaned,
                uploaded_by_user=self.by,
            )
            if same is None:
                _save(picture)
            self._remember(reference, picture=picture)
        return self._as_known(picture, reference)

    def _as_known(self, picture: Picture, reference: FileReference) -> tuple[int, str]:
        other = reference.description if reference.description != picture.alt_text else ""
        return picture.pk, other

    def document(self, reference: FileReference) -> int:
        """Return the key of the document. Raises Refused with the reason."""
        path = self._needed(reference)
        known = ImportedFile.objects.filter(content_hash=self.content_hash(reference)).first()
        if known is not None and known.document is not None:
            return known.document.pk
        with path.open("rb") as opened:
            file = File(opened, name=path.name)
            try:
                run_upload_checks(file)
                check_document(file)
            except ValidationError as error:
                raise Refused(" ".join(error.messages)) from error
            same = Document.objects.filter(file_hash=hash_filelike(file)).first()
            if same is None and self.dry_run:
                return UNSAVED
            file.seek(0)
            with transaction.atomic():
                title = reference.description or path.stem.replace("-", " ").replace("_", " ")
                document = same or Document(title=title[:255], file=file, uploaded_by_user=self.by)
                if same is None:
                    _save(document)
                self._remember(reference, document=document)
        return document.pk

    def _needed(self, reference: FileReference) -> Path:
        path = self.find(reference)
        if path is None:
            where = "" if "://" in reference.name else f" Put it into {self.folder}, or correct the name."
            fetched = " Addresses are not fetched." if "://" in reference.name else ""
            raise Refused(f"The file ‘{reference.name}’ is not there.{fetched}{where}")
        return path

    def _remember(self, reference: FileReference, **file: Any) -> None:
        if not self.dry_run:
            ImportedFile.objects.update_or_create(
                content_hash=self.content_hash(reference),
                defaults={"picture": None, "document": None, **file},
            )


def _save(file: Any) -> None:
    """Store a new picture or document as its form would. Raises Refused."""
    try:
        file.full_clean(exclude=["collection"])
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    if isinstance(file, Picture):
        file._set_image_file_metadata()
    else:
        file._set_document_file_metadata()
    file.save()


@lru_cache(maxsize=1024)
def _digest(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
