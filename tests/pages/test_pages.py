from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Page, PageViewRestriction

from pages.models import StandardPage
from pages.models.base import years_after
from tests import factories as make

DAY = dt.date(2024, 2, 29)


def test_three_years_after_a_leap_day() -> None:
    assert years_after(DAY, 3) == dt.date(2027, 2, 28)
    assert years_after(dt.date(2024, 5, 1), 3) == dt.date(2027, 5, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reviewed", "due", "wrong"),
    [
        (DAY, dt.date(2027, 2, 28), None),
        (DAY, None, None),
        (None, DAY, "last_reviewed"),
        (DAY, DAY, "next_review_due"),
        (DAY, dt.date(2027, 3, 1), "next_review_due"),
    ],
)
def test_health_information_is_reviewed_within_three_years(
    reviewed: dt.date | None, due: dt.date | None, wrong: str | None
) -> None:
    page = StandardPage(title="About", last_reviewed=reviewed, next_review_due=due)
    if wrong is None:
        page.clean()
    else:
        with pytest.raises(ValidationError) as refused:
            page.clean()
        assert set(refused.value.message_dict) == {wrong}


@pytest.mark.django_db
def test_pages_are_found_at_any_depth_and_only_where_they_are(client: Any) -> None:
    first = make.StandardPageFactory(title="First", slug="first")
    second = make.StandardPageFactory(title="Second", slug="second", parent=first)
    third = make.StandardPageFactory(title="Third", slug="third", parent=second)
    assert "Third</h1>" in client.get(third.url).content.decode()
    crumbs = client.get(third.url).content.decode().partition('class="crumbs"')[2].partition("</nav>")[0]
    assert crumbs.index("First") < crumbs.index("Second") < crumbs.index("Third")
    assert client.get("/first/third/").status_code == 404
    assert client.get("/first/second/third/fourth/").status_code == 404
    assert client.get("/second/").status_code == 404
    second.unpublish()
    assert client.get(second.url).status_code == 404
    assert client.get(third.url).status_code == 200


@pytest.mark.django_db
def test_a_restriction_anywhere_above_a_page_holds(client: Any) -> None:
    first = make.StandardPageFactory(title="First", slug="first")
    second = make.StandardPageFactory(title="Second", slug="second", parent=first)
    assert client.get(second.url).status_code == 200
    restriction = PageViewRestriction.objects.create(page=first, restriction_type="login")
    assert client.get(second.url).status_code == 302
    restriction.delete()
    alias = Page.objects.get(pk=second.pk).specific.create_alias(parent=make.home(), update_slug="alias")
    PageViewRestriction.objects.create(page=second, restriction_type="login")
    assert client.get(alias.url).status_code == 302
