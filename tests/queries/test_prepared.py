"""A prepared query gives what the same queryset gives, for any values."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Exists, F, OuterRef
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from media.models import Rendition
from pages.models import StandardPage
from publication.models import Clearance
from queries.prepared import MOST_VALUES, Prepared
from tests import factories as make

pytestmark = pytest.mark.django_db


def standard(numbers: list[int], since: datetime) -> Any:
    return (
        StandardPage.objects.filter(pk__in=numbers, first_published_at__gte=since)
        .select_related("picture", "locale")
        .annotate(own=F("pk"), cleared=Exists(Clearance.objects.filter(page_id=OuterRef("pk"))))
        .defer("search_description")
        .order_by("-pk")
    )


@pytest.fixture
def pages() -> list[StandardPage]:
    made = [make.StandardPageFactory(picture=make.PictureFactory() if n % 2 else None) for n in range(6)]
    for number, page in enumerate(made):
        Page.objects.filter(pk=page.pk).update(first_published_at=timezone.now() - timedelta(days=number))
    return made


def facts(page: Any) -> Any:
    picture = page.picture.file.name if page.picture else None
    return page.pk, page.title, page.first_published_at, picture, page.locale.pk, page.own, page.cleared


def test_the_same_instances_as_the_queryset_in_one_query(pages: list[StandardPage]) -> None:
    prepared = Prepared(standard)
    numbers = [page.pk for page in pages]
    for days in (0.5, 2.5, 40):
        for some in (numbers, numbers[:1], numbers[1:4], [*numbers, 999_999]):
            since = timezone.now() - timedelta(days=days)
            with CaptureQueriesContext(connection) as asked:
                found = [facts(page) for page in prepared(numbers=some, since=since)]
            assert len(asked) == 1
            assert found == [facts(page) for page in standard(some, since)]
    first = prepared(numbers=numbers, since=timezone.now() - timedelta(days=40))[0]
    assert "search_description" in first.get_deferred_fields()
    assert first._state.adding is False
    first.title = "Another title"
    first.save()
    assert Page.objects.get(pk=first.pk).title == "Another title"


def test_lists_of_values(pages: list[StandardPage]) -> None:
    def build(specs: list[str], picture: int) -> Any:
        return (
            Rendition.objects.filter(filter_spec__in=specs, image_id=picture)
            .order_by("pk")
            .values_list("filter_spec", "pk", "width")
        )

    picture = pages[1].picture
    specs = ["width-400|format-webp", "fill-800x600|format-jpeg", "it's \u2042 100%s"]
    found = Prepared(build)(specs=specs, picture=picture.pk)
    assert [tuple(row) for row in found] == list(build(specs, picture.pk))
    assert len(found) == 2


def test_no_query_without_values() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert Prepared(standard)(numbers=[], since=timezone.now()) == []
    assert not asked.captured_queries


def test_the_sql_is_built_once_for_similar_numbers_of_values(pages: list[StandardPage]) -> None:
    built: list[int] = []

    def build(numbers: list[int]) -> Any:
        built.append(len(numbers))
        return Page.objects.filter(pk__in=numbers).order_by("pk")

    prepared, numbers = Prepared(build), [page.pk for page in pages]
    for count in (1, 3, 4, 2, 5, 6):
        assert [page.pk for page in prepared(numbers=numbers[:count])] == sorted(numbers[:count])
    assert built == [4, 8]
    for _again in range(2):
        assert len(prepared(numbers=numbers * MOST_VALUES)) == 6
    assert len(built) == 4


@pytest.mark.parametrize(
    "build",
    [
        lambda name: Page.objects.filter(title__contains=name),
        lambda name: Page.objects.filter(pk__gt=0),
        lambda name: Page.objects.filter(title=name).specific(),
        lambda name: Page.objects.filter(title=name).prefetch_related("sites_rooted_here"),
        lambda name: Page.objects.filter(title=name).values("pk"),
    ],
)  # fmt: skip
def test_what_cannot_be_prepared_is_refused(build: Any) -> None:
    with pytest.raises(TypeError, match="prepared query"):
        Prepared(build)(name="x")


def test_a_string_as_a_value_is_one_value() -> None:
    page = make.StandardPageFactory(title="Éa \u2042 100 %")
    found = Prepared(lambda title: Page.objects.filter(title=title))(title=str(page.title))
    assert [one.pk for one in found] == [page.pk]
