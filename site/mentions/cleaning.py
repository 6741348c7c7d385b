"""Finds mentions in one page and removes the smallest part that contains each: a paragraph of a text, an item
of a list, a row of a table, a block, an optional field.

On pages about other people and in what many pages share, only the words are replaced (`places.Reading`).
The page is changed in memory only. Streams are read as they are stored, by their block definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from attribution.blocks import QuoteBlock
from attribution.content import KINDS, field_quotes, kind_chosen, title_of
from deidentification.passages import unseen
from mentions.found import Cleaned
from mentions.matching import Kind
from mentions.redacting import must_be_filled, neutral, slug_words
from mentions.stored_texts import leaves
from mentions.texts import REMOVED, TextReader

# The part of a block that says whose words it has: without it, the words would be without an owner.
WHOSE = frozenset({"speaker"})


class Cleaner(TextReader):
    """Reads one page, or one object that pages show."""

    def run(self) -> Cleaned:
        """Return what was found and what is left of the page without it."""
        for column in self.page._meta.concrete_fields:
            if self._is_read(column):
                name = str(column.verbose_name)
                self.column, self.part = column.name, f"field:{column.name}"
                self.label = f"{name[:1].upper()}{name[1:]}"
                self._field(column)
        if isinstance(self.page, Page):
            self._quotes_in_fields()
            self._slug()
            self._rows()
        return self.result

    def _is_read(self, column: Any) -> bool:
        if self.reading.fields is not None:
            return column.name in self.reading.fields
        return not column.primary_key and column.editable and column.name not in unseen(self.page)

    # Fields -------------------------------------------------------------------------------------------------

    def _field(self, column: Any) -> None:
        if isinstance(column, StreamField):
            self._stream(column)
            return
        if isinstance(column, models.ForeignKey):
            number = getattr(self.page, column.attname)
            if self._is_chosen_file(KINDS.get(column.related_model, ""), number):
                self.result.values[column.name] = None
            return
        value = getattr(self.page, column.name, None)
        if isinstance(column, models.JSONField):
            for text in leaves(value, str):
                self._is_removed(text)
            return
        is_text = isinstance(column, models.CharField | models.TextField) and not column.choices
        if not is_text or not isinstance(value, str) or not value:
            return
        before = len(self.result.removed)
        kept = self._rich(value) if isinstance(column, RichTextField) else self._text(value)
        if kept is REMOVED and not column.blank:
            if not self.reading.replace:
                self.result.stuck += self.result.removed[before:]
                return
            kept = neutral(value, self.matcher)
        if kept != value:
            self.result.values[column.name] = "" if kept is REMOVED else kept

    def _quotes_in_fields(self) -> None:
        """Empty the fields of a quote for which the person was chosen."""
        for quote in field_quotes(self.page):
            self.part, self.column = quote.part, quote.part.removeprefix("field:")
            self.label = str(self.page._meta.get_field(self.column).verbose_name)
            if self._is_chosen_quote(quote.person, quote.words):
                self.result.values |= quote.emptied

    def _stream(self, column: StreamField) -> None:
        stream = getattr(self.page, column.name)
        label, kept, was_changed = self.label, [], False
        for item in stream.get_prep_value() if stream else ():
            block = column.stream_block.child_blocks.get(item["type"])
            value: Any = item["value"]
            part = f"block:{item.get('id')}"
            if block is not None and part not in self.reading.skipped:
                self.part, self.label = part, f"{block.label}, {label}"
                value = self._value(block, item["value"])
            if value is not REMOVED:
                kept.append({**item, "value": value})
            was_changed = was_changed or value is REMOVED or value != item["value"]
        if was_changed:
            self.result.values[column.name] = column.stream_block.to_python(kept)

    def _slug(self) -> None:
        """Report a name in the address: it changes only by hand, and only for an unpublished page."""
        self.column, self.part = "slug", "field:slug"
        self.label = str(self.page._meta.get_field("slug").verbose_name)
        words = slug_words(self.page.slug or "")
        before = len(self.result.removed)
        if self._is_removed(words):
            if self.reading.replace:
                self.result.values["slug"] = f"page-{self.page.pk}"
            else:
                self.result.stuck += self.result.removed[before:]

    def _rows(self) -> None:
        """Remove the rows of the page's tables that mention the person."""
        for relation in get_all_child_relations(self.page):
            name = relation.get_accessor_name()
            if name in unseen(self.page):
                continue
            rows = list(getattr(self.page, name).all())
            self.column, self.part = name, f"row:{name}"
            self.label = str(relation.related_model._meta.verbose_name)
            kept = [row for row in rows if not self._row_is_removed(row)]
            if len(kept) < len(rows):
                self.result.rows[name] = kept

    def _row_is_removed(self, row: Any) -> bool:
        values = [
            value
            for column in row._meta.concrete_fields
            if isinstance(column, models.CharField | models.TextField)
            and column.editable
            and not column.choices
            and isinstance(value := getattr(row, column.attname, None), str)
        ]
        return self._one_is_removed(values)

    # Blocks -------------------------------------------------------------------------------------------------

    def _value(self, block: Any, raw: Any) -> Any:
        """Return the stored value of a block without what mentions the person, or REMOVED."""
        if raw is None or raw == "":
            return raw
        if isinstance(block, TypedTableBlock):
            return self._table(block, raw)
        if self._is_chosen_file(kind_chosen(block), raw):
            return REMOVED
        for kind, clean in self._cleaners():
            if isinstance(block, kind):
                return clean(block, raw)
        return self._text(raw) if isinstance(raw, str) and not isinstance(block, blocks.ChoiceBlock) else raw

    def _cleaners(self) -> Iterator[tuple[type, Callable[[Any, Any], Any]]]:
        yield blocks.StructBlock, self._struct
        yield blocks.ListBlock, self._list
        yield blocks.StreamBlock, self._nested_stream
        yield blocks.RichTextBlock, lambda _block, raw: self._rich(raw)
        yield blocks.PageChooserBlock, lambda _block, raw: self._chosen_page(raw)

    def _is_chosen_quote(self, person: Any, words: str) -> bool:
        is_theirs = person is not None and person == self.matcher.person
        return is_theirs and self._judge(words, Kind.CHOSEN, is_certain=True)

    def _is_chosen_file(self, kind: str, number: Any) -> bool:
        if not kind or (kind, number) not in self.matcher.files:
            return False
        return self._judge(title_of(kind, number), Kind.CHOSEN, is_certain=True)

    def _struct(self, block: Any, raw: Any) -> Any:
        if isinstance(block, QuoteBlock) and self._is_chosen_quote(raw.get("said_by"), raw.get("text") or ""):
            return REMOVED
        kept = dict(raw)
        whole = False
        for name, child in block.child_blocks.items():
            value = self._value(child, raw.get(name))
            if value is REMOVED or (name in WHOSE and value != raw.get(name)):
                whole = whole or name in WHOSE or must_be_filled(child)
                value = [] if isinstance(raw[name], list) else None if isinstance(raw[name], int) else ""
            if name in raw:
                kept[name] = value
        return REMOVED if whole else kept

    def _list(self, block: Any, raw: Any) -> Any:
        kept = []
        for item in raw:
            named = isinstance(item, dict) and item.get("type") == "item" and "value" in item
            value = self._value(block.child_block, item["value"] if named else item)
            if value is not REMOVED:
                kept.append({**item, "value": value} if named else value)
        too_few = len(kept) < len(raw) and len(kept) < max(1, block.meta.min_num or 0)
        return REMOVED if too_few else kept

    def _nested_stream(self, block: Any, raw: Any) -> Any:
        kept = []
        for item in raw:
            child = block.child_blocks.get(item["type"])
            value = item["value"] if child is None else self._value(child, item["value"])
            if value is not REMOVED:
                kept.append({**item, "value": value})
        return REMOVED if raw and not kept else kept

    def _table(self, block: Any, raw: Any) -> Any:
        headings = [column.get("heading") or "" for column in raw.get("columns", ())]
        if self._one_is_removed([*headings, raw.get("caption") or ""]):
            return REMOVED
        kinds = [block.child_blocks.get(column["type"]) for column in raw.get("columns", ())]
        kept = [row for row in raw.get("rows", ()) if not self._table_row_is_removed(kinds, row["values"])]
        return REMOVED if not kept and raw.get("rows") else {**raw, "rows": kept}

    def _table_row_is_removed(self, kinds: list[Any], values: list[Any]) -> bool:
        pairs = [(kind, value) for kind, value in zip(kinds, values, strict=False) if kind is not None]
        return REMOVED in {self._value(kind, value) for kind, value in pairs}

    def _chosen_page(self, raw: Any) -> Any:
        if raw in self.matcher.pages and self._judge(str(raw), Kind.LINK, is_certain=True):
            return REMOVED
        return raw


__all__ = ["Cleaner"]
