"""Reads RTF: its text, and what it hides. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from documents.contents import Contents

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
# Destination -> the kind of its position. Others that begin with \\* are hidden data.
DESTINATIONS = {
    "info": "property", "annotation": "comment", "atnauthor": "author", "atnid": "author", "header": "header",
    "footer": "header", "headerl": "header", "headerr": "header", "headerf": "header", "footerl": "header",
    "footerr": "header", "footerf": "header", "footnote": "note", "fldinst": "field code",
    "objdata": "embedded",
    "revtbl": "author", "stylesheet": "other", "listtext": "line", "fonttbl": "other", "pict": "picture",
    "bkmkstart": "bookmark", "bkmkend": "bookmark", "fldrslt": "line", "userprops": "property",
    "shptxt": "line", "shprslt": "line", "themedata": "skip", "colorschememapping": "skip",
    "datastore": "custom",
    "colortbl": "skip", "rsidtbl": "skip", "generator": "other", "latentstyles": "skip",
}  # fmt: skip
PARTING = {"par", "line", "tab", "cell", "row", "page", "sect", "nestcell", "nestrow", "softline", "column"}
INNER = Callable[[bytes, Contents, str, str], None]


class _Reader:
    def __init__(self, found: Contents, code_page: str) -> None:
        self.found, self.code_page = found, code_page
        # (kind of position, characters to skip after \\u, hidden, deleted) of each group that is open.
        self.stack: list[tuple[str, int, bool, bool]] = []
        self.kind, self.skip, self.hidden, self.deleted = "line", 1, False, False
        self.star, self.to_skip, self.words = False, 0, dict[str, list[str]]()
        self.raw = bytearray()

    def put(self, words: str) -> None:
        kind = "deleted" if self.deleted else "hidden" if self.hidden else self.kind
        if kind != "skip":
            self.words.setdefault(kind, []).append(words)

    def group(self, bracket: bytes) -> None:
        if bracket == b"{":
            self.stack.append((self.kind, self.skip, self.hidden, self.deleted))
        elif self.stack:
            kind = self.kind
            self.kind, self.skip, self.hidden, self.deleted = self.stack.pop()
            if kind != self.kind:
                self.words.setdefault(kind, []).append("\n")

    def control(self, name: str, number: str) -> None:
        if name in PARTING:
            self.put("\n")
        elif name in DESTINATIONS:
            self.kind = DESTINATIONS[name]
        elif self.star:
            self.kind = "other"
        elif name == "u" and number:
            self.put(chr(int(number) % 65536))
            self.to_skip = self.skip
        elif name == "uc":
            self.skip = int(number or 1)
        elif name == "v":
            self.hidden = number != "0"
        elif name == "deleted":
            self.deleted = number != "0"
        elif name == "plain":
            self.hidden = False
        self.star = False

    def text(self, data: bytes) -> None:
        if self.to_skip:
            data, self.to_skip = data[self.to_skip :], max(0, self.to_skip - len(data))
        if self.kind == "embedded":
            self.raw += data
        elif self.kind != "picture":
            self.put(data.decode(self.code_page, "replace"))


def read(data: bytes, found: Contents, read_inner: INNER) -> None:
    """Read a document in RTF. Raises NotReadable."""
    page = re.search(rb"\\ansicpg(\d{3,5})", data[:2000])
    reader = _Reader(
        found, f"cp{page[1].decode()}" if page and page[1] in (b"1250", b"1251", b"1252") else "cp1252"
    )
    for number, token in enumerate(TOKEN.finditer(data)):
        if not number % 5000:
            found.check_time()
        _take(reader, token)
    for kind, words in reader.words.items():
        found.add(kind, "RTF", "".join(words))
    if reader.raw:
        unpacked = bytes.fromhex(
            re.sub(rb"[^0-9a-fA-F]", b"", bytes(reader.raw)).decode()[: len(reader.raw) // 2 * 2]
        )
        read_inner(unpacked, found, "embedded", "RTF")


def _take(reader: _Reader, token: re.Match[bytes]) -> None:
    name, number, code, symbol, bracket, text = token.groups()
    if name:
        reader.control(name.decode(), (number or b"").decode())
    elif code:
        reader.text(bytes([int(code, 16)]))
    elif symbol == b"*":
        reader.star = True
    elif symbol in (b"~", b"_"):
        reader.put(" " if symbol == b"~" else "-")
    elif symbol in (b"\\", b"{", b"}"):
        reader.text(symbol)
    elif bracket:
        reader.group(bracket)
    elif text:
        reader.text(text)
