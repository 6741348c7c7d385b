"""Choices that pages of several apps share."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tone(models.TextChoices):
    """The colour of a page's opening."""

    HONEY = "honey", _("Honey")
    CLAY = "clay", _("Clay")
    SEA = "sea", _("Sea")
    SKY = "sky", _("Sky")
    MOSS = "moss", _("Moss")


class Outcome(models.TextChoices):
    """What happened after treatment. The values are the CSS classes that give each its own shape."""

    GOOD = "good", _("Some improvement")
    MIXED = "mixed", _("Mixed")
    SAME = "same", _("No change")
    WORSE = "worse", _("Worse")
    NONE = "none", _("Not known yet")
