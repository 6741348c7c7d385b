"""Elements of JATS XML by their local name, and their words. Pure."""

from __future__ import annotations

from collections.abc import Iterator

# The type only: every file is parsed by defusedxml.
from xml.etree.ElementTree import Element

# Elements whose words are not part of the running text.
SKIPPED = {"fig", "table-wrap", "table-wrap-foot", "disp-formula", "supplementary-material", "media"}
# Around the mark of a reference, until it is known whether it stands in brackets; no XML can hold these.
_FROM, _TO = "\x01", "\x02"


def name_of(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def elements(element: Element, name: str, within: str = "") -> list[Element]:
    if within:
        outer = first(element, within)
        return [] if outer is None else [one for one in outer if name_of(one) == name]
    return [one for one in element.iter() if name_of(one) == name]


def first(element: Element, name: str) -> Element | None:
    return next((one for one in element.iter() if name_of(one) == name and one is not element), None)


def text_of(element: Element | None, numbers: dict[str, int] | None = None) -> str:
    """The words, on one line. Marks of references become [3], as the page wants them."""
    if element is None:
        return ""
    return " ".join(_bracketed("".join(_pieces(element, numbers or {}))).split())


def _bracketed(text: str) -> str:
    """Marks of references in brackets, whether the article had them in brackets or raised."""
    inside, made = False, []
    for char in text:
        inside = (inside or char == "[") and char != "]"
        made.append({_FROM: "" if inside else "[", _TO: "" if inside else "]"}.get(char, char))
    return "".join(made).replace("][", ", ")


def _pieces(element: Element, numbers: dict[str, int]) -> Iterator[str]:
    if name_of(element) == "xref" and element.get("ref-type") == "bibr":
        cited = [numbers[one] for one in (element.get("rid") or "").split() if one in numbers]
        inside = "".join(str(number) for number in cited[:1]) or "".join(element.itertext()).strip("[] ")
        yield f"{_FROM}{inside}{_TO}"
        return
    yield element.text or ""
    for child in element:
        if name_of(child) not in SKIPPED:
            yield from _pieces(child, numbers)
        yield child.tail or ""
