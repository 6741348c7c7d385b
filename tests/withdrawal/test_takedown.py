"""Takedown steps: their order, their pauses, what counts as gone, and the sweep that never gives up."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connections

from audit.models import AuditEntry
from tests.factories import PersonFactory
from withdrawal import expiry, surfaces, sweep, takedown
from withdrawal.models import TakedownStep, Withdrawal
from withdrawal.surfaces import Scope, Surface, SurfaceContent, registry

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)


class Shelf(Surface):
    """A surface that answers what a test tells it to."""

    label = "A shelf"

    def __init__(self, name: str, order: int, log: list[str]) -> None:
        self.name, self.order, self.log = name, order, log
        self.left = 0
        self.failure: Exception | None = None

    def find(self, scope: Scope) -> SurfaceContent:
        gone = frozenset({f"/{self.name}/", "/both/"}) if self.name == "first" else frozenset()
        return SurfaceContent(1, {}, removed_paths=gone, changed_paths=frozenset({"/list/", "/both/"}))

    def take_down(self, what: dict[str, Any]) -> None:
        self.log.append(self.name)
        if self.failure:
            raise self.failure

    def check(self, what: dict[str, Any]) -> int:
        return self.left


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def shelves(monkeypatch: pytest.MonkeyPatch, log: list[str]) -> dict[str, Shelf]:
    """Three surfaces instead of the site's own; the last is a cache."""
    made = {name: Shelf(name, order, log) for name, order in (("last", 95), ("first", 10), ("second", 50))}
    monkeypatch.setattr(registry, "_surfaces", made)
    return made


@pytest.fixture
def withdrawal(shelves: dict[str, Shelf]) -> Withdrawal:
    made = Withdrawal.objects.create(person=PersonFactory(), channel="editor", at=START, by_name="test")
    takedown.record_steps(made, {name: SurfaceContent(4, {"x": 1}) for name in shelves})
    return made


def states(withdrawal: Withdrawal) -> dict[str, str]:
    return dict(withdrawal.steps.values_list("surface", "state"))


def test_steps_run_in_the_order_of_the_surfaces(withdrawal: Withdrawal, log: list[str]) -> None:
    assert takedown.run(withdrawal.pk)
    assert log == ["first", "second", "last"]
    assert takedown.run(withdrawal.pk), "a second run has nothing to do"
    assert log == ["first", "second", "last"]
    entries = AuditEntry.objects.filter(action="withdrawal.finished")
    assert [entry.details for entry in entries] == [{"steps": 3}]
    assert takedown.unfinished() == []


def test_surfaces_without_affected_content_get_no_step(shelves: dict[str, Shelf]) -> None:
    made = Withdrawal.objects.create(person=PersonFactory(), channel="editor", at=START, by_name="test")
    takedown.record_steps(made, {name: SurfaceContent(int(name == "second")) for name in shelves})
    assert states(made) == {"second": "waiting"}


def test_content_that_is_still_there_is_not_done(withdrawal: Withdrawal, shelves: dict[str, Shelf]) -> None:
    shelves["second"].left = 3
    assert not takedown.run(withdrawal.pk)
    assert states(withdrawal) == {"first": "done", "second": "failed", "last": "done"}
    step = withdrawal.steps.get(surface="second")
    assert step.error == "Still there: 3 of 4."
    assert step.what == {"x": 1}, "the next try needs to know what to take down"
    assert step.done_at is None
    assert takedown.unfinished() == [withdrawal.pk]


def test_the_pauses_grow_and_end_at_the_longest(withdrawal: Withdrawal, shelves: dict[str, Shelf]) -> None:
    shelves["second"].failure = OSError("no answer")
    now, pauses = START, []
    for _try in range(len(takedown.PAUSES) + 2):
        with time_machine.travel(now, tick=False):
            takedown.run(withdrawal.pk, due_only=True)
        step = withdrawal.steps.get(surface="second")
        assert step.next_try_at
        pauses.append(int((step.next_try_at - now).total_seconds()))
        now = step.next_try_at
    assert pauses == [2, 5, 15, 30, 60, 300, 900, 900, 900]
    assert step.tries == len(pauses)
    shelves["second"].failure = None
    with time_machine.travel(now - dt.timedelta(seconds=1), tick=False):
        assert not takedown.run(withdrawal.pk, due_only=True), "not due yet"
    with time_machine.travel(now, tick=False):
        assert takedown.run(withdrawal.pk, due_only=True)
    step.refresh_from_db()
    assert (step.state, step.error, step.what, step.next_try_at) == ("done", "", {}, None)


