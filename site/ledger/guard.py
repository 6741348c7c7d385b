"""Compares the database with the ledger, and decides whether anything about people may be shown.

Every server and worker compares when it starts, and again when the database turns out to have been replaced.
Decisions that the database lacks are carried out again before anything is answered. Where that is not
possible, the guard closes: pages and files that show people answer 503 (`withdrawal.closed`), everything else
works, and the admin says why. While it is open it costs a request one look at a list.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connections, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit import trail
from audit.actors import Actor
from ledger import kinds, recording, stores
from ledger.lines import Contents, Entry
from ledger.models import LedgerEntry, LedgerState

logger = logging.getLogger(__name__)

BY = Actor.system("ledger")
# While the guard is closed it is compared again after so many seconds, when someone asks.
RETRY_SECONDS = 5.0


@dataclass(frozen=True)
class Problem:
    """Why nothing about people is shown, and what to do.

    `code`: for programs; `details`: for the operator.
    """

    code: str
    text: str | Promise
    details: str = ""


CHECKING = Problem("checking", _("The database is being compared with the ledger."))
MISSING = _(
    "The ledger of withdrawals is missing. Put it back, or accept a new one: manage.py accept_ledger."
)
OTHER = _(
    "The ledger belongs to another database. Put the right one back, or accept a new one: "
    "manage.py accept_ledger."
)
ALTERED = _(
    "The ledger of withdrawals was altered, or SECRET_KEY or RECORDS_KEY was changed. Put the right file or "
    "key back, or accept a new ledger: manage.py accept_ledger."
)
LACKING = _(
    "The ledger lacks decisions that the database has: an older copy of it was put back. Put the newest one "
    "back, or accept a new one: manage.py accept_ledger."
)
UNWRITTEN = _(
    "Decisions are not yet in the ledger. Everything is shown, but a restored backup would not know them. "
    "The log says why it cannot be written."
)
FAILED = _("Some withdrawals in the ledger could not be carried out again. The log says why.")
UNREADABLE = _("The ledger or the database could not be read. The log says why.")


@dataclass
class Comparison:
    """What one comparison found. `applied`: decisions that were carried out again."""

    problems: tuple[Problem, ...] = ()
    applied: int = 0
    written: int = 0


# Problems of this process; none: everything may be shown.
_problems: tuple[Problem, ...] = ()
_lock = threading.Lock()
_looked_at = 0.0
_signature: object = None
_count = 0
_started = False
# Called when the database turned out to be an older one, after its decisions were carried out again.
when_restored: list[Callable[[], Any]] = []


def is_open() -> bool:
    """Return whether pages and files about people may be shown."""
    return not _problems


def problems() -> tuple[Problem, ...]:
    return _problems


def check() -> Comparison:
    """Compare, carry out again what the database lacks, and open or close. Never raises."""
    global _problems, _looked_at, _signature  # noqa: PLW0603 - one guard for each process
    with _lock:
        _looked_at = time.monotonic()
        try:
            signature = stores.store().signature()
            found = compare()
            _signature = signature
        except Exception as error:
            logger.exception("The database could not be compared with the ledger.")
            found = Comparison((Problem("unreadable", UNREADABLE, type(error).__name__),))
        for problem in found.problems:
            logger.error("Nothing about people is shown. %s %s", problem.text, problem.details)
        _problems = found.problems
    return found


def check_at_start() -> None:
    """Compare in a process that is about to answer requests or to run tasks."""
    global _started  # noqa: PLW0603
    _started = True
    check()
    connections.close_all()  # no process may inherit an open one


def look_again() -> None:
    """Compare again, in a thread of its own, if the guard has been closed for a few seconds."""
    if _problems and time.monotonic() - _looked_at > RETRY_SECONDS:
        _check_beside()


def follow() -> None:
    """Compare again if the ledger has changed, the database has fewer decisions, or the guard is closed.

    A worker calls it every few seconds: it finds what a killed process wrote to the ledger and did not
    commit.
    """
    global _count  # noqa: PLW0603
    if not _started:
        return
    try:
        count = LedgerEntry.objects.count()
        changed = stores.store().signature() != _signature or count < _count
        _count = count
    except Exception:
        logger.exception("The ledger could not be read.")
        changed = True
    if changed or _problems:
        check()


def database_was_replaced() -> None:
    """Close until the database, which is not the one of a moment ago, has been compared."""
    global _problems  # noqa: PLW0603
    if not _started:
        return
    _problems = (CHECKING,)
    _check_beside(restored=True)


def _check_beside(*, restored: bool = False) -> None:
    def run() -> None:
        try:
            if not check().applied and restored:
                _tell_restored()
        finally:
            connections.close_all()

    global _looked_at  # noqa: PLW0603
    _looked_at = time.monotonic()
    threading.Thread(target=run, name="ledger", daemon=True).start()


# Comparing --------------------------------------------------------------------------------------------------


def compare() -> Comparison:
    """Compare once. Raises what the database or the place of the ledger raises."""
    known = _known()
    contents = stores.store().read(known)
    state = LedgerState.objects.filter(pk=1).first()
    if state is None:
        state, contents = _begin(contents)
        known = _known()
    if contents.identity is None:
        return Comparison((Problem("missing", MISSING, stores.store().place),))
    if str(state.identity) != contents.identity:
        if str(state.identity) not in contents.former:
            return Comparison((Problem("other", OTHER, stores.store().place),))
        LedgerState.objects.filter(pk=1).update(identity=contents.identity)
    problems = [Problem("altered", ALTERED, "; ".join(contents.faults[:5]))] if contents.faults else []
    if lacking := [number for number, written in known.items() if written and number not in contents.ids]:
        problems.append(Problem("lacking", LACKING, f"{len(lacking)}: {', '.join(sorted(lacking)[:5])}"))
    applied, failed = carry_out_again(contents, known)
    if failed:
        problems.append(Problem("failed", FAILED, ", ".join(failed[:5])))
    written = 0 if problems else _write_waiting(contents)
    return Comparison(tuple(problems), applied, written)


def _known() -> dict[str, bool]:
    """Return the decisions that the database has, each with whether the ledger has it."""
    return {str(number): written for number, written in LedgerEntry.objects.values_list("pk", "is_written")}


def _begin(contents: Contents) -> tuple[LedgerState, Contents]:
    """Make the database know its ledger: the one that is there, or a new one with what was decided so far."""
    try:
        with transaction.atomic():
            identity = contents.identity or str(uuid.uuid4())
            state = LedgerState.objects.create(pk=1, identity=identity)
            if contents.identity is None:
                waiting = list(LedgerEntry.objects.order_by("at", "pk"))
                known = {row.pk for row in waiting}
                waiting += [
                    LedgerEntry.objects.create(pk=number, kind=kind.name, payload=payload, at=timezone.now())
                    for kind in kinds.registered()
                    for number, payload in kind.existing()
                    if number not in known
                ]
                stores.store().append([stores.entry_of(row) for row in waiting], identity, new=True)
                LedgerEntry.objects.update(is_written=True)
    except IntegrityError:  # another process was first
        state = LedgerState.objects.get(pk=1)
    return state, stores.store().read()


def _write_waiting(contents: Contents) -> int:
    """Write what could not be written when it was decided. Return how many."""
    waiting = list(LedgerEntry.objects.filter(is_written=False).order_by("at", "pk"))
    unwritten = [row for row in waiting if str(row.pk) not in contents.ids]
    LedgerEntry.objects.filter(pk__in=[row.pk for row in waiting if row not in unwritten]).update(
        is_written=True
    )
    return len(recording.write(unwritten, str(contents.identity))) if unwritten else 0


def carry_out_again(contents: Contents, known: dict[str, bool]) -> tuple[int, list[str]]:
    """Carry out every decision that the database lacks. Return how many, and those that failed."""
    lacked = [
        entry for entry in contents.entries if entry.id not in known and entry.id not in contents.abandoned
    ]
    applied, failed = [], []
    for place, entry in enumerate(lacked):
        try:
            if _apply(entry, lacked[place + 1 :]):
                applied.append(entry)
        except Exception:  # the others are carried out all the same
            logger.exception("The decision %s (%s) could not be carried out again.", entry.id, entry.kind)
            failed.append(f"{entry.kind} {entry.id}")
    if applied:
        logger.warning("%s decisions of the ledger were carried out again.", len(applied))
        counted = {kind: sum(entry.kind == kind for entry in applied) for kind in {e.kind for e in applied}}
        trail.record(by=BY, action="ledger.applied", details=counted)
        _tell_restored()
    return len(applied), failed


def _apply(entry: Entry, later: list[Entry]) -> bool:
    """Carry one decision out. Return False if another process did, or its own transaction ended just now."""
    try:
        with transaction.atomic(), recording.applying():
            # First: a second process that wants the same waits here until this one is done.
            LedgerEntry.objects.create(
                pk=uuid.UUID(entry.id),
                kind=entry.kind,
                payload=entry.payload,
                at=datetime.fromisoformat(entry.at),
            )
            kinds.get(entry.kind).apply(entry, later)
    except IntegrityError:
        if LedgerEntry.objects.filter(pk=entry.id).exists():
            return False
        raise
    return True


def _tell_restored() -> None:
    for receiver in when_restored:
        receiver()
