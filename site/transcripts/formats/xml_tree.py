"""XML from anywhere: read without entities, and walked without recursion. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from transcripts.cues import Unreadable

XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NAME = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)[\s/>]")
DEEPEST = 200  # levels; real documents have a few dozen


def root_name(text: str) -> str:
    """Return the name of the first element, without its prefix; '' for a text that is not markup."""
    head = text[:5000].lstrip("\ufeff \t\r\n")
    for _step in range(50):
        end = _end_of_prolog(head)
        if not end:
            break
        head = head.partition(end)[2].lstrip()
        if end == "[":  # The rest of a document type with its own declarations.
            head = head.partition("]")[2].partition(">")[2].lstrip()
    found = _NAME.match(head)
    return found[1] if found else ""


def _end_of_prolog(head: str) -> str:
    """Return what ends the declaration, comment or document type at the start; '' if there is none."""
    if head.startswith("<?"):
        return "?>"
    if head.startswith("<!--"):
        return "-->"
    if head[:9].upper() == "<!DOCTYPE":
        return "[" if 0 <= head.find("[") < head.find(">") else ">"
    return ""


def tree(text: str, name: str) -> Element:
    """Return the root element. `name`: what the file is, for the error.

    Raises Unreadable for XML that is damaged, that defines entities, or that is nested too deep.
    """
    try:
        return shallow(fromstring(_DECLARATION.sub("", text.lstrip("\ufeff"), count=1)))
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable(f"The XML cannot be read: {error}. Export the {name} again.") from error


def shallow(root: Element) -> Element:
    """Return `root`. Raises ValueError for elements that are nested so deep that reading would take long."""
    depth = 0
    for event, _element, _text in walk(root):
        depth += {"start": 1, "end": -1}.get(event, 0)
        if depth > DEEPEST:
            raise ValueError("its elements are nested too deep")
    return root


def local(element: Element) -> str:
    """Return the name of an element without its namespace, in lower case."""
    return element.tag.rsplit("}", 1)[-1].lower()


def attribute(element: Element, name: str) -> str:
    """Return an attribute by its name in any namespace; '' if the element does not have it."""
    return next(
        (value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), ""
    ).strip()


def walk(root: Element) -> Iterator[tuple[str, Element, str]]:
    """Yield ('start', element, ''), ('text', element it is in, text) and ('end', element, '') in order."""
    stack: list[tuple[Element, Iterator[Element]]] = [(root, iter(root))]
    yield "start", root, ""
    if root.text:
        yield "text", root, root.text
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "end", element, ""
            if element.tail and stack:
                yield "text", stack[-1][0], element.tail
            continue
        yield "start", child, ""
        if child.text:
            yield "text", child, child.text
        stack.append((child, iter(child)))
