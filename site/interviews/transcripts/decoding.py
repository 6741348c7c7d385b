"""From bytes to text: detected, and said. Pure."""

from __future__ import annotations

import codecs
import unicodedata

from charset_normalizer import from_bytes

from interviews.transcripts.cues import Unreadable

LARGEST = 20 * 1024 * 1024  # bytes; an eight-hour interview is below 1 MB
SAMPLE = 256 * 1024  # bytes that are looked at to guess an encoding

# Encodings that transcripts are met in, besides Unicode.
USUAL = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8_r"),
    *("mac_roman", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp874"),
]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> tuple[str, list[str]]:
    """The text of a file, and notes on what had to be guessed. Raises Unreadable for what is no text."""
    if len(data) > LARGEST:
        raise Unreadable(
            f"The file has {len(data) / 1e6:.0f} MB. A transcript is at most {LARGEST // (1024 * 1024)} MB: is it the recording?"
        )
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), []
            except UnicodeDecodeError:
                return data.decode(encoding, errors="replace"), [
                    f"The file says it is {encoding.removesuffix('-sig').upper()}, but some characters are not; they show as �."
                ]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(data)
    if _looks_binary(text[:4096]):
        raise Unreadable(
            "The file is no text. Save the transcript as WebVTT, SRT, TextGrid, DOCX, CSV or plain text."
        )
    return text, []


def _guess(data: bytes) -> tuple[str, list[str]]:
    sample = data[:SAMPLE]
    control = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    if control > len(sample) // 20:
        # Many control characters: text in UTF-16 without its mark, or no text at all.
        for encoding in ("utf-16-le", "utf-16-be"):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if not _looks_binary(text[:4096]) and text[:4096].isprintable() | ("\n" in text[:4096]):
                return text, [
                    f"The file is read as {encoding.upper()}. Save it as UTF-8 if letters look wrong."
                ]
        raise Unreadable(
            "The file is no text. Save the transcript as WebVTT, SRT, TextGrid, DOCX, CSV or plain text."
        )
    encoding = _likeliest(sample)
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        encoding = "cp1252"
        text = data.decode(encoding, errors="replace")
    return text, [
        f"The file is not UTF-8; it is read as {encoding.upper()}. Save it as UTF-8 if letters look wrong."
    ]


def _likeliest(sample: bytes) -> str:
    """The encoding that makes most sense of `sample`; of several as good, the one most files outside UTF-8 have."""
    found = from_bytes(sample, cp_isolation=USUAL)
    best = found.best()
    if best is None:
        return "cp1252"
    western = next((match for match in found if match.encoding == "cp1252"), None)
    return "cp1252" if western and western.chaos <= best.chaos + 0.02 else best.encoding


def _looks_binary(text: str) -> bool:
    odd = sum(unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n\r\f\0" for char in text)
    return odd > len(text) // 20 or text.count("\0") > len(text) // 4
