"""Kept pages: exact, the same for all, and gone with the consent."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from audit.actors import Actor
from consent.models import Consent
from delivery import stored, writer
from delivery.entry import Entry
from delivery.memory import Pages
from delivery.models import StoredPage
from pages.models import SiteSettings
from publication.reassess import reassess_people
from tests import factories as make
from tests.delivery.visitors import Visitor
from withdrawal.services import withdraw

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story(settings: Any) -> Any:
    settings.PAGE_CACHE_MEGABYTES = 16
    story = make.StoryPageFactory(title="Fourteen stairs", slug="fourteen-stairs")
    SiteSettings.for_site(story.get_site())  # the first page of a new site would make them
    return story


@pytest.fixture
def visitor(story: Any) -> Visitor:
    return Visitor()


def test_the_second_visitor_does_not_reach_django(story: Any, visitor: Visitor) -> None:
    first, second = visitor.get(story.url), visitor.get(story.url)
    assert first.status == second.status == 200
    assert first.body == second.body
    assert "Fourteen stairs" in first.text
    assert len(visitor.rendered) == 1


def test_another_process_reads_the_stored_page(
    story: Any, visitor: Visitor, django_assert_num_queries: Any
) -> None:
    first = visitor.get(story.url)
    other = Visitor()
    with django_assert_num_queries(2):
        again = other.get(story.url)
    assert again.body == first.body
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_published_change_is_seen_at_once_by_every_process(story: Any, visitor: Visitor) -> None:
    other = Visitor()
    assert "Fourteen" in visitor.get(story.url).text
    assert "Fourteen" in other.get(story.url).text
    story.title = "Fifteen stairs"
    story.save_revision().publish()
    assert "Fifteen stairs" in visitor.get(story.url).text
    assert "Fifteen stairs" in other.get(story.url).text


def test_a_draft_changes_no_kept_page(story: Any, visitor: Visitor) -> None:
    visitor.get(story.url)
    story.title = "Fifteen stairs"
    story.save_revision()
    assert "Fourteen" in visitor.get(story.url).text
    assert len(visitor.rendered) == 1


def test_another_story_leaves_the_kept_page_alone(story: Any, visitor: Visitor) -> None:
    other = make.StoryPageFactory(parent=story.get_parent(), title="The other", slug="other")
    visitor.get("/")
    visitor.get(other.url)
    before = len(visitor.rendered)
    other.told_because = "It was asked for."
    other.save_revision().publish()
    visitor.get(other.url)
    assert len(visitor.rendered) == before + 1


def test_a_withdrawn_story_is_never_sent_again(story: Any, visitor: Visitor) -> None:
    other = Visitor()
    assert visitor.get(story.url).status == other.get(story.url).status == 200
    assert StoredPage.objects.filter(page=story).exists()
    consent = Consent.objects.get(person=story.person)
    done = withdraw(consent=consent, by=Actor.system("test"), channel="editor")
    assert visitor.get(story.url).status == other.get(story.url).status == 410
    assert not stored.showing([story.pk]).exists()
    assert done.steps.get(surface="page_cache").state == "done"


def test_a_kept_page_ends_with_the_consent_to_the_second(story: Any, visitor: Visitor) -> None:
    ends_at = timezone.now() + timedelta(minutes=5)
    Consent.objects.filter(person=story.person).update(ends_at=ends_at)
    reassess_people([story.person_id])
    kept = visitor.get(story.url)
    assert kept.status == 200
    assert int(kept.headers["Cache-Control"].split("max-age=")[1].split(",")[0]) <= 60
    with time_machine.travel(ends_at - timedelta(seconds=2), tick=False):
        assert visitor.get(story.url).status == 200
    with time_machine.travel(ends_at + timedelta(seconds=1), tick=False):
        assert visitor.get(story.url).status == 410
        assert Visitor().get(story.url).status == 410


def test_what_is_personal_is_neither_kept_nor_answered_from_what_is_kept(
    story: Any, visitor: Visitor
) -> None:
    visitor.get(story.url)
    answer = visitor.get(story.url, cookie="sessionid=abc")
    assert "private" in answer.headers["Cache-Control"]
    assert len(visitor.rendered) == 2


def test_a_restricted_page_is_not_kept(story: Any, visitor: Visitor) -> None:
    assert visitor.get(story.url).status == 200
    PageViewRestriction.objects.create(page=Page.objects.get(pk=story.pk), restriction_type="login")
    assert visitor.get(story.url).status == 302
    assert visitor.get(story.url).status == 302


def test_tracking_parameters_and_other_headers_make_no_second_copy(story: Any, visitor: Visitor) -> None:
    visitor.get(story.url)
    for query in ("?utm_source=mail", "?fbclid=1", "?gclid=x&utm_medium=y"):
        assert visitor.get(f"{story.url}{query}").status == 200
    visitor.get(story.url, x_forwarded_host="evil.example", accept_language="ar", user_agent="x")
    assert len(visitor.rendered) == 1


def test_etag_and_encodings(story: Any, visitor: Visitor) -> None:
    plain = visitor.get(story.url)
    packed = visitor.get(story.url, accept_encoding="gzip, deflate, br, zstd")
    assert packed.headers["Content-Encoding"] == "br"
    assert packed.body == plain.body
    assert packed.headers["ETag"] != plain.headers["ETag"], "other bytes, another validator"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert visitor.get(story.url, accept_encoding="gzip;q=1, br;q=0").headers["Content-Encoding"] == "gzip"
    same = visitor.get(story.url, accept_encoding="br", if_none_match=packed.headers["ETag"])
    assert (same.status, same.body) == (304, b"")
    assert same.headers["ETag"] == packed.headers["ETag"]
    assert visitor.get(story.url, if_none_match='"something else"').status == 200
    head = visitor.get(story.url, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == plain.headers["Content-Length"]


def test_a_term_and_a_setting_change_the_pages_that_show_them(story: Any, visitor: Visitor) -> None:
    visitor.get(story.url)
    page_settings: Any = SiteSettings.for_site(story.get_site())
    page_settings.footer_text = "A new footer."
    page_settings.save()
    assert "A new footer." in visitor.get(story.url).text
    term: Any = make.ConditionFactory(name="Spastic diplegia")
    story.conditions = [term]
    story.save_revision().publish()
    assert "Spastic diplegia" in visitor.get(story.url).text
    term.name = "A renamed condition"
    term.save()
    assert "A renamed condition" in visitor.get(story.url).text


def test_the_list_follows_what_is_published(story: Any, visitor: Visitor) -> None:
    index = story.get_parent()
    assert "The newest" not in visitor.get(index.url).text
    make.StoryPageFactory(parent=index, title="The newest", slug="newest")
    assert "The newest" in visitor.get(index.url).text


def test_a_renamed_index_moves_all_kept_pages(story: Any, visitor: Visitor) -> None:
    index: Any = story.get_parent().specific
    visitor.get(story.url)
    former = story.url
    index.slug = "told"
    index.save_revision().publish()
    assert visitor.get(former).status in {301, 404}
    assert visitor.get(Page.objects.get(pk=story.pk).url).status == 200


def test_one_rendering_for_a_cold_page_however_many_wait(story: Any, visitor: Visitor) -> None:
    answers: list[int] = []

    def ask() -> None:
        answers.append(visitor.get(story.url).status)

    threads = [threading.Thread(target=ask) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 30
    assert len(visitor.rendered) == 1


def test_a_rendering_that_is_not_kept_is_repeated_by_one_of_those_who_wait(
    story: Any, visitor: Visitor
) -> None:
    django, changed = visitor.kept.application, threading.Event()

    def changing(environ: Any, start_response: Any) -> Any:
        result = django(environ, start_response)
        if not changed.is_set():
            changed.set()
            time.sleep(0.5)  # the others have come by now
            Page.objects.get(pk=story.pk).save()
        return result

    visitor.kept.application = changing
    threads = [threading.Thread(target=visitor.get, args=[story.url]) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(visitor.rendered) == 2


def test_an_error_for_a_moment_does_not_end_waiting_for_each_other(story: Any, visitor: Visitor) -> None:
    def busy(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("503 Service Unavailable", [])
        return [b""]

    django, visitor.kept.application = visitor.kept.application, busy
    assert visitor.get(story.url).status == 503
    assert not visitor.kept.pages._refused
    visitor.kept.application = django
    assert visitor.get(story.url).status == 200
    visitor.get("/nothing-here/")
    assert list(visitor.kept.pages._refused) == ["http://localhost/nothing-here/"]


def test_no_thread_passes_news_that_another_is_still_applying() -> None:
    pages = Pages(4)
    entry = Entry(b"x" * 300, [], frozenset({"page:1"}), time.time() + 60, 0, shows_people=True)
    assert pages.put("address", entry, time.monotonic())
    got: list[Entry | None] = []
    other = threading.Thread(target=lambda: got.append(pages.get("address")))

    class Slow:
        told = False

        def timed_news(self) -> dict[str, float]:
            if self.told:
                return {}
            self.told = True
            other.start()
            other.join(0.2)
            return {"page:1": time.monotonic()}

    pages._reader = Slow()  # type: ignore[assignment]  # stands in for the reader
    assert pages.get("address") is None
    other.join()
    assert got == [None]


def test_memory_is_bounded(story: Any) -> None:
    small = Visitor(megabytes=1)
    for number in range(100):
        small.get(f"{story.url}?page={number}")
    kept = small.kept.pages.addresses()
    assert 10 < len(kept) < 70
    assert kept[-1].endswith("?page=99"), "the latest are kept"


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    yield
    writer.wait()


def test_a_story_that_is_not_near_leaves_a_kept_story_alone(story: Any, visitor: Visitor) -> None:
    """Stories are kept by what they show, not by their table: one publication does not empty the memory."""
    near = make.ConditionFactory(name="Near")
    story.conditions = [near]
    story.save_revision().publish()
    for number in range(10):  # more than a page shows
        make.StoryPageFactory(title=f"Near {number}", conditions=[near], outcome=("good", "same")[number % 2])
    call_command("refresh_related", stdout=StringIO())
    visitor.get(story.url)
    rendered = len(visitor.rendered)
    visitor.kept.pages._changed.clear()
    other = make.StoryPageFactory(title="Elsewhere", conditions=[make.ConditionFactory(name="Elsewhere")])
    other.told_because = "It was asked for."
    other.save_revision().publish()
    other.unpublish()
    keys = visitor.kept.pages._entries[f"http://localhost{story.url}"].keys
    assert "experiences.storypage" not in keys
    visitor.get(story.url)
    assert len(visitor.rendered) == rendered, set(visitor.kept.pages._changed) & keys
