"""The limits that everything computed from people is published within. Pure.

Sources are in docs/disclosure.md. Two of the limits are choices between published practices:

- A count of 1 to 4 people is suppressed (NHS England, Anonymisation Standard ISB 1523), and every other count
  is rounded to a multiple of 5, as NHS England and OpenSAFELY do.
- Ten people are the fewest that a statistic may describe, the threshold of the Eurostat guidelines for
  checking output (Brandt and others, 2010).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of one site.

    `smallest`: counts below this, and above none, are suppressed. `base`: counts are rounded to a multiple of
    it. `fewest`: no mean, no total and no version describes fewer people, nor may two versions differ by
    fewer. `error_share`: a mean is rounded to a step of at least this share of its standard error.
    """

    smallest: int = 5
    base: int = 5
    fewest: int = 10
    error_share: float = 0.5

    def __post_init__(self) -> None:
        if self.smallest < 1 or self.base < 1 or self.fewest < 1 or self.error_share < 0:
            raise ValueError("The limits of disclosure control are 1 or more; a share is 0 or more.")

    def is_small(self, count: int) -> bool:
        """Return whether a count must not be published on its own. None at all is not small."""
        return 0 < count < self.smallest

    def is_few(self, people: int) -> bool:
        """Return whether these are too few people for any statistic."""
        return people < self.fewest


DEFAULT = Rules()
# Nothing is protected. Only the reconstruction test uses it, to show that its attack works.
OFF = Rules(smallest=1, base=1, fewest=1, error_share=0)
