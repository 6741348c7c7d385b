"""The log of changes: written with the change, read by every process."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag
from wagtail.models import Page, Site

from changes import counter, log, tables
from changes import reader as readers
from changes.models import Change
from changes.reader import Reader
from changes.recorder import depends_on, recording, valid_until
from conditions.models import Condition
from media.models import Picture
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_saved_row_is_told_with_its_table() -> None:
    term: Any = make.ConditionFactory(name="Hemiplegia")
    reader = Reader()
    reader.news()
    term.name = "Spastic hemiplegia"
    term.save()
    assert {f"conditions.condition:{term.pk}", "conditions.condition"} <= (reader.news() or set())
    assert reader.news() == frozenset()


def test_a_transaction_that_is_rolled_back_tells_nothing() -> None:
    page: Any = make.StoryPageFactory()
    reader = Reader()
    reader.news()
    with transaction.atomic():
        page.title = "Other"
        page.save()
        transaction.set_rollback(True)
    assert reader.news() == frozenset()


def test_nothing_is_told_before_the_commit() -> None:
    page: Any = make.StoryPageFactory()
    reader = Reader()
    reader.news()
    with transaction.atomic():
        page.title = "Other"
        page.save()
        assert reader.news() == frozenset()
    assert f"page:{page.pk}" in (reader.news() or set())


def test_keys_are_written_in_the_transaction_itself() -> None:
    """A process killed right after the commit has told the change."""
    page: Any = make.StoryPageFactory()
    token = counter.value()
    with transaction.atomic():
        page.title = "Other"
        page.save()
        asked = log.now()
    assert Change.objects.get(pk=f"page:{page.pk}").version >= asked
    assert counter.value() != token


def test_a_draft_changes_nothing_for_visitors() -> None:
    page: Any = make.StoryPageFactory()
    reader = Reader()
    reader.news()
    page.title = "A draft"
    page.save_revision()
    assert f"page:{page.pk}" not in (reader.news() or set())


def test_a_row_that_belongs_to_a_page_tells_the_page() -> None:
    page: Any = make.StoryPageFactory()
    reader = Reader()
    reader.news()
    Page.objects.filter(pk=page.pk).update(title="Without signals")
    assert f"page:{page.pk}" in (reader.news() or set())
    page.clearance.delete()
    assert f"page:{page.pk}" in (reader.news() or set())


def test_a_page_with_others_below_it_that_moves_changes_all_addresses() -> None:
    story = make.StoryPageFactory()
    index = story.get_parent().specific
    reader = Reader()
    reader.news()
    index.slug = "other-address"
    index.save_revision().publish()
    assert {"tree", f"page:{index.pk}"} <= (reader.news() or set())


def test_a_process_catches_up_with_what_another_has_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The change of another machine: nothing on this one says that there is anything to read."""
    monkeypatch.setattr(readers, "POLL_SECONDS", 60)
    reader = Reader()
    reader.news()
    monkeypatch.setattr(counter, "bump", lambda: None)
    term = make.ConditionFactory(name="Hemiplegia")
    assert reader.news() == frozenset()
    assert readers.catch_up(time.monotonic())
    assert f"conditions.condition:{term.pk}" in (reader.news() or set())


def test_what_was_learned_is_known_by_the_time_that_is_told() -> None:
    reader = Reader()
    reader.news()
    before = time.monotonic()
    make.ConditionFactory(name="Hemiplegia")
    news = reader.timed_news() or {}
    assert news
    assert before < max(news.values()) <= readers.told_at() <= time.monotonic()


def test_a_process_that_cannot_read_the_log_does_not_catch_up(monkeypatch: pytest.MonkeyPatch) -> None:
    Reader().news()
    poller = readers._of_this_process()
    monkeypatch.setattr(poller, "_rows", broken)
    assert not readers.catch_up(time.monotonic())


def broken() -> Any:
    raise OperationalError


