"""A picture on a published story and also where visitors may not see it: its public files go with the story.

A page behind a login or password, or a picture in a closed collection, is not a public place. It must not
keep the picture's public files alive when the story's consent is withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.frontend_cache.backends.base import BaseBackend
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from audit.actors import Actor
from consent.models import Depiction
from media.models import Picture
from tests import factories as make
from withdrawal import receipts
from withdrawal.models import Withdrawal
from withdrawal.services import preview, withdraw
from withdrawal.surfaces import files, find

pytestmark = pytest.mark.django_db(transaction=True)
RESTRICTIONS = [PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD]
PURGED: list[str] = []


class RecordingCache(BaseBackend):
    """A front-end cache that only records which addresses are purged."""

    def purge(self, url: str) -> None:
        PURGED.append(url)


@pytest.fixture(autouse=True)
def purged(settings: Any) -> list[str]:
    PURGED.clear()
    settings.WAGTAILFRONTENDCACHE = {
        "recording": {"BACKEND": "tests.withdrawal.test_restricted_pages.RecordingCache"}
    }
    return PURGED


@dataclass
class Published:
    """A published story, its picture, and the picture's public files as a visitor fetches them."""

    story: Any
    picture: Picture
    renditions: list[str]
    social: list[str]

    @property
    def addresses(self) -> list[str]:
        return [*self.renditions, *self.social]


@pytest.fixture
def published(client: Client, home: Page) -> Callable[[], Published]:
    def publish() -> Published:
        picture = make.PictureFactory(title="Stairs", file=make.png(1600, 1200, "crimson"))
        story = make.StoryPageFactory(title="Fourteen stairs", picture=picture, social_picture=picture)
        for url in (story.url, story.get_parent().url, home.url):
            client.get(url)
        picture.refresh_from_db()
        names = {surface.name: surface for surface in (files.Renditions(), files.SocialImages())}
        by_surface = {
            name: [part.public_url for part in picture.parts() if part.stored_name and surface.includes(part)]
            for name, surface in names.items()
        }
        return Published(story, picture, by_surface["renditions"], by_surface["social_images"])

    return publish


def restricted_page(picture: Picture, kind: str, *, above: bool = False) -> Page:
    """Make a live page with the picture that visitors may not open; with `above`, its parent is
    restricted."""
    section = make.StandardPageFactory(title="For staff")
    page = make.StandardPageFactory(title="Minutes", parent=section, picture=picture)
    PageViewRestriction.objects.create(page=section if above else page, restriction_type=kind, password="x")
    return page


def withdraw_from(story: Any) -> Withdrawal:
    return withdraw(
        consent=story.person.consents.get(), by=Actor.system("test"), channel=Withdrawal.Channel.EDITOR
    )


def assert_all_is_removed(shown: Published, done: Withdrawal, purged: list[str], client: Client) -> None:
    """Check count, purge, receipt and answer of every public file of the picture."""
    assert len(shown.renditions) >= 10
    assert len(shown.social) == 1
    assert done.finished_at, [(step.surface, step.error) for step in done.steps.all()]
    counts = {line["surface"]: line["count"] for line in receipts.lines(done)}
    assert counts["renditions"] == len(shown.renditions)
    assert counts["social_images"] == len(shown.social)
    labels = [line["label"] for line in receipts.receipt(done)["surfaces"]]
    assert "Pictures in all sizes" in labels
    assert "Pictures for shared links" in labels
    purged_paths = {url.partition("://")[2].partition("/")[2] for url in purged}
    assert {address.lstrip("/") for address in shown.addresses} <= purged_paths
    assert {address: client.get(address).status_code for address in shown.addresses} == dict.fromkeys(
        shown.addresses, 410
    )
    shown.picture.refresh_from_db()
    assert not shown.picture.is_published


@pytest.mark.parametrize("above", [False, True], ids=["page itself", "page above"])
@pytest.mark.parametrize("kind", RESTRICTIONS)
def test_a_restricted_page_does_not_keep_the_public_files(
    published: Callable[[], Published], purged: list[str], client: Client, kind: str, above: bool
) -> None:
    shown = published()
    restricted_page(shown.picture, kind, above=above)
    assert {client.get(address).status_code for address in shown.addresses} == {200}
    done = withdraw_from(shown.story)
    assert_all_is_removed(shown, done, purged, client)


def test_a_page_that_visitors_may_open_keeps_them(
    published: Callable[[], Published], purged: list[str], client: Client
) -> None:
    shown = published()
    make.StandardPageFactory(title="Minutes", picture=shown.picture)
    done = withdraw_from(shown.story)
    assert not done.steps.filter(surface__in=["renditions", "social_images"]).exists()
    assert {client.get(address).status_code for address in shown.addresses} == {200}
    assert not {url.partition("/files/")[2] for url in purged if "/files/" in url}


def test_a_closed_collection_does_not_keep_the_public_files(
    published: Callable[[], Published], purged: list[str], client: Client
) -> None:
    """A restriction that was written without Django's signals: the files are public until the withdrawal
    looks."""
    shown = published()
    make.StandardPageFactory(title="Minutes", picture=shown.picture)
    closed = Collection.get_first_root_node().add_child(name="Closed")
    Picture.objects.filter(pk=shown.picture.pk).update(collection=closed)
    CollectionViewRestriction.objects.bulk_create(
        [CollectionViewRestriction(collection=closed, restriction_type=CollectionViewRestriction.LOGIN)]
    )
    done = withdraw_from(shown.story)
    assert_all_is_removed(shown, done, purged, client)


def test_a_page_without_the_consent_of_those_shown_does_not_keep_the_public_files(
    published: Callable[[], Published],
) -> None:
    """On a page that is not about a person, a picture is shown only while everyone in it consents."""
    shown = published()
    other = make.PersonFactory()
    make.StandardPageFactory(title="Minutes", picture=shown.picture)
    Depiction.objects.bulk_create([Depiction(person=other, picture=shown.picture)])
    scope = preview(person=shown.story.person.pk, consents=list(shown.story.person.consents.all()))
    assert find(scope)["renditions"].count == len(shown.renditions)


def test_file_names_of_a_picture_are_found_on_disk(published: Callable[[], Published], settings: Any) -> None:
    """The addresses of these tests are those of files that exist: otherwise nothing would be tested."""
    shown = published()
    root = Path(settings.MEDIA_ROOT)
    assert all((root / address.removeprefix("/files/")).is_file() for address in shown.addresses)
