"""Acceptance: whatever editors do, a kept page equals a fresh rendering, in every process.

A model without a model: the oracle is the site itself with the page cache off. Random acts are done one after
the other; after each, the pages are read through three processes and compared. CACHE_EXAMPLES sets how many
sequences are tried.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from audit.actors import Actor
from consent.models import Consent, Person
from experiences.models import StoryPage
from media.models import Picture
from pages.models import SiteSettings
from publication.reassess import reassess_people
from tests import factories as make
from tests.delivery.processes import Process
from tests.delivery.visitors import Visitor
from withdrawal.services import AlreadyWithdrawn, withdraw

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = int(os.environ.get("CACHE_EXAMPLES", "1"))
STEPS = 25


@pytest.fixture
def processes() -> Iterator[list[Process]]:
    started = [Process(), Process(renderers=1)]
    for process in started:
        process.wait_until_ready()
    yield started
    for process in started:
        process.end()


class World:
    """A small site and what editors may do to it. Each act returns what it did, for the report of a failure."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.number = 0
        self.conditions: list[Any] = [make.ConditionFactory(name=f"Condition {letter}") for letter in "ABC"]
        self.treatment = make.TreatmentFactory(name="Laser acupuncture")
        self.treatment_page = make.TreatmentPageFactory(
            title="Laser acupuncture for A", condition=self.conditions[0], treatment=self.treatment
        )
        self.pictures = [make.PictureFactory(title=f"Picture {letter}") for letter in "AB"]
        self.plain = make.StandardPageFactory(title="How we make stories", slug="how")
        SiteSettings.for_site(self.plain.get_site())
        self.gone: set[str] = set()
        self.people: dict[int, int] = {}
        for _ in range(4):
            self.tell()
        self.urls = {"/", self.plain.url, self.treatment_page.url, make.story_index().url}
        self.urls.add(f"{make.story_index().url}?outcome=good")

    # What is there ------------------------------------------------------------------------------------------

    def stories(self) -> list[Any]:
        return list(StoryPage.objects.order_by("pk"))

    def a_story(self) -> Any:
        return self.chance.choice(self.stories())

    def word(self) -> str:
        self.number += 1
        return f"word{self.number}"

    # What editors do ----------------------------------------------------------------------------------------

    def tell(self) -> str:
        word = self.word()
        story = make.StoryPageFactory(
            title=f"Story {word}",
            slug=word,
            outcome=self.chance.choice(["good", "same", "worse", "mixed"]),
            conditions=[self.chance.choice(self.conditions)],
            treatments=[self.treatment],
            picture=self.chance.choice(self.pictures),
        )
        story.save_revision().publish()
        self.people[story.person_id] = story.pk
        return f"published {word}"

    def edit(self) -> str:
        story = self.a_story()
        story.title = f"Title {self.word()}"
        story.outcome = self.chance.choice(["good", "same", "worse"])
        revision = story.save_revision()
        if self.chance.random() < 0.7 and story.live:
            revision.publish()
            return f"edited {story.slug}"
        return f"drafted {story.slug}"

    def unpublish(self) -> str:
        story = self.a_story()
        story.unpublish()
        return f"unpublished {story.slug}"

    def rename(self) -> str:
        story = self.a_story()
        if not story.live:
            return "nothing"
        before = story.slug
        story.slug = self.word()
        story.save_revision().publish()
        return f"renamed {before} to {story.slug}"

    def rename_index(self) -> str:
        index: Any = make.story_index()
        index.slug = f"told-{self.word()}"
        index.save_revision().publish()
        self.urls.add(index.url)
        return f"renamed the index to {index.slug}"

    def move(self) -> str:
        story = self.a_story()
        other = self.chance.choice([make.story_index(), make.home()])
        Page.objects.get(pk=story.pk).move(Page.objects.get(pk=other.pk), pos="last-child")
        return f"moved {story.slug} below {other.title}"

    def describe(self) -> str:
        picture = Picture.objects.get(pk=self.chance.choice(self.pictures).pk)
        picture.alt_text = f"A stair, {self.word()}."
        picture.save()
        return f"described picture {picture.pk}"

    def rename_term(self) -> str:
        term: Any = self.chance.choice(self.conditions)
        term.refresh_from_db()
        term.name = f"Condition {self.word()}"
        term.save()
        return f"renamed term {term.pk}"

    def tag(self) -> str:
        story = self.a_story()
        story.conditions = [self.chance.choice(self.conditions)]
        revision = story.save_revision()
        if story.live:
            revision.publish()
        return f"tagged {story.slug}"

    def set_words(self) -> str:
        for one in SiteSettings.objects.all():
            one.footer_text = f"Footer {self.word()}"
            one.save()
        return "wrote the footer"

    def edit_plain(self) -> str:
        page: Any = self.plain.specific_class.objects.get(pk=self.plain.pk)
        page.title = f"How {self.word()}"
        page.save_revision().publish()
        return "edited the plain page"

    def edit_treatment(self) -> str:
        page = type(self.treatment_page).objects.get(pk=self.treatment_page.pk)
        page.lede = f"What is given, {self.word()}."
        page.save_revision().publish()
        return "edited the treatment page"

    def restrict(self) -> str:
        story = self.a_story()
        found = PageViewRestriction.objects.filter(page=story.pk).first()
        if found:
            found.delete()
            return f"opened {story.slug}"
        PageViewRestriction.objects.create(page=Page.objects.get(pk=story.pk), restriction_type="login")
        return f"closed {story.slug}"

    def limit(self) -> str:
        person = self.chance.choice(list(self.people))
        Consent.objects.filter(person=person).update(ends_at=timezone.now() + timedelta(days=self.number))
        reassess_people([person])
        return f"limited the consent of {person}"

    def take_back(self) -> str:
        person = self.chance.choice(list(self.people))
        story = StoryPage.objects.get(pk=self.people[person])
        url, was_live = story.url, story.live
        try:
            withdraw(
                consent=Consent.objects.get(person=Person.objects.get(pk=person)),
                by=Actor.system("test"),
                channel="editor",
            )
        except AlreadyWithdrawn:
            return "nothing"
        if was_live and url:
            self.gone.add(url)
        return f"withdrew {story.slug}"

    def acts(self) -> list[Callable[[], str]]:
        often = [self.tell, self.edit, self.edit, self.tag, self.describe, self.rename_term, self.take_back]
        return [
            *often, self.unpublish, self.rename, self.rename_index, self.move, self.set_words, self.edit_plain,
            self.edit_treatment, self.restrict, self.limit,
        ]  # fmt: skip


