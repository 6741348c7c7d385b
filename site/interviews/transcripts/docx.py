"""Word documents: their paragraphs, read as plain text. Pure."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import mammoth

from interviews.transcripts import speech
from interviews.transcripts.cues import TranscriptRead, Unreadable

LARGEST_UNPACKED = 60 * 1024 * 1024  # bytes; what a small file could unpack to is limited before it is opened


def read(data: bytes) -> TranscriptRead:
    """The cues of a .docx file. Raises Unreadable for a damaged one, or another kind of file under that name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "word/document.xml" not in archive.namelist():
                raise Unreadable("This is no Word document (.docx). Save it as .docx or as plain text.")
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise Unreadable(
                    "The document unpacks to more than 60 MB. Save its text alone as plain text."
                )
        result: Any = mammoth.extract_raw_text(io.BytesIO(data))
    except Unreadable:
        raise
    except Exception as error:  # the library raises whatever its XML, ZIP and style readers raise
        raise Unreadable(
            "The Word document is damaged. Open it, save it again as .docx, and try once more."
        ) from error
    return speech.read(str(result.value), "docx")
