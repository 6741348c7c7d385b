"""Rich Text Format (F4, MAXQDA, Transana, WordPad): its words as plain text. Pure.

Source: the RTF specification 1.9.1 (Microsoft). Hidden and deleted words, pictures, notes and headers of
pages are left out.
"""

from __future__ import annotations

import codecs
import re

from transcripts.cues import TranscriptRead, Unreadable, Unused
from transcripts.formats import text as plain_text

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z0-9])|([{}])|[\r\n]+"
    r"|([^\\{}\r\n]+)|."
)
_TEXT = {
    **dict.fromkeys(("par", "sect", "page", "row"), "\n"),
    "line": "\n",
    "tab": "\t",
    "cell": "\t",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emspace": " ",
    "enspace": " ",
}
_SYMBOLS = {"~": "\u00a0", "_": "‑", "-": "", "\n": "\n", "\r": "\n", "{": "{", "}": "}", "\\": "\\"}
_NOT_SAID = frozenset(
    [
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "header",
        "headerl",
        "headerr",
        "headerf",
        "footer",
        "footerl",
        "footerr",
        "footerf",
        "footnote",
        "annotation",
        "object",
        "themedata",
        "datastore",
        "xmlnstbl",
        "listtable",
        "listoverridetable",
        "rsidtbl",
        "generator",
        "fldinst",
        "bkmkstart",
        "bkmkend",
        "atnid",
        "atnauthor",
    ]
)
_CHARSETS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


def looks_like(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith("{\\rtf")


class _Rtf:
    """Reads the tokens of one file; a group inherits the state of the one it is in."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.bytes = bytearray()
        self.hidden: list[str] = []
        self.encoding = "cp1252"
        self.stack: list[tuple[bool, bool, int]] = []
        self.is_skipped = self.is_hidden = False
        self.fallback = 1
        self.to_skip = 0
        self.is_group_start = False

    def feed(self, match: re.Match[str]) -> None:
        word, number, code, symbol, brace, words = match.groups()
        if brace:
            self._brace(brace)
        elif word:
            self._word(word, int(number) if number else None)
        elif code:
            self._character(int(code, 16))
        elif symbol:
            if symbol == "*" and self.is_group_start:
                self.is_skipped = True
            self._add(_SYMBOLS.get(symbol, ""))
        elif words:
            if self.to_skip:
                words, self.to_skip = words[self.to_skip :], max(0, self.to_skip - len(words))
            self._add(words)
        self.is_group_start = brace == "{"

    def _brace(self, brace: str) -> None:
        self._flush()
        if brace == "{":
            self.stack.append((self.is_skipped, self.is_hidden, self.fallback))
        elif self.stack:
            self.is_skipped, self.is_hidden, self.fallback = self.stack.pop()

    def _word(self, word: str, number: int | None) -> None:
        if word in _NOT_SAID:
            self.is_skipped = True
        elif word in ("v", "deleted"):
            self._flush()
            self.is_hidden = number != 0
        elif word == "plain":
            self._flush()
            self.is_hidden = False
        elif word == "uc":
            self.fallback = min(number or 0, 10)
        elif word == "u" and number is not None:
            self._flush()
            self._add(chr(number % 65536))
            self.to_skip = self.fallback
        elif word == "ansicpg" and number:
            self.encoding = _codec(f"cp{number}")
        elif word in _CHARSETS:
            self.encoding = _CHARSETS[word]
        elif word in _TEXT:
            self._add(_TEXT[word])

    def _character(self, byte: int) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif not self.is_skipped:
            self.bytes.append(byte)

    def _flush(self) -> None:
        if self.bytes:
            found, self.bytes = bytes(self.bytes), bytearray()
            self._keep(found.decode(self.encoding, errors="replace"))

    def _add(self, words: str) -> None:
        self._flush()
        if not self.is_skipped and words:
            self._keep(words)

    def _keep(self, words: str) -> None:
        (self.hidden if self.is_hidden else self.out).append(words)


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def read(source: str, _name: str = "") -> TranscriptRead:
    """Return the cues of an RTF file. Raises Unreadable for a file without words."""
    reader = _Rtf()
    for match in _TOKEN.finditer(source):
        reader.feed(match)
    reader._flush()
    # Characters beyond U+FFFF are written as two halves.
    words = "".join(reader.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if not words.strip():
        raise Unreadable("The RTF file has no words. Save it again as RTF or DOCX, or as plain text.")
    found = plain_text.read(words.replace("\t", " "), "rtf")
    hidden = " ".join("".join(reader.hidden).split())
    unused = [Unused(0, hidden[:2000], "It is hidden or deleted text of the document.")] if hidden else []
    return TranscriptRead("rtf", found.cues, [*found.unused, *unused], found.notes)
