"""The stored list of restricted pages is repaired from any state."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from wagtail.models import Page, PageViewRestriction

from publication import restrictions
from publication.models import RestrictedPage
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
