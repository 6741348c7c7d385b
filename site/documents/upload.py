"""Checks an uploaded document: its content must match the suffix of its name."""

from __future__ import annotations

import itertools
import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from documents import refusals, sandbox
from documents.cleaning.copies import NotCleanable

# Members without which a file of the type does not open; the first line of `mimetype` for OpenDocument.
MEMBERS: dict[str, tuple[str, ...]] = {
    "docx": ("[Content_Types].xml", "word/document.xml"),
    "xlsx": ("[Content_Types].xml", "xl/workbook.xml"),
    "odt": ("mimetype", "content.xml"),
    "ods": ("mimetype", "content.xml"),
}
OPEN_DOCUMENT = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
TEXTS = frozenset({"csv", "txt"})
ACCEPTED = "PDF, DOCX, XLSX, ODT, ODS, CSV, TXT"
MOST_MEMBERS = 5_000
LARGEST_UNPACKED = 500 * 1024 * 1024
PAGE_TREE = re.compile(rb"/Type\s{0,4}/Pages\b")
COUNT = re.compile(rb"/Count\s{0,4}(\d{1,6})")
MOST_PAGE_TREES = 500


def check_document(file: File[Any]) -> int | None:
    """Return the number of pages of the uploaded `file` if it is a PDF that states it, else None.

    Raises ValidationError when the content does not match the suffix of the name.
    """
    name = PurePosixPath((file.name or "document").replace("\\", "/")).name
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    file.seek(0)
    try:
        if ending == "pdf":
            return _pdf_pages(file, name)
        if ending in MEMBERS:
            _check_archive(file, name, ending)
        elif ending in TEXTS:
            _check_text(file, name)
        else:
            raise ValidationError(
                _("“%(name)s” cannot be used: documents may be %(accepted)s. Save it as PDF and upload that.")
                % {"name": name, "accepted": ACCEPTED},
                code="type",
            )
        return None
    finally:
        file.seek(0)


def check_can_be_cleaned(file: File[Any]) -> None:
    """Raise ValidationError for an uploaded file of which no public copy could be made."""
    file.seek(0)
    try:
        sandbox.clean(bytes(file.read()))
    except NotCleanable as error:
        name = PurePosixPath((file.name or "document").replace("\\", "/")).name
        text = _("“%(name)s” cannot be used. %(why)s") % {"name": name, "why": refusals.in_words(str(error))}
        raise ValidationError(text, code="content") from error
    finally:
        file.seek(0)


def _pdf_pages(file: File[Any], name: str) -> int | None:
    data = bytes(file.read())
    # Viewers accept bytes before the header, which attackers use; here the file must begin with it.
    if not data.startswith(b"%PDF-"):
        raise _refused(name, "PDF")
    tail = data[-4096:]
    if b"startxref" not in tail or b"%%EOF" not in tail:
        raise ValidationError(
            _("“%(name)s” was cut off: the end of the PDF is missing. Save it again and upload that.")
            % {"name": name},
            code="broken",
        )
    counts = []
    for tree in itertools.islice(PAGE_TREE.finditer(data), MOST_PAGE_TREES):
        # A tree's entries surround its type; the topmost tree counts the most pages.
        start = max(data.rfind(b"<<", 0, tree.start()), tree.start() - 2000, 0)
        end = data.find(b">>", tree.end(), tree.end() + 2000)
        counts += [int(count) for count in COUNT.findall(data, start, end if end > 0 else tree.end())]
    return max(counts, default=0) or None


def _check_archive(file: File[Any], name: str, ending: str) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            unpacked = sum(member.file_size for member in members)
            if len(members) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED:
                raise ValidationError(
                    _("“%(name)s” unpacks to far more data than a document. Save it as PDF and upload that.")
                    % {"name": name},
                    code="too_large_unpacked",
                )
            if not names.issuperset(MEMBERS[ending]):
                raise _refused(name, ending.upper())
            if any(member.endswith("vbaProject.bin") for member in names):
                raise ValidationError(
                    _("“%(name)s” contains macros. Save it without macros, or as PDF.") % {"name": name},
                    code="macros",
                )
            if mimetype := OPEN_DOCUMENT.get(ending):
                with archive.open("mimetype") as declared:
                    if declared.read(200).strip() != mimetype:
                        raise _refused(name, ending.upper())
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        EOFError,
    ) as error:
        raise _refused(name, ending.upper()) from error


def _check_text(file: File[Any], name: str) -> None:
    data = bytes(file.read())
    if b"\0" in data:
        raise _refused(name, _("text"))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValidationError(
            _(
                "“%(name)s” is not in UTF-8: line %(line)s has a character in another encoding. "
                "Save it as UTF-8."
            )
            % {"name": name, "line": line},
            code="encoding",
        ) from error


def _refused(name: str, kind: str) -> ValidationError:
    return ValidationError(
        _(
            "“%(name)s” is damaged or is not a %(kind)s file, in spite of its name. "
            "Save it again from the program it was made with, or as PDF."
        )
        % {"name": name, "kind": kind},
        code="content",
    )
