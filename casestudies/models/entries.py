"""The tables of a case study: authors, timeline, treatments, references, documents.

Measurements: `observation`.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldRowPanel
from wagtail.models import Orderable

from casestudies import references
from figures import relative_time

CASE_STUDY = "casestudies.CaseStudyPage"


class CaseAuthor(Orderable):
    page = ParentalKey(CASE_STUDY, on_delete=models.CASCADE, related_name="authors")
    name = models.CharField(_("name"), max_length=120, help_text=_("As it is cited, e.g. ‘Example A’."))
    role = models.CharField(
        _("profession"), max_length=120, blank=True, help_text=_("E.g. ‘physiotherapist’.")
    )
    institution = models.CharField(_("institution"), max_length=200, blank=True)

    panels = [FieldRowPanel(["name", "role"]), "institution"]

    class Meta(Orderable.Meta):
        verbose_name = _("author")

    def __str__(self) -> str:
        return self.name

    @property
    def in_words(self) -> str:
        """'Example A, physiotherapist, Example East Hospital'."""
        return ", ".join(part for part in (self.name, self.role, self.institution) if part)


class TimelineEntry(Orderable):
    """What happened at one time, in months from the treatment (-3 is three months before) or from birth: the
    page says.
    """

    # Set by the page that shows it.
    counted_from = relative_time.TimeFrom.TREATMENT

    class Kind(models.TextChoices):
        SYMPTOM = "symptom", _("Symptom")
        TEST = "test", _("Test")
        TREATMENT = "treatment", _("Treatment")
        ADVERSE = "adverse", _("Side effect")
        OUTCOME = "outcome", _("Outcome")

    page = ParentalKey(CASE_STUDY, on_delete=models.CASCADE, related_name="timeline")
    months = models.SmallIntegerField(
        _("months"),
        validators=[MinValueValidator(-1200), MaxValueValidator(1200)],
        help_text=_("0 is the treatment itself, a negative number before it. Never type a date."),
    )
    kind = models.CharField(_("type"), max_length=10, choices=Kind.choices, default=Kind.OUTCOME)
    text = models.TextField(_("what happened"), max_length=600)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Who says so, e.g. ‘hospital record’.")
    )

    panels = [FieldRowPanel(["months", "kind"]), "text", "source"]

    class Meta(Orderable.Meta):
        verbose_name = _("entry of the timeline")

    @property
    def when(self) -> str:
        if self.counted_from == relative_time.TimeFrom.BIRTH:
            return relative_time.age_in_months_in_words(self.months)
        return relative_time.months_in_words(self.months)

    @property
    def part(self) -> relative_time.Part:
        if self.counted_from == relative_time.TimeFrom.BIRTH:
            return "before"
        return relative_time.part_of(self.months)


class TreatmentGiven(Orderable):
    """One row of the treatment table. Its number is its place in the table."""

    page = ParentalKey(CASE_STUDY, on_delete=models.CASCADE, related_name="treatments_given")
    day = models.SmallIntegerField(
        _("day"),
        null=True,
        blank=True,
        help_text=_("Counted from the first treatment, which is day 1. Never a date."),
    )
    kind = models.CharField(_("type"), max_length=160)
    dose = models.CharField(_("dose"), max_length=120, blank=True)
    route = models.CharField(_("route"), max_length=120, blank=True)
    side_effects = models.CharField(
        _("side effects"), max_length=300, blank=True, help_text=_("Write ‘none’ if there were none.")
    )

    panels = [FieldRowPanel(["day", "kind"]), FieldRowPanel(["dose", "route"]), "side_effects"]

    class Meta(Orderable.Meta):
        verbose_name = _("treatment given")


class Reference(Orderable):
    page = ParentalKey(CASE_STUDY, on_delete=models.CASCADE, related_name="references")
    text = models.TextField(
        _("reference"), max_length=600, help_text=_("Authors. Title. Journal. Year;volume:pages.")
    )
    doi = models.CharField(
        _("DOI"), max_length=200, blank=True, help_text=_("E.g. 10.1016/j.jclinepi.2017.04.026")
    )
    pmid = models.CharField(
        _("PubMed number"),
        max_length=60,
        blank=True,
        help_text=_("The number, or the address of the record."),
    )

    panels = ["text", FieldRowPanel(["doi", "pmid"])]

    class Meta(Orderable.Meta):
        verbose_name = _("reference")

    def clean(self) -> None:
        super().clean()
        errors = {}
        if self.doi:
            try:
                self.doi = references.plain_doi(self.doi)
            except ValueError as error:
                errors["doi"] = str(error)
        if self.pmid:
            try:
                self.pmid = references.plain_pmid(self.pmid)
            except ValueError as error:
                errors["pmid"] = str(error)
        if errors:
            raise ValidationError(errors)

    @property
    def doi_url(self) -> str:
        return f"https://doi.org/{self.doi}" if self.doi else ""

    @property
    def pmid_url(self) -> str:
        return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/" if self.pmid else ""


class CaseDocument(Orderable):
    """A document of a case study, to view and to save."""

    page = ParentalKey(CASE_STUDY, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what it is"), blank=True, max_length=500)
    document = models.ForeignKey(
        "media.Document", on_delete=models.PROTECT, related_name="+", verbose_name=_("document")
    )
    is_sample = models.BooleanField(_("sample content"), default=False)

    panels = ["title", "text", "document", "is_sample"]

    class Meta(Orderable.Meta):
        verbose_name = _("document")
