"""Choose related stories, each with its reason; one of them has a different outcome. No database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from pages.age_bands import age_band
from pages.wording import OUTCOME_WORDS

NOT_KNOWN = "none"
# How close a candidate's conditions are.
ELSEWHERE, SAME_BRANCH, SAME_CONDITION = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that may be shown. `page`: what is given back; `nearness`: one of the three levels above."""

    page: Any
    outcome: str
    nearness: int
    same_treatment: bool
    age: int | None = None
    followed_months: int | None = None


def choose(own: Candidate, candidates: Iterable[Candidate], number: int = 3) -> list[tuple[Candidate, str]]:
    """Return at most `number` candidates, each with its reason, the nearest first and else in the order
    given.

    The first has a different outcome from `own` if any candidate has, preferably a known outcome. Only this
    story may be about another condition.
    """
    near = sorted(candidates, key=lambda candidate: (-candidate.nearness, not candidate.same_treatment))
    others = [candidate for candidate in near if candidate.outcome != own.outcome]
    known = [candidate for candidate in others if candidate.outcome != NOT_KNOWN]
    different = next(iter(known or others), None)
    chosen = [different] if different else []
    for candidate in near:
        if len(chosen) < number and candidate is not different and candidate.nearness > ELSEWHERE:
            chosen.append(candidate)
    return [(candidate, reason(own, candidate)) for candidate in chosen]


def reason(own: Candidate, other: Candidate) -> str:
    """Return why `other` is related to `own`: 'Same treatment, no change'."""
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
