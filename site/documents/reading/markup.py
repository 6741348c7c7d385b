"""Reads HTML and XML of any kind: words, attributes and comments. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from lxml import etree

from documents.archives import name_of, parsed
from documents.contents import Contents
from documents.pictures import strings_of

# Attributes whose values are words that a person wrote or reads.
WORDY = re.compile(r"[^\W\d_]{2}")
IN_TEXT = {"b", "i", "em", "strong", "span", "a", "u", "s", "sub", "sup", "small", "font", "abbr", "mark"}


class _Page(HTMLParser):
    def __init__(self, found: Contents) -> None:
        super().__init__(convert_charrefs=True)
        self.found, self.words, self.script = found, [""], ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self.script = tag
        if tag not in IN_TEXT:
            self.words.append("\n")
        for key, value in attrs:
            if value and WORDY.search(value):
                kind = {"alt": "alt", "href": "link"}.get(key, "other")
                self.found.add(kind, "HTML", value)

    def handle_endtag(self, tag: str) -> None:
        if tag == self.script:
            self.script = ""
        if tag not in IN_TEXT:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if self.script:
            self.found.add("script", "", data)
        else:
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.add("other", "HTML", data)


def read_html(words: str, found: Contents) -> None:
    """Read a page: its text, then attributes, comments and scripts."""
    page = _Page(found)
    page.feed(words)
    page.close()
    found.add("line", "", re.sub(r"\s*\n\s*", "\n", "".join(page.words)))


def read_xml(content: bytes, found: Contents) -> None:
    """Read the words and the attributes of any XML document."""
    root = parsed(content)
    found.add("line", "", "\n".join(words_of(root)))
    found.add("other", "XML", " · ".join(attributes_of(root)))


def words_in_xml(content: bytes) -> list[str]:
    """Return the words and attributes of XML, however damaged."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    root: Any = etree.fromstring(content, parser)
    if root is None:
        return [strings_of(content)]
    return [*words_of(root), *(str(value) for element in root.iter() for value in element.attrib.values())]


def words_of(root: Any) -> list[str]:
    """Return the pieces of text in an element, in order."""
    return [words for piece in root.itertext() if (words := " ".join(piece.split()))]


# What standards are called, not people.
STANDARD = re.compile(r"(?:https?://(?:schemas\.|purl\.|www\.w3\.|openoffice\.|ns\.)|urn:)")


def attributes_of(root: Any) -> list[str]:
    """Return each different value of an attribute that has words, except the names of standards."""
    values: dict[str, None] = {}
    for element in root.iter():
        if name_of(element):
            values.update(
                (str(value), None)
                for value in element.attrib.values()
                if WORDY.search(value) and not STANDARD.match(value)
            )
    return list(values)


def stray_words(root: Any, read: frozenset[str]) -> list[str]:
    """Return the text that is neither in an element called as one of `read`, nor below one."""
    found: list[str] = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if name_of(element) in read:
            continue
        pieces = [element.text, *(child.tail for child in element)]
        found += [words for piece in pieces if piece and (words := " ".join(piece.split()))]
        waiting += list(element)
    return found
