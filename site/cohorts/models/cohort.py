"""Cohorts: everyone who had one treatment for one condition, and what is known of them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, Orderable, RevisionMixin
from wagtail.search import index

from pages.outcome_counts import Problem, problems


class SourceKind(models.TextChoices):
    REGISTRY = "registry", _("Our own registry")
    PARTNER = "partner", _("A partner’s figure")
    STUDY = "study", _("A published study")


class Basis(models.TextChoices):
    TYPED = "typed", _("Typed, from the source")
    ROWS = "rows", _("Counted from imported case rows")


class Better(models.TextChoices):
    HIGHER = "higher", _("Higher is better")
    LOWER = "lower", _("Lower is better")


class CohortQuerySet(models.QuerySet["Cohort"]):
    def shown_with_stories(self, condition_id: int, treatment_id: int) -> Cohort | None:
        """Return the published cohort shown with the stories of a condition and treatment, if
        there is one.
        """
        return self.filter(
            condition_id=condition_id, treatment_id=treatment_id, beside_stories=True, live=True
        ).first()


class Cohort(DraftStateMixin, RevisionMixin, ClusterableModel, index.Indexed, models.Model):
    """All patients of one treatment for one condition, in one period, from one source.

    Its figures are typed (`figures`) or counted from case rows (`counted`), never both: `basis` says which. A
    draft may be incomplete; impossible figures cannot become public by any way of publishing (`save`).
    """

    title = models.CharField(
        _("title"), max_length=200, help_text=_("E.g. ‘Descriptive statistical report: cerebral palsy’.")
    )
    condition = models.ForeignKey(
        "conditions.Condition", on_delete=models.PROTECT, related_name="cohorts", verbose_name=_("condition")
    )
    treatment = models.ForeignKey(
        "treatments.Treatment", on_delete=models.PROTECT, related_name="cohorts", verbose_name=_("treatment")
    )
    period_from = models.DateField(_("treated from"), null=True, blank=True)
    period_to = models.DateField(_("treated to"), null=True, blank=True)

    basis = models.CharField(
        _("where the figures come from"), max_length=5, choices=Basis, default=Basis.TYPED
    )
    treated = models.PositiveIntegerField(
        _("treated"),
        null=True,
        blank=True,
        help_text=_("Everyone, followed up or not. Counted by the site where case rows are imported."),
    )
    treated_at_least = models.BooleanField(
        _("‘over’"), default=False, help_text=_("The source says ‘over’: the number is a lower bound.")
    )
    source_kind = models.CharField(_("kind of source"), max_length=8, choices=SourceKind)
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Shown with every number: who counted, and how.")
    )
    reference = models.TextField(
        _("reference"), blank=True, max_length=600, help_text=_("Of a published study: as it is cited.")
    )
    doi = models.CharField(_("DOI"), max_length=120, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)

    main_measure = models.CharField(
        _("main measure"), max_length=120, blank=True, help_text=_("The first one when this is empty.")
    )
    main_months = models.PositiveSmallIntegerField(
        _("main follow-up, in months"), default=12, help_text=_("The time that is shown with stories.")
    )
    beside_stories = models.BooleanField(
        _("shown with stories"),
        default=True,
        help_text=_("On every story, video and case study of this condition and treatment, once published."),
    )
    is_sample = models.BooleanField(
        _("sample figures"), default=False, help_text=_("Marks the figures as invented, wherever shown.")
    )
    method = models.TextField(_("how it was done"), blank=True, max_length=3000)
    limits = models.TextField(
        _("what it cannot tell you"), blank=True, max_length=3000, help_text=_("One limit a line.")
    )
    conflicts = models.TextField(
        _("who paid, and whose interests"),
        blank=True,
        max_length=2000,
        help_text=_("‘Not stated’ when empty."),
    )

    objects = CohortQuerySet.as_manager()

    search_fields = [index.SearchField("title"), index.SearchField("source"), index.FilterField("live")]

    class Meta:
        verbose_name = _("cohort")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["condition", "treatment"],
                condition=models.Q(beside_stories=True, live=True),
                name="one_cohort_beside_stories",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if self.period_from and self.period_to and self.period_to < self.period_from:
            errors["period_to"] = _("The period ends before it begins.")
        if self.source_kind == SourceKind.STUDY and not self.reference:
            errors["reference"] = _("Enter the reference of the study: published figures need one.")
        if self.beside_stories and self.condition_id and self.treatment_id:
            other = Cohort.objects.shown_with_stories(self.condition_id, self.treatment_id)
            if other is not None and other.pk != self.pk:
                errors["beside_stories"] = _(
                    "“%(title)s” is already shown with these stories. Only one cohort can be."
                ) % {"title": other.title}
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.live:
            self.refuse_impossible_figures()
        super().save(*args, **kwargs)

    def refuse_impossible_figures(self) -> None:
        """Raise ValidationError where typed figures break a rule: drafts skip their form's checks, publishing
        must not.
        """
        if self.basis != Basis.TYPED:
            return
        found = [
            f"{figure}: {problem.text}"
            for figure in self.figures.all()
            for problem in figure.problems(self.treated)
        ]
        if found:
            raise ValidationError(found)


class CohortMeasure(Orderable):
    """One measure of a cohort, and what counts as improved on it."""

    cohort = ParentalKey(Cohort, on_delete=models.CASCADE, related_name="measures")
    name = models.CharField(
        _("measure"), max_length=120, help_text=_("E.g. ‘GMFM-66’, ‘Doctor’s judgement’.")
    )
    definition = models.TextField(
        _("what counts as improved, no change, worse"),
        max_length=600,
        help_text=_("In words that a reader can check."),
    )
    better = models.CharField(
        _("direction"), max_length=6, choices=Better, blank=True, help_text=_("Of measures with values.")
    )
    least_change = models.DecimalField(
        _("smallest change that counts"),
        max_digits=9,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("In units of the measure. Less than this, either way, is ‘no change’."),
    )

    panels = ["name", "definition", "better", "least_change"]

    class Meta(Orderable.Meta):
        verbose_name = _("measure")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.least_change is not None and not self.better:
            raise ValidationError({"better": _("Say whether higher or lower is better on this measure.")})


class CohortFigure(Orderable):
    """Typed: what became of the treated by one time, on one measure."""

    cohort = ParentalKey(Cohort, on_delete=models.CASCADE, related_name="figures")
    measure = models.CharField(_("measure"), max_length=120, help_text=_("As it is called above."))
    months = models.PositiveSmallIntegerField(
        _("months after treatment"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
    )
    followed_up = models.PositiveIntegerField(_("followed up"))
    improved = models.PositiveIntegerField(_("improved"))
    unchanged = models.PositiveIntegerField(_("no change"))
    worse = models.PositiveIntegerField(_("worse"))
    lost = models.PositiveIntegerField(
        _("lost to follow-up"),
        null=True,
        blank=True,
        help_text=_("Treated minus followed up; checked if you enter it."),
    )

    panels = ["measure", "months", "followed_up", "improved", "unchanged", "worse", "lost"]

    class Meta(Orderable.Meta):
        verbose_name = _("figures")
        verbose_name_plural = _("figures")

    def __str__(self) -> str:
        return _("%(measure)s at %(months)s months") % {"measure": self.measure, "months": self.months}

    def problems(self, treated: int | None) -> list[Problem]:
        return problems(
            treated=treated,
            followed_up=self.followed_up,
            improved=self.improved,
            unchanged=self.unchanged,
            worse=self.worse,
            lost=self.lost,
        )
