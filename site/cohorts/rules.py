"""What a cohort's numbers must obey, each rule in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from pages.wording import figure

# Months after treatment at which people are asked to come back.
TIMES = (1, 3, 6, 12)


@dataclass(frozen=True)
class Problem:
    """`field`: the number to put right; `text`: the rule, with the numbers that break it."""

    field: str
    text: str


def problems(
    *,
    treated: int | None,
    followed_up: int | None,
    improved: int | None,
    unchanged: int | None,
    worse: int | None,
    lost: int | None = None,
) -> list[Problem]:
    """Everything that cannot be in one line of figures. A number that is not given is judged by nothing.

    `lost` may be left out: it is treated less followed up.
    """
    found: list[Problem] = []
    numbers = {
        "followed_up": followed_up,
        "improved": improved,
        "unchanged": unchanged,
        "worse": worse,
        "lost": lost,
    }
    for field, number in numbers.items():
        if number is not None and number < 0:
            found.append(Problem(field, _("A number of people cannot be below zero.")))
    if found or followed_up is None:
        return found
    if treated is None:
        found.append(
            Problem(
                "followed_up",
                _("Say how many were treated: a number of people followed up means nothing without it."),
            )
        )
    elif followed_up > treated:
        found.append(
            Problem(
                "followed_up",
                _("More were followed up (%(followed)s) than treated (%(treated)s).")
                % {"followed": figure(followed_up), "treated": figure(treated)},
            )
        )
    if improved is not None and unchanged is not None and worse is not None:
        seen = improved + unchanged + worse
        if seen != followed_up:
            found.append(
                Problem(
                    "followed_up",
                    _(
                        "Improved, no change and worse make %(seen)s, but %(followed)s were followed up: they must be "
                        "the same number."
                    )
                    % {"seen": figure(seen), "followed": figure(followed_up)},
                )
            )
    if lost is not None and treated is not None and followed_up <= treated and lost != treated - followed_up:
        found.append(
            Problem(
                "lost",
                _("Lost are the treated who were not followed up: %(treated)s less %(followed)s is %(lost)s.")
                % {
                    "treated": figure(treated),
                    "followed": figure(followed_up),
                    "lost": figure(treated - followed_up),
                },
            )
        )
    return found
