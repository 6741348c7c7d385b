"""What a receipt says about passages that were not certain: how many, and in which kinds of places."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentions.models import OpenMention

State = OpenMention.State


@dataclass(frozen=True)
class Summary:
    """What was decided of a withdrawal's passages. `where`: how many are open, by kind of place, in words."""

    open: int
    removed: int
    other: int
    where: tuple[tuple[str, int], ...]
    decided_at: datetime | None

    def as_json(self) -> dict[str, Any]:
        """Return it for the receipt: numbers and kinds of places, no words."""
        return {
            "open": self.open,
            "removed": self.removed,
            "someone_else": self.other,
            "where": [{"where": where, "count": count} for where, count in self.where],
            "decided_at": self.decided_at,
        }

    @property
    def sentence(self) -> str:
        """Say it to the person; '' where there was nothing to decide."""
        if self.open:
            where = ", ".join(f"{label}: {count}" for label, count in self.where)
            text = ngettext(
                "An editor has still to decide about %(n)d passage that may be about you (%(where)s).",
                "An editor has still to decide about %(n)d passages that may be about you (%(where)s).",
                self.open,
            )
            return text % {"n": self.open, "where": where}
        if not self.removed and not self.other:
            return ""
        return _(
            "An editor has decided about all passages that might have been about you: %(removed)d removed, "
            "%(other)d about someone else."
        ) % {"removed": self.removed, "other": self.other}


def summary(withdrawal: UUID) -> Summary:
    """Return what was decided of a withdrawal's passages: one query."""
    rows = list(OpenMention.objects.filter(withdrawal=withdrawal))
    states = Counter(row.state for row in rows)
    where = Counter(_kind(row.place) for row in rows if row.state == State.OPEN)
    times = [row.decided_at for row in rows if row.decided_at]
    return Summary(
        states[State.OPEN.value],
        states[State.REMOVED.value],
        states[State.OTHER.value],
        tuple(sorted(where.items())),
        max(times, default=None),
    )


def _kind(place: str) -> str:
    """Return the kind of place in words that are in every language of the families."""
    return _("texts that several pages share") if place else _("pages")
