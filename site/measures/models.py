"""Outcome measures as editors see them. `measures.scales` decides which values are allowed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from measures.scales import ASSESSORS, Level, Scale, plain

# Field of the model -> field of Scale, where they are the same; the others are packed and unpacked below.
SAME = (
    "key", "name", "full_name", "kind", "better", "unit", "low", "high", "step", "is_classification",
    "needs_side", "needs_part", "difference", "difference_source", "ceilings_source", "note", "source",
)  # fmt: skip


class MeasureQuerySet(models.QuerySet["Measure"]):
    def offered(self) -> MeasureQuerySet:
        """Return the measures that can be chosen for a new measurement."""
        return self.filter(offered=True)

    def scales(self, pks: set[int]) -> dict[int, Scale]:
        """Return the rules of these measures, by primary key, in two queries; none if `pks` is empty."""
        if not pks:
            return {}
        found = self.filter(pk__in=pks).select_related("ceilings_of").prefetch_related("never_with")
        return {measure.pk: measure.scale for measure in found}


class Measure(models.Model):
    """A scale with range, direction and unit. Loaded from `measures.starter`; editors may change it."""

    class Kind(models.TextChoices):
        INTERVAL = "interval", _("Number, equal steps mean equal amounts")
        SCORE = "score", _("Score, points of several items")
        LEVEL = "level", _("Levels, one of a few named steps")
        COUNT = "count", _("Count, whole numbers from 0")
        YES_NO = "yes_no", _("Yes or no")
        RATING = "rating", _("Rating by the family: worse, none, small, moderate, significant")

    class Better(models.TextChoices):
        HIGHER = "higher", _("Higher, or a later level")
        LOWER = "lower", _("Lower, or an earlier level")
        NEITHER = "", _("Neither")

    key = models.SlugField(
        _("key"),
        max_length=60,
        unique=True,
        help_text=_("Identifies the measure in files, e.g. ‘gmfm-66’. Do not change it."),
    )
    name = models.CharField(
        _("name"), max_length=80, unique=True, help_text=_("As shown with figures, e.g. ‘GMFM-66’.")
    )
    full_name = models.CharField(_("full name"), max_length=200, blank=True)
    other_names = models.CharField(
        _("also written"), max_length=200, blank=True, help_text=_("Separated by commas.")
    )
    offered = models.BooleanField(
        _("offered"), default=True, help_text=_("Untick to hide this measure from new measurements.")
    )
    kind = models.CharField(_("type"), max_length=8, choices=Kind.choices)
    better = models.CharField(
        _("better is"), max_length=6, choices=Better.choices, blank=True, default=Better.NEITHER
    )
    unit = models.CharField(_("unit"), max_length=30, blank=True, help_text=_("E.g. ‘points’ or ‘metres’."))
    low = models.FloatField(_("lowest value"), null=True, blank=True)
    high = models.FloatField(_("highest value"), null=True, blank=True)
    step = models.FloatField(
        _("step"), null=True, blank=True, help_text=_("E.g. 0.5, if values go up in steps.")
    )
    levels = models.TextField(
        _("levels"),
        blank=True,
        help_text=_(
            "One on each line, from first to last: ‘III’ or ‘III: walks with a hand-held aid’. Only for "
            "levels."
        ),
    )
    is_classification = models.BooleanField(
        _("is a classification"),
        default=False,
        help_text=_(
            "Describes a person and is not meant to change: it is not shown as an outcome or a chart, and a "
            "change gives a warning."
        ),
    )
    by_clinician = models.BooleanField(_("a clinician"), default=True)
    by_patient = models.BooleanField(_("the patient"), default=False)
    by_parent = models.BooleanField(_("a parent"), default=False)
    by_independent = models.BooleanField(_("an independent assessor"), default=True)
    needs_side = models.BooleanField(_("needs a side"), default=False)
    needs_part = models.BooleanField(_("needs a muscle, or what was rated"), default=False)
    least_age = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    greatest_age = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    difference = models.FloatField(
        _("minimal important difference"),
        null=True,
        blank=True,
        help_text=_("The least change that matters to patients, as published. Always give its source."),
    )
    difference_source = models.TextField(
        _("source of the difference"),
        blank=True,
        max_length=400,
        help_text=_("Authors, journal, year, DOI; and in whom it was found."),
    )
    ceilings_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("natural course by"),
        help_text=_("The classification whose levels have an expected maximum, e.g. GMFCS."),
    )
    ceilings = models.TextField(
        _("expected maximum at each level"), blank=True, help_text=_("One on each line: ‘III: 54.3’.")
    )
    ceilings_source = models.TextField(_("source of the natural course"), blank=True, max_length=400)
    never_with = models.ManyToManyField(
        "self",
        blank=True,
        verbose_name=_("never mixed with"),
        help_text=_("Measures whose figures look alike but cannot be compared, such as GMFM-66 and GMFM-88."),
    )
    note = models.TextField(_("note"), blank=True, max_length=400)
    source = models.TextField(_("source of the measure"), blank=True, max_length=400)
    # What a loader wrote, by field: a field that differs from it was changed by an editor and is left alone.
    loaded = models.JSONField(default=dict, editable=False)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome measure")
        verbose_name_plural = _("outcome measures")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        errors = {
            **self._errors_of_values(),
            **self._errors_of_levels(),
            **self._errors_of_assessors(),
            **self._errors_of_ceilings(),
        }
        if errors:
            raise ValidationError(errors)

    def _errors_of_values(self) -> dict[str, str]:
        errors: dict[str, str] = {}
        if self.low is not None and self.high is not None and self.low >= self.high:
            errors["high"] = gettext("The highest value must be above the lowest.")
        if self.difference is not None and self.difference <= 0:
            errors["difference"] = gettext("The difference must be above zero.")
        if self.difference is not None and not self.difference_source.strip():
            errors["difference_source"] = gettext("State where this difference was published, and for whom.")
        return errors

    def _errors_of_levels(self) -> dict[str, str]:
        codes = [level.code.casefold() for level in self.level_list]
        if len(codes) != len(set(codes)):
            return {"levels": gettext("Write each level only once.")}
        if self.kind == self.Kind.LEVEL and len(codes) < 2:
            return {"levels": gettext("Write at least two levels, one on each line.")}
        return {}

    def _errors_of_assessors(self) -> dict[str, str]:
        errors: dict[str, str] = {}
        least, greatest = self.least_age, self.greatest_age
        if least is not None and greatest is not None and least > greatest:
            errors["greatest_age"] = gettext("The highest age cannot be below the lowest.")
        if not (self.by_clinician or self.by_patient or self.by_parent or self.by_independent):
            errors["by_clinician"] = gettext("Choose at least one who can assess it.")
        if self.kind == self.Kind.RATING and (self.by_clinician or self.by_independent):
            errors["kind"] = gettext("Only the patient or a parent can give a rating by the family.")
        return errors

    def _errors_of_ceilings(self) -> dict[str, str]:
        try:
            self.ceilings_by_level()
        except ValueError as error:
            return {"ceilings": str(error)}
        if self.ceilings.strip() and not self.ceilings_source.strip():
            return {"ceilings_source": gettext("State where this course was published.")}
        return {}

    @property
    def level_list(self) -> tuple[Level, ...]:
        """The levels as typed: 'code' or 'code: name' on each line."""
        pairs = (line.partition(":") for line in self.levels.splitlines() if line.strip())
        return tuple(Level(code.strip(), name.strip()) for code, _colon, name in pairs)

    def ceilings_by_level(self) -> dict[str, float]:
        """Return the expected maximum by level. Raises ValueError with a sentence for the editor."""
        found = {}
        for line in self.ceilings.splitlines():
            if not line.strip():
                continue
            code, _colon, number = line.partition(":")
            try:
                found[code.strip()] = float(number)
            except ValueError as error:
                raise ValueError(
                    gettext("‘%(line)s’ is not a level with a number. Write for example ‘III: 54.3’.")
                    % {"line": line.strip()}
                ) from error
        return found

    @cached_property
    def scale(self) -> Scale:
        """The rules of this measure, read once for each instance."""
        return Scale(
            **{name: getattr(self, name) for name in SAME},
            other_names=tuple(part.strip() for part in self.other_names.split(",") if part.strip()),
            own_levels=self.level_list,
            assessors=frozenset(who for who in ASSESSORS if getattr(self, f"by_{who}")),
            ages=(self.least_age, self.greatest_age),
            ceilings_of=self.ceilings_of.key if self.ceilings_of else "",
            ceilings=self.ceilings_by_level(),
            never_with=frozenset(other.key for other in self.never_with.all()) if self.pk else frozenset(),
        )


def as_fields(scale: Scale) -> dict[str, Any]:
    """Return a scale as plain fields of `Measure`.

    Its relations (`ceilings_of`, `never_with`) are not among them.
    """
    return {
        **{name: getattr(scale, name) for name in SAME},
        "other_names": ", ".join(scale.other_names),
        "levels": "\n".join(level.in_words for level in scale.own_levels),
        "ceilings": "\n".join(f"{level}: {plain(value)}" for level, value in scale.ceilings.items()),
        "least_age": scale.ages[0],
        "greatest_age": scale.ages[1],
        **{f"by_{who}": who in scale.assessors for who in ASSESSORS},
    }
