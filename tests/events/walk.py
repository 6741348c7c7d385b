"""Walks through the world at random: one act after the other, and after each a visitor looks at everything.

A walk is a list of (act, three numbers), made from a seed. An act that finds nothing to act on does nothing,
so that any part of a walk is a walk too: `shortest` leaves out what a failure does not need.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import TestCase
from django.utils import timezone

from changes.kept import Kept
from ledger import guard, recording
from pages.public_index import PublicIndex
from tests.events.choosing import ACTS
from tests.events.site import Site
from tests.events.world import World
from withdrawal import expiry

# Each adds its acts to the list.
for name in ("acts_of_editors", "acts_on_plain_pages", "acts_of_people"):
    import_module(f"tests.events.{name}")

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONGEST = 30
Step = tuple[str, int, int, int]


class Leak(AssertionError):
    """Someone was seen without consent."""


def steps_of(seed: int) -> list[Step]:
    """Return the walk of this seed: five acts or more."""
    chance = random.Random(seed)
    names, often = zip(*((name, often) for name, (_act, often) in sorted(ACTS.items())), strict=True)
    chosen = chance.choices(names, often, k=int(chance.triangular(5, LONGEST + 1, 6)))
    return [(name, *(chance.randrange(1000) for _ in range(3))) for name in chosen]


@dataclass
class Point:
    """A state of the site that can be returned to: the database, its files, and the test's records of it."""

    savepoint: str
    folder: Path
    records: tuple[Any, Any]


@dataclass
class Tally:
    """What happened in all walks: acts by name, those that found something to do, and who was seen."""

    done: Counter[str] = field(default_factory=Counter)
    idle: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        acts = ", ".join(f"{name} {self.done[name]}" for name in sorted(ACTS))
        idle = ", ".join(f"{name} {count}" for name, count in sorted(self.idle.items()))
        seen = ", ".join(f"{kind} {count}" for kind, count in sorted(self.seen.items()))
        hidden = ", ".join(f"{kind} {count}" for kind, count in sorted(self.refused.items()))
        return (
            f"done: {acts}\nnothing to do: {idle}\nlooks that saw them, with consent: {seen}\n"
            f"looks without consent for some of them: {hidden}"
        )


