"""Turns the bytes of an uploaded text file into text, whatever its encoding. Pure.

The policy: UTF-8 with or without a byte order mark; UTF-16 and UTF-32 by their mark; UTF-16 without a mark if
the bytes look like it; otherwise the encoding in which the file has the letters of a language, of the stated
one if possible (`uploads.alphabets`); otherwise the encoding in which charset-normalizer finds most sense,
with a preference for Windows-1252, which most other files are in. Callers should show `DecodedText.note` to
the editor.
"""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from uploads.alphabets import encoding_by_letters
from uploads.errors import EditorError

SAMPLE = 256 * 1024  # bytes that are examined to guess an encoding
LOOKED_AT = 4096  # characters that are examined to recognise a file that is not text
# Of two encodings that differ less than this in charset-normalizer's measure of disorder, the usual one is
# taken.
MARGIN = 0.02

# The encodings that are considered besides Unicode.
CANDIDATES = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8_r"),
    *("mac_roman", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp874"),
]
USUAL = "cp1252"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class NotText(EditorError):
    """The file is not text, such as a recording or a word processor's file."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text of a file, without a byte order mark.

    `encoding`: Python's name of it. `is_guessed`: neither a mark nor valid UTF-8 told the encoding.
    `has_replacements`: bytes that are invalid in that encoding became U+FFFD.
    """

    text: str
    encoding: str
    is_guessed: bool = False
    has_replacements: bool = False

    @property
    def note(self) -> str:
        """What an editor should know about the decoding; '' when there is nothing to say."""
        name = self.encoding.removesuffix("-sig").upper()
        if self.is_guessed:
            return _(
                "The file is not UTF-8; it was read as %(encoding)s. Save it as UTF-8 if letters look wrong."
            ) % {"encoding": name}
        if self.has_replacements:
            return _(
                "Some characters of the file are not %(encoding)s and show as �. Save it again as UTF-8."
            ) % {"encoding": name}
        return ""


def decoded_text(data: bytes, language: str = "") -> DecodedText:
    """Return the text of a file by the policy above. `language`: the code of the stated language, or ''.

    Raises NotText for a file that is not text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _by_mark(data, encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data, language)
    if _looks_binary(text[:LOOKED_AT]):
        # Latin and Cyrillic letters in UTF-16 are valid UTF-8 too, with a control character beside each.
        return _utf_16_without_mark(data)
    return DecodedText(text, "utf-8")


def _by_mark(data: bytes, encoding: str) -> DecodedText:
    try:
        return DecodedText(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return DecodedText(data.decode(encoding, errors="replace"), encoding, has_replacements=True)


def _guessed(data: bytes, language: str) -> DecodedText:
    sample = data[:SAMPLE]
    control = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    if control > len(sample) // 20:
        return _utf_16_without_mark(data)
    encoding = encoding_by_letters(sample, language) or _likeliest(sample)
    try:
        return DecodedText(data.decode(encoding), encoding, is_guessed=True)
    except (UnicodeDecodeError, LookupError):
        text = data.decode(USUAL, errors="replace")
        return DecodedText(text, USUAL, is_guessed=True, has_replacements=True)


def _utf_16_without_mark(data: bytes) -> DecodedText:
    """Decode bytes with many control characters. Raises NotText unless they are UTF-16."""
    sample = data[:SAMPLE]
    # The high bytes of a script are few. They come first in big-endian text.
    is_big_endian = len(set(sample[0::2])) < len(set(sample[1::2]))
    for encoding in ("utf-16-be", "utf-16-le") if is_big_endian else ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        start = text[:LOOKED_AT]
        if "\0" not in start and not _looks_binary(start) and (start.isprintable() or "\n" in start):
            return DecodedText(text, encoding, is_guessed=True)
    raise _not_text()


def _likeliest(sample: bytes) -> str:
    """Return the encoding that makes most sense of `sample`, and the usual one if that is about as good."""
    matches = from_bytes(sample, cp_isolation=CANDIDATES)
    best = matches.best()
    if best is None:
        return USUAL
    usual = next((match for match in matches if match.encoding == USUAL), None)
    return USUAL if usual and usual.chaos <= best.chaos + MARGIN else best.encoding


def _looks_binary(text: str) -> bool:
    odd = sum(unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n\r\f\0" for char in text)
    return odd > len(text) // 20 or text.count("\0") > len(text) // 4


def _not_text() -> NotText:
    return NotText(_("The file is not text. Save it as plain text in UTF-8 and choose that file."))
