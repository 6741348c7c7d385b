"""Times as they are shown in public: counted from the treatment or from birth, never as dates. Pure."""

from __future__ import annotations

from typing import Literal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

Part = Literal["before", "treatment", "after"]


class TimeFrom(TextChoices):
    """What the months of a timeline are counted from."""

    TREATMENT = "treatment", gettext_lazy("The treatment")
    BIRTH = "birth", gettext_lazy("Birth: the months are an age")


def part_of(months: int) -> Part:
    """Return which side of the treatment a time is on."""
    if months < 0:
        return "before"
    return "after" if months else "treatment"


def months_in_words(months: int) -> str:
    """Return '3 months before', 'Treatment', '12 months after', '5 years and 6 months before' (years from two
    on).
    """
    if not months:
        return _("Treatment")
    length = _length(abs(months))
    return (_("%(length)s before") if months < 0 else _("%(length)s after")) % {"length": length}


def _length(count: int) -> str:
    years, rest = divmod(count, 12) if count >= 24 else (0, count)
    in_years = ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
    in_months = ngettext("%(n)s month", "%(n)s months", rest) % {"n": rest}
    if years and rest:
        return _("%(years)s and %(months)s") % {"years": in_years, "months": in_months}
    return in_years if years else in_months


def age_in_months_in_words(months: int) -> str:
    """Return 'Before birth', 'Birth', 'At 4 months', 'At 2 years and 3 months', 'At 90 years or over'."""
    if months < 0:
        return _("Before birth")
    if not months:
        return _("Birth")
    if months >= 90 * 12:
        return _("At 90 years or over")
    return _("At %(age)s") % {"age": _length(months)}


def months_in_short(months: int) -> str:
    """Return '−3', '0', '12': the head of a column of measurements."""
    return f"−{-months}" if months < 0 else str(months)
