"""The one meaning of "public": which pages a visitor may see, however restrictions and the tree change."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, PageViewRestriction

from pages.models import StandardPage
from publication.models import RestrictedPage
from publication.visibility import is_visible, visible_pages
from tests import factories as make
from tests.sitemaps import addresses, part_paths

RESTRICTIONS = {
    PageViewRestriction.LOGIN: {},
    PageViewRestriction.PASSWORD: {"password": "only-for-tests"},
    PageViewRestriction.GROUPS: {},
}


def restrict(page: Page, kind: str = PageViewRestriction.LOGIN) -> PageViewRestriction:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, **RESTRICTIONS[kind])
    if kind == PageViewRestriction.GROUPS:
        restriction.groups.add(Group.objects.get_or_create(name="Families")[0])
    return restriction


def reload(page: Page) -> Page:
    return Page.objects.get(pk=page.pk)


@pytest.fixture
def branch(home: Any) -> list[Any]:
    """Three pages below each other."""
    first = make.StandardPageFactory(parent=home)
    second = make.StandardPageFactory(parent=first)
    return [first, second, make.StandardPageFactory(parent=second)]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", RESTRICTIONS)
def test_a_restriction_closes_the_page_and_all_below_it(branch: list[Any], kind: str) -> None:
    _first, second, _third = branch
    restriction = restrict(second, kind)
    assert [is_visible(page) for page in branch] == [True, False, False]
    restriction.delete()
    assert [is_visible(page) for page in branch] == [True, True, True]
    assert not RestrictedPage.objects.exists()


@pytest.mark.django_db
def test_of_two_restrictions_one_is_enough(branch: list[Any]) -> None:
    first, _second, third = branch
    above, below = restrict(first), restrict(third)
    above.delete()
    assert [is_visible(page) for page in branch] == [True, True, False]
    below.delete()
    assert all(is_visible(page) for page in branch)


@pytest.mark.django_db
def test_pages_that_are_added_moved_or_copied_follow_the_tree(home: Any, branch: list[Any]) -> None:
    first, second, third = branch
    restrict(second)
    added = make.StandardPageFactory(parent=reload(third))
    assert not is_visible(added)
    reload(third).move(reload(first), pos="last-child")
    assert is_visible(third)
    assert is_visible(added)
    copied = reload(third).specific.copy(to=reload(second), recursive=True, update_attrs={"slug": "copied"})
    assert not is_visible(copied)
    assert not is_visible(reload(copied).get_children().get())


@pytest.mark.django_db
def test_a_story_needs_its_clearance_too(home: Any, client: Client) -> None:
    story = make.StoryPageFactory()
    assert is_visible(story)
    restrict(story.get_parent())
    assert not is_visible(story)
    PageViewRestriction.objects.all().delete()
    # A bulk deletion sends post_delete for each row.
    assert is_visible(story)
    story.clearance.delete()
    assert not is_visible(story)


@pytest.mark.django_db
def test_a_restricted_page_is_listed_nowhere(home: Any, client: Client) -> None:
    story = make.StoryPageFactory(title="Fourteen stairs")
    index = story.get_parent()
    assert "Fourteen stairs" in client.get(index.url).content.decode()
    assert story.full_url in addresses(client)
    restrict(story)
    for address in (index.url, "/search/?q=Fourteen+stairs", *part_paths(client), home.url):
        assert "fourteen-stairs" not in client.get(address).content.decode().replace("q=Fourteen", "").lower()
    assert client.get(story.url).status_code == 302


@pytest.mark.django_db
def test_it_adds_no_query(home: Any, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make.StoryPageFactory()
    list(visible_pages(Page.objects.all()))
    with django_assert_num_queries(1):
        assert visible_pages(Page.objects.all()).count() >= 2


class TreeChanges(TestCase):
    """Whatever is restricted, opened, added, moved and deleted: the stored list is Wagtail's own answer."""

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["restrict", "open", "add", "move", "delete"]),
                st.integers(0, 30),
                st.integers(0, 30),
            ),
            min_size=3,
            max_size=14,
        )
    )
    def test_the_stored_list_is_what_the_tree_says(self, steps: list[tuple[str, int, int]]) -> None:
        root = make.StandardPageFactory(title="Root of the test")
        self.path = root.path
        for number, (what, one, other) in enumerate(steps):
            pages = list(Page.objects.filter(path__startswith=root.path).order_by("path"))
            getattr(self, what)(pages[one % len(pages)], pages[other % len(pages)], number)
            below = Page.objects.filter(path__startswith=root.path)
            assert set(visible_pages(below).values_list("pk", flat=True)) == set(
                below.live().public().values_list("pk", flat=True)
            )

    def restrict(self, page: Page, _other: Page, _number: int) -> None:
        restrict(page)

    def open(self, page: Page, _other: Page, _number: int) -> None:
        for restriction in PageViewRestriction.objects.filter(page__path__startswith=page.path)[:1]:
            restriction.delete()

    def add(self, page: Page, _other: Page, number: int) -> None:
        page.add_child(instance=StandardPage(title=f"Page {number}", slug=f"page-{number}"))

    def move(self, page: Page, other: Page, _number: int) -> None:
        if page.path != self.path and not other.path.startswith(page.path):
            page.move(other, pos="last-child")

    def delete(self, page: Page, _other: Page, _number: int) -> None:
        if page.path != self.path:
            page.delete()
