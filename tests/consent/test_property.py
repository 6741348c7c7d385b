"""Consents recorded, changed, withdrawn and deleted through the admin, in any order: what is shown was agreed to.

The test keeps its own record of every consent and asks the site only what a visitor could fetch.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from consent.models import Consent, ConsentForm
from consent.uses import UNDERSTOOD, Use, field_of
from experiences.models import StoryPage
from publication.gate import NotPublic
from tests import factories as make

# `make faults` asks for more.
EXAMPLES = int(os.environ.get("CONSENT_EXAMPLES", "50"))
IN_EVERY_RUN = 50
TITLE, WORDS, QUOTED = "Fourteen stairs", "wobblewort", "quokkaberry"
START = datetime(2026, 3, 2, 9, tzinfo=UTC)

uses = st.sets(st.sampled_from([Use.TEXT, Use.TEXT, Use.QUOTES, Use.PHOTO]), min_size=1)
hours = st.integers(1, 5)
steps = st.one_of(
    st.tuples(st.just("record"), uses, st.none() | hours, st.integers(0, 2)),
    st.tuples(st.just("change_uses"), st.integers(0, 3), uses),
    st.tuples(st.just("change_end"), st.integers(0, 3), hours),
    st.tuples(st.just("withdraw"), st.integers(0, 3), st.none() | uses),
    st.tuples(st.just("record_by_mistake"), uses),
    st.tuples(st.just("delete_signed"), st.integers(0, 3)),
    st.tuples(st.just("wait"), hours),
    st.tuples(st.just("edit"), st.booleans()),
    st.tuples(st.just("publish")),
    st.tuples(st.just("publish")),
    st.tuples(st.just("sweep")),
)


@dataclass
class Given:
    """One consent as the test itself records it."""

    number: int
    uses: set[Use]
    start: datetime
    end: datetime | None
    withdrawn: set[Use] = field(default_factory=set)

    def allows(self, use: Use, now: datetime) -> bool:
        return (
            use in self.uses - self.withdrawn and self.start <= now and (self.end is None or now < self.end)
        )


def examples(number: int) -> Any:
    """Try so many sequences of steps: the same ones in every run, new ones where more are asked for."""

    def decorated(test: Any) -> Any:
        many = settings(
            max_examples=number,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=EXAMPLES <= IN_EVERY_RUN,
            database=None,
        )
        return many(given(st.lists(steps, min_size=4, max_size=9))(test))

    return decorated


def try_steps(sequence: list[Any]) -> None:
    with time_machine.travel(START, tick=False) as clock:
        world = World(clock)
        for step in [("record", {Use.TEXT, Use.QUOTES}, None, 0), ("publish",), *sequence]:
            world.take(step)
            world.look()


class ShownImpliesAgreed(TestCase):
    """In two halves, so that two processes share the time."""

    @examples((EXAMPLES + 1) // 2)
    def test_at_every_step(self, sequence: list[Any]) -> None:
        try_steps(sequence)

    @examples(EXAMPLES // 2)
    def test_at_every_step_of_other_sequences(self, sequence: list[Any]) -> None:
        try_steps(sequence)


class World:
    """One story, the person it is about, a consent officer at the admin's forms, and a visitor."""

    def __init__(self, clock: Any) -> None:
        self.clock = clock
        self.person = make.PersonFactory()
        self.form = ConsentForm.objects.create(name="Story", version="1", text="I agree.")
        self.given: list[Given] = []
        self.visitor, self.officer = Client(), Client()
        self.officer.force_login(
            User.objects.create_superuser("officer", "officer@example.org", "only-for-tests")
        )
        page = make.StoryPageFactory(
            title=TITLE,
            live=False,
            person=self.person,
            conditions=[make.ConditionFactory()],
            lede=f"There is a {WORDS} on the sill.",
        )
        self.number = page.pk
        self.edit(True)

    def page(self) -> Any:
        return StoryPage.objects.get(pk=self.number)

    def allowed(self, use: Use) -> bool:
        return any(one.allows(use, timezone.now()) for one in self.given)

    def take(self, step: tuple[Any, ...]) -> None:
        getattr(self, step[0])(*step[1:])

    # Steps of the consent officer, each through the admin's own form -------------------------------------------

    def posted(self, uses: set[Use], start: datetime, end: datetime | None, **more: str) -> dict[str, Any]:
        """What a browser sends of the consent form."""
        texts = ("guardian", "capacity", "assent", "assent_note", "material", "page", "seen", "not_seen")
        return {
            **dict.fromkeys(
                (*texts, "material_hash", "interpreter", "conditions", "witness", "collected_by"), ""
            ),
            "person": str(self.person.pk),
            "form": str(self.form.pk),
            "signer": "self",
            "signed_on": timezone.localdate().isoformat(),
            "starts_at": f"{start:%Y-%m-%d %H:%M}",
            "until": f"{end:%Y-%m-%d %H:%M}" if end else "",
            **dict.fromkeys(UNDERSTOOD, "on"),
            **{field_of(use): "on" for use in uses},
            "why": "",
            **more,
        }

    def send(self, name: str, number: int | None, data: dict[str, Any]) -> Any:
        return self.officer.post(reverse(name, args=[number] if number else []), data)

    def record(self, uses: set[Use], lasts: int | None, begins: int) -> None:
        start = timezone.now() + timedelta(hours=begins)
        end = start + timedelta(hours=lasts) if lasts else None
        before = set(Consent.objects.values_list("pk", flat=True))
        answer = self.send("wagtailsnippets_consent_consent:add", None, self.posted(uses, start, end))
        assert answer.status_code == 302
        (number,) = set(Consent.objects.values_list("pk", flat=True)) - before
        self.given.append(Given(number, set(uses), start, end))

    def _one(self, number: int) -> Given | None:
        standing = [one for one in self.given if one.uses - one.withdrawn]
        return standing[number % len(standing)] if standing else None

    def _change(self, one: Given) -> None:
        data = self.posted(one.uses, one.start, one.end, why="They asked for it")
        assert self.send("wagtailsnippets_consent_consent:edit", one.number, data).status_code == 302

    def change_uses(self, number: int, uses: set[Use]) -> None:
        if one := self._one(number):
            one.uses = set(uses)
            self._change(one)

    def change_end(self, number: int, after: int) -> None:
        if one := self._one(number):
            one.end = max(timezone.now(), one.start) + timedelta(hours=after)
            self._change(one)

    def withdraw(self, number: int, uses: set[Use] | None) -> None:
        if one := self._one(number):
            data = {
                "scope": "some" if uses else "all",
                "uses": sorted(uses or ()),
                "how": "telephone",
                "sure": "1",
            }
            answer = self.send("withdraw_consent", one.number, data)
            if uses and uses - (one.uses - one.withdrawn):
                assert answer.status_code == 200  # the form offers only what the consent allows
                return
            assert answer.status_code == 302
            one.withdrawn |= uses or set(Use)

    def record_by_mistake(self, uses: set[Use]) -> None:
        """A consent that was not signed allows nothing, and can be deleted."""
        self.record(uses, None, 0)
        one = self.given.pop()
        data = self.posted(uses, one.start, None, why="It was not signed", signed_on="")
        assert self.send("wagtailsnippets_consent_consent:edit", one.number, data).status_code == 302
        self.look()
        self.send("wagtailsnippets_consent_consent:delete", one.number, {})
        assert not Consent.objects.filter(pk=one.number).exists()

    def delete_signed(self, number: int) -> None:
        if one := self._one(number):
            self.send("wagtailsnippets_consent_consent:delete", one.number, {})
            assert Consent.objects.filter(pk=one.number).exists()

    # Other steps -------------------------------------------------------------------------------------------------

    def wait(self, hours: int) -> None:
        self.clock.shift(timedelta(hours=hours))

    def edit(self, with_quote: bool) -> None:
        page = self.page()
        quote = [("quote", {"text": f"{QUOTED}, she said.", "speaker": "Ines"})] if with_quote else []
        page.before = [("text", "<p>We lived upstairs.</p>"), *quote]
        page.save_revision()

    def publish(self) -> None:
        page = self.page()
        try:
            page.latest_revision.publish()
        except NotPublic:
            assert not self.allowed(Use.TEXT)
        else:
            assert self.allowed(Use.TEXT)

    def sweep(self) -> None:
        call_command("expire_consents", stdout=StringIO())

    # What a visitor sees -----------------------------------------------------------------------------------------

    def look(self) -> None:
        page = self.page()
        answer = self.visitor.get(page.url)
        assert answer.status_code in {200, 404, 410}
        index = self.visitor.get(make.story_index().url).content.decode()
        by_words = self.visitor.get("/search/", {"q": WORDS}).content.decode()
        by_quote = self.visitor.get("/search/", {"q": QUOTED}).content.decode()
        seen = answer.status_code == 200 or any(TITLE in one for one in (index, by_words, by_quote))
        quoted = TITLE in by_quote or (answer.status_code == 200 and QUOTED in answer.content.decode())
        assert not seen or self.allowed(Use.TEXT)
        assert not quoted or (self.allowed(Use.TEXT) and self.allowed(Use.QUOTES))
        if answer.status_code == 200:
            assert "must-revalidate" in answer["Cache-Control"]
