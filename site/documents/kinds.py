"""Tells the kind of a file by its content. Pure."""

from __future__ import annotations

import io
import re
import zipfile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Pictures that can contain text beside their pixels.
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"BM")
RECORDINGS = (b"ID3", b"OggS", b"\x1aE\xdf\xa3", b"fLaC", b"\xff\xfb")
MARKUP = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|meta|p|div|table)\b", re.I | re.S
)
MOST_START = 4096


def kind_of(data: bytes) -> str:
    """Return 'pdf', 'ooxml', 'odf', 'zip', 'rtf', 'html', 'xml', 'ole', 'picture', 'recording', 'text' or
    'unknown'.
    """
    start = data[:MOST_START]
    if b"%PDF-" in start[:1024]:
        return "pdf"
    if start.startswith(b"PK"):
        return _kind_of_archive(data)
    bare = start.lstrip(b"\xef\xbb\xbf\r\n\t ")
    for kind, beginnings in (
        ("rtf", (b"{\\rt",)),
        ("ole", (OLE,)),
        ("xml", (b"<?xml",)),
        ("picture", PICTURES),
        ("recording", RECORDINGS),
    ):
        if bare.startswith(beginnings):
            return kind
    if start[4:8] == b"ftyp" or start.startswith(b"RIFF"):
        return "picture" if start[8:12] in (b"avif", b"heic", b"mif1", b"WEBP") else "recording"
    if MARKUP.match(bare):
        return "html"
    return "text" if is_text(data) else "unknown"


def is_text(data: bytes) -> bool:
    """Return whether the bytes are text in UTF-8, UTF-16 with its mark, or an encoding of one byte."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    sample = data[:65536]
    control = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in sample)
    return control * 200 <= len(sample)


def decoded(data: bytes) -> str:
    """Return text in UTF-8, UTF-16 with its mark, or else Windows' Western encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _kind_of_archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "damaged"
    if "[Content_Types].xml" in names:
        return "ooxml"
    return "odf" if "content.xml" in names else "zip"
