"""Read the demo's texts: a head in TOML between +++ lines, then paragraphs with a few marked blocks. Pure.

# Before: Fourteen stairs            a part, with its heading
Words, **bold**, *italic*, [a link](page:contact), - lists, ## headings
> Exact words.                       a quote; its last line, after a dash, names the speaker,
                                     and on a page about no one, in brackets, the sample: [daniel]
> — Marta, Ines’s mother
:::note Spastic diplegia             a marked block: kind, argument, and text up to :::
A kind of cerebral palsy.
:::
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

Address = Callable[[str], str]

_PART = re.compile(r"^# (?P<name>[^:|]+?)(?:: (?P<heading>.+))?$")
_PERSON = re.compile(r" \[(?P<key>[a-z-]+)\]$")
_OPEN = re.compile(r"^:::(?P<kind>[a-z]+)(?: (?P<argument>.+))?$")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_ITEM = re.compile(r"^(?:- |(?P<number>\d+)\. )")


class ContentError(ValueError):
    """A demo text cannot be read. The message names the file and the fault."""


@dataclass(frozen=True)
class Piece:
    """One block as written. `kind`: text, quote, or the word after `:::`. `argument`: what follows that word.

    The argument of a quote is its speaker; `person` is the key of the sample story whose person it is, where
    the text says so. `lines` are without marks.
    """

    kind: str
    lines: tuple[str, ...]
    argument: str = ""
    person: str = ""

    @property
    def words(self) -> str:
        """Return the lines joined by spaces."""
        return " ".join(line.strip() for line in self.lines if line.strip())


@dataclass(frozen=True)
class Part:
    """The pieces under one `#` heading; `name` is '' for what comes before the first heading."""

    name: str
    heading: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Text:
    head: dict[str, Any]
    parts: tuple[Part, ...]
    source: str = field(default="", compare=False)

    def part(self, name: str) -> Part:
        for part in self.parts:
            if part.name.casefold() == name.casefold():
                return part
        raise ContentError(f"{self.source} has no part ‘# {name}’.")

    @property
    def pieces(self) -> Iterator[Piece]:
        for part in self.parts:
            yield from part.pieces


def read(path: Path) -> Text:
    """Return the text of a file. Raises ContentError with the file's name."""
    try:
        return parse(path.read_text(encoding="utf-8"), path.name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name}: {error}") from error


def parse(source: str, name: str = "text") -> Text:
    head: dict[str, Any] = {}
    if source.startswith("+++\n"):
        top, mark, source = source[4:].partition("\n+++\n")
        if not mark:
            raise ContentError(f"{name}: the head is not closed by a line +++.")
        head = tomllib.loads(top)
    parts: list[Part] = []
    title, heading, lines = "", "", list[str]()
    fenced = False
    for line in [*source.splitlines(), "# "]:
        found = None if fenced else _PART.match(line)
        if found or line == "# ":
            pieces = tuple(_pieces(lines, name))
            if title or pieces:
                parts.append(Part(title, heading, pieces))
            lines = []
            if found:
                title, heading = found["name"].strip(), (found["heading"] or "").strip()
            continue
        fenced = (line.startswith(":::") and line != ":::") or (fenced and line != ":::")
        lines.append(line)
    if fenced:
        raise ContentError(f"{name}: a block is not closed by a line :::.")
    return Text(head, tuple(parts), name)


def _pieces(lines: list[str], name: str) -> Iterator[Piece]:
    """Yield the pieces of one part. Running text is one piece until another kind of block begins."""
    text: list[str] = []
    rest = iter(lines)

    def gathered() -> Iterator[Piece]:
        if any(line.strip() for line in text):
            yield Piece("text", tuple(text))
        text.clear()

    quoted: list[str] = []
    for line in rest:
        if line.startswith("> "):
            quoted.append(line[2:].strip())
            continue
        if quoted:
            yield from gathered()
            yield _quote(quoted, name)
            quoted = []
        if found := _OPEN.match(line):
            yield from gathered()
            inside = []
            for inner in rest:
                if inner == ":::":
                    break
                inside.append(inner)
            yield Piece(found["kind"], tuple(inside), found["argument"] or "")
        else:
            text.append(line)
    if quoted:
        yield from gathered()
        yield _quote(quoted, name)
    yield from gathered()


def _quote(lines: list[str], name: str) -> Piece:
    speaker = person = ""
    if lines[-1].startswith("— "):
        speaker = lines.pop()[2:]
        if found := _PERSON.search(speaker):
            speaker, person = speaker[: found.start()], found["key"]
    if not lines or not speaker:
        raise ContentError(f"{name}: a quote needs words and, on its last line, ‘> — speaker’.")
    return Piece("quote", tuple(lines), speaker, person)


def as_html(lines: tuple[str, ...], address: Address) -> str:
    """Return running text as HTML.

    `address('page:contact')` gives the attributes of a link, e.g. 'href="/contact/"'.
    """
    blocks: list[str] = []
    items: list[str] = []
    ordered = False

    def close_list() -> None:
        if items:
            tag = "ol" if ordered else "ul"
            blocks.append(f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>")
            items.clear()

    for raw in lines:
        line = raw.strip()
        item = _ITEM.match(line)
        if item:
            ordered = item["number"] is not None
            items.append(inline(line[item.end() :], address))
            continue
        close_list()
        if not line:
            continue
        for mark, tag in (("### ", "h3"), ("## ", "h2")):
            if line.startswith(mark):
                blocks.append(f"<{tag}>{inline(line[len(mark) :], address)}</{tag}>")
                break
        else:
            blocks.append(f"<p>{inline(line, address)}</p>")
    close_list()
    return "".join(blocks)


def inline(text: str, address: Address) -> str:
    """Return one line with **bold**, *italic* and [links](page:key) as HTML."""
    html = escape(text, quote=False)
    html = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", html)
    html = re.sub(r"\*(.+?)\*", r"<i>\1</i>", html)
    return _LINK.sub(lambda found: f"<a {address(found[2])}>{found[1]}</a>", html)
