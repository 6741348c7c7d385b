"""Which public surfaces show which pictures, recordings and documents.

A surface is a page, a site setting, or a published object that is not a page. Wagtail's reference index knows
what a surface refers to; clearances and restrictions say which surfaces, and which parts of a page, are
public.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.models import DraftStateMixin, Page, ReferenceIndex

from media import publishing
from media.publishable import Publishable
from publication.models import Clearance
from publication.shown_files import Reference, references_of
from publication.visibility import visible_pages

BATCH_SIZE = 200
Key = tuple[int, str]  # content type and object id, as in the reference index


def key_of(thing: Model) -> Key:
    """Return the key of a file in the reference index."""
    return ContentType.objects.get_for_model(type(thing)).pk, str(thing.pk)


# From files to surfaces -------------------------------------------------------------------------------------


def public_of(model: type[Model]) -> QuerySet[Any] | None:
    """Return the public objects of a model other than pages; None for a private model, as most models are."""
    if issubclass(model, BaseGenericSetting | BaseSiteSetting):
        return model._default_manager.all()
    if issubclass(model, DraftStateMixin) and not issubclass(model, Page):
        return model._default_manager.filter(live=True)
    return None


def is_showing_model(model: type[Model]) -> bool:
    """Return whether objects of a model can show files to visitors."""
    return issubclass(model, Page) or public_of(model) is not None


_COLUMNS = ("to_content_type", "to_object_id", "base_content_type", "object_id", "content_path")


@dataclass(frozen=True)
class Showing:
    """`surfaces`: the public surfaces that show each file; `unfinished`: files with more references."""

    surfaces: Mapping[Key, list[Any]]
    unfinished: frozenset[Key]


def surfaces_showing(
    files: Iterable[Publishable],
    *,
    without_pages: Collection[int] = (),
    without_parts: Mapping[int, frozenset[str]] = MappingProxyType({}),
    most: int | None = None,
    only: Model | None = None,
) -> Showing:
    """Return the public surfaces that show each file: four queries, and one for each kind of surface but
    pages; with `most`, one more for each file. `only`: look at this surface alone.

    `without_pages` and `without_parts` (parts by page id) count as unpublished and redacted already. `most`:
    how many references to each file are read; None for all.
    """
    keys = [key_of(file) for file in files]
    if only is not None:
        references = _references_to(keys, only)
    else:
        references = _references_to(keys) if most is None else _first_references_to(keys, most)
    public = _public_surfaces({surface for _file, surface, _path in references})
    page_type = ContentType.objects.get_for_model(Page).pk
    for page in without_pages:
        public.pop((page_type, str(page)), None)
    redacted = _redacted_parts(int(number) for (kind, number) in public if kind == page_type)
    for page, parts in without_parts.items():
        redacted[str(page)] = redacted.get(str(page), frozenset()) | parts
    found: defaultdict[Key, dict[Key, Any]] = defaultdict(dict)
    for file, surface, path in references:
        in_redacted_part = surface[0] == page_type and _part_names(path) & redacted.get(surface[1], set())
        if surface in public and not in_redacted_part:
            found[file][surface] = public[surface]
    showing = defaultdict(list, {file: list(surfaces.values()) for file, surfaces in found.items()})
    read = Counter(file for file, _surface, _path in references)
    if only is not None:
        unfinished = frozenset(keys)
    else:
        unfinished = frozenset() if most is None else frozenset(key for key in keys if read[key] >= most)
    return Showing(showing, unfinished)


def _first_references_to(keys: list[Key], most: int) -> list[tuple[Key, Key, str]]:
    """Return some references to each of these files, `most` at the most, in no order."""
    rows: list[Any] = []
    for kind, number in keys:
        references = ReferenceIndex.objects.filter(to_content_type=kind, to_object_id=number)
        rows += references.values_list(*_COLUMNS)[:most]
    return _as_references(rows)


def _references_to(keys: list[Key], surface: Model | None = None) -> list[tuple[Key, Key, str]]:
    """Return (file, surface, path in it) for each reference to these files, of one surface if given."""
    rows = ReferenceIndex.objects.filter(
        to_content_type__in={kind for kind, _number in keys},
        to_object_id__in=[number for _kind, number in keys],
    )
    if surface is not None:
        base = ReferenceIndex._get_base_content_type(surface)
        rows = rows.filter(base_content_type=base, object_id=str(surface.pk))
    return _as_references(rows.values_list(*_COLUMNS))


def _as_references(rows: Iterable[Any]) -> list[tuple[Key, Key, str]]:
    return [((row[0], row[1]), (row[2], row[3]), row[4]) for row in rows]


def _public_surfaces(keys: set[Key]) -> dict[Key, Any]:
    by_kind: defaultdict[int, list[str]] = defaultdict(list)
    for kind, number in keys:
        by_kind[kind].append(number)
    public: dict[Key, Any] = {}
    for kind, numbers in by_kind.items():
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is None:
            continue
        objects = visible_pages(Page.objects.all()) if issubclass(model, Page) else public_of(model)
        if objects is not None:
            # Without an order: for the order of the tree PostgreSQL reads all pages along the index of paths.
            found = objects.filter(pk__in=numbers).order_by()
            public |= {(kind, str(surface.pk)): surface for surface in found}
    return public


def _redacted_parts(page_ids: Iterable[int]) -> dict[str, frozenset[str]]:
    """Return by page id the parts that consent does not cover now."""
    numbers = list(page_ids)
    clearances = Clearance.objects.filter(page_id__in=numbers) if numbers else ()
    return {str(clearance.page_id): clearance.redacted() for clearance in clearances}


def _part_names(path: str) -> set[str]:
    """Return the names that the gate may use for the part of a page at `path`
    (`publication.shown_files.part_of`).
    """
    name, _dot, rest = path.partition(".")
    names = {f"field:{name}", f"block:{rest.partition('.')[0]}"}
    # It is shown to social media alone.
    return names | {"use:social_media"} if name == "social_picture" else names


# From surfaces to files -------------------------------------------------------------------------------------


def files_shown_by(*surfaces: Model) -> list[Publishable]:
    """Return the pictures, documents and recordings to which these surfaces refer as they are stored."""
    keys: defaultdict[int, list[str]] = defaultdict(list)
    for surface in surfaces:
        if surface.pk:
            keys[ReferenceIndex._get_base_content_type(surface).pk].append(str(surface.pk))
    return [file for kind, numbers in keys.items() for file in _referred(kind, numbers)]


def files_shown_below(page: Page) -> list[Publishable]:
    """Return the files to which a page and all pages below it refer."""
    below = Page.objects.filter(path__startswith=page.path).values_list("pk", flat=True)
    numbers = [str(number) for number in below]
    kind = ContentType.objects.get_for_model(Page).pk
    return [
        file
        for start in range(0, len(numbers), BATCH_SIZE)
        for file in _referred(kind, numbers[start : start + BATCH_SIZE])
    ]


def _referred(kind: int, numbers: list[str]) -> Iterator[Any]:
    rows = ReferenceIndex.objects.filter(
        base_content_type=kind, object_id__in=numbers, to_content_type__in=_file_types()
    ).values_list("to_content_type", "to_object_id")
    yield from _files_in(rows)


def _file_types() -> dict[int, type[Publishable]]:
    return {ContentType.objects.get_for_model(model).pk: model for model in publishing.PUBLISHABLE_MODELS}


def _files_in(references: Iterable[Key]) -> list[Any]:
    """Return the files among what is referred to (content type and key): one query for each type."""
    types = _file_types()
    by_type: defaultdict[int, set[str]] = defaultdict(set)
    for type_, number in references:
        if type_ in types:
            by_type[type_].add(number)
    return [
        file for type_, found in by_type.items() for file in types[type_]._base_manager.filter(pk__in=found)
    ]


def stored_references(surface: Model) -> set[Reference]:
    """Return what a surface referred to when it was indexed last."""
    if not surface.pk:
        return set()
    base = ReferenceIndex._get_base_content_type(surface)
    stored = ReferenceIndex.objects.filter(base_content_type=base, object_id=str(surface.pk))
    return set(stored.values_list("to_content_type", "to_object_id", "model_path", "content_path"))


def index_references_of(page: Page, stored: set[Reference]) -> set[Reference]:
    """Index what a page in memory refers to, as it was just stored, and return it.

    `stored`: what the index has. No query where nothing has changed.
    """
    references = set(references_of(page))
    if any(".None." in path for _type, _number, _model_path, path in references):
        # Collected before its new rows were stored.
        references = set(ReferenceIndex._extract_references_from_object(page))
    if stored != references:
        with transaction.atomic(savepoint=False):
            ReferenceIndex.create_or_update_for_object(page)
    return references


def files_among(references: Iterable[Reference]) -> list[Publishable]:
    """Return the files among what is referred to, with nothing but their keys. No query."""
    types: dict[int, Any] = dict(_file_types())
    files = {(reference[0], reference[1]) for reference in references if reference[0] in types}
    return [types[kind](pk=int(number)) for kind, number in files]


def index_references(surface: Model) -> None:
    """Index at once what the stored `surface` refers to. Wagtail indexes it too, but in the task worker."""
    stored = type(surface)._base_manager.filter(pk=surface.pk).first()
    if stored is not None:
        with transaction.atomic():
            ReferenceIndex.create_or_update_for_object(stored)
