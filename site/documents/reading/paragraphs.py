"""Paragraphs of Word and PowerPoint, in each state that a reader can make visible. Pure.

Both have paragraphs `p` of runs `r` with text `t`. A word may be split into several runs; line breaks and
tabs part words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from documents.archives import name_of, value_of

PARTING = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}
OFF = {"0", "false", "off", "none"}


@dataclass(frozen=True, slots=True)
class View:
    """What a reader sees: with text deleted or inserted by tracked changes or without, with hidden text or
    without. `hidden_styles`: styles whose text is hidden.
    """

    deleted: bool = False
    inserted: bool = True
    hidden: bool = False
    hidden_styles: frozenset[str] = frozenset()


def is_on(element: Any | None) -> bool:
    """Return whether a switch such as `w:vanish` is on."""
    return element is not None and value_of(element, "val").lower() not in OFF


def child_of(element: Any, *names: str) -> Any | None:
    """Return the element at this path of names below `element`, None if there is none."""
    for name in names:
        element = next((child for child in element if name_of(child) == name), None)
        if element is None:
            return None
    return element


def is_hidden(run: Any, hidden_styles: frozenset[str]) -> bool:
    """Return whether a run, or the style of its paragraph, is hidden."""
    properties = child_of(run, "rPr")
    if properties is not None:
        vanish = child_of(properties, "vanish")
        if vanish is not None:
            return is_on(vanish)
        style = child_of(properties, "rStyle")
        if style is not None and value_of(style, "val") in hidden_styles:
            return True
    paragraph = run.getparent()
    while hidden_styles and paragraph is not None and name_of(paragraph) != "p":
        paragraph = paragraph.getparent()
    style = child_of(paragraph, "pPr", "pStyle") if hidden_styles and paragraph is not None else None
    return style is not None and value_of(style, "val") in hidden_styles


def words_of(paragraph: Any, view: View) -> str:
    """Return the words of one paragraph, without those of text boxes in it."""
    return "".join(_pieces(paragraph, view))


def _pieces(element: Any, view: View) -> Iterator[str]:
    for child in element:
        name = name_of(child)
        if name in {"t", "delText"}:
            yield child.text or ""
        elif name in PARTING:
            yield PARTING[name]
        elif not _is_left_out(child, name, view):
            yield from _pieces(child, view)


def _is_left_out(element: Any, name: str, view: View) -> bool:
    if name in {"del", "moveFrom"}:
        return not view.deleted
    if name in {"ins", "moveTo"}:
        return not view.inserted
    if name == "r":
        return not view.hidden and is_hidden(element, view.hidden_styles)
    return name in {"p", "pPr", "rPr", "instrText", "delInstrText"}


def hidden_styles_of(styles: Any) -> frozenset[str]:
    """Return the ids of the styles whose text is hidden, and of those based on them."""
    based: dict[str, str] = {}
    hidden: set[str] = set()
    for style in styles.iter():
        if name_of(style) != "style":
            continue
        number, base = value_of(style, "styleId"), child_of(style, "basedOn")
        based[number] = value_of(base, "val") if base is not None else ""
        if is_on(child_of(style, "rPr", "vanish")):
            hidden.add(number)
    for _round in range(10):
        hidden |= {style for style, base in based.items() if base in hidden}
    return frozenset(hidden)
