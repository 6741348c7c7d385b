"""Case rows: private, without dates, names or ages in years."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohort import Cohort


class CohortCase(models.Model):
    """One person of a cohort, as imported, without anything that identifies them.

    `key`: a keyed hash of the hospital's number, so that a second import recognises the case and no one can
    turn it back. `digest`: of what was imported, to tell whether anything changed.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="cases")
    key = models.CharField(max_length=64)
    age_band = models.CharField(max_length=8, blank=True)
    sex = models.CharField(max_length=6, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("case row")
        constraints = [models.UniqueConstraint(fields=["cohort", "key"], name="one_row_a_case")]

    def __str__(self) -> str:
        return self.key[:8]


class CohortObservation(models.Model):
    """One measurement or judgement of a case, so many days after treatment (before it: a baseline)."""

    case = models.ForeignKey(CohortCase, on_delete=models.CASCADE, related_name="observations")
    measure = models.CharField(max_length=120)
    day = models.IntegerField()
    value = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    result = models.CharField(max_length=9, blank=True)

    class Meta:
        verbose_name = _("observation of a case row")

    def __str__(self) -> str:
        return f"{self.measure}, day {self.day}"


class WithdrawnCase(models.Model):
    """A person who was withdrawn from a cohort: a later import of the same file leaves the case out."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="withdrawn_cases")
    key = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("withdrawn case")
        constraints = [models.UniqueConstraint(fields=["cohort", "key"], name="one_withdrawal_a_case")]

    def __str__(self) -> str:
        return self.key[:8]


class CohortCount(models.Model):
    """What was counted from the case rows, exactly. Private: only what suppression leaves of
    it is published.
    """

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="counted")
    data = models.JSONField(default=dict)
    # What each case adds to the figures (`counting.contributions`), to tell in whom two versions differ.
    members = models.JSONField(default=dict)
    key_check = models.CharField(max_length=64, blank=True)
    counted_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("count of case rows")

    def __str__(self) -> str:
        return str(self.cohort_id)
