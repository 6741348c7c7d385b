"""Where a person may be mentioned, and what may be done there without asking anyone.

Pages about no one lose the smallest part that contains a mention. On pages about other people, and in what
many pages show without owning it (settings, pictures, recordings, documents, terms), only the words
themselves are replaced: the rest was written about someone else, or is everyone's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import JSONField, Model
from django.urls import NoReverseMatch, reverse
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.models import Page, ReferenceIndex, Site

from media.models import Document, Picture, Recording
from publication.file_references import surfaces_showing
from publication.mixins import AboutPerson
from publication.reasons import requirements_of

FILES = (Picture, Recording, Document)
# How a term or measure is called: a syndrome named after its discoverer is not a mention.
CALLED = frozenset({"name", "title", "full_name"})


@dataclass(frozen=True)
class Reading:
    """How the mentions in one object are read.

    `fields`: only these, None for all that visitors see. `words_only`: words are replaced, and no more is
    removed. `replace`: also in fields that must not be empty. `asked`: fields in which a person decides about
    every mention. `by_hand`: fields that no program changes. `skipped`: parts that depend on the person's
    consent already. `is_unpublished`: whether the page is unpublished where something cannot be removed.
    """

    fields: frozenset[str] | None = None
    words_only: bool = False
    replace: bool = False
    asked: frozenset[str] = frozenset()
    by_hand: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    is_unpublished: bool = False


# What other apps say that pages show without owning it: by model, the fields, and for parts of such an object
# the field that leads to it.
_shown: dict[type[Model], tuple[frozenset[str], str]] = {}


def add(model: type[Model], fields: Iterable[str], root: str = "") -> None:
    """State that public pages show these fields of the objects of `model`."""
    _shown[model] = frozenset(fields), root


def is_shown(model: type[Model]) -> bool:
    """Return whether pages show objects of a model without owning them."""
    return model in _shown


def reading_of(holder: Any, person: int, *, erasing: bool = False) -> Reading:
    """Return how an object is read when mentions of `person` are looked for."""
    model = type(holder)
    if isinstance(holder, AboutPerson):
        needs = requirements_of(holder) if holder.pk and not erasing else ()
        own = frozenset(need.part for need in needs if need.person == person and need.part)
        by_hand = frozenset() if erasing and not getattr(holder, "live", False) else frozenset({"slug"})
        return Reading(words_only=True, replace=True, by_hand=by_hand, skipped=own)
    if isinstance(holder, Page):
        if erasing:
            return Reading(replace=True)
        is_root = Site.objects.filter(root_page=holder.pk).exists()
        return Reading(replace=is_root, is_unpublished=True)
    fields, root = _shown[model]
    data = {column.name for column in model._meta.concrete_fields if isinstance(column, JSONField)}
    asked = frozenset({"transcript"})
    if is_term(holder):
        asked |= CALLED if not root else fields
    return Reading(fields, words_only=True, replace=True, asked=asked, by_hand=frozenset(data) & fields)


def shared_things() -> Iterator[Any]:
    """Yield what pages show without owning it, also what nothing shows now."""
    for model in _shown:
        yield from model._default_manager.order_by("pk").iterator(chunk_size=500)


def is_term(thing: Any) -> bool:
    """Return whether an object belongs to a vocabulary, and is neither a file nor a setting."""
    return not issubclass(_root_model(type(thing)), (*FILES, BaseSiteSetting, BaseGenericSetting))


def _root_model(model: type[Any]) -> type[Any]:
    """Return the model of the objects to which those of a model belong, itself for others. No query."""
    _fields, root = _shown.get(model, (frozenset(), ""))
    return model._meta.get_field(root).related_model if root else model


def is_everywhere(thing: Any) -> bool:
    """Return whether every page shows an object: settings are."""
    return isinstance(thing, BaseSiteSetting | BaseGenericSetting)


def only_public(things: Iterable[Any], without_pages: Iterable[int]) -> list[Any]:
    """Return these objects without files that nothing public shows, but for these pages."""
    things, without = list(things), list(without_pages)
    files = {thing: _file_of(thing) for thing in things}
    shown = surfaces_showing([file for file in files.values() if file], without_pages=without).surfaces
    kinds = {model: ContentType.objects.get_for_model(model).pk for model in FILES}
    return [
        thing for thing, file in files.items() if file is None or shown.get((kinds[type(file)], str(file.pk)))
    ]


def _file_of(thing: Any) -> Any:
    """Return the library item that an object is or belongs to, None for other objects."""
    return next((one for one in (thing, root_of(thing)) if isinstance(one, FILES)), None)


def root_of(thing: Any) -> Any:
    """Return the object to which a part belongs, or the object itself."""
    _fields, root = _shown.get(type(thing), (frozenset(), ""))
    return getattr(thing, root) if root else thing


def pages_showing(thing: Any) -> list[int]:
    """Return the numbers of the pages that refer to an object, as Wagtail's index knows them."""
    owner = root_of(thing)
    rows = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(type(owner)), to_object_id=str(owner.pk)
    )
    page = ContentType.objects.get_for_model(Page)
    return sorted(
        {int(one) for one in rows.filter(base_content_type=page).values_list("object_id", flat=True)}
    )


# Naming -----------------------------------------------------------------------------------------------------


def label_of(holder: Any) -> str:
    """Return the place of an object in stored data: '' for a page, otherwise its model."""
    return "" if isinstance(holder, Page) else holder._meta.label_lower


def title_of(holder: Any) -> str:
    """Return what editors call an object."""
    if isinstance(holder, Page):
        return str(holder.title)
    owner = root_of(holder)
    kind = str(owner._meta.verbose_name)
    return f"{kind[:1].upper()}{kind[1:]}: {owner}"


def edit_url(holder: Any) -> str:
    """Return where an object is edited in the admin, '' where no form is known."""
    owner = root_of(holder)
    if isinstance(owner, Page):
        return reverse("wagtailadmin_pages:edit", args=[owner.pk])
    if isinstance(owner, BaseSiteSetting):
        return reverse(
            "wagtailsettings:edit", args=[owner._meta.app_label, owner._meta.model_name, owner.site_id]
        )
    views = {Picture: "wagtailimages:edit", Document: "wagtaildocs:edit", Recording: "wagtailmedia:edit"}
    name = views.get(type(owner), f"wagtailsnippets_{owner._meta.app_label}_{owner._meta.model_name}:edit")
    try:
        return reverse(name, args=[owner.pk])
    except NoReverseMatch:
        return ""
