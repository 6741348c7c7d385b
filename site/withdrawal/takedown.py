"""Carrying out the steps that a withdrawal recorded: surface by surface, checked, as often as necessary.

Steps run in the process that withdrew, right after its commit. Steps that it does not finish (it was killed,
or a cache did not answer) are finished by the next start of a server or worker, by the worker's regular
sweep, or by `manage.py finish_takedowns`. Every step may be repeated by any number of processes at the same
time.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from withdrawal import surfaces
from withdrawal.models import TakedownStep, Withdrawal
from withdrawal.surfaces import SurfaceContent

logger = logging.getLogger(__name__)
State = TakedownStep.State

# Seconds until a failed step is tried again: after the first try, after the second, and so on; then always
# the last.
PAUSES = (2, 5, 15, 30, 60, 300, 900)


def record_steps(withdrawal: Withdrawal, found: Mapping[str, SurfaceContent]) -> None:
    """Record one step for each surface with affected content. Call it in the withdrawal's own transaction."""
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
    """Try every step that is not done, or with `due_only` those that are due.

    Return True if every step has succeeded.
    """
    now = now or timezone.now()
    steps = TakedownStep.objects.filter(withdrawal=withdrawal_id).exclude(state=State.DONE)
    if due_only:
        steps = steps.filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=now))
    # In the order of the surfaces, not of the rows: caches come last.
    order = {surface.name: position for position, surface in enumerate(surfaces.registered())}
    for step in sorted(steps, key=lambda step: order.get(step.surface, len(order))):
        _try(step)
    return _finished(withdrawal_id)


def _try(step: TakedownStep) -> None:
    try:
        surface = surfaces.get(step.surface)
        left = surface.confirm(step.what)
        error = _("Still there: %(left)s of %(count)s.") % {"left": left, "count": step.count} if left else ""
    except Exception as failure:  # a surface may fail in any way; the others are taken down all the same
        logger.exception(
            "Withdrawal %s: the surface %s could not be taken down.", step.withdrawal_id, step.surface
        )
        error = f"{type(failure).__name__}: {failure}"[:500]
    now = timezone.now()
    unfinished_step = TakedownStep.objects.filter(pk=step.pk).exclude(state=State.DONE)
    if not error:
        unfinished_step.update(
            state=State.DONE, done_at=now, what={}, error="", next_try_at=None, tries=F("tries") + 1
        )
        return
    pause = PAUSES[min(step.tries, len(PAUSES) - 1)]
    unfinished_step.update(
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
    """Return the numbers of the withdrawals with steps that are not done, oldest first."""
    return list(
        Withdrawal.objects.filter(finished_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    )


def finish(*, due_only: bool = False) -> tuple[int, int]:
    """Run the remaining steps of every unfinished withdrawal.

    Return how many finished and how many did not.
    """
    numbers = unfinished()
    done = sum(run(number, due_only=due_only) for number in numbers)
    return done, len(numbers) - done


def latest_possible(step: TakedownStep) -> datetime | None:
    """Return when a failing cache will have dropped its copies by its own time limit; None for other
    surfaces."""
    if step.surface != "front_end_cache":
        return None
    return step.withdrawal.at + timedelta(seconds=settings.FRONT_END_CACHE_SECONDS)
