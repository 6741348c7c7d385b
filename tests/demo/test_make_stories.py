"""Stories that are made in bulk to measure the site with: exactly what publishing would have stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import Page, PageLogEntry, ReferenceIndex
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from casestudies.models import CaseStudyPage
from demo.made import layout, materials, words
from demo.made.maker import make_stories
from experiences.balance import recount
from experiences.models import StoryInterview, StoryPage, VideoPage
from media.models import Rendition
from pages.blocks.prose import LINE_FEATURES, TEXT_FEATURES
from publication import gate
from publication.models import Clearance, PageDependency
from tests.factories import home
from treatments.models import StoryBalance

ENOUGH = 60  # three videos, one case study, six interviews


@pytest.fixture
def small_pool(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven small pictures instead of forty."""
    monkeypatch.setattr(materials, "PICTURES", 7)
    monkeypatch.setattr(materials, "WIDTH", 160)
    monkeypatch.setattr(materials, "HEIGHT", 120)
    home()


def made(model: Any) -> Any:
    return model.objects.filter(slug__startswith="made-").order_by("slug")


# The plan, without a database -------------------------------------------------------------------------------


@given(st.integers(1, layout.MOST), st.integers(1, 300))
def test_no_two_objects_have_one_place_and_none_is_free(start: int, count: int) -> None:
    places = []
    for number in range(start, start + count):
        places.append(layout.place_of_story(number))
        places += [places[-1] + 1] if layout.has_video(number) else []
        places += [places[-1] + 1] if layout.has_case(number) else []
    assert places == list(range(places[0], places[0] + len(places)))


@given(st.integers(0, 2**64))
def test_sentences_are_plain(seed: int) -> None:
    told = words.sentence(Random(seed))
    assert 10 <= len(told.split()) <= 20
    assert told[0].isupper()
    assert not {word for word in told.split()[1:] if word[0].isupper()} - {"I"}


# What is stored ---------------------------------------------------------------------------------------------


def state(page: Any) -> dict[str, Any]:
    """All that publishing writes about a page, but times and revisions."""
    fresh = type(page).objects.get(pk=page.pk)
    moving = ("latest_revision", "live_revision", "latest_revision_created_at", "last_published_at")
    return {
        "clearance": Clearance.objects.filter(pk=page.pk)
        .values("starts_at", "ends_at", "parts", "changes_at", "content_hash")
        .get(),
        "public": fresh.public_hash(),
        "depends": sorted(
            map(
                str, PageDependency.objects.filter(page=page.pk).values_list("person", "picture", "recording")
            )
        ),
        "refers": sorted(
            ReferenceIndex.objects.filter(
                object_id=str(page.pk), base_content_type__model="page"
            ).values_list(
                "content_path", "content_path_hash", "model_path", "to_content_type", "to_object_id"
            )
        ),
        "fields": {name: value for name, value in fresh.serializable_data().items() if name not in moving},
        "transcripts": list(
            StoryInterview.objects.filter(page=page.pk).values(
                "pk",
                "interview",
                "interviewer",
                "employer",
                "held_in",
                "language",
                "source",
                "lines",
                "position",
            )
        ),
    }