def fresh(url: str) -> tuple[int, str]:
    """Return what the site renders now, with nothing kept."""
    answer = Client(SERVER_NAME="localhost").get(url)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("seed", range(EXAMPLES))
def test_a_kept_page_equals_a_fresh_rendering(seed: int, processes: list[Process], settings: Any) -> None:
    world = World(random.Random(seed))
    here = Visitor()
    history: list[str] = []
    for _ in range(STEPS):
        act = world.chance.choice(world.acts())
        settings.PAGE_CACHE_MEGABYTES = 16
        history.append(act())
        for url in world.gone:
            for read in (lambda url: (here.get(url).status, ""), processes[0].get, processes[1].get):
                assert read(url)[0] != 200, f"{url} was withdrawn: {history}"
        urls = sorted(world.urls | {story.url for story in world.stories() if story.url})
        for url in world.chance.sample(urls, min(6, len(urls))):
            settings.PAGE_CACHE_MEGABYTES = 0
            expected = fresh(url)
            settings.PAGE_CACHE_MEGABYTES = 16
            answer = here.get(url)
            assert (answer.status, answer.text) == expected, f"{url} here after {history}"
            for process in processes:
                assert process.get(url) == expected, f"{url} in another process after {history}"
    assert here.kept.pages.addresses(), "nothing was kept: the test tried nothing"
