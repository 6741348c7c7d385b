"""The parts of the sitemap: all public pages whose keys lie in one range of 2,000.

A range of keys costs one look-up in an index, however many pages there are, and a page never moves to another
part. So a part has at most 2,000 addresses, and fewer where pages were deleted or are not public.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Max, QuerySet, Value
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from wagtail.models import Page, Site

from publication.visibility import visible_pages
from search.models import SitemapPart

SIZE = 2_000

# The first live page of each part that has one: for each part one look-up by primary key.
_FIRST_PAGES = """
WITH RECURSIVE part(first) AS (
    SELECT (SELECT id FROM wagtailcore_page
            WHERE live AND substr(path, 1, %s) = %s ORDER BY id LIMIT 1)
    UNION ALL
    SELECT (SELECT id FROM wagtailcore_page
            WHERE id > ((part.first - 1) / %s + 1) * %s AND live AND substr(path, 1, %s) = %s
            ORDER BY id LIMIT 1)
    FROM part WHERE part.first IS NOT NULL
)
SELECT first FROM part WHERE first IS NOT NULL
"""


@dataclass(frozen=True)
class Entry:
    """One entry of a sitemap or of its index. `changed`: None where it is not known."""

    location: str
    changed: datetime | None


def part_of(page_id: int) -> int:
    """Return the number of the part that a page belongs to, 1 or more."""
    return (page_id - 1) // SIZE + 1


def with_numbers(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Return pages with the number of their part as `number`."""
    return pages.annotate(number=(F("pk") - Value(1)) / Value(SIZE) + Value(1)).order_by()


def pages_in(root: Page, number: int) -> QuerySet[Any]:
    """Return the public pages of a part at and below `root`, in the order of their keys.

    The path is compared in a form that no index can serve, so that every planner reads the range of keys.
    """
    start = (number - 1) * SIZE
    keyed = Page.objects.filter(pk__gt=start, pk__lte=start + SIZE)
    below = keyed.alias(begins=Substr("path", 1, len(root.path))).filter(begins=root.path)
    return visible_pages(below).order_by("pk")


def addresses(site: Site, number: int) -> list[Entry]:
    """Return the addresses of a part: one query, and those for the home page's address."""
    root = site.root_page
    home = (root.full_url or site.root_url).rstrip("/")
    skip = len(root.url_path) - 1
    changed = Coalesce("last_published_at", "latest_revision_created_at")
    rows = pages_in(root, number).annotate(changed=changed).values_list("url_path", "changed")
    return [Entry(iri_to_uri(home + path[skip:]), when) for path, when in rows]


def parts(root: Page) -> list[tuple[int, datetime | None]]:
    """Return the numbers of the parts that have live pages, and when each changed last: two queries."""
    path = [len(root.path), root.path]
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_PAGES, [*path, SIZE, SIZE, *path])
        numbers = [part_of(first) for (first,) in cursor.fetchall()]
    known = dict(SitemapPart.objects.values_list("number", "changed_at"))
    if missing := set(numbers) - known.keys():
        known |= _read(missing)
    return [(number, known.get(number)) for number in numbers]


def _read(missing: Iterable[int]) -> dict[int, datetime]:
    """Store when parts changed that were never noted, e.g. after an import in bulk. Reads all pages, once."""
    found = (
        with_numbers(visible_pages(Page.objects.all()))
        .filter(number__in=list(missing))
        .values_list("number")
        .annotate(changed=Max(Coalesce("last_published_at", "latest_revision_created_at")))
    )
    # Pages of unknown age count as new.
    known = {number: changed or timezone.now() for number, changed in found}
    SitemapPart.objects.bulk_create(
        [SitemapPart(number=number, changed_at=changed) for number, changed in known.items()],
        ignore_conflicts=True,
    )
    return known


def note_change(numbers: Iterable[int]) -> None:
    """Note that these parts change now."""
    now = timezone.now()
    SitemapPart.objects.bulk_create(
        [SitemapPart(number=number, changed_at=now) for number in sorted(set(numbers))],
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["changed_at"],
    )
