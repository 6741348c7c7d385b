"""The quotes, pictures and recordings of a page in memory, with the block or field that shows each.

Streams are read as they are stored, by their block definitions: nothing is read from the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import Page

from attribution.blocks import QuoteBlock
from media.models import Picture, Recording

KINDS: dict[Any, str] = {Picture: "picture", Recording: "recording"}


@dataclass(frozen=True)
class Quote:
    """Words of a person. `part`: 'block:<id>' of the outermost block, or 'field:<name>'.

    `person`: the number of the person who said them, None where none is chosen. `because`: why none is
    ('' where that is not stated). `emptied`: the fields that are emptied where the words are removed, with
    their values, for words that are not in a block.
    """

    part: str
    words: str
    person: int | None
    because: str = ""
    emptied: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class File:
    """A picture or recording that a page shows. `kind`: 'picture' or 'recording'."""

    part: str
    kind: str
    number: int

    @property
    def key(self) -> tuple[str, int]:
        """Kind and number, by which the people in it are looked up."""
        return self.kind, self.number


@dataclass
class Content:
    """What a page shows that needs a person or a reason."""

    quotes: list[Quote] = field(default_factory=list)
    files: list[File] = field(default_factory=list)


def content_of(page: Page) -> Content:
    """Return the quotes and files of a page, each file once for each part."""
    found = Content()
    deferred = page.get_deferred_fields()
    for column in page._meta.concrete_fields:
        if column.attname in deferred:
            continue
        if isinstance(column, StreamField):
            _read_stream(getattr(page, column.attname), column, found)
        elif (kind := KINDS.get(column.related_model)) and (number := getattr(page, column.attname)):
            found.files.append(File(f"field:{column.name}", kind, number))
    found.quotes += field_quotes(page)
    found.files = list(dict.fromkeys(found.files))
    return found


def field_quotes(page: Any) -> Iterable[Quote]:
    """Return the quotes that a page type keeps in fields of its own (`field_quotes`)."""
    quotes = getattr(page, "field_quotes", None)
    return quotes() if quotes is not None else ()


def _read_stream(value: Any, column: StreamField, found: Content) -> None:
    if not isinstance(value, StreamValue) or not value:
        return
    for item in value.get_prep_value():
        block = column.stream_block.child_blocks.get(item["type"])
        if block is not None:
            for kind, what in _inside(block, item["value"]):
                part = f"block:{item['id']}"
                if kind == "quote":
                    found.quotes.append(_quote(part, what))
                else:
                    found.files.append(File(part, kind, what))


def _quote(part: str, raw: dict[str, Any]) -> Quote:
    person = raw.get("said_by")
    return Quote(
        part,
        str(raw.get("text") or ""),
        person if isinstance(person, int) else None,
        str(raw.get("unnamed_because") or ""),
    )


def _inside(block: Any, raw: Any) -> Iterator[tuple[str, Any]]:
    """Yield ('quote', the stored value), ('picture', number) and ('recording', number) in a block."""
    if raw is None or raw == "":
        return
    if isinstance(block, QuoteBlock):
        yield "quote", raw
    elif (kind := kind_chosen(block)) and isinstance(raw, int):
        yield kind, raw
    for child, value in children_of(block, raw):
        yield from _inside(child, value)


def children_of(block: Any, raw: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the blocks inside a block, each with its stored value."""
    if isinstance(block, blocks.StructBlock):
        yield from ((child, raw.get(name)) for name, child in block.child_blocks.items())
    elif isinstance(block, blocks.ListBlock):
        for item in raw:
            named = isinstance(item, dict) and item.get("type") == "item" and "value" in item
            yield block.child_block, item["value"] if named else item
    elif isinstance(block, blocks.StreamBlock):
        known = block.child_blocks
        yield from ((known[item["type"]], item["value"]) for item in raw if item["type"] in known)


def kind_chosen(block: Any) -> str:
    """Return 'picture' or 'recording' for a block that chooses one, else ''."""
    if not isinstance(block, blocks.ChooserBlock):
        return ""
    return next((name for model, name in KINDS.items() if issubclass(block.model_class, model)), "")


def said_in(story: Any, words: str) -> tuple[int | None, str]:
    """Return who said words that another page quotes from a story: the person, or why none is named there."""
    if story is None:
        return None, ""
    told = " ".join(words.casefold().split())
    for quote in content_of(story).quotes:
        if told in " ".join(quote.words.casefold().split()) and (quote.person or quote.because):
            return quote.person, quote.because
    return getattr(story, "person_id", None), ""


def title_of(kind: str, number: int) -> str:
    """Return the title of a picture or recording, '' where it was deleted."""
    model = next(model for model, name in KINDS.items() if name == kind)
    return model._default_manager.filter(pk=number).values_list("title", flat=True).first() or ""
