"""Decodes the bytes of a transcript, with notes on what was guessed. Pure."""

from __future__ import annotations

import codecs
import re

from transcripts.cues import Unreadable
from uploads.text_decoding import NotText, decoded_text

LARGEST = 20 * 1024 * 1024  # bytes; an eight-hour interview is below 1 MB
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}\bencoding\s*=\s*[\"']([\w.:-]{2,40})|<meta[^>]{0,200}\bcharset\s*=\s*[\"']?([\w.:-]{2,40})",
    re.I,
)


def decode(data: bytes, language: str = "") -> tuple[str, list[str]]:
    """Return the text of a file, and notes on what had to be guessed. `language`: a code, or ''.

    Raises Unreadable for a file that is not text.
    """
    if len(data) > LARGEST:
        raise Unreadable(
            f"The file has {len(data) / 1e6:.0f} MB. A transcript has at most {LARGEST // (1024 * 1024)} MB: "
            "Did you choose the recording?"
        )
    if (declared := _as_declared(data)) is not None:
        return declared, []
    try:
        decoded = decoded_text(data, language)
    except NotText as error:
        raise Unreadable(
            "The file is not text. Save the transcript as WebVTT, SRT, TextGrid, DOCX, CSV or plain text."
        ) from error
    return decoded.text, [decoded.note] if decoded.note else []


def _as_declared(data: bytes) -> str | None:
    """Return the text of XML or HTML in the encoding that it declares; None if it does not, or is UTF-8."""
    found = _DECLARED.search(data[:1000])
    if not found:
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        name = (found[1] or found[2]).decode("ascii")
        try:
            # Codecs such as zlib and rot13 do not decode bytes to text.
            return data.decode(codecs.lookup(name).name) if "\0" not in name else None
        except (LookupError, UnicodeError, ValueError):
            return None
    return None
