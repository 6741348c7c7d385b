"""How ages are shown, and the bands in which people are counted and listed, the same on the whole site.

Pure.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

# No age over 89 may be shown (45 CFR 164.514(b)(2)(i)(C)): this stands for all of them.
OLDEST = 90
# Upper ends, in years, of the bands of age; the last has none.
AGES = {"0-2": 2, "3-5": 5, "6-11": 11, "12-17": 17, "18-64": 64, "65": 200}


def age_band(years: int | None) -> str:
    """Return the band an age falls into: '6-11' for 7; '' where the age is not known."""
    if years is None:
        return ""
    return next((band for band, most in AGES.items() if years <= most), "65")


def age_labels() -> dict[str, str]:
    """Return what readers see of each band: 'Under 3', '3 to 5', ..., '65 or over'."""
    labels = {"0-2": _("Under 3"), "65": _("65 or over")}
    for band in AGES:
        low, _dash, high = band.partition("-")
        labels.setdefault(band, _("%(low)s to %(high)s") % {"low": low, "high": high})
    return {band: labels[band] for band in AGES}


def age_in_words(years: int | None) -> str:
    """Return '6', 'under 1', '90 or over', or '' where the age is not known."""
    if years is None:
        return ""
    if years <= 0:
        return _("under 1")
    return _("90 or over") if years >= OLDEST else str(years)
