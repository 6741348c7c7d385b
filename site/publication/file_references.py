"""Which public surfaces show which pictures, recordings and documents.

A surface is a page, a site setting, or a published object that is not a page. Wagtail's reference index knows
what a surface refers to; clearances and restrictions say which surfaces, and which parts of a page, are
public.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
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


def surfaces_showing(
    files: Iterable[Publishable],
    *,
    without_pages: Collection[int] = (),
    without_parts: Mapping[int, frozenset[str]] = MappingProxyType({}),
) -> dict[Key, list[Any]]:
    """Return the public surfaces that show each file: four queries, and one for each kind of surface but
    pages.

    `without_pages` and `without_parts` (parts by page id) count as unpublished and redacted already.
    """
    references = _references_to([key_of(file) for file in files])
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
    return defaultdict(list, {file: list(surfaces.values()) for file, surfaces in found.items()})


def _references_to(keys: list[Key]) -> list[tuple[Key, Key, str]]:
    """Return (file, surface, path in the surface) for each reference to these files."""
    rows = ReferenceIndex.objects.filter(
        to_content_type__in={kind for kind, _number in keys},
        to_object_id__in=[number for _kind, number in keys],
    ).values_list("to_content_type", "to_object_id", "base_content_type", "object_id", "content_path")
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
            public |= {(kind, str(surface.pk)): surface for surface in objects.filter(pk__in=numbers)}
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
    return {f"field:{name}", f"block:{rest.partition('.')[0]}"}


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
    types = {ContentType.objects.get_for_model(model).pk: model for model in publishing.PUBLISHABLE_MODELS}
    rows = ReferenceIndex.objects.filter(
        base_content_type=kind, object_id__in=numbers, to_content_type__in=types
    ).values_list("to_content_type", "to_object_id")
    by_type: defaultdict[int, set[str]] = defaultdict(set)
    for type_, number in rows:
        by_type[type_].add(number)
    for type_, found in by_type.items():
        yield from types[type_]._base_manager.filter(pk__in=found)


def index_references(surface: Model) -> None:
    """Index at once what the stored `surface` refers to. Wagtail indexes it too, but in the task worker."""
    stored = type(surface)._base_manager.filter(pk=surface.pk).first()
    if stored is not None:
        with transaction.atomic():
            ReferenceIndex.create_or_update_for_object(stored)