@pytest.mark.usefixtures("small_pool")
def test_publishing_a_made_page_again_changes_nothing(
    client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    make_stories(ENOUGH)
    recount()
    balances = dict(StoryBalance.objects.values_list("page", "counts"))
    for page in (*made(StoryPage)[9:12], made(VideoPage)[1], made(CaseStudyPage)[0]):
        before = state(page)
        assert before["clearance"]["content_hash"] == before["public"]
        assert page.latest_revision.as_object().public_hash() == before["public"]
        changed = page.latest_revision.as_object()
        changed.search_description = "Other words."
        with django_capture_on_commit_callbacks(execute=True):
            changed.save_revision().publish()
        assert state(page)["clearance"]["content_hash"] != before["clearance"]["content_hash"]
        back = type(page).objects.get(pk=page.pk).latest_revision.as_object()
        back.search_description = page.search_description
        with django_capture_on_commit_callbacks(execute=True):
            back.save_revision().publish()
        assert state(page) == before
        assert client.get(page.url).status_code == 200
    assert dict(StoryBalance.objects.values_list("page", "counts")) == balances


@pytest.mark.usefixtures("small_pool")
def test_made_pages_are_shown_without_making_a_rendition(client: Client) -> None:
    make_stories(ENOUGH)
    renditions = Rendition.objects.count()
    assert made(StoryPage).count() == ENOUGH
    assert made(VideoPage).count() == ENOUGH // 20
    assert made(CaseStudyPage).count() == ENOUGH // 50
    for page in (*made(StoryPage)[9:12], made(VideoPage)[0], made(CaseStudyPage)[0]):
        response = client.get(page.url)
        assert response.status_code == 200
        assert page.title in response.content.decode()
    lines = StoryInterview.objects.get(page=made(StoryPage)[10]).lines
    assert lines[5]["text"] in client.get(made(StoryPage)[10].url).content.decode()
    assert Rendition.objects.count() == renditions
    assert Page.find_problems() == ([], [], [], [], [])


@pytest.mark.usefixtures("small_pool")
def test_the_gate_has_nothing_against_any_made_page() -> None:
    make_stories(ENOUGH)
    for page in (*made(StoryPage), *made(VideoPage), *made(CaseStudyPage)):
        assert gate.all_reasons(page) == [], page.slug


@pytest.mark.usefixtures("small_pool")
def test_an_editor_can_open_a_made_story_and_its_texts_survive_the_editor(editor_client: Client) -> None:
    make_stories(12)
    page = made(StoryPage)[3]
    assert editor_client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
    assert PageLogEntry.objects.filter(page=page.pk).count() == 2
    for name, features in (("text", TEXT_FEATURES), ("callout", LINE_FEATURES)):
        converter = ContentstateConverter(features=features)
        for block in [one for stream in page.streams for one in stream.raw_data if one["type"] == name]:
            html = block["value"] if name == "text" else block["value"]["text"]
            assert converter.to_database_format(converter.from_database_format(html)) == html
    for stream in page.streams:
        block = stream.stream_block
        assert block.get_prep_value(block.clean(stream)) == json.loads(json.dumps(list(stream.raw_data)))


@pytest.mark.usefixtures("small_pool")
def test_wagtails_search_index_has_the_words_that_it_would_have_got() -> None:
    make_stories(ENOUGH)
    for model in (StoryPage, VideoPage, CaseStudyPage):
        page = made(model)[0]
        before = entry(page)
        backend: Any = get_search_backend()
        backend.get_index_for_model(model).add_items(model, [model.get_indexed_objects().get(pk=page.pk)])
        assert entry(page) == before


def entry(page: Any) -> dict[str, Any]:
    row = IndexEntry.objects.filter(content_type=page.content_type_id, object_id=str(page.pk)).values().get()
    del row["title_norm"]
    if "title_text" in row:
        # PostgreSQL: where a word stands differs by stop words between fields, which words there are does not.
        vectors = ("title", "autocomplete", "body")
        row |= {name: {one.split(":")[0] for one in row[name].split()} for name in vectors}
        row["body_text"] = sorted(row["body_text"].split())
    return row


# Again ------------------------------------------------------------------------------------------------------


def everything() -> list[Any]:
    pages = [*made(StoryPage), *made(VideoPage), *made(CaseStudyPage)]
    hashes = dict(Clearance.objects.values_list("pk", "content_hash"))
    return [(page.serializable_data(), page.latest_revision.content, hashes[page.pk]) for page in pages]


@pytest.mark.usefixtures("small_pool")
def test_the_same_number_gives_the_same_content_at_once_or_in_two_runs() -> None:
    materials.gather()
    make_stories(2)
    first = everything()
    with transaction.atomic():
        make_stories(ENOUGH)
        at_once = everything()
        transaction.set_rollback(True)
    assert everything() == first
    made_now = make_stories(25)
    assert (made_now.had, made_now.made) == (2, 23)
    make_stories(ENOUGH)
    assert everything() == at_once
    assert make_stories(ENOUGH).made == 0
    assert everything() == at_once


def test_without_a_home_page_the_command_says_what_to_do(db: None) -> None:
    with pytest.raises(CommandError, match="load_demo"):
        call_command("make_stories", "5")
    with pytest.raises(CommandError, match="999,999"):
        call_command("make_stories", "0")
