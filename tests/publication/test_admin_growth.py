"""What editors do every day costs the database hardly more at 900 stories than at 60, after ANALYZE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from wagtail.search.backends import get_search_backend

from demo.made import materials
from demo.made.maker import make_stories
from experiences.models import StoryPage
from publication.admin_urls import checklist_url
from tests.database_work import work_of
from tests.factories import home

FEW, MANY = 60, 900
WALKING = {"edit", "checklist", "history", "person"}


@pytest.fixture
def small_pool(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven small pictures, so that each is on nearly all stories."""
    monkeypatch.setattr(materials, "PICTURES", 7)
    monkeypatch.setattr(materials, "WIDTH", 160)
    monkeypatch.setattr(materials, "HEIGHT", 120)
    home()


def a_story() -> StoryPage:
    return StoryPage.objects.get(slug="made-story-000021")


def acts(client: Client) -> dict[str, Callable[[], Any]]:
    """Return what an editor does, by name."""
    story = a_story()

    def publish() -> None:
        draft: Any = a_story().latest_revision.as_object()
        draft.lede = f"{draft.lede} And on."
        draft.save_revision().publish()

    def get(address: str) -> Callable[[], None]:
        def ask() -> None:
            assert client.get(address).status_code == 200

        return ask

    return {
        "publish": publish,
        "edit": get(f"/admin/pages/{story.pk}/edit/"),
        "checklist": get(checklist_url(story)),
        "history": get(f"/admin/pages/{story.pk}/history/"),
        "terms": get("/admin/terms/conditions/condition/?q=cereb"),
        "person": get(f"/admin/people/edit/{story.person_id}/"),
        "picture chooser": get("/admin/images/chooser/"),
        "index of one page": lambda: get_search_backend().add(a_story()),
    }


def work_at(count: int, client: Client) -> dict[str, int]:
    make_stories(count)
    named = acts(client)
    for act in named.values():
        act()  # content types and the like are read once
    return {name: work_of(act) for name, act in named.items()}


@pytest.mark.usefixtures("small_pool")
def test_what_an_editor_does_does_not_grow_with_the_number_of_stories(editor_client: Client) -> None:
    few = work_at(FEW, editor_client)
    many = work_at(MANY, editor_client)
    grown = {name: round(many[name] / few[name], 2) for name in few}
    walking, most = WALKING, MANY / FEW / 2
    if connection.vendor == "postgresql":
        # So few pages it looks up by merging whole indexes: publishing reads 25 of 900 pages that way.
        walking, most = walking | {"publish"}, MANY / FEW
    assert not {name: ratio for name, ratio in grown.items() if ratio > 1.5 and name not in walking}, grown
    # These contain a query of Wagtail's own that walks along an index (docs/capacity.md); no step may be dearer.
    assert not {name: ratio for name, ratio in grown.items() if ratio > most}, grown


@pytest.mark.usefixtures("small_pool")
def test_the_search_in_the_admin_is_not_quadratic(editor_client: Client) -> None:
    """It counts what it finds, so it may grow with that, and no faster."""

    def search() -> None:
        index = a_story().get_parent()
        assert editor_client.get(f"/admin/pages/{index.pk}/", {"q": "stairs"}).status_code == 200

    work = []
    for count in (FEW, MANY):
        make_stories(count)
        search()
        work.append(work_of(search))
    assert work[1] / work[0] < 2 * MANY / FEW