def test_a_recording_notes_rows_tables_and_the_moment() -> None:
    term = make.ConditionFactory(name="Hemiplegia")
    with recording() as record:
        assert Condition.objects.get(pk=term.pk).name == "Hemiplegia"
        assert Site.objects.count() == 1
        depends_on("stories")
        valid_until(None)
    assert {f"conditions.condition:{term.pk}", "wagtailcore.site", "stories"} <= record.keys
    assert "conditions.condition" not in record.keys
    assert record.shows_people


def test_versions_are_told_from_a_moment_on() -> None:
    before = log.now()
    term = make.ConditionFactory(name="Hemiplegia")
    key = f"conditions.condition:{term.pk}"
    assert set(log.versions([key, "nothing"], before)) == {key}
    assert log.versions([key], log.now() + 1) == {}


@pytest.mark.parametrize(
    ("sql", "params", "expected"),
    [
        (
            'UPDATE "media_picture" SET "title" = %s WHERE "media_picture"."id" = %s',
            ("a", 7),
            {"media.picture:7"},
        ),
        (
            'UPDATE "media_picture" SET "title" = %s WHERE ("media_picture"."id" = %s AND "media_picture"."title" = %s)',
            ("a", 7, "b"),
            {"media.picture:7"},
        ),
        (
            'UPDATE "media_picture" SET "title" = %s WHERE "media_picture"."id" IN (%s, %s)',
            ("a", 7, 8),
            {"media.picture:7", "media.picture:8"},
        ),
        ('UPDATE "media_picture" SET "title" = %s', ("a",), {"media.picture:*"}),
        (
            'UPDATE "wagtailcore_page" SET "numchild" = %s WHERE "wagtailcore_page"."path" = %s',
            (1, "0001"),
            set(),
        ),
        (
            'UPDATE "wagtailcore_site" SET "port" = %s WHERE "wagtailcore_site"."id" = %s',
            (1, 1),
            {"wagtailcore.site"},
        ),
        ('INSERT INTO "taggit_tag" ("name") VALUES (%s)', ("a",), set()),
        ('DELETE FROM "wagtailcore_site" WHERE "wagtailcore_site"."id" IN (%s)', (3,), {"wagtailcore.site"}),
        ('UPDATE "django_session" SET "x" = %s', (1,), set()),
        ('SELECT 1 FROM "media_picture"', (), set()),
    ],
)
def test_what_a_statement_changes(sql: str, params: Any, expected: set[str]) -> None:
    assert tables.keys_written(sql, params) == expected


def test_django_writes_statements_as_they_are_read_here() -> None:
    """The row is found in what Django really sends."""
    picture = make.PictureFactory()
    reader = Reader()
    reader.news()
    tag = Tag.objects.create(name="one")
    reader.news()
    Tag.objects.filter(pk=tag.pk).exclude(name="x").update(name="two")
    assert f"taggit.tag:{tag.pk}" in (reader.news() or set())
    Tag.objects.filter(pk__in=[tag.pk, tag.pk + 1]).update(name="three")
    assert f"taggit.tag:{tag.pk + 1}" in (reader.news() or set())
    Tag.objects.update(name="four")
    assert "taggit.tag:*" in (reader.news() or set())
    Picture.objects.filter(pk=picture.pk).update(title="Other")
    assert f"media.picture:{picture.pk}" in (reader.news() or set())


def test_the_log_is_written_once_a_transaction() -> None:
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        transaction.atomic(),
    ):
        for name in ("one", "two", "three"):
            Tag.objects.create(name=name)
    assert sum("changes_change" in query["sql"] for query in queries) == 1


def test_an_older_database_in_the_place_of_the_present_one_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[bool] = []
    monkeypatch.setattr(readers, "when_replaced", [lambda: told.append(True)])
    reader = Reader()
    term: Any = make.ConditionFactory(name="Hemiplegia")
    assert reader.news()
    assert told == []
    # As after a restore: the newest change is an hour old.
    Change.objects.update(version=F("version") - 3600 * 1_000_000)
    counter.bump()
    assert reader.news() is None
    assert told == [True]
    term.save()
    assert f"conditions.condition:{term.pk}" in (reader.news() or set())
    assert told == [True]
