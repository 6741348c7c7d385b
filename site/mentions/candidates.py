"""Which pages and shared objects may mention a person: a quick look at stored texts before they are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import regex
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import StreamField
from wagtail.models import Page

from attribution.content import children_of, content_of
from consent.models import Person
from deidentification.passages import unseen
from mentions import places, terms
from mentions.endings import is_unspaced
from mentions.matching import Matcher, tokens, words_of
from mentions.redacting import slug_words
from mentions.stored_texts import leaves, plain_text
from publication.mixins import AboutPerson, about_person_models

_LINK = regex.compile(r"""<a\b[^>]*\bid=["'](\d+)["']""")
# Before a word of an address.
_IN_ADDRESS = frozenset("/-@#.")
AT_ONCE = 100


# Pages ------------------------------------------------------------------------------------------------------


def page_models() -> list[type[Any]]:
    """Return the page types that are not about a person."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Page) and model is not Page and not issubclass(model, AboutPerson)
    ]


def public_pages() -> Iterator[Any]:
    """Yield the published pages that are not about a person, without aliases, which follow their page."""
    for model in page_models():
        yield from with_rows(model, live=True, alias_of=None)


def all_pages(person: int) -> Iterator[Any]:
    """Yield every page, public or not, but for those about the person."""
    for model in page_models():
        yield from with_rows(model)
    for model in about_person_models():
        yield from (page for page in with_rows(model) if person not in page.people_told_of())


def with_rows(model: type[Any], *, all_tables: bool = False, **conditions: Any) -> Iterator[Any]:
    """Yield pages of a type, the rows of their tables with text, or of all tables, read together."""
    relations = get_all_child_relations(model) if all_tables else _tables_with_text(model)
    rows = [relation.get_accessor_name() for relation in relations]
    pages = model._default_manager.filter(**conditions).order_by("pk").prefetch_related(*rows)
    yield from pages.iterator(chunk_size=AT_ONCE)


def of_all_types(numbers: Iterable[int], **conditions: Any) -> list[Any]:
    """Return pages of any type by their numbers, in their order, with the rows of their tables."""
    by_model: defaultdict[type[Any], list[int]] = defaultdict(list)
    rows = Page.objects.filter(pk__in=list(numbers), **conditions).order_by()
    for number, kind in rows.values_list("pk", "content_type"):
        by_model[ContentType.objects.get_for_id(kind).model_class() or Page].append(number)
    found = [
        page for model, some in by_model.items() for page in with_rows(model, all_tables=True, pk__in=some)
    ]
    return sorted(found, key=lambda page: page.pk)


def _tables_with_text(model: type[Any]) -> Iterator[Any]:
    for relation in get_all_child_relations(model):
        columns = relation.related_model._meta.concrete_fields
        if any(isinstance(column, models.CharField | models.TextField) for column in columns):
            yield relation


# Looking quickly --------------------------------------------------------------------------------------------


def narrowed(matcher: Matcher, pages: Iterable[Any], own: Iterable[Any]) -> tuple[list[Any], Matcher]:
    """Return the pages that may mention the person, and the matcher. Its names are not sure any more where
    the site uses them as ordinary words. Reads stored text only: no block is made into an object.
    """
    ordinary: set[str] = set()
    names = {name.words[0] for name in matcher.names if len(name.words) == 1}
    candidates = []
    for page in pages:
        raw = "\n".join(strings_of(page))
        text = plain_text(raw)
        if matcher.may_be_in(text) or _links(page, raw, matcher) or _chosen(page, matcher):
            candidates.append(page)
            ordinary |= _ordinary(text, names)
    for page in own:
        ordinary |= _ordinary(plain_text("\n".join(strings_of(page))), names)
    return candidates, terms.without_ordinary(matcher, ordinary)


def _ordinary(text: str, names: set[str]) -> set[str]:
    """Return the names that a text also has in small letters."""
    return {
        token.word
        for token in tokens(text)
        if token.word in names
        and token.text.islower()
        and text[token.start - 1 : token.start] not in _IN_ADDRESS
    }


def _links(page: Any, raw: str, matcher: Matcher) -> bool:
    numbers = linked_in(raw) | set(pages_chosen(page))
    return bool(numbers & matcher.pages) or any(path.rstrip("/") in raw for path in matcher.paths)


def _chosen(page: Any, matcher: Matcher) -> bool:
    """Return whether the page quotes the person by choice, or shows one of the files."""
    if not isinstance(page, Page) or not (matcher.person or matcher.files):
        return False
    content = content_of(page)
    return any(quote.person == matcher.person for quote in content.quotes if quote.person) or any(
        file.key in matcher.files for file in content.files
    )


def _streams(page: Any) -> Iterator[Any]:
    for column in page._meta.concrete_fields:
        if isinstance(column, StreamField) and (stream := getattr(page, column.name)):
            yield list(stream.raw_data)


def strings_of(holder: Any, *, seen: bool = False) -> Iterator[str]:
    """Yield the stored texts of a page or shared object: fields, streams, tables, and the address.

    `seen`: only what visitors see.
    """
    is_page = isinstance(holder, Page)
    fields = None if is_page else places.reading_of(holder, 0).fields
    left_out = {"path", "url_path"} | ((unseen(holder) - {"slug"}) if is_page and seen else set())
    for column in holder._meta.concrete_fields:
        if column.name in left_out or (fields is not None and column.name not in fields):
            continue
        value = getattr(holder, column.attname, None) if not isinstance(column, StreamField) else None
        if isinstance(column, models.JSONField) and not is_page:
            yield from leaves(value, str)
        elif isinstance(column, models.CharField | models.TextField) and isinstance(value, str) and value:
            yield slug_words(value) if column.name == "slug" else value
    for stream in _streams(holder):
        yield from leaves(stream, str)
    if is_page:
        yield from _strings_of_tables(holder)


def _strings_of_tables(page: Page) -> Iterator[str]:
    hidden = unseen(page)
    for relation in _tables_with_text(type(page)):
        if relation.get_accessor_name() in hidden:
            continue
        for row in getattr(page, relation.get_accessor_name()).all():
            for column in row._meta.concrete_fields:
                if isinstance(column, models.CharField | models.TextField):
                    yield str(getattr(row, column.attname) or "")


def linked_in(raw: str) -> set[int]:
    """Return the numbers of pages, and of files, to which links in stored rich text lead."""
    return {int(number) for number in _LINK.findall(raw)}


def pages_chosen(page: Any) -> Iterator[int]:
    """Yield the numbers of the pages that an editor chose in blocks of a page."""
    for column in page._meta.concrete_fields:
        if isinstance(column, StreamField) and (stream := getattr(page, column.name)):
            yield from _chosen_in(column.stream_block, list(stream.raw_data))


def _chosen_in(block: Any, raw: Any) -> Iterator[int]:
    if isinstance(block, blocks.PageChooserBlock):
        if isinstance(raw, int):
            yield raw
    elif isinstance(block, TypedTableBlock):
        # Its rows are stored without their blocks: any number in them may be a page.
        yield from leaves(raw, int)
    elif raw:
        for child, value in children_of(block, raw):
            yield from _chosen_in(child, value)


# How sure ---------------------------------------------------------------------------------------------------


def matcher_for(holder: Any, matcher: Matcher, person: Person) -> Matcher:
    """Return the matcher for one object. On pages about other people and in terms, fewer names are sure.

    On pages about others, a first name alone is sure only if the person's pages are written under it, and not
    if someone who is quoted bears it. It is not looked for on the page of someone who bears it.
    """
    if isinstance(holder, AboutPerson):
        shown = words_of(person.display_name)
        looked_for = {name.words for name in matcher.names}
        theirs = terms.own_names(terms.own_name_lines(holder), looked_for)
        own = terms.names_of_own(holder, looked_for)
        names = [
            replace(name, is_sure=name.is_sure and (len(name.words) > 1 or name.words == shown))
            for name in matcher.names
            if name.words not in theirs
        ]
        names = [replace(name, is_sure=name.is_sure and name.words not in own) for name in names]
    elif isinstance(holder, Page) or not places.is_term(holder):
        return matcher
    else:
        # Sources of terms and measures name their authors: only a full name counts.
        names = [name for name in matcher.names if len(name.words) > 1 or is_unspaced(name.words[0])]
    return replace(matcher, names=names)


__all__ = [
    "all_pages",
    "linked_in",
    "matcher_for",
    "narrowed",
    "of_all_types",
    "page_models",
    "pages_chosen",
    "public_pages",
    "strings_of",
    "with_rows",
]
