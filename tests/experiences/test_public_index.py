"""The index that answers lists is what the database says, after anything that editors, families and time do."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from audit.actors import Actor
from conditions.models import Condition
from experiences.filters import row_values, story_facets, story_listing, story_sorts
from experiences.models import StoryPage, VideoPage
from experiences.public_index import public_index
from experiences.rows import ExperienceRow, read_rows
from pages.choices import Outcome
from pages.listing import Listing
from pages.public_index import PublicIndex
from pages.term_places import read_places
from publication.models import Clearance
from tests import factories as make
from treatments.models import Treatment
from withdrawal.models import WithdrawnWords
from withdrawal.services import withdraw

QUERIES: list[dict[str, list[str]]] = [
    {},
    {"outcome": ["good", "worse"], "sort": ["country"]},
    {"country": ["PT"], "age": ["3-5"], "sort": ["youngest"]},
    {"format": ["video"], "treatment": ["cells"]},
]


def plain(params: dict[str, list[str]]) -> Listing[ExperienceRow]:
    """The list without an index: all rows and terms are read now, and looked at one by one."""
    rows = sorted(read_rows(), key=lambda row: row.pk)
    conditions = read_places(Condition, {tag for row in rows for tag in row.conditions})
    treatments = read_places(Treatment, {tag for row in rows for tag in row.treatments})
    values = row_values(conditions, treatments)
    present = {name: {value for row in rows for value in values[name](row)} for name in values}
    return Listing(
        rows, story_facets(conditions, treatments, present), params, sorts=story_sorts(), per_page=12
    )


def differences(params: dict[str, list[str]]) -> list[Any]:
    found, wanted = story_listing(public_index.current(), params), plain(params)
    pairs = {
        "results": (list(found.results), list(wanted.results)),
        "groups": (
            [(f.name, list(o)) for f, o in found.groups],
            [(f.name, list(o)) for f, o in wanted.groups],
        ),
        "chips": (found.chips, wanted.chips),
    }
    return [(name, pair) for name, pair in pairs.items() if pair[0] != pair[1]]


class Site:
    """Random acts of editors, families and time on a small site."""

    def __init__(self, terms: Any, clock: Any, seed: int) -> None:
        self.terms, self.clock, self.random = terms, clock, random.Random(seed)

    def acts(self) -> list[Callable[[], None]]:
        return [
            self.publish_story, self.publish_video, self.edit, self.edit, self.unpublish, self.publish_again, self.delete,
            self.restrict, self.lift, self.withdraw, self.let_consent_end, self.let_time_pass, self.rename_term,
            self.move_term, self.merge_terms, self.change_without_wagtail, self.roll_back,
        ]  # fmt: skip

    def some(self, model: Any = Page, **which: Any) -> Any:
        kinds: list[Any] = [StoryPage, VideoPage] if model is Page else [model]
        pages = [page for kind in kinds for page in kind.objects.filter(**which).order_by("pk")]
        return self.random.choice(pages) if pages else None

    def fields(self) -> dict[str, Any]:
        pick = self.random.choice
        return {
            "outcome": pick(Outcome.values), "country": pick(["PT", "KE", "VN", ""]),
            "age_at_treatment": pick([None, 0, 4, 5, 40]),
            "conditions": self.random.sample(list(Condition.objects.order_by("pk")), pick([1, 1, 2])),
            "treatments": self.random.sample(list(Treatment.objects.order_by("pk")), pick([0, 1])),
        }  # fmt: skip

    def publish_story(self) -> None:
        make.StoryPageFactory(**self.fields())

    def publish_video(self) -> None:
        make.VideoPageFactory(is_featured=self.random.random() < 0.5, **self.fields())

    def edit(self) -> None:
        if page := self.some(live=True):
            for name, value in self.fields().items():
                if isinstance(value, list):
                    getattr(page, name).set(value)
                else:
                    setattr(page, name, value)
            page.save_revision().publish()

    def unpublish(self) -> None:
        if page := self.some(live=True):
            page.unpublish()

    def publish_again(self) -> None:
        if (page := self.some(live=False)) and page.person.consents.in_force().exists():
            page.save_revision().publish()

    def delete(self) -> None:
        if page := self.some():
            page.delete()

    def restrict(self) -> None:
        page = self.random.choice([self.some(), make.story_index()])
        if page and not PageViewRestriction.objects.filter(page=page).exists():
            PageViewRestriction.objects.create(page=page, restriction_type="login")

    def lift(self) -> None:
        for one in PageViewRestriction.objects.all():
            one.delete()

    def withdraw(self) -> None:
        page = self.some(live=True)
        if page and (consent := page.person.consents.in_force().first()):
            withdraw(consent=consent, by=Actor.system("test"), channel="editor")
            # All stories here have the same words.
            WithdrawnWords.objects.all().delete()

    def let_consent_end(self) -> None:
        if page := self.some(live=True):
            consent = page.person.consents.in_force().first()
            if consent and not consent.ends_at:
                consent.ends_at = timezone.now() + timedelta(minutes=self.random.choice([1, 5]))
                consent.save()
                page.save_revision().publish()

    def let_time_pass(self) -> None:
        self.clock.shift(timedelta(minutes=self.random.choice([1, 4])))

    def rename_term(self) -> None:
        term = self.random.choice(list(Condition.objects.all()))
        term.name += "!"
        if self.random.random() < 0.5:
            term.slug += "-x"
        term.save()

    def move_term(self) -> None:
        term, other = self.random.sample(list(Condition.objects.all()), 2)
        if not other.path.startswith(term.path):
            term.move(other, "last-child")

    def merge_terms(self) -> None:
        leaf = self.random.choice(list(Condition.objects.filter(numchild=0)))
        other = Condition.objects.exclude(pk=leaf.pk).first()
        with transaction.atomic():
            for kind in (StoryPage, VideoPage):
                name = f"{kind._meta.model_name}_id"
                links: Any = kind.conditions.through.objects
                both = links.filter(condition=other).values(name)
                links.filter(
                    condition=leaf, **{f"{name}__in": list(both.values_list(name, flat=True))}
                ).delete()
                links.filter(condition=leaf).update(condition=other)
            Condition.objects.get(pk=leaf.pk).delete()
            make.ConditionFactory()

    def change_without_wagtail(self) -> None:
        StoryPage.objects.filter(country="KE").update(outcome="mixed", is_sample=True)

    def roll_back(self) -> None:
        """What a transaction did that was rolled back is seen within it, and never after it."""
        with transaction.atomic():
            self.edit()
            self.unpublish()
            assert differences({}) == []
            transaction.set_rollback(True)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(timezone.now(), tick=False) as travelling:
        yield travelling


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_lists_are_exact_after_any_acts(terms: Any, clock: Any, seed: int) -> None:
    site = Site(terms, clock, seed)
    for _ in range(6):
        site.publish_story()
    public_index.forget()
    acts = site.acts() * 3
    site.random.shuffle(acts)
    done = []
    for number, act in enumerate(acts):
        act()
        done.append(act.__name__)
        clock.shift(timedelta(seconds=1))
        if number % 4:  # now and then several changes are found at once
            for params in (QUERIES[0], site.random.choice(QUERIES[1:])):
                assert differences(params) == [], done


@pytest.mark.django_db(transaction=True)
def test_an_index_of_another_thread_follows_commits(terms: Any) -> None:
    """In a process that serves, changes are told by the log, and nothing of an open transaction is kept."""
    story = make.StoryPageFactory(conditions=[terms.palsy], outcome="good")
    PublicIndex.forget_all()
    assert public_index.current().index.totals("outcome") == {"good": 1}
    with transaction.atomic():
        StoryPage.objects.get(pk=story.pk).unpublish()
        assert public_index.current().index.totals("outcome") == {}
        transaction.set_rollback(True)
    assert public_index.current().index.totals("outcome") == {"good": 1}
    page = StoryPage.objects.get(pk=story.pk)
    page.outcome = "same"
    page.save_revision().publish()
    assert public_index.current().index.totals("outcome") == {"same": 1}
    PublicIndex.forget_all()
    with transaction.atomic():  # built from what is committed
        StoryPage.objects.get(pk=story.pk).unpublish()
        assert public_index.current().index.totals("outcome") == {}
        transaction.set_rollback(True)
    assert public_index.current().index.totals("outcome") == {"same": 1}


@pytest.mark.django_db
def test_nothing_is_asked_while_nothing_changes(terms: Any) -> None:
    make.StoryPageFactory(conditions=[terms.palsy])
    public_index.current()
    with CaptureQueriesContext(connection) as captured:
        public_index.current()
    assert captured.captured_queries == []


@pytest.mark.django_db
def test_a_page_that_is_no_longer_public_is_not_shown_even_by_an_index_that_is_late(
    client: Any, terms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = make.StoryPageFactory(title="Withdrawn since", conditions=[terms.palsy])
    url = make.story_index().url
    assert "Withdrawn since" in client.get(url).content.decode()
    late = public_index.current()
    monkeypatch.setattr(public_index, "current", lambda: late)
    Clearance.objects.filter(pk=story.pk).update(ends_at=timezone.now())
    assert "Withdrawn since" not in client.get(url).content.decode()
