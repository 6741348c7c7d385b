"""What visitors may see of a page, as plain text by passage, for comparing versions and searching for
identifiers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing

from publication.public_content import bookkeeping


@dataclass(frozen=True)
class Passage:
    """A passage of text and its position on the page.

    `part`: 'block:<id>' for a block of a stream, 'field:<name>', or 'row:<table>:<number>'. `label`: the
    editor's name for it. `kind`: the type of the block or field ('DateField'). `value`: the block's value,
    for apps that know it.
    """

    part: str
    label: str
    text: str
    kind: str = ""
    value: Any = None


def passages(page: Page) -> list[Passage]:
    """Return the passages of a page in memory, in the order of its fields, without empty ones."""
    found = [*_of_fields(page, unseen(page)), *_of_tables(page)]
    return [passage for passage in found if passage.text]


def unseen(page: Page) -> frozenset[str]:
    """Return the fields that no visitor sees: `AboutPerson.private_fields` and bookkeeping."""
    return bookkeeping() | getattr(page, "private_fields", frozenset())


def _of_fields(holder: Any, unseen_names: frozenset[str] = frozenset()) -> Iterator[Passage]:
    for field in holder._meta.concrete_fields:
        if field.name in unseen_names or field.primary_key or not field.editable:
            continue
        label = _label(field, get_language())
        if isinstance(field, StreamField):
            for child in getattr(holder, field.name):
                words = " · ".join(child.block.get_searchable_content(child.value))
                yield Passage(
                    f"block:{child.id}",
                    f"{child.block.label}, {label}",
                    _plain(words),
                    child.block_type,
                    child.value,
                )
        elif words := _words_of(holder, field):
            yield Passage(f"field:{field.name}", label, words, field.get_internal_type())


def _words_of(holder: Any, field: Any) -> str:
    if isinstance(field, models.ForeignKey):
        # A picture is described by its alternative text, any other linked object by its name.
        linked = getattr(holder, field.name)
        return _plain(getattr(linked, "alt_text", "") or str(linked)) if linked else ""
    value = getattr(holder, field.name)
    if value is None or value == "":
        return ""
    if isinstance(field, RichTextField):
        return _plain(get_text_for_indexing(value))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if getattr(field, "choices", None) and hasattr(holder, f"get_{field.name}_display"):
        return _display(field, value, get_language())
    return _plain(str(getattr(value, "name", value)))


@cache
def _label(field: Any, _language: str | None) -> str:
    """Return the editor's name of a field in the present language, with a capital letter."""
    name = str(field.verbose_name)
    return f"{name[:1].upper()}{name[1:]}"


@lru_cache(maxsize=5_000)
def _display(field: Any, value: Any, _language: str | None) -> str:
    """Return the words of a choice in the present language. A field has one row of choices for all pages."""
    holder = field.model(**{field.name: value})
    return str(getattr(holder, f"get_{field.name}_display")())


def _of_tables(page: Page) -> Iterator[Passage]:
    for relation in get_all_child_relations(page):
        name = relation.get_accessor_name()
        if name in unseen(page):
            continue
        back = frozenset({relation.field.name, "sort_order"})
        for number, row in enumerate(getattr(page, name).all(), start=1):
            words = [passage.text for passage in _of_fields(row, back) if passage.text]
            heading = f"{row._meta.verbose_name} {number}"
            yield Passage(
                f"row:{name}:{number}", f"{heading[:1].upper()}{heading[1:]}", _plain(" · ".join(words))
            )


def _plain(words: str) -> str:
    return " ".join(words.split())
