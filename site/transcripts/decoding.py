"""Decodes the bytes of a transcript, with notes on what was guessed. Pure."""

from __future__ import annotations

from transcripts.cues import Unreadable
from uploads.text_decoding import NotText, decoded_text

LARGEST = 20 * 1024 * 1024  # bytes; an eight-hour interview is below 1 MB


def decode(data: bytes) -> tuple[str, list[str]]:
    """Return the text of a file, and notes on what had to be guessed.

    Raises Unreadable for a file that is not text.
    """
    if len(data) > LARGEST:
        raise Unreadable(
            f"The file has {len(data) / 1e6:.0f} MB. A transcript has at most {LARGEST // (1024 * 1024)} MB: "
            "Did you choose the recording?"
        )
    try:
        decoded = decoded_text(data)
    except NotText as error:
        raise Unreadable(
            "The file is not text. Save the transcript as WebVTT, SRT, TextGrid, DOCX, CSV or plain text."
        ) from error
    return decoded.text, [decoded.note] if decoded.note else []
