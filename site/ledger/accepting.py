"""Accepting a new ledger after the former one was lost or altered."""

from __future__ import annotations

import uuid

from django.db import transaction

from audit import trail
from audit.actors import Actor
from ledger import guard, stores
from ledger.models import LedgerEntry, LedgerState


def accept(*, by: Actor, reason: str) -> str:
    """Begin a new ledger with what the database and the readable part of the present one hold.

    Return where the former file is kept, '' if there was none. Raises ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("Give the reason: it is kept in the audit trail.")
    contents = stores.store().read()
    known = {str(number): True for number in LedgerEntry.objects.values_list("pk", flat=True)}
    guard.carry_out_again(contents, known)
    state = LedgerState.objects.filter(pk=1).first()
    former = {*contents.former, *([contents.identity] if contents.identity else [])}
    if state is not None:
        former.add(str(state.identity))
    identity = str(uuid.uuid4())
    rows = [stores.entry_of(row) for row in LedgerEntry.objects.order_by("at", "pk")]
    ids = {entry.id for entry in rows}
    rest = [entry for entry in contents.entries if entry.id not in ids | contents.abandoned]
    with transaction.atomic():
        LedgerState.objects.update_or_create(pk=1, defaults={"identity": identity})
        LedgerEntry.objects.update(is_written=True)
        trail.record(
            by=by,
            action="ledger.accepted",
            thing=f"ledger.ledgerstate:{identity}",
            details={"former": sorted(former), "decisions": len(rows) + len(rest)},
            reason=reason,
        )
        kept = stores.store().replace(identity, former, [*rows, *rest])
    guard.check()
    return kept
