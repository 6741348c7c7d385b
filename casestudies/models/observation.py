"""Measurements of one patient: a value of an outcome measure at one time."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from casestudies import measurement_rules
from figures import relative_time
from measures.models import Measure
from measures.scales import Scale, recognised
from measures.widgets import MeasureSelect


class Observation(Orderable):
    """One value of one measure at one time. A value is text: scales have levels such as III or 1+.

    `measure`, `unit` and `better` say in words what was measured. With an `outcome_measure` they are copies
    of its own, so that what was published stays as it was published.
    """

    class Better(models.TextChoices):
        HIGHER = "higher", _("Higher is better")
        LOWER = "lower", _("Lower is better")
        NEITHER = "", _("Neither")

    class AssessedBy(models.TextChoices):
        CLINICIAN = "clinician", _("Clinician")
        PATIENT = "patient", _("Patient")
        PARENT = "parent", _("Parent")
        INDEPENDENT = "independent", _("Independent assessor")

    class Phase(models.TextChoices):
        BASELINE = "baseline", _("Baseline")
        FOLLOW_UP = "follow_up", _("Follow-up")

    class Side(models.TextChoices):
        LEFT = "left", _("Left")
        RIGHT = "right", _("Right")
        BOTH = "both", _("Both sides")

    page = ParentalKey("casestudies.CaseStudyPage", on_delete=models.CASCADE, related_name="observations")
    # Not PROTECT: a draft that names a measure since deleted could not be opened. The copies below stay.
    outcome_measure = models.ForeignKey(
        Measure,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="observations",
        verbose_name=_("outcome measure"),
        help_text=_("Its rules check the value, and its chart is drawn."),
    )
    measure = models.CharField(
        _("another measure"),
        max_length=120,
        blank=True,
        help_text=_("Only for a measure that is not in the list. Its values are not checked."),
    )
    months = models.SmallIntegerField(
        _("months after treatment"),
        validators=[MinValueValidator(-1200), MaxValueValidator(600)],
        help_text=_("0 is at treatment, -3 three months before."),
    )
    observed_on = models.DateField(
        _("exact date"), null=True, blank=True, help_text=_("Private: never shown, never exported.")
    )
    phase = models.CharField(
        _("baseline or follow-up"),
        max_length=9,
        choices=Phase.choices,
        blank=True,
        help_text=_("If you choose neither, values up to the treatment are baseline."),
    )
    value = models.CharField(_("value"), max_length=40)
    unit = models.CharField(
        _("unit"), max_length=40, blank=True, help_text=_("Only for a measure that is not in the list.")
    )
    better = models.CharField(
        _("direction"), max_length=6, choices=Better.choices, blank=True, default=Better.NEITHER
    )
    assessed_by = models.CharField(_("assessed by"), max_length=11, choices=AssessedBy.choices, blank=True)
    side = models.CharField(_("side"), max_length=5, choices=Side.choices, blank=True)
    part = models.CharField(
        _("muscle, or what was rated"), max_length=80, blank=True, help_text=_("E.g. ‘calf’ or ‘speech’.")
    )
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("Shown. E.g. ‘in a splint’ or ‘medicine working’.")
    )

    panels = [
        FieldRowPanel([FieldPanel("outcome_measure", widget=MeasureSelect), "measure"]),
        FieldRowPanel(["months", "value", "assessed_by"]),
        FieldRowPanel(["side", "part", "phase"]),
        FieldRowPanel(["unit", "better", "observed_on"]),
        "note",
    ]

    # The rules, once they are read: `with_scales` reads them for many rows at once.
    known_scale: Scale | None = None

    class Meta(Orderable.Meta):
        verbose_name = _("measurement")

    def __str__(self) -> str:
        return f"{self.series}: {self.value}"

    def clean(self) -> None:
        super().clean()
        self.adopt()
        if self.outcome_measure is None and not self.measure.strip():
            raise ValidationError(
                {"outcome_measure": gettext("Choose a measure, or name one that is not in the list.")}
            )
        if getattr(self, "months", None) is None:
            return  # its own field says so
        if errors := measurement_rules.faults(self):
            raise ValidationError(errors)
        if self.scale and self.value:
            self.value = self.scale.read(self.value)

    def adopt(self) -> None:
        """Choose the measure of the list that the words name, and copy its name, unit and direction."""
        if self.outcome_measure is None and self.measure.strip():
            for measure in Measure.objects.prefetch_related("never_with").select_related("ceilings_of"):
                if found := recognised(self.measure, measure.scale):
                    self.outcome_measure = measure
                    self.side, self.part = self.side or found[0], self.part or found[1]
                    break
        if self.outcome_measure is not None:
            self.known_scale = scale = self.outcome_measure.scale
            self.measure, self.unit, self.better = scale.name, scale.unit_in_words[:40], scale.better

    @property
    def scale(self) -> Scale | None:
        """The rules of its measure; None for a measure that is not in the list."""
        if self.known_scale is None and self.outcome_measure is not None:
            self.known_scale = self.outcome_measure.scale
        return self.known_scale

    @property
    def series(self) -> str:
        """What is measured, in full: 'Modified Ashworth Scale, calf, right'. Of a rating, what was rated:
        'Speech'.
        """
        if self.scale and self.scale.kind == "rating" and self.part:
            return self.part[0].upper() + self.part[1:]
        side = str(self.get_side_display()).lower() if self.side else ""
        return ", ".join(part for part in (self.measure, self.part, side) if part)

    @property
    def shown_value(self) -> str:
        """As readers see it: 'Moderate' for a rating, 'III' for a level."""
        return self.scale.shown(self.value) if self.scale else self.value

    @property
    def is_baseline(self) -> bool:
        return measurement_rules.phase_of(self) == "baseline"

    @property
    def when(self) -> str:
        return relative_time.months_in_words(self.months)


def with_scales(rows: Iterable[Observation]) -> list[Observation]:
    """Return the same rows with the rules of their measures: two queries for any number, none without a known
    measure.
    """
    found = list(rows)
    scales = Measure.objects.scales({row.outcome_measure_id for row in found if row.outcome_measure_id})
    for row in found:
        row.known_scale = scales.get(row.outcome_measure_id) if row.outcome_measure_id else None
    return found
