"""Stored pages: made at publication, made again when what they show changes, exact between processes."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from delivery import making, program, stored, sweeping
from delivery.models import ShownPage, StoredPage
from pages.models import SiteSettings
from tests import factories as make
from tests.delivery.visitors import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story(settings: Any) -> Any:
    settings.PAGE_CACHE_MEGABYTES = 16
    story = make.StoryPageFactory(title="Fourteen stairs", slug="fourteen-stairs")
    SiteSettings.for_site(story.get_site())
    return story


def address(page: Any) -> str:
    return f"http://localhost{page.url}"


def test_publishing_makes_the_page(story: Any) -> None:
    """The tests' task queue runs a task when it is put in."""
    story.save_revision().publish()
    assert stored.read(address(story)) is not None
    assert set(ShownPage.objects.values_list("page_number", flat=True)) >= {story.pk}


def test_a_stored_page_is_current_only_while_nothing_on_it_changes(story: Any) -> None:
    assert making.make_pages([story.pk]).stored == 1
    kept = stored.read(address(story))
    assert kept is not None
    assert b"Fourteen stairs" in kept.body
    type(story).objects.filter(pk=story.pk).update(title="Without signals")
    assert stored.read(address(story)) is None


def test_a_change_while_the_page_is_rendered_keeps_it_from_being_stored(story: Any) -> None:
    making.make_pages([story.pk])
    entry = stored.read(address(story))
    assert entry is not None
    entry.known = {}
    type(story).objects.filter(pk=story.pk).update(title="Changed meanwhile")
    StoredPage.objects.all().delete()
    assert not stored.write(address(story), entry)
    assert not StoredPage.objects.exists()


def test_unpublishing_and_deleting_remove_what_shows_the_page(story: Any) -> None:
    index = story.get_parent()
    making.make_pages([story.pk, index.pk])
    assert stored.showing([story.pk]).count() == 2
    story.unpublish()
    assert not stored.showing([story.pk]).exists()
    other = make.StoryPageFactory(title="Another")
    making.make_pages([other.pk, index.pk])
    other.delete()
    assert not stored.showing([other.pk]).exists()


def test_the_sweep_makes_again_what_shows_a_changed_page(story: Any) -> None:
    index = story.get_parent()
    making.make_pages([story.pk, index.pk])
    story.title = "Fifteen stairs"
    story.save()
    assert stored.read(address(index)) is None
    assert sweeping.sweep() == 2
    again = stored.read(address(index))
    assert again is not None
    assert b"Fifteen stairs" in again.body


def test_make_pages_stores_every_public_page_once(story: Any) -> None:
    out = StringIO()
    call_command("make_pages", stdout=out)
    first = StoredPage.objects.count()
    assert first >= 3
    assert out.getvalue() == f"{first} pages are stored.\n"
    versions = set(StoredPage.objects.values_list("version", flat=True))
    call_command("make_pages", stdout=out)
    assert set(StoredPage.objects.values_list("version", flat=True)) == versions, (
        "current pages are left alone"
    )


def test_a_draft_and_a_restricted_page_are_not_stored(story: Any) -> None:
    draft = make.StandardPageFactory(title="A draft", live=False)
    assert making.make_pages([draft.pk]) == making.Made()


def test_an_answer_from_a_stored_page_needs_two_queries(story: Any, django_assert_num_queries: Any) -> None:
    making.make_pages([story.pk])
    visitor = Visitor()
    with django_assert_num_queries(2):
        assert visitor.get(story.url).status == 200


def test_make_pages_names_the_pages_that_fail_and_why(story: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_page: Any, *_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError("no such column: fifteen")

    monkeypatch.setattr(type(story), "get_context", broken)
    out, errors = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 pages answered with an error"):
        call_command("make_pages", stdout=out, stderr=errors)
    assert out.getvalue() == f"{StoredPage.objects.count()} pages are stored.\n"
    assert StoredPage.objects.count() >= 2, "the others are made"
    assert errors.getvalue() == (
        f"{address(story)} could not be made: 500 Internal Server Error; "
        "RuntimeError: no such column: fifteen\n"
    )


def test_make_pages_says_that_the_address_of_the_site_is_not_allowed(story: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["elsewhere.example"]
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("make_pages", stdout=StringIO(), stderr=errors)
    assert "400 Bad Request" in errors.getvalue()


def test_what_an_earlier_program_made_is_made_again(story: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an update its templates and the names of its static files are not those of the program that runs."""
    with monkeypatch.context() as earlier:
        earlier.setattr(program, "digest", lambda: "before")
        making.make_pages([story.pk])
        assert stored.read(address(story)) is not None
    assert stored.read(address(story)) is None

    assert making.make_pages([story.pk]).stored == 1

    assert stored.read(address(story)) is not None
    assert StoredPage.objects.filter(page=story.pk).count() == 1


def test_the_program_is_told_by_its_files_and_settings(settings: Any) -> None:
    digest = program.digest.__wrapped__  # what `cache` wraps
    before = digest()
    assert digest() == before
    settings.DISCLOSURE_BASE = 10
    assert digest() != before
