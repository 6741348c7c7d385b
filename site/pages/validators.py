"""Validators that several kinds of pages share."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from pages.age_bands import OLDEST

AT_MOST_OLDEST = MaxValueValidator(
    OLDEST, _("An age over 89 identifies a person. Type 90, which is shown as ‘90 or over’.")
)
