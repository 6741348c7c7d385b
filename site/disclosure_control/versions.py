"""What the difference between two published versions tells of the people who make it. Pure.

Two versions that differ by one person tell that person's groups and values, however many people each of them
describes. So two versions that are public, or ever were, differ by none or by at least `fewest` people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from disclosure_control.rules import Rules


@dataclass(frozen=True, slots=True)
class Difference:
    """People in whom two versions differ: new, changed, and gone since (withdrawn or deleted)."""

    new: int
    changed: int
    gone: int

    @property
    def people(self) -> int:
        return self.new + self.changed + self.gone


def difference(before: Mapping[str, str], now: Mapping[str, str], *, left: int = 0) -> Difference:
    """Return in how many people two versions differ.

    `before`, `now`: a digest of what each person adds to a version, by a pseudonym. `left`: people who were
    in the earlier version and whose pseudonym has been deleted since.
    """
    both = before.keys() & now.keys()
    return Difference(
        new=len(now) - len(both),
        changed=sum(before[name] != now[name] for name in both),
        gone=len(before) - len(both) + left,
    )


def holds(shown: Any, fresh: Any, rules: Rules) -> bool:
    """Return whether published figures still hold, to the accuracy they state, for the people counted afresh.

    Both are public data of the same kind. They hold where the same things are shown, each count is the same
    or the next multiple of the base, a zero is still zero, and each value is the same or one step away.
    """
    if isinstance(shown, dict) and isinstance(fresh, dict):
        steps = [Decimal(str(fresh.get(name) or 0)) for name in ("step", "change_step")]
        return shown.keys() == fresh.keys() and all(
            name in ("step", "change_step")
            or (
                _near(shown[name], fresh[name], max(steps))
                if isinstance(shown[name], str)
                else holds(shown[name], fresh[name], rules)
            )
            for name in shown
        )
    if isinstance(shown, list) and isinstance(fresh, list):
        return len(shown) == len(fresh) and all(
            holds(one, other, rules) for one, other in zip(shown, fresh, strict=True)
        )
    if type(shown) is int and type(fresh) is int:
        return shown == fresh or (bool(shown) and bool(fresh) and abs(shown - fresh) <= rules.base)
    return bool(shown == fresh)


def _near(shown: str, fresh: str, step: Decimal) -> bool:
    if shown == fresh:
        return True
    try:
        return bool(step) and abs(Decimal(shown) - Decimal(fresh)) <= step
    except InvalidOperation:
        return False