class Walk(World):
    """The world with its history: what can be returned to, and what the visitor found."""

    def __init__(self, clock: Any, folder: Path, tally: Tally) -> None:
        self.folder, self.tally = folder, tally
        self.backup: Point | None = None
        self.numbers = self.at = 0
        with settled():
            super().__init__(clock, Site())
        assert guard.check().problems == ()
        self.start = self.point()
        self.colours_at_start = list(self._free), dict(self.visitor.colours)

    # Returning --------------------------------------------------------------------------------------------------

    def point(self) -> Point:
        self.numbers += 1
        folder = self.folder / f"files-{self.numbers}"
        for name, place in places():
            if place.exists():
                shutil.copytree(place, folder / name)
        return Point(transaction.savepoint(), folder, self.copy_of_records())

    def return_to(self, point: Point) -> None:
        """Put database and files back as they were, and forget what this process keeps, as a start does."""
        transaction.savepoint_rollback(point.savepoint)
        recording.watch(connection)
        connection.ledger_rows.clear()  # type: ignore[attr-defined] # set by `watch`
        for name, place in places():
            shutil.rmtree(place, ignore_errors=True)
            if (point.folder / name).exists():
                shutil.copytree(point.folder / name, place)
        cache.clear()
        PublicIndex.forget_all()
        Kept.forget_all()
        self.site.start()

    def back_up(self) -> None:
        self.backup = self.point()

    def restore(self) -> bool:
        """Return to the last backup. The ledger is today's, and so are the decisions in it."""
        if self.backup is None:
            return False
        self.return_to(self.backup)
        was, content = self.backup.records
        self.agreed = was.with_what_came_later(self.agreed)
        self.content = content
        self.backup = None
        found = guard.check()
        assert found.problems == (), found
        expiry.expire()  # as `serve_pages` does before it answers
        return True

    # Walking ----------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start again with the site as it was built."""
        self.clock.move_to(START)
        self.backup = None
        Path(settings.LEDGER_FILE).unlink(missing_ok=True)
        shutil.copy(self.folder / "ledger-at-start", settings.LEDGER_FILE)
        self.return_to(self.start)
        self.start.savepoint = transaction.savepoint()
        self.agreed, self.content = self.start.records
        self.start.records = self.copy_of_records()
        self.visitor.known.clear()
        # Each walk has all colours again, however many came before it. What was read is named by colours.
        free, named = self.colours_at_start
        self._free, self.visitor.colours = list(free), dict(named)
        self.visitor._read.clear()
        guard.check()

    def take(self, step: Step) -> None:
        name, *numbers = step
        with settled():
            try:
                done = ACTS[name][0](self, *numbers)
            except ValidationError:  # a form would say so: two pages with one address, for instance
                done = None
        (self.tally.done if done else self.tally.idle)[name] += 1

    def check(self, *, thorough: bool = True, before_the_worker: bool = False) -> None:
        """Raise Leak for anyone who is seen without consent. In the seconds after a consent has ended, until the
        worker has done its work, files are still sent, and pages about no one still name them.
        """
        now, agreed = timezone.now(), self.agreed
        found = self.visitor.look(lambda what: agreed.allows(what, now), thorough=thorough)
        forbidden = sorted(what for what in agreed.canaries if not agreed.allows(what, now))
        chance = random.Random(len(self.visitor.known) * 31 + len(forbidden))
        words = [what for what in forbidden if what.startswith("qix")]
        if thorough:
            found += self.visitor.search(chance.sample(words, min(len(words), 4)))
        late = (self.how.url, self.faq.url, "/files/", "/documents/") if before_the_worker else ()
        leaks = {
            f"{one.what} ({agreed.canaries[one.what].kind} of {sorted(agreed.canaries[one.what].people)}) "
            f"at {one.address}"
            for one in found
            if not agreed.allows(one.what, now)
            and not (one.address == "/" and late)
            and not one.address.startswith(late)
        }
        self.tally.seen.update(
            {agreed.canaries[one.what].kind for one in found if agreed.allows(one.what, now)}
        )
        self.tally.refused.update({agreed.canaries[what].kind for what in forbidden})
        if leaks:
            raise Leak("Seen without consent:\n" + "\n".join(sorted(leaks)))

    def walk(self, steps: list[Step]) -> None:
        """Take these steps from the beginning. `at`: how many were begun."""
        self.begin()
        for self.at, step in enumerate(steps, 1):
            self.take(step)
            self.check(thorough=self.at % 5 == 0 or self.at == len(steps))


def places() -> list[tuple[str, Path]]:
    private = settings.STORAGES["private"]["OPTIONS"]["location"]
    return [("public", Path(settings.MEDIA_ROOT)), ("private", Path(private))]


@contextmanager
def settled() -> Iterator[None]:
    """Do what a commit does, after the block: write the ledger, and run what waits for the commit."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        yield
        recording.watch(connection)
        numbers, connection.ledger_rows = connection.ledger_rows, []  # type: ignore[attr-defined]
        if numbers:
            recording.write_ahead(numbers)


@contextmanager
def walking(folder: Path, tally: Tally) -> Iterator[Walk]:
    """Yield the world as it was built."""
    with time_machine.travel(START, tick=False) as clock:
        walk = Walk(clock, folder, tally)
        shutil.copy(settings.LEDGER_FILE, folder / "ledger-at-start")
        yield walk


def shortest(steps: list[Step], fails: Callable[[list[Step]], bool], tries: int = 150) -> list[Step]:
    """Return a part of a walk that fails too, with as few steps as can be had by leaving some out."""
    size = max(1, len(steps) // 2)
    while size:
        place = 0
        while place < len(steps) and tries:
            tries -= 1
            part = steps[:place] + steps[place + size :]
            if part and fails(part):
                steps = part
            else:
                place += size
        size //= 2
    return steps
