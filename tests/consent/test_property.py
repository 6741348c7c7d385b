"""Whatever is granted, narrowed, ended, withdrawn, edited and published, in whatever order: shown implies agreed to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audit.actors import Actor
from consent import services
from consent.models import Consent, ConsentForm
from consent.uses import Use
from experiences.models import StoryPage
from publication.gate import NotPublic
from tests import factories as make
from withdrawal import expiry
from withdrawal.services import AlreadyWithdrawn, withdraw

BY = Actor.system("test")
TITLE, WORDS, QUOTED = "Fourteen stairs", "wobblewort", "quokkaberry"
START = datetime(2026, 3, 2, 9, tzinfo=UTC)

uses = st.sets(st.sampled_from([Use.TEXT, Use.TEXT, Use.QUOTES, Use.PHOTO]), min_size=1)
hours = st.integers(1, 5)
steps = st.one_of(
    st.tuples(st.just("grant"), uses, st.none() | hours, st.integers(0, 2)),
    st.tuples(st.just("narrow"), st.integers(0, 3), uses),
    st.tuples(st.just("end"), st.integers(0, 3), hours),
    st.tuples(st.just("withdraw"), st.integers(0, 3), st.none() | uses),
    st.tuples(st.just("later"), hours),
    st.tuples(st.just("edit"), st.booleans()),
    st.tuples(st.just("publish")),
    st.tuples(st.just("publish")),
    st.tuples(st.just("sweep")),
)


@dataclass
class Held:
    """One consent as the test itself keeps it: nothing of the site is asked."""

    row: Consent
    uses: set[Use]
    start: datetime
    end: datetime | None
    taken: set[Use] = field(default_factory=set)

    def allows(self, use: Use, now: datetime) -> bool:
        return use in self.uses - self.taken and self.start <= now and (self.end is None or now < self.end)


class ShownImpliesAgreed(TestCase):
    @settings(
        max_examples=8,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(st.lists(steps, min_size=4, max_size=9))
    def test_at_every_step(self, sequence: list[Any]) -> None:
        with time_machine.travel(START, tick=False) as clock:
            world = World(clock)
            for step in [("grant", {Use.TEXT, Use.QUOTES}, None, 0), ("publish",), *sequence]:
                world.take(step)
                world.look()


class World:
    def __init__(self, clock: Any) -> None:
        self.clock = clock
        self.person = make.PersonFactory()
        self.form = ConsentForm.objects.create(name="Story", version="1", text="I agree.")
        self.held: list[Held] = []
        self.visitor = Client()
        page = make.StoryPageFactory(
            title=TITLE,
            live=False,
            person=self.person,
            conditions=[make.ConditionFactory()],
            lede=f"There is a {WORDS} on the sill.",
        )
        self.number, self.with_quote = page.pk, True
        self.edit(True)

    def page(self) -> Any:
        return StoryPage.objects.get(pk=self.number)

    def allowed(self, use: Use) -> bool:
        return any(one.allows(use, timezone.now()) for one in self.held)

    def take(self, step: tuple[Any, ...]) -> None:
        getattr(self, step[0])(*step[1:])

    # Steps ----------------------------------------------------------------------------------------------------

    def grant(self, uses: set[Use], lasts: int | None, begins: int) -> None:
        start = timezone.now() + timedelta(hours=begins)
        end = start + timedelta(hours=lasts) if lasts else None
        row = services.grant(
            person=self.person,
            uses=uses,
            by=BY,
            understood_all=True,
            form=self.form,
            starts_at=start,
            until=end,
            signed_on=timezone.localdate(),
        )
        self.held.append(Held(row, set(uses), start, end))

    def _one(self, number: int) -> Held | None:
        standing = [one for one in self.held if one.uses - one.taken]
        return standing[number % len(standing)] if standing else None

    def narrow(self, number: int, uses: set[Use]) -> None:
        if one := self._one(number):
            services.change(consent=one.row, by=BY, uses=uses)
            one.uses = set(uses)

    def end(self, number: int, after: int) -> None:
        if one := self._one(number):
            end = max(timezone.now(), one.start) + timedelta(hours=after)
            services.change(consent=one.row, by=BY, until=end)
            one.end = end

    def withdraw(self, number: int, uses: set[Use] | None) -> None:
        if one := self._one(number):
            one.row.refresh_from_db()
            try:
                withdraw(consent=one.row, by=BY, channel="editor", uses=uses or ())
            except AlreadyWithdrawn:
                return
            one.taken |= uses or set(Use)

    def later(self, hours: int) -> None:
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
            assert not self.allowed(Use.TEXT) or self._declined()
        else:
            assert self.allowed(Use.TEXT)

    def _declined(self) -> bool:
        """Who withdrew after being asked is asked anew; nobody was asked here."""
        return False

    def sweep(self) -> None:
        expiry.expire()

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
