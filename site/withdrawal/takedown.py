"""Carrying out what a withdrawal wrote down: surface by surface, checked, as often as it takes.

Steps run in the process that withdrew, right after its commit; what that process does not finish (killed, a cache that
does not answer) is done by the next start of a server or worker, by the worker's regular sweep, or by
`manage.py finish_takedowns`. Every step may be repeated by any number of processes at the same time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from withdrawal import surfaces
from withdrawal.models import TakedownStep, Withdrawal
from withdrawal.surfaces import Found

logger = logging.getLogger(__name__)
State = TakedownStep.State

# Seconds until a step that failed is tried again: the first number after the first try, and so on; then the last.
PAUSES = (2, 5, 15, 30, 60, 300, 900)
SWEEP_SECONDS = 5


def write_down(withdrawal: Withdrawal, found: Mapping[str, Found]) -> None:
    """One step for each surface that shows anything. In the withdrawal's own transaction, before anything else happens."""
    TakedownStep.objects.bulk_create(
        TakedownStep(
            withdrawal=withdrawal,
            surface=surface.name,
            what=found[surface.name].what,
            count=found[surface.name].count,
        )
        for surface in surfaces.registered()
        if found[surface.name].count
    )


def run(withdrawal_id: int, *, now: datetime | None = None, due_only: bool = False) -> bool:
    """Try every step that is not done (with `due_only`: whose time has come). Returns whether all are done."""
    now = now or timezone.now()
    steps = TakedownStep.objects.filter(withdrawal=withdrawal_id).exclude(state=State.DONE)
    if due_only:
        steps = steps.filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=now))
    # In the order of the surfaces, whichever were written down first: caches come last.
    order = {surface.name: place for place, surface in enumerate(surfaces.registered())}
    for step in sorted(steps, key=lambda step: order.get(step.surface, len(order))):
        _try(step)
    return _finished(withdrawal_id)


def _try(step: TakedownStep) -> None:
    try:
        surface = surfaces.get(step.surface)
        surface.take_down(step.what)
        left = surface.check(step.what)
        error = _("Still there: %(left)s of %(count)s.") % {"left": left, "count": step.count} if left else ""
    except Exception as failure:  # a surface may fail in any way; the others come down all the same
        logger.exception("Withdrawal %s: the surface %s did not come down.", step.withdrawal_id, step.surface)
        error = f"{type(failure).__name__}: {failure}"[:500]
    now = timezone.now()
    mine = TakedownStep.objects.filter(pk=step.pk).exclude(state=State.DONE)
    if not error:
        mine.update(state=State.DONE, done_at=now, what={}, error="", next_try_at=None, tries=F("tries") + 1)
        return
    pause = PAUSES[min(step.tries, len(PAUSES) - 1)]
    mine.update(
        state=State.FAILED,
        error=error,
        tries=F("tries") + 1,
        next_try_at=now + timedelta(seconds=pause),
    )


def _finished(withdrawal_id: int) -> bool:
    steps = TakedownStep.objects.filter(withdrawal=withdrawal_id)
    if steps.exclude(state=State.DONE).exists():
        return False
    with transaction.atomic():
        just_now = Withdrawal.objects.filter(pk=withdrawal_id, finished_at__isnull=True).update(
            finished_at=timezone.now()
        )
        if just_now:
            withdrawal = Withdrawal.objects.get(pk=withdrawal_id)
            trail.record(
                by=Actor.system("takedown"),
                action="withdrawal.finished",
                thing=withdrawal,
                person=withdrawal.person_id,
                details={"steps": steps.count()},
            )
    return True


def unfinished() -> list[int]:
    """The numbers of the withdrawals of which something is not down yet, oldest first."""
    return list(
        Withdrawal.objects.filter(finished_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    )


def finish(*, due_only: bool = False) -> tuple[int, int]:
    """Go on with every withdrawal that is not finished. Returns how many were finished, and how many are not yet."""
    numbers = unfinished()
    done = sum(run(number, due_only=due_only) for number in numbers)
    return done, len(numbers) - done


def latest_possible(step: TakedownStep) -> datetime | None:
    """When a step that fails is over at the latest without us: caches let go by themselves. None: never."""
    if step.surface not in {"front_end_cache", "page_cache"}:
        return None
    longest = max(settings.FRONT_END_CACHE_SECONDS, getattr(settings, "PAGE_CACHE_SECONDS", 0))
    return step.withdrawal.at + timedelta(seconds=longest)


def _look(also: Callable[[], object]) -> None:
    try:
        also()
    except Exception:  # whatever it is, the next look comes in a few seconds
        logger.exception("%s failed.", getattr(also, "__qualname__", also))


# What else is looked at as often: what expired in the meantime (`withdrawal.expiry`).
sweeps: list[Callable[[], object]] = []


class Sweeper(threading.Thread):
    """Beside a worker: tries again what is due, every few seconds, until the process ends."""

    def __init__(self, seconds: float = SWEEP_SECONDS) -> None:
        super().__init__(name="takedown sweep", daemon=True)
        self.seconds, self.stopped = seconds, threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(self.seconds):
            sweep()


def sweep() -> None:
    """One look, on a database connection of its own thread. Never raises: it is the last line of defence."""
    try:
        finish(due_only=True)
        for also in sweeps:
            _look(also)
    except DatabaseError:
        logger.exception("Unfinished takedowns could not be looked at.")
    finally:
        connections.close_all()