def test_a_long_error_is_cut_and_an_unknown_surface_fails_alone(
    withdrawal: Withdrawal, shelves: dict[str, Shelf]
) -> None:
    shelves["first"].failure = RuntimeError("y" * 2000)
    TakedownStep.objects.filter(surface="second").update(surface="from an older release")
    assert not takedown.run(withdrawal.pk)
    assert len(withdrawal.steps.get(surface="first").error) == 500
    assert withdrawal.steps.get(surface="from an older release").error.startswith("KeyError")
    assert states(withdrawal)["last"] == "done"


def test_what_another_process_finished_stays_done(withdrawal: Withdrawal, shelves: dict[str, Shelf]) -> None:
    step = withdrawal.steps.get(surface="first")
    takedown.run(withdrawal.pk)
    shelves["first"].failure = OSError("too late")
    takedown._try(step)  # read before the other process finished it
    step.refresh_from_db()
    assert (step.state, step.tries, step.error) == ("done", 1, "")


def test_only_caches_outside_have_a_latest_possible_time(withdrawal: Withdrawal, settings: Any) -> None:
    settings.FRONT_END_CACHE_SECONDS = 300
    at = {
        name: takedown.latest_possible(TakedownStep(withdrawal=withdrawal, surface=name))
        for name in ("front_end_cache", "page_cache", "search")
    }
    in_five_minutes = START + dt.timedelta(minutes=5)
    assert at == {"front_end_cache": in_five_minutes, "page_cache": None, "search": None}


# The registry -------------------------------------------------------------------------------------


def test_two_surfaces_cannot_have_one_name(shelves: dict[str, Shelf]) -> None:
    class One(Surface):
        name, label = "one", "One"

    class Other(Surface):
        name, label = "one", "Other"

    surfaces.register(One)
    surfaces.register(One)  # a module that is imported again
    with pytest.raises(ValueError, match="'one'"):
        surfaces.register(Other)
    assert type(surfaces.get("one")) is One
    with pytest.raises(KeyError):
        surfaces.get("none")


def test_a_removed_path_is_not_also_a_changed_one(shelves: dict[str, Shelf]) -> None:
    scope = Scope(person=1, at=START)
    assert list(surfaces.find(scope)) == ["first", "second", "last"]
    assert scope.removed_paths == {"/first/", "/both/"}
    assert scope.changed_paths == {"/list/"}
    assert [surface.name for surface in surfaces.caches_only()] == ["last"]


# The sweep ----------------------------------------------------------------------------------------


@pytest.fixture
def connections_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the test's own connection open: a sweep closes those of its thread."""
    monkeypatch.setattr(connections, "close_all", lambda: None)


@pytest.mark.usefixtures("connections_stay")
def test_a_sweep_survives_whatever_fails(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(takedown, "finish", lambda *, due_only: asked.append(due_only))

    def fails(error: Exception) -> Any:
        def fail(**_options: Any) -> None:
            raise error

        return fail

    monkeypatch.setattr(expiry, "expire", fails(RuntimeError("a page cannot be read")))
    with caplog.at_level(logging.ERROR):
        sweep.sweep()
        assert asked == [True], "only steps that are due"
        assert "Consents that ended could not be processed." in caplog.text
        monkeypatch.setattr(takedown, "finish", fails(DatabaseError("locked")))
        sweep.sweep()
    assert "Unfinished takedowns could not be read." in caplog.text


def test_a_sweeper_sweeps_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    sweeper = sweep.Sweeper(seconds=0.001)
    rounds: list[int] = []

    def one_round() -> None:
        rounds.append(1)
        if len(rounds) == 3:
            sweeper.stopped.set()

    monkeypatch.setattr(sweep, "sweep", one_round)
    sweeper.start()
    sweeper.join(timeout=10)
    assert not sweeper.is_alive()
    assert len(rounds) == 3
    assert sweeper.daemon, "a worker that ends is not kept alive by its sweep"
