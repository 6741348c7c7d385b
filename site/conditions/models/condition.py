"""The conditions with which pages are tagged."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from conditions.models.term import Term, TermCode, TermName


class Condition(Term):
    class Meta(Term.Meta):
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")


class ConditionName(TermName):
    term = ParentalKey(Condition, on_delete=models.CASCADE, related_name="names")

    class Meta(TermName.Meta):
        verbose_name = _("name of a condition")
        verbose_name_plural = _("names of conditions")


class ConditionCode(TermCode):
    term = ParentalKey(Condition, on_delete=models.CASCADE, related_name="codes")

    class Meta(TermCode.Meta):
        verbose_name = _("code of a condition")
        verbose_name_plural = _("codes of conditions")
