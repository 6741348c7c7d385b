"""Replaces what mentions a person in a text, in plain text and in rich text, and reads rich text for that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import unescape

import regex
from bs4 import Tag
from bs4.element import NavigableString
from wagtail import blocks

from attribution.content import kind_chosen
from mentions.matching import Hit, Kind, Matcher

OMITTED = "[…]"
# Where a text is, or has to be, on a line of its own.
BREAKS = frozenset({"br", "p", "li", "ul", "ol", "td", "th", "tr", "div", "hr", "h2", "h3", "h4", "h5", "h6"})
_WORDS = regex.compile(r"[\p{L}\p{N}]")


def slug_words(slug: str) -> str:
    """Return the words of an address, each written as a name and apart from the others."""
    return " · ".join(slug.replace("/", "-").split("-")).title()


def strongest(hits: list[Hit], *, certain: bool = False) -> tuple[Kind, bool]:
    """Return the kind of the best hit, and whether it is certain."""
    best = max(hits, key=lambda hit: (hit.is_certain, hit.kind == Kind.QUOTE))
    return best.kind, best.is_certain or certain


def has_words(text: str) -> bool:
    """Return whether anything but '[…]' and punctuation is left of a text."""
    return bool(_WORDS.search(text.replace(OMITTED, "")))


def spans(hits: Iterable[Hit]) -> list[tuple[int, int]]:
    """Return the (start, end) of hits, in their order, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((hit.start, hit.end) for hit in hits):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def neutral(text: str, matcher: Matcher) -> str:
    """Return a text with every mention replaced by '[…]'."""
    kept, at = [], 0
    for start, end in spans(matcher.hits(text)):
        kept += [text[at:start], OMITTED]
        at = end
    return "".join([*kept, text[at:]])


# Rich text --------------------------------------------------------------------------------------------------


def _pieces(tag: Tag) -> Iterator[tuple[NavigableString | None, str]]:
    """Yield the strings of a tag, and line breaks where one paragraph or line ends."""
    for child in tag.children:
        if isinstance(child, Tag):
            if child.name in BREAKS:
                yield None, "\n"
            yield from _pieces(child)
            if child.name in BREAKS:
                yield None, "\n"
        elif type(child) is NavigableString:
            yield child, str(child)


# Tags as they are stored; a value in quotes may have a ">".
_TAG = regex.compile(r"""</?([a-zA-Z][a-zA-Z0-9]*)(?:[^>"']|"[^"]*"|'[^']*')*>""")


def quick_text(html: str) -> str:
    """Return the text of rich text as `text_in` does, without making it into objects.

    For a look whether there is anything to find in it.
    """
    return unescape(_TAG.sub(lambda tag: "\n" if tag[1].lower() in BREAKS else "", html))


def text_in(tag: Tag) -> str:
    """Return the text of a tag: words in bold or links are whole, and lines stay apart."""
    return "".join(text for _string, text in _pieces(tag))


def make_neutral(tag: Tag, matcher: Matcher) -> None:
    """Replace every mention in a tag, also one that begins or ends within a link or bold words."""
    cuts = spans(matcher.hits(text_in(tag)))
    at = 0
    for string, text in list(_pieces(tag)):
        start, at = at, at + len(text)
        touched = [(first, last) for first, last in cuts if first < at and last > start]
        if string is None or not touched:
            continue
        kept, here = [], start
        for first, last in touched:
            # Said once, where the mention begins.
            kept += [text[here - start : max(first, here) - start], OMITTED if first >= start else ""]
            here = min(last, at)
        string.replace_with("".join([*kept, text[here - start :]]))


def must_be_filled(block: blocks.Block) -> bool:
    """Return whether a block cannot be saved empty."""
    if isinstance(block, blocks.ListBlock):
        return bool(block.meta.min_num)
    if isinstance(block, blocks.PageChooserBlock) or kind_chosen(block):
        return True  # a link to nothing, a figure without a picture
    field = getattr(block, "field", None)
    return bool(field.required) if field is not None else True
