"""The treatments that pages are tagged by: a tree of terms, like the conditions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from conditions.models import Term, TermCode, TermName


class Treatment(Term):
    class Meta(Term.Meta):
        verbose_name = _("treatment")
        verbose_name_plural = _("treatments")


class TreatmentName(TermName):
    term = ParentalKey(Treatment, on_delete=models.CASCADE, related_name="names")

    class Meta(TermName.Meta):
        verbose_name = _("name of a treatment")
        verbose_name_plural = _("names of treatments")


class TreatmentCode(TermCode):
    term = ParentalKey(Treatment, on_delete=models.CASCADE, related_name="codes")

    class Meta(TermCode.Meta):
        verbose_name = _("code of a treatment")
        verbose_name_plural = _("codes of treatments")
