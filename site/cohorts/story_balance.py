"""Whether the published stories are rosier than what became of everyone treated. Pure; a plain rule.

The published stories of a treatment are compared with the people of its cohort who were followed up, which is
the comparison most in favour of the stories: people lost to follow-up are left out on both sides.

- A story 'tells of improvement' when it ended with some improvement or was mixed: a reader takes both for a
  gain. Stories whose ending is not known are left out.
- **Rosier**: Wilson's 95 % interval of that share lies wholly above the cohort's share of improved. With few
  stories the interval is wide, and the honest answer is 'cannot tell'.
- **None is worse here**: no published story ended worse, although people of the cohort did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from figures.statistics import Interval, proportion


class Verdict(StrEnum):
    ROSIER = "rosier"
    DARKER = "darker"
    ALIKE = "alike"
    CANNOT_TELL = "cannot_tell"
    NOTHING_KNOWN = "nothing_known"
    NO_STORIES = "no_stories"


@dataclass(frozen=True)
class Balance:
    """`told`: stories with a known ending; `gains` of them tell of improvement. `share`: of the cohort, 0 to
    1.
    """

    verdict: Verdict
    told: int
    gains: int
    interval: Interval | None
    share: float | None
    none_worse: bool


# With fewer stories than this an interval that holds the cohort's share says nothing.
FEWEST = 10


def balance(
    counts: Mapping[str, int], *, followed_up: int | None, improved: int | None, worse: int | None
) -> Balance:
    """Compare stories by ending (`pages.choices.Outcome`) with the people followed up, as published; None:
    not known.
    """
    gains = counts.get("good", 0) + counts.get("mixed", 0)
    told = gains + counts.get("same", 0) + counts.get("worse", 0)
    interval = proportion(gains, told).interval
    share = improved / followed_up if followed_up and improved is not None else None
    none_worse = bool(told and worse and not counts.get("worse", 0))
    if not told:
        verdict = Verdict.NO_STORIES
    elif share is None or interval is None:
        verdict = Verdict.NOTHING_KNOWN
    elif interval.low > share:
        verdict = Verdict.ROSIER
    elif interval.high < share:
        verdict = Verdict.DARKER
    else:
        verdict = Verdict.ALIKE if told >= FEWEST else Verdict.CANNOT_TELL
    return Balance(verdict, told, gains, interval, share, none_worse)
