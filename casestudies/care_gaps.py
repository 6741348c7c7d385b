"""What a case study leaves out of the CARE guideline, and the reasons that an editor gave for it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext

from casestudies.care import CareItem, Values, completeness

# Visitors read the reason: one word does not explain a gap.
SHORTEST_REASON = 10


@dataclass(frozen=True)
class Gap:
    """An item that is not answered, with the reason an editor gave: '' where none was given."""

    item: CareItem
    reason: str

    @property
    def explained(self) -> bool:
        return self.item.excusable and len(self.reason) >= SHORTEST_REASON

    def __str__(self) -> str:
        named = str(self.item.name)
        if not self.item.excusable:
            return gettext("%(item)s: this item is required. A reason cannot replace it.") % {"item": named}
        if self.reason:
            return gettext("%(item)s: the reason is too short. Write at least ten characters.") % {
                "item": named
            }
        return gettext("%(item)s: fill it in, or state why it is missing.") % {"item": named}


class Reported(Protocol):
    """A case study, as far as the checklist is concerned. `gap_reasons`: reasons by the number of an item."""

    gap_reasons: Mapping[str, str]

    def care_values(self) -> Mapping[str, object]: ...


def gaps_in(values: Values, reasons: Mapping[str, str]) -> list[Gap]:
    """Return the required items that are not answered, each with its reason, in the checklist's order."""
    return [
        Gap(status.item, str(reasons.get(status.item.number) or "").strip())
        for status in completeness(values)
        if not status.complete and not status.item.optional
    ]


def gaps(page: Reported) -> list[Gap]:
    """Return what `page` leaves out of the guideline, with the reasons given for it."""
    return gaps_in(page.care_values(), page.gap_reasons or {})
