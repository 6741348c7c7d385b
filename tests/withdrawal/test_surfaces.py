"""Every public address, page type and kind of file is covered by a surface or exempted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import URLPattern, URLResolver, get_resolver, path
from wagtail.models import get_page_models

from media import public_names
from publication.mixins import AboutPerson
from withdrawal import surfaces
from withdrawal.surfaces import Scope, Surface, registry

# Behind a login (its own matrix of permissions is tested), or of files that are the same for all visitors.
NOT_PUBLIC = ("admin/", "static/")


def routes(patterns: Iterable[Any], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def unclaimed_routes(patterns: Iterable[URLPattern | URLResolver]) -> list[str]:
    claimed = {route for surface in surfaces.registered() for route in surface.patterns} | set(
        surfaces.exempted()
    )
    return [route for route in routes(patterns) if route not in claimed and not route.startswith(NOT_PUBLIC)]


def unclaimed_page_types(models: Iterable[Any]) -> list[str]:
    claimed = {kind for surface in surfaces.registered() for kind in surface.page_types} | set(
        surfaces.exempted()
    )
    return [model._meta.label for model in models if model._meta.label not in claimed]


def unclaimed_files(places: Iterable[str]) -> list[str]:
    claimed = {folder for surface in surfaces.registered() for folder in surface.files} | set(
        surfaces.exempted()
    )
    return [place for place in places if place not in claimed]


def test_every_public_address_is_claimed_by_a_surface() -> None:
    assert unclaimed_routes(get_resolver().url_patterns) == []


def test_a_new_address_is_noticed() -> None:
    new = path("api/stories/", lambda request: None)  # type: ignore[arg-type,return-value]
    assert unclaimed_routes([new]) == ["api/stories/"]


def test_every_page_type_is_claimed_by_a_surface() -> None:
    # Other tests make up page types of their own.
    assert (
        unclaimed_page_types(one for one in get_page_models() if not one.__module__.startswith("tests")) == []
    )


def test_a_new_page_type_is_noticed() -> None:
    class _Meta:
        label = "experiences.Diary"

    class Diary:
        _meta = _Meta

    assert unclaimed_page_types([Diary]) == ["experiences.Diary"]


def test_pages_about_people_are_never_exempted() -> None:
    about = {model._meta.label for model in get_page_models() if issubclass(model, AboutPerson)}
    assert len(about) >= 3
    assert not about & set(surfaces.exempted())


def test_every_kind_of_public_file_is_claimed_by_a_surface() -> None:
    assert unclaimed_files(public_names.PUBLISHED_NAMES) == []
    assert unclaimed_files([*public_names.PUBLISHED_NAMES, "podcasts/"]) == ["podcasts/"]


def test_no_model_puts_files_where_the_public_storage_claims_nothing() -> None:
    """Files that `media.publishing` does not claim are not served: no field of ours may write there."""
    from django.apps import apps
    from django.db.models import FileField

    ours = {
        config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] not in {"wagtail", "django"}
    }
    public = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ours and not model.__module__.startswith(("wagtail", "django"))
        for field in model._meta.get_fields()
        if isinstance(field, FileField) and field.storage == default_storage
    }
    assert public <= {"media.Clip.file", "media.Clip.poster", "media.Clip.captions"}


@pytest.mark.parametrize("surface", surfaces.registered(), ids=lambda surface: surface.name)
def test_each_surface_says_what_it_must_and_finds_nothing_in_nothing(surface: Surface, db: None) -> None:
    from django.utils import timezone

    assert surface.label
    assert type(surface).find is not Surface.find
    assert type(surface).check is not Surface.check
    found = surface.find(Scope(person=0, at=timezone.now()))
    assert found.count == 0
    surface.take_down(found.what)
    assert surface.check(found.what) == 0


def test_there_are_at_least_twenty_and_no_name_twice() -> None:
    names = [surface.name for surface in surfaces.registered()]
    assert len(names) == len(set(names)) >= 20

    class Another(Surface):
        name = names[0]

    with pytest.raises(ValueError, match=names[0]):
        registry.register(Another)


def test_caches_come_last() -> None:
    names = [surface.name for surface in surfaces.registered()]
    assert names[-2:] == ["page_cache", "front_end_cache"]
