"""Follow-up figures of everybody treated: what is known, and for how many it is not. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FollowUpFigures:
    """Of `treated` people `followed_up` were seen again after `months`: improved, unchanged or worse; the rest are lost.

    Raises ValueError with a sentence for the editor where the figures cannot be.
    """

    treated: int
    followed_up: int
    improved: int
    unchanged: int
    worse: int
    months: int

    def __post_init__(self) -> None:
        if min(self.treated, self.followed_up, self.improved, self.unchanged, self.worse) < 0:
            raise ValueError("A number of people cannot be below zero.")
        if self.followed_up > self.treated:
            raise ValueError(f"More were followed up ({self.followed_up:,}) than treated ({self.treated:,}).")
        seen = self.improved + self.unchanged + self.worse
        if seen != self.followed_up:
            raise ValueError(
                f"Improved, unchanged and worse make {seen:,}, but {self.followed_up:,} were followed up: "
                "they must be the same number."
            )

    @property
    def lost(self) -> int:
        """Treated, and not followed up."""
        return self.treated - self.followed_up
