"""Reads a file by its content, and the files in it. Pure."""

from __future__ import annotations

import re
import zipfile

from documents import kinds
from documents.archives import content_of, name_of, opened, parsed, value_of
from documents.contents import Contents, NotReadable
from documents.pictures import metadata_words, strings_of
from documents.reading import markup, ooxml, open_document, rtf

ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
LINES_TOGETHER = 200
PROGRAM_DATA = re.compile(
    r"(?:printerSettings\d*\.bin|\.(?:emf|wmf|odttf|fntdata|ttf|otf|vml|dat)|^layout-cache"
    r"|^ObjectReplacements/.*|^Configurations2/.*)$",
    re.IGNORECASE,
)


def read(data: bytes, *, seconds: float | None = None) -> Contents:
    """Return everything found in a document, and what could not be read. Does not raise for any content."""
    found = Contents(seconds=seconds)
    read_into(data, found)
    return found


def read_into(data: bytes, found: Contents) -> None:
    """Read one file, which may lie in another. What cannot be read is noted in `found`."""
    try:
        found.check_time()
        found.spend(len(data))
        _read(data, found)
    except NotReadable as error:
        found.missed("", "", str(error))
    except MemoryError:
        found.missed("", "", "memory")
    except RecursionError:
        found.missed("", "", "deep")
    # Readers of damaged files raise all kinds of errors. What was found until then is searched.
    except Exception:
        found.missed("", "", "damaged")


def read_inner(data: bytes, found: Contents, kind: str, name: str) -> None:
    """Read a file that lies in the document. Never raises; what cannot be read is noted."""
    try:
        with found.inside(kind, name):
            read_into(data, found)
    except NotReadable as error:
        found.missed(kind, name, str(error))


def _read(data: bytes, found: Contents) -> None:
    kind = kinds.kind_of(data)
    if kind == "text":
        _read_lines(kinds.decoded(data), found)
    elif kind == "html":
        markup.read_html(kinds.decoded(data), found)
    elif kind == "xml":
        markup.read_xml(data, found)
    elif kind == "rtf":
        rtf.read(data, found, read_inner)
    elif kind == "pdf":
        from documents.reading import pdf  # noqa: PLC0415 - takes a fifth of a second

        pdf.read(data, found, read_inner)
    elif kind == "picture":
        found.add("picture", "", metadata_words(data))
    elif kind in {"ooxml", "odf", "zip"}:
        _read_archive(data, kind, found)
    else:
        _read_unknown(data, kind, found)


def _read_unknown(data: bytes, kind: str, found: Contents) -> None:
    """Search at least what looks like text, and note that the file was not read."""
    found.add("other", kind, strings_of(data))
    if kind == "ole" and ENCRYPTED_PACKAGE in data:
        raise NotReadable("locked")
    raise NotReadable("recording" if kind == "recording" else "damaged" if kind == "damaged" else "unknown")


def _read_lines(words: str, found: Contents) -> None:
    lines = words.splitlines()
    for first in range(0, len(lines), LINES_TOGETHER):
        found.add("line", "", "\n".join(lines[first : first + LINES_TOGETHER]))


def _read_archive(data: bytes, kind: str, found: Contents) -> None:
    with opened(data) as archive:
        found.add("other", "ZIP", archive.comment.decode("utf-8", "replace"))
        if kind == "odf" and _is_locked(archive):
            raise NotReadable("locked")
        read_part = {"ooxml": ooxml.read, "odf": open_document.read}.get(kind)
        rest = read_part(archive, found) if read_part else archive.infolist()
        for member in rest:
            if not member.is_dir():
                _read_member(archive, member, found)


def _is_locked(archive: zipfile.ZipFile) -> bool:
    if "META-INF/manifest.xml" not in archive.namelist():
        return False
    manifest = parsed(content_of(archive, "META-INF/manifest.xml"))
    return any(
        name_of(entry) == "encryption-data" and value_of(entry.getparent(), "full-path") == "content.xml"
        for entry in manifest.iter()
    )


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, found: Contents) -> None:
    """Read a member beside the document's own text: a picture, an embedded file, unknown data."""
    try:
        content = content_of(archive, member)
    except NotReadable as error:
        found.missed("embedded", member.filename, str(error))
        return
    if PROGRAM_DATA.search(member.filename):
        # Settings of printers, drawings and fonts: data of the program, and of pictures.
        found.spend(len(content))
        found.add("other", member.filename, strings_of(content))
        return
    is_picture = kinds.kind_of(content) == "picture"
    read_inner(content, found, "picture" if is_picture else "embedded", member.filename)
