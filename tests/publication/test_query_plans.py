"""No query of a hot page scans a table once for each row: the database's own plans say so, after ANALYZE.

Read with 1,000 and 10,000 stories, since planners choose by size. `EXPLAIN` is asked for every SELECT of the page.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.many_stories import make_many_stories

# The tables that grow with the site. Reading one of them whole is cheap while it has only a few rows.
GROWING = (
    "wagtailcore_page", "experiences_storypage", "experiences_storypage_conditions", "experiences_relatedstory",
    "publication_clearance", "publication_restrictedpage",
)  # fmt: skip
FEW = 100


# The most queries of each page, with all renditions made, and nothing changed since the last request.
MOST = {
    "home": 8, "stories": 6, "stories with filters": 8, "a late page of stories": 6, "story": 9, "treatment": 14,
    "videos": 6, "case studies": 6, "news": 9, "hospitals": 9,
}  # fmt: skip


def public_pages(story: Any) -> dict[str, str]:
    """One address of each kind of page."""
    from casestudies.models import CaseStudyIndexPage
    from directory.models import HospitalIndexPage
    from news.models import NewsIndexPage

    home = make.home()
    condition = make.ConditionFactory(name="Cerebral palsy")
    treatment = make.TreatmentPageFactory(condition=condition, known=True)
    stories = story.get_parent().url
    others = {}
    for model in (CaseStudyIndexPage, NewsIndexPage, HospitalIndexPage):
        page = model(title=model.__name__, slug=model._meta.model_name)
        type(home).objects.get(pk=home.pk).add_child(instance=page)
        others[model] = page.url
    return {
        "home": home.url,
        "stories": stories,
        "stories with filters": f"{stories}?condition=condition-number-3&outcome=none&format=text",
        "a late page of stories": f"{stories}?page=40&sort=youngest",
        "story": story.url,
        "treatment": treatment.url,
        "videos": make.video_index().url,
        "case studies": others[CaseStudyIndexPage],
        "news": others[NewsIndexPage],
        "hospitals": others[HospitalIndexPage],
    }


@pytest.mark.django_db
@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("count", [1_000, 10_000])
def test_no_public_page_scans_a_table_that_grows(count: int, restricted: bool, client: Client) -> None:
    """Neither once nor for each row, and with a number of queries that does not grow.

    Planners choose differently where no page is restricted: they know the table is empty.
    """
    story = make_many_stories(count, restricted=restricted)
    pages = public_pages(story)
    for name, url in pages.items():
        client.get(url)  # content types and the like are read once
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url)
        assert answer.status_code == 200, name
        asked = [query["sql"] for query in captured.captured_queries if query["sql"].startswith("SELECT")]
        assert 0 < len(asked) <= MOST[name], (name, asked)
        assert [(name, scan, sql) for sql in asked for scan in scans_for_each_row(sql)] == []
        # A database reads a small table whole because that is quickest.
        if count > 1_000:
            assert [(name, scan, sql) for sql in asked for scan in scans(sql)] == []


@pytest.mark.django_db
def test_a_plan_that_scans_for_each_row_is_noticed() -> None:
    make.home()
    make_many_stories(1_200)
    slow = (
        "SELECT p.id FROM wagtailcore_page p WHERE NOT EXISTS "
        "(SELECT 1 FROM wagtailcore_page q WHERE p.path LIKE q.title || '%' AND q.draft_title < p.title)"
    )
    assert scans_for_each_row(slow)
    assert scans(slow)
    assert scans("SELECT id FROM wagtailcore_page WHERE url_path = 'x' AND depth = 3 ORDER BY path")
    for quick in (
        "SELECT id FROM wagtailcore_page WHERE id = 1",
        "SELECT id FROM wagtailcore_page WHERE slug = 'x'",
    ):
        assert not scans_for_each_row(quick)
        assert not scans(quick)


def scans_for_each_row(sql: str) -> list[str]:
    """The large tables that the database reads from end to end again and again to answer this query."""
    return list(_postgresql(sql) if connection.vendor == "postgresql" else _sqlite(sql))


def scans(sql: str) -> list[str]:
    """The large tables of which the database reads all rows, or all entries of an index, to answer this query."""
    large = _large(1_000)
    if connection.vendor == "postgresql":
        (plan,) = _explain("EXPLAIN (FORMAT JSON)", sql)
        whole = json.dumps(plan[0] if not isinstance(plan[0], str) else json.loads(plan[0]))
        return [
            table
            for table in re.findall(r'"Node Type": "Seq Scan"[^{}]*?"Relation Name": "(\w+)"', whole)
            if table in large
        ]
    names = _names(sql)
    found = []
    for _number, _parent, _unused, detail in _explain("EXPLAIN QUERY PLAN", sql):
        scanned = re.match(r"SCAN (\w+)", detail)
        if scanned and names.get(scanned.group(1), scanned.group(1)) in large:
            found.append(detail)
    return found


def _names(sql: str) -> dict[str, str]:
    """The tables of a statement by the names they have in it."""
    names = {alias: table for table, alias in re.findall(r'"(\w+)" "?(U\d+|V\d+|T\d+)"?', sql)}
    return names | {alias: table for table, alias in re.findall(r"(?:FROM|JOIN) (\w+) (\w)\b", sql)}


def _large(few: int = FEW) -> set[str]:
    with connection.cursor() as cursor:
        counts = {}
        for table in GROWING:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            counts[table] = cursor.fetchone()[0]
    return {table for table, count in counts.items() if count > few}


def _explain(words: str, sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"{words} {sql}".replace("%", "%%"), [])
        return list(cursor.fetchall())


def _sqlite(sql: str) -> Iterator[str]:
    """SQLite says CORRELATED for what it repeats for each row; of two scans side by side, it repeats the second."""
    below: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for number, parent, _unused, detail in _explain("EXPLAIN QUERY PLAN", sql):
        below[parent].append((number, detail))
    names = _names(sql)
    large = _large()

    def walk(parent: int, repeated: bool) -> Iterator[str]:
        scans = 0
        for number, detail in below[parent]:
            found = re.match(r"SCAN (\w+)", detail)
            table = names.get(found.group(1), found.group(1)) if found else ""
            if table in large and (repeated or scans):
                yield f"{detail} ({table})"
            scans += bool(table in large)
            yield from walk(number, repeated or "CORRELATED" in detail)

    yield from walk(0, False)


def _postgresql(sql: str) -> Iterator[str]:
    """A subplan that is not hashed runs for each row; so does the inner side of a nested loop."""
    (plan,) = _explain("EXPLAIN (FORMAT JSON)", sql)
    whole = plan[0] if not isinstance(plan[0], str) else json.loads(plan[0])
    hashed = set(re.findall(r"hashed (SubPlan \d+)", json.dumps(whole)))

    large = _large()

    def walk(node: dict[str, Any], repeated: bool) -> Iterator[str]:
        name = node.get("Subplan Name", "")
        if node.get("Parent Relationship") == "SubPlan":
            repeated = name not in hashed
        if repeated and node["Node Type"] == "Seq Scan" and node["Relation Name"] in large:
            yield f"Seq Scan on {node['Relation Name']}"
        children = node.get("Plans", [])
        many = any(one["Plan Rows"] > 1 for one in children if one.get("Parent Relationship") == "Outer")
        for child in children:
            inner = node["Node Type"] == "Nested Loop" and child.get("Parent Relationship") == "Inner"
            # Rows kept in memory are read again for each row just the same.
            again = inner and many and child["Node Type"] in {"Seq Scan", "Materialize"}
            yield from walk(child, repeated or again)

    yield from walk(whole[0]["Plan"], False)
