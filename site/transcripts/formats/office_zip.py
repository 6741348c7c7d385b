"""The XML inside of Office files, which are ZIP archives. Pure."""

from __future__ import annotations

import io
import zipfile
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from transcripts.cues import Unreadable
from transcripts.formats.xml_tree import shallow

LARGEST_UNPACKED = 60 * 1024 * 1024  # bytes; a small file could unpack to any size


def names_in(data: bytes) -> list[str]:
    """Return the names of the files in an archive; [] for a damaged one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return []


def xml_part(data: bytes, name: str, what: str) -> Element:
    """Return the root of an XML file in the archive. `what`: the name of the format, for the errors.

    Raises Unreadable for a damaged archive, for one without that file, and for one that is too large.
    """
    kind = what.partition(" (")[0]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if name not in archive.namelist():
                raise Unreadable(f"This is not a {what}. Save it as .docx or as plain text.")
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise Unreadable(
                    "The document is larger than 60 MB when unpacked. Save only its text, as plain text."
                )
            return shallow(fromstring(archive.read(name)))
    except Unreadable:
        raise
    except Exception as error:  # ZIP, its compressors and XML raise many kinds of errors
        raise Unreadable(f"The {kind} is damaged. Open it, save it again and try again.") from error


def part_of(data: bytes, name: str) -> Element | None:
    """Return the root of an XML file in the archive; None if it is not there or cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if name not in archive.namelist() or archive.getinfo(name).file_size > LARGEST_UNPACKED:
                return None
            return shallow(fromstring(archive.read(name)))
    except (OSError, ValueError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return None
    except (ParseError, DefusedXmlException):
        return None
