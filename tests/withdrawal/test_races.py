"""Withdrawal wins every race against publication: two threads, two connections, every order of their steps.

Each round one of the two is stopped at a step while the other runs as far as it can, which may be until it
waits for a lock. RACES=100 runs every order a hundred times; a few rounds of each are enough for every run of
the suite.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from audit.actors import Actor
from consent import services
from consent.models import Consent
from experiences.models import StoryPage
from publication import gate
from publication.models import Clearance
from tests import factories as make
from withdrawal.services import withdraw

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = int(os.environ.get("RACES", "3"))
BY = Actor.system("test")
# Seconds until a thread that does not come back is taken to wait for the other's lock.
WAITS = 0.15


class Stop:
    """A place in the code at which one thread lets the other go first. Passed once."""

    def __init__(self, thread: str, other: Callable[[], None]) -> None:
        self.thread, self.other, self.used = thread, other, False

    def here(self) -> None:
        if threading.current_thread().name == self.thread and not self.used:
            self.used = True
            self.other()


@contextmanager
def stopping(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, stop: Stop, *, after: bool
) -> Iterator[None]:
    original = getattr(owner, name)

    def around(*args: Any, **kwargs: Any) -> Any:
        if not after:
            stop.here()
        result = original(*args, **kwargs)
        if after:
            stop.here()
        return result

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, around)
        yield


def in_thread(name: str, act: Callable[[], Any], faults: list[BaseException]) -> threading.Thread:
    def run() -> None:
        try:
            act()
        except gate.NotPublic:
            pass
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, name=name)
    thread.start()
    return thread


def publish(page: Any) -> None:
    page.latest_revision.publish()


def publish_at_its_hour(_page: Any) -> None:
    call_command("publish_scheduled")


def withdraw_now(consent: Any) -> None:
    withdraw(consent=consent, by=BY, channel="editor")


def redact(consent: Any) -> None:
    services.change(consent=consent, by=BY, uses=["photo"])


# Where the publishing process is stopped: before the lock, under it, before the clearance, before the commit.
PUBLISHING = [
    ("require_consent", False),
    ("require_consent", True),
    ("write_clearance", False),
    ("write_clearance", True),
]


def draft() -> Any:
    page = make.StoryPageFactory(live=False, conditions=[])
    page.go_live_at = timezone.now() - timedelta(minutes=1)
    revision = page.save_revision()
    revision.approved_go_live_at = page.go_live_at
    revision.save()
    return StoryPage.objects.get(pk=page.pk)


def race(first: Callable[[], Any], second: Callable[[], Any], arrange: Callable[[Stop], Any]) -> None:
    """Run `first` until its stop, then `second` as far as it comes, then both to their ends."""
    faults: list[BaseException] = []
    started: list[threading.Thread] = []

    def let_other_go() -> None:
        other = in_thread("second", second, faults)
        started.append(other)
        other.join(WAITS)

    with arrange(Stop("first", let_other_go)):
        thread = in_thread("first", first, faults)
        thread.join(30)
        for other in started:
            other.join(30)
    if not started:
        in_thread("second", second, faults).join(30)
    assert not faults, faults


def assert_nothing_is_public(page: Any) -> None:
    assert not Page.objects.get(pk=page.pk).live
    assert not Clearance.objects.filter(page=page.pk).exists()
    assert Client().get(page.url).status_code in {404, 410}


@pytest.mark.parametrize("way", [publish, publish_at_its_hour])
@pytest.mark.parametrize(("step", "after"), PUBLISHING)
def test_withdrawn_while_it_is_published(
    step: str, after: bool, way: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _round in range(ROUNDS):
        page = draft()
        consent = page.person.consents.get()
        race(
            partial(way, page),
            partial(withdraw_now, consent),
            lambda stop: stopping(monkeypatch, gate, step, stop, after=after),
        )
        assert_nothing_is_public(page)


@pytest.mark.parametrize("ending", [withdraw_now, redact])
@pytest.mark.parametrize("after", [False, True])
def test_published_while_it_is_withdrawn(
    after: bool, ending: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _round in range(ROUNDS):
        page = draft()
        consent = page.person.consents.get()
        race(
            partial(ending, consent),
            partial(publish, page),
            lambda stop: stopping(monkeypatch, Consent, "save", stop, after=after),
        )
        assert_nothing_is_public(page)
