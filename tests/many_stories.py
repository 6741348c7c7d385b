"""Many published stories in a few seconds: one real story, copied row by row inside the database."""

from __future__ import annotations

from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from conditions.models import Condition
from experiences.models import StoryPage
from pages.public_index import PublicIndex
from publication.models import Clearance, RestrictedPage
from tests import factories as make

AT_ONCE = 500


def make_many_stories(count: int, *, restricted: bool = False) -> Any:
    """Make `count` published stories under one index, a tenth of them in each of ten conditions; return the first.

    Pages, stories, clearances and conditions are there as if each had been published. With `restricted`, every fiftieth
    is for visitors who are logged in. ANALYZE is run at the end.
    """
    first = make.StoryPageFactory(title="The first story", slug="first-story")
    make_more_stories(first, count - 1, restricted=restricted)
    return first


def make_more_stories(first: Any, count: int, *, restricted: bool = False) -> None:
    """Make `count` more copies of a published story."""
    conditions = [
        Condition.objects.filter(name=name).first() or make.ConditionFactory(name=name)
        for name in (f"Condition number {number}" for number in range(10))
    ]
    index = Page.objects.get(pk=first.get_parent().pk)
    numbers = _copy_pages(first, index, count)
    _copy_rows(StoryPage, "page_ptr_id", first.pk, numbers)
    clearance = Clearance.objects.get(pk=first.pk)
    Clearance.objects.bulk_create(
        [Clearance(page_id=number, starts_at=clearance.starts_at, content_hash="") for number in numbers],
        batch_size=AT_ONCE,
    )
    through: Any = StoryPage.conditions.through
    through.objects.bulk_create(
        [
            through(storypage_id=number, condition_id=conditions[place % 10].pk)
            for place, number in enumerate(numbers)
        ],
        batch_size=AT_ONCE,
    )
    closed = numbers[::50] if restricted else []
    PageViewRestriction.objects.bulk_create(
        [PageViewRestriction(page_id=number, restriction_type="login") for number in closed]
    )
    RestrictedPage.objects.bulk_create([RestrictedPage(page_id=number) for number in closed])
    Page.objects.filter(pk=index.pk).update(numchild=index.numchild + count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    PublicIndex.forget_all()  # rows that are copied by SQL are told to no one


def _copy_pages(first: Any, index: Page, count: int) -> list[int]:
    start = Page.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    template = Page.objects.get(pk=first.pk)
    now = timezone.now()
    pages = []
    for place in range(count):
        values = {
            field.attname: getattr(template, field.attname)
            for field in Page._meta.concrete_fields
            if field.attname not in {"id", "translation_key", "latest_revision_id", "live_revision_id"}
        }
        slug = f"story-{start + place}"
        values |= {
            "path": Page._get_path(index.path, index.depth + 1, start + place + 1000),
            "title": f"Story {start + place}",
            "slug": slug,
            "url_path": f"{index.url_path}{slug}/",
            "first_published_at": now,
            "last_published_at": now,
            "numchild": 0,
        }
        pages.append(Page(id=start + place, **values))
    Page.objects.bulk_create(pages, batch_size=AT_ONCE)
    with connection.cursor() as cursor:  # PostgreSQL goes on from the last number it gave itself
        for sql in connection.ops.sequence_reset_sql(no_style(), [Page]):
            cursor.execute(sql)
    return [page.pk for page in pages]


def _copy_rows(model: Any, key: str, source: int, numbers: list[int]) -> None:
    """Copy the child row of a page for each number. Django's bulk_create refuses tables with a parent."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = [quote(field.column) for field in model._meta.local_concrete_fields if field.column != key]
    listed = ", ".join(columns)
    with connection.cursor() as cursor:
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            pages = quote(Page._meta.db_table)
            cursor.execute(
                f"INSERT INTO {table} ({quote(key)}, {listed}) SELECT p.id, {', '.join('s.' + one for one in columns)} "
                f"FROM {pages} p, {table} s WHERE s.{quote(key)} = %s AND p.id BETWEEN %s AND %s",
                [source, some[0], some[-1]],
            )
