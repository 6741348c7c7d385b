"""Word documents: their paragraphs, read as plain text. Pure."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import mammoth

from transcripts import speech
from transcripts.cues import TranscriptRead, Unreadable

LARGEST_UNPACKED = 60 * 1024 * 1024  # bytes; a small file could unpack to any size


def read(data: bytes) -> TranscriptRead:
    """Return the cues of a .docx file.

    Raises Unreadable for a damaged file, and for other files with that suffix.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "word/document.xml" not in archive.namelist():
                raise Unreadable("This is not a Word document (.docx). Save it as .docx or as plain text.")
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise Unreadable(
                    "The document is larger than 60 MB when unpacked. Save only its text, as plain text."
                )
        result: Any = mammoth.extract_raw_text(io.BytesIO(data))
    except Unreadable:
        raise
    except Exception as error:  # the library raises whatever its XML, ZIP and style readers raise
        raise Unreadable(
            "The Word document is damaged. Open it, save it again as .docx and try again."
        ) from error
    return speech.read(str(result.value), "docx")
