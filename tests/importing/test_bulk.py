"""A story that is imported in bulk is stored as if an editor had saved it: the same rows in every table."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageLogEntry, PageViewRestriction, ReferenceIndex, Revision

from experiences.models import FollowUp, StoryPage
from experiences.models.story import StoryTag
from importing import columns
from importing.records import PARTS
from publication.models import PageDependency, RestrictedPage
from tests.importing import archives

pytestmark = pytest.mark.django_db


def as_an_editor(imported: StoryPage) -> StoryPage:
    """The same story, stored as Wagtail's editor stores it."""
    draft: Any = imported.get_latest_revision_as_object()
    page = StoryPage(
        live=False,
        has_unpublished_changes=True,
        **{
            field.attname: getattr(draft, field.attname)
            for field in StoryPage._meta.concrete_fields
            if field.name
            in {*columns.TEXTS, *columns.LINES, *columns.READERS, *PARTS, "translation_key"} - {"follow_ups"}
        },
    )
    page.translation_key = uuid.uuid4()
    page.slug = "by-hand"
    rows: Any = page
    fields = ("months", "observation", "reported_by", "outcome", "outcome_text", "sort_order")
    rows.follow_ups = [
        FollowUp(**{name: getattr(row, name) for name in fields}) for row in draft.follow_ups.all()
    ]
    rows.tagged_items = [StoryTag(tag=item.tag) for item in draft.tagged_items.all()]
    page.conditions, page.treatments = list(draft.conditions.all()), list(draft.treatments.all())
    Page.objects.get(pk=archives.index().pk).add_child(instance=page)
    page.save_revision(log_action=True, clean=False)
    return StoryPage.objects.get(pk=page.pk)


IGNORED = {
    # Each row's own key, place and moment.
    "id",
    "page_ptr",
    "path",
    "slug",
    "url_path",
    "translation_key",
    "latest_revision",
    "latest_revision_created_at",
    "pk",
    "uuid",
    "timestamp",
    "created_at",
    "object_id",
    "page",
    "content_object",
    "storypage",
    "revision",
    "content",
    "page_id",
    "base_content_type",
    "content_path",
    "content_path_hash",
    "title_norm",
}


def plain(row: Model) -> dict[str, Any]:
    return {
        field.name: getattr(row, field.attname)
        if field.name not in ("before", "during", "after")
        else field.value_to_string(row)
        for field in row._meta.concrete_fields
        if field.name not in IGNORED
    }


def rows_of(page: StoryPage) -> dict[str, list[Any]]:
    """Every row that names the page, in all tables."""
    found: dict[str, list[Any]] = {"page": [plain(page)]}
    models: list[Any] = apps.get_models(include_auto_created=True)
    for model in models:
        names = {field.name for field in model._meta.get_fields()}
        rows: Any = []
        if model is PageLogEntry:
            rows = PageLogEntry.objects.filter(page=page.pk)
        elif {"object_id", "content_type"} <= names:
            rows = model._base_manager.filter(object_id=str(page.pk))
        else:
            for field in model._meta.concrete_fields:
                if (
                    field.is_relation
                    and field.related_model in (StoryPage, Page)
                    and field.name in ("page", "content_object", "storypage")
                ):
                    rows = model._base_manager.filter(**{field.attname: page.pk})
        if model._meta.label == "importing.ImportedStory":
            continue
        if rows and len(rows):
            found[model._meta.label] = sorted((plain(row) for row in rows), key=str)
    revision = page.latest_revision
    assert revision is not None
    content = dict(revision.content)
    for name in ("pk", "path", "slug", "url_path", "translation_key", "latest_revision", "live_revision"):
        content.pop(name, None)
    for name in ("follow_ups", "tagged_items"):
        content[name] = [
            {key: value for key, value in row.items() if key not in {"pk", "page", "content_object"}}
            for row in content[name]
        ]
    found["content"] = [content]
    return found


def test_every_table_has_the_same_rows(tmp_path: Path) -> None:
    archives.vocabulary()
    report = archives.take_in(archives.json_lines(tmp_path / "a.jsonl", [archives.a_row()]))
    assert report.counts == {"created": 1}, report.lines
    page = archives.imported("s1").page
    assert page is not None
    ours, theirs = rows_of(page), rows_of(as_an_editor(page))
    assert ours.keys() == theirs.keys()
    for name in theirs:
        for mine, other in zip(ours[name], theirs[name], strict=True):
            assert {key: (mine[key], other[key]) for key in other if mine[key] != other[key]} == {}, name
    # Nothing was compared with nothing.
    assert {"wagtailcore.Revision", "wagtailcore.PageLogEntry", "wagtailcore.ReferenceIndex",
            "wagtailsearch.IndexEntry", "experiences.FollowUp", "experiences.StoryTag",
            "experiences.StoryPage_conditions"} <= theirs.keys()  # fmt: skip


def test_the_tree_is_sound(tmp_path: Path) -> None:
    archives.vocabulary()
    archives.take_in(archives.json_lines(tmp_path / "a.jsonl", [archives.a_row(n) for n in range(5)]))
    as_an_editor(archives.imported("s1").page)  # type: ignore[arg-type]
    archives.take_in(archives.json_lines(tmp_path / "b.jsonl", [archives.a_row(n) for n in range(5, 45)]))
    index = Page.objects.get(pk=archives.index().pk)
    assert index.numchild == 46 == index.get_children().count()
    assert Page.find_problems() == ([], [], [], [], [])
    paths = list(index.get_children().order_by("path").values_list("path", flat=True))
    assert [Page._str2int(path[-4:]) for path in paths] == list(range(1, 47))


def test_stories_below_a_restricted_page_are_restricted(tmp_path: Path) -> None:
    PageViewRestriction.objects.create(page=archives.index(), restriction_type="login")
    archives.take_in(archives.json_lines(tmp_path / "a.jsonl", [archives.a_row()]))
    assert RestrictedPage.objects.filter(pk=archives.imported("s1").page_id).exists()


def test_a_batch_takes_few_queries(tmp_path: Path) -> None:
    archives.vocabulary()
    archives.take_in(archives.json_lines(tmp_path / "a.jsonl", [archives.a_row()]))
    counts = []
    for size, start in ((10, 1000), (100, 2000)):
        rows = [archives.a_row(start + number) for number in range(size)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            archives.take_in(archives.json_lines(tmp_path / f"{size}.jsonl", rows))
        counts.append(len(queries))
    # Ten times the rows, and less than twice the statements: inserts are split by the number of parameters.
    assert counts[1] < 2.2 * counts[0] < 150


def test_pictures_are_dependencies_of_the_draft(tmp_path: Path) -> None:
    from tests import factories as make

    (tmp_path / "stairs.png").write_bytes(make.png().read())
    row = archives.a_row(
        picture="stairs.png", picture_description="A girl on the stairs, one hand on the rail."
    )
    report = archives.take_in(archives.json_lines(tmp_path / "a.jsonl", [row]))
    assert report.counts == {"created": 1}, report.lines
    page = archives.imported("s1").page
    assert page is not None
    dependency = PageDependency.objects.get(page=page.pk)
    assert dependency.picture_id == page.picture_id
    assert dependency.picture_id is not None
    assert ReferenceIndex.objects.filter(object_id=str(page.pk), model_path="picture").exists()
    assert Revision.objects.get(object_id=str(page.pk)).content["picture"] == page.picture_id
