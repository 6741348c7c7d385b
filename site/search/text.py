"""Read the words of a page for excerpts, without a query. Pictures and other chosen objects are skipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from wagtail.blocks import Block, ChooserBlock, ListBlock, StreamBlock, StreamValue, StructBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing
from wagtail.search.index import SearchField

# Not part of the text of the page.
LEFT_OUT = {"title", "slug", "search_description"}


def page_texts(page: Page) -> list[str]:
    """Return the texts of the page's indexed fields that have their own column."""
    texts: list[str] = []
    for search_field in type(page).get_search_fields():
        name = search_field.field_name
        if not isinstance(search_field, SearchField) or name in LEFT_OUT:
            continue
        try:
            field = type(page)._meta.get_field(name)
        except FieldDoesNotExist:  # computed from other models' names: not the page's own text
            continue
        texts += _field_texts(field, getattr(page, field.attname))
    return [text for text in texts if text]


def _field_texts(field: Any, value: Any) -> list[str]:
    if isinstance(field, StreamField):
        return stream_texts(value) if isinstance(value, StreamValue) else []
    if isinstance(field, RichTextField):
        return [get_text_for_indexing(value or "")]
    return [value] if isinstance(value, str) else []


def stream_texts(value: StreamValue) -> list[str]:
    """Return the words of a StreamField, a text for each of its blocks."""
    texts = []
    for item in value.raw_data:
        block = value.stream_block.child_blocks.get(item.get("type"))
        if block is not None:
            texts.append(
                " ".join(part.strip() for part in _block_texts(block, item.get("value")) if part.strip())
            )
    return texts


def _block_texts(block: Block, raw: Any) -> Iterator[str]:
    """Yield the words in the stored form of a block. Skip values that do not fit the block's definition."""
    if isinstance(block, ChooserBlock) or not getattr(block, "search_index", True):
        return
    if isinstance(block, StructBlock):
        if isinstance(raw, Mapping):
            for name, child in block.child_blocks.items():
                yield from _block_texts(child, raw.get(name))
    elif isinstance(block, StreamBlock | ListBlock):
        for item in raw if isinstance(raw, list) else ():
            yield from _item_texts(block, item)
    elif raw is not None:
        try:
            yield from map(str, block.get_searchable_content(block.to_python(raw)))
        except (AttributeError, KeyError, TypeError, ValueError):
            return


def _item_texts(block: StreamBlock | ListBlock, item: Any) -> Iterator[str]:
    stored = isinstance(item, Mapping) and "value" in item
    if isinstance(block, ListBlock):
        yield from _block_texts(block.child_block, item["value"] if stored else item)
    elif stored and (child := block.child_blocks.get(item.get("type"))):
        yield from _block_texts(child, item["value"])
