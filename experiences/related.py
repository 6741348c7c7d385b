"""Which stories stand under a story, and why: the reason is stated, and one of them ends differently. No database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from pages.age_bands import age_band
from pages.wording import OUTCOME_WORDS

NOT_KNOWN = "none"
# How near a candidate's conditions are.
ELSEWHERE, SAME_BRANCH, SAME_CONDITION = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that may be shown. `nearness`: one of the three above; `page` is handed through."""

    page: Any
    outcome: str
    nearness: int
    same_treatment: bool
    age: int | None = None
    followed_months: int | None = None


def choose(own: Candidate, candidates: Iterable[Candidate], number: int = 3) -> list[tuple[Candidate, str]]:
    """At most `number` candidates, each with its reason; the first has another outcome than `own` if any has.

    A known one rather than 'not known yet'.

    Near ones first, in the order given. One about another condition is taken only for its different ending.
    """
    near = sorted(candidates, key=lambda one: (-one.nearness, not one.same_treatment))
    others = [one for one in near if one.outcome != own.outcome]
    different = next((one for one in others if one.outcome != NOT_KNOWN), others[0] if others else None)
    chosen = [different] if different else []
    for one in near:
        if len(chosen) < number and one is not different and one.nearness > ELSEWHERE:
            chosen.append(one)
    return [(one, reason(own, one)) for one in chosen]


def reason(own: Candidate, other: Candidate) -> str:
    """Why `other` is shown beside `own`: 'Same treatment, no change'."""
    if other.same_treatment and other.nearness > ELSEWHERE:
        what = _("Same treatment")
    else:
        what = (_("Another condition"), _("A related condition"), _("Same condition"))[other.nearness]
    return ", ".join([what, *_details(own, other)[:1]])


def _details(own: Candidate, other: Candidate) -> Sequence[str]:
    details = []
    if other.outcome != own.outcome and other.outcome in OUTCOME_WORDS:
        details.append(str(OUTCOME_WORDS[other.outcome]))
    if age_band(own.age) and age_band(own.age) == age_band(other.age):
        details.append(_("same age group"))
    elif own.age is not None and other.age is not None:
        details.append(_("older") if other.age > own.age else _("younger"))
    if (other.followed_months or 0) > (own.followed_months or 0):
        details.append(_("followed for longer"))
    return details
