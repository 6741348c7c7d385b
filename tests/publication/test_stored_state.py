"""The stored list of restricted pages is repaired from any state; the page cache by its generations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from wagtail.models import Page, PageViewRestriction

from publication import page_cache, restrictions
from publication.models import Clearance, RestrictedPage
from tests import factories as make


def restrict(page: Page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def stored() -> set[int]:
    return set(RestrictedPage.objects.values_list("pk", flat=True))


def tree() -> list[Any]:
    """Return a page, its child and grandchild, and a second page beside it."""
    first = make.StandardPageFactory()
    second = make.StandardPageFactory(parent=first)
    return [first, second, make.StandardPageFactory(parent=second), make.StandardPageFactory()]


class AnyState(TestCase):
    """Rows missing, left over, or both: afterwards the list says what the restrictions say."""

    pages: list[Any]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.pages = tree()

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(st.sets(st.integers(0, 3)), st.sets(st.integers(0, 3)))
    def test_it_is_repaired(self, restricted: set[int], listed: set[int]) -> None:
        pages = self.pages
        for number in restricted:
            restrict(pages[number])
        RestrictedPage.objects.all().delete()
        RestrictedPage.objects.bulk_create([RestrictedPage(page=pages[number]) for number in listed])
        restrictions.sync_below()
        expected = {
            page.pk
            for page in pages
            if any(page.path.startswith(pages[number].path) for number in restricted)
        }
        assert stored() == expected


@pytest.mark.django_db
def test_only_the_pages_below_the_path_are_repaired(home: Any) -> None:
    first, second, third, beside = tree()
    restrict(first)
    RestrictedPage.objects.all().delete()
    RestrictedPage.objects.create(page=beside)
    restrictions.sync_below(second.path)
    assert stored() == {second.pk, third.pk, beside.pk}  # by the restriction of a page above the path
    restrictions.sync_below(beside.path)
    assert stored() == {second.pk, third.pk}


@pytest.mark.django_db
def test_more_rows_than_one_statement_takes(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = tree()
    RestrictedPage.objects.bulk_create([RestrictedPage(page=page) for page in pages])
    monkeypatch.setattr(restrictions, "AT_ONCE", 3)
    restrictions.sync_below()
    assert stored() == set()


@pytest.mark.django_db
def test_the_repair_of_public_files_repairs_the_list_first(home: Any) -> None:
    page = make.StandardPageFactory()
    restrict(page)
    RestrictedPage.objects.all().delete()
    call_command("refresh_public_files", stdout=StringIO())
    assert stored() == {page.pk}


@pytest.mark.django_db
def test_a_restriction_of_a_page_that_is_gone_changes_nothing(home: Any) -> None:
    restrictions.restriction_changed(PageViewRestriction(page_id=0))
    restrictions.page_moved(Page(pk=0))
    restrictions.page_created(Page(pk=0, path=home.path), created=False)
    restrictions.page_created(object(), created=True)
    assert stored() == set()


# The page cache ---------------------------------------------------------------------------------------------


class Site:
    """Answers each request with the number of answers so far; `reacted` runs while it answers."""

    def __init__(self) -> None:
        self.answers = 0
        self.reacted: Callable[[], None] = lambda: None
        self.status, self.streams = 200, False

    def __call__(self, _request: HttpRequest) -> Any:
        self.answers += 1
        self.reacted()
        words = f"answer {self.answers}"
        return StreamingHttpResponse([words]) if self.streams else HttpResponse(words, status=self.status)


@pytest.fixture
def site(db: None, settings: Any) -> Site:
    settings.PAGE_CACHE_SECONDS = 600
    return Site()


def visit(site: Site, path: str = "/", **cookies: str) -> str:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    answer: Any = page_cache.PageCacheMiddleware(site)(request)
    return b"".join(answer).decode()


def test_a_cached_page_is_served_until_the_cache_is_emptied(site: Site) -> None:
    assert page_cache.is_on()
    assert [visit(site), visit(site)] == ["answer 1", "answer 1"]
    before = page_cache.generation()
    assert page_cache.generation() == before
    page_cache.empty()
    assert page_cache.generation() != before
    assert [visit(site), visit(site)] == ["answer 2", "answer 2"]


def test_a_page_rendered_during_a_withdrawal_is_not_served_after_it(site: Site) -> None:
    site.reacted = page_cache.empty
    assert visit(site) == "answer 1"
    site.reacted = lambda: None
    assert visit(site) == "answer 2"


def test_a_cache_that_lost_its_generation_serves_no_earlier_page(site: Site) -> None:
    assert visit(site) == "answer 1"
    cache.delete(page_cache.KEY)
    assert visit(site) == "answer 2"


def test_nothing_is_cached_for_users_with_a_login_or_where_it_is_off(site: Site, settings: Any) -> None:
    login = {django_settings.SESSION_COOKIE_NAME: "abc"}
    assert [visit(site, **login), visit(site, **login)] == ["answer 1", "answer 2"]
    settings.PAGE_CACHE_SECONDS = 0
    assert not page_cache.is_on()
    assert [visit(site), visit(site)] == ["answer 3", "answer 4"]


@pytest.mark.parametrize(
    ("path", "status", "streams"), [("/files/a.png", 200, False), ("/", 404, False), ("/", 200, True)]
)
def test_files_errors_and_streams_are_not_cached(
    site: Site, settings: Any, path: str, status: int, streams: bool
) -> None:
    settings.MEDIA_URL = "/files/"
    site.status, site.streams = status, streams
    assert [visit(site, path), visit(site, path)] == ["answer 1", "answer 2"]


def test_no_page_is_kept_past_the_time_at_which_a_consent_ends(site: Site, settings: Any) -> None:
    # A Redis server keeps its own time, which a test cannot move.
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "KEY_PREFIX": ""}
    }
    now = timezone.now()
    Clearance.objects.create(
        page=make.StandardPageFactory(), starts_at=now, changes_at=now + timedelta(seconds=90)
    )
    with time_machine.travel(now, tick=False) as clock:
        assert visit(site) == "answer 1"
        clock.shift(timedelta(seconds=88))
        assert visit(site) == "answer 1"
        clock.shift(timedelta(seconds=3))
        assert visit(site) == "answer 2"
