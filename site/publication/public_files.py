"""Which pictures, documents and recordings the public may fetch: those that a public place shows, no others.

A place is a page, a site setting, or a published object that is not a page. What refers to what, Wagtail's
reference index knows. `refresh` compares that with what is shown, and has `media.publishing` show or hide the
difference in the same transaction; `publication.public_file_signals` calls it whenever a page, a clearance or
a restriction changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.models import (
    CollectionViewRestriction,
    DraftStateMixin,
    Page,
    ReferenceIndex,
)

from media import publishing
from media.publishable import Publishable
from publication.depictions import everyone_shown_consents
from publication.models import Clearance
from publication.visibility import visible_pages

AT_ONCE = 200
Key = tuple[int, str]  # content type and number, as the reference index has them


@dataclass
class Refreshed:
    """What a refresh changed. `taken_down`: the names of the public files that were."""

    shown: list[Publishable] = field(default_factory=list)
    hidden: list[Publishable] = field(default_factory=list)
    taken_down: list[str] = field(default_factory=list)

    def __add__(self, other: Refreshed) -> Refreshed:
        return Refreshed(
            self.shown + other.shown, self.hidden + other.hidden, self.taken_down + other.taken_down
        )


# What is public ---------------------------------------------------------------------------------------------


def public_of(model: type[Model]) -> QuerySet[Any] | None:
    """Return the public objects of a model that is not a page type; None for private models, as most are."""
    if issubclass(model, BaseGenericSetting | BaseSiteSetting):
        return model._default_manager.all()
    if issubclass(model, DraftStateMixin) and not issubclass(model, Page):
        return model._default_manager.filter(live=True)
    return None


def is_place(model: type[Model]) -> bool:
    return issubclass(model, Page) or public_of(model) is not None


# What may be shown there ------------------------------------------------------------------------------------


def not_in_closed_collection(thing: Any) -> bool:
    """Return True unless the file is in a collection with view restrictions: those files are for staff
    only."""
    if not CollectionViewRestriction.objects.exists():
        return True
    return not thing.collection.get_view_restrictions().exists()


def refused(thing: Publishable, place: Model | None = None) -> bool:
    """Whether a rule forbids `thing` at `place`, or, without one, at every public place that refers to it."""
    if place is not None:
        return not (not_in_closed_collection(thing) and everyone_shown_consents(thing, place))
    places = _places_of([thing])[key_of(thing)]
    return bool(places) and all(refused(thing, one) for one in places)


def shown_to_the_public(
    files: Sequence[Publishable],
    *,
    without_pages: Collection[int] = (),
    without_parts: Mapping[int, frozenset[str]] | None = None,
) -> set[Key]:
    """Return the keys (`key_of`) of those of `files` that at least one public place may show now.

    `without_pages` and `without_parts` (parts by the page's number) count as unpublished and redacted
    already: a withdrawal asks what would still be shown without them.
    """
    places = _places_of(files, without_pages=without_pages, without_parts=without_parts or {})
    return {
        key_of(shown) for shown in files if any(not refused(shown, place) for place in places[key_of(shown)])
    }


# Deciding ---------------------------------------------------------------------------------------------------


def refresh(things: Iterable[Publishable] | None = None) -> Refreshed:
    """Show each of `things` that at least one public place shows, hide all others; without `things`, of all
    there are.

    Idempotent. Call it in the transaction that changes what is public: the database says at its commit what
    is public, files follow right after.
    """
    done = Refreshed()
    batches = iter(_all_things() if things is None else _sorted(things))
    while batch := list(islice(batches, AT_ONCE)):
        done += _refresh(batch)
    return done


def _refresh(batch: list[Publishable]) -> Refreshed:
    done = Refreshed()
    with transaction.atomic():
        # Lock first, then read; otherwise two concurrent takedowns could each assume the other page still
        # shows the file.
        held = _held(batch)
        shown = shown_to_the_public(held)
        for thing in held:
            wanted = key_of(thing) in shown
            if wanted and not thing.is_published:
                publishing.publish(thing)
                done.shown.append(thing)
            elif not wanted and thing.is_published:
                done.taken_down += publishing.unpublish(thing)
                done.hidden.append(thing)
    return done


def _held(batch: list[Publishable]) -> list[Any]:
    by_model: defaultdict[type[Publishable], list[int]] = defaultdict(list)
    for thing in batch:
        by_model[type(thing)].append(thing.pk)
    held: list[Any] = []
    for model in publishing.PUBLISHABLE_MODELS:
        if numbers := by_model.get(model):
            rows = model._base_manager.select_for_update(of=("self",)).filter(pk__in=numbers)
            held += rows.order_by("pk")
    return held


def _sorted(things: Iterable[Publishable]) -> list[Publishable]:
    """Return each once, in the order in which every process locks them."""
    unique = {
        (publishing.PUBLISHABLE_MODELS.index(type(thing)), thing.pk): thing for thing in things if thing.pk
    }
    return [unique[key] for key in sorted(unique)]


def _all_things() -> Iterator[Publishable]:
    for model in publishing.PUBLISHABLE_MODELS:
        yield from model._base_manager.order_by("pk").iterator()


def key_of(thing: Model) -> Key:
    """Return what the reference index has for this file: its content type and its number."""
    return ContentType.objects.get_for_model(type(thing)).pk, str(thing.pk)


def _places_of(
    things: Iterable[Publishable],
    *,
    without_pages: Collection[int] = (),
    without_parts: Mapping[int, frozenset[str]] = MappingProxyType({}),
) -> dict[Key, list[Any]]:
    """Return the public places that show each thing: four queries, and one for each kind of place that is not
    a page."""
    keys = [key_of(thing) for thing in things]
    references = ReferenceIndex.objects.filter(
        to_content_type__in={kind for kind, _number in keys},
        to_object_id__in=[number for _kind, number in keys],
    ).values_list("to_content_type", "to_object_id", "base_content_type", "object_id", "content_path")
    found = [(row[:2], row[2:4], row[4]) for row in references]
    public = _public_places({place for _thing, place, _path in found})
    page_type = ContentType.objects.get_for_model(Page).pk
    for page in without_pages:
        public.pop((page_type, str(page)), None)
    withheld = _withheld(int(number) for (kind, number) in public if kind == page_type)
    for page, parts in without_parts.items():
        withheld[str(page)] = withheld.get(str(page), frozenset()) | parts
    places: defaultdict[Key, dict[Key, Any]] = defaultdict(dict)
    for thing, place, path in found:
        if place in public and not (place[0] == page_type and _parts(path) & withheld.get(place[1], set())):
            places[thing][place] = public[place]
    return defaultdict(list, {thing: list(by_place.values()) for thing, by_place in places.items()})


def _public_places(keys: set[Key]) -> dict[Key, Any]:
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
            public |= {(kind, str(one.pk)): one for one in objects.filter(pk__in=numbers)}
    return public


def _withheld(pages: Iterable[int]) -> dict[str, frozenset[str]]:
    """By a page's number the parts of it that consent does not cover now, as the gate names them."""
    numbers = list(pages)
    clearances = Clearance.objects.filter(page_id__in=numbers) if numbers else ()
    return {str(clearance.page_id): clearance.withheld() for clearance in clearances}


def _parts(path: str) -> set[str]:
    """The names the gate may have for the part of a page where a reference stands
    (`publication.consent_requirements.part_of`)."""
    name, _dot, rest = path.partition(".")
    return {f"field:{name}", f"block:{rest.partition('.')[0]}"}


# What a place refers to -------------------------------------------------------------------------------------


def things_of(*places: Model) -> list[Publishable]:
    """The pictures, documents and recordings to which these pages, or other places, refer as they are
    stored."""
    keys: defaultdict[int, list[str]] = defaultdict(list)
    for place in places:
        if place.pk:
            keys[ReferenceIndex._get_base_content_type(place).pk].append(str(place.pk))
    return [thing for kind, numbers in keys.items() for thing in _referred(kind, numbers)]


def things_below(page: Page) -> list[Publishable]:
    """As `things_of`, for a page and all pages below it."""
    numbers = [
        str(number) for number in Page.objects.filter(path__startswith=page.path).values_list("pk", flat=True)
    ]
    kind = ContentType.objects.get_for_model(Page).pk
    return [
        thing
        for start in range(0, len(numbers), AT_ONCE)
        for thing in _referred(kind, numbers[start : start + AT_ONCE])
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


def index_references(place: Model) -> None:
    """Enter what `place`, as the database has it, refers to, at once: Wagtail does it too, but in the task
    worker."""
    stored = type(place)._base_manager.filter(pk=place.pk).first()
    if stored is not None:
        with transaction.atomic():
            ReferenceIndex.create_or_update_for_object(stored)
