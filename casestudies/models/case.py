"""Case studies: a clinician's report of one patient, following CARE."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site
from wagtail.search import index

from casestudies import references
from casestudies.care import completeness, field_names
from casestudies.care_gaps import gaps_in
from casestudies.contents import contents
from casestudies.editing import case_panels
from casestudies.forms import CaseStudyForm
from casestudies.measurements import outcomes_of
from casestudies.models.observation import with_scales
from casestudies.models.publishing import PublishedCase
from casestudies.models.sections import CareSections
from casestudies.models.stored_tables import read_together
from casestudies.panels import missing_in_words
from consent.uses import Use
from figures.relative_time import TimeFrom
from interviews.speaker_consent import ExcerptSpeakers
from media import preload
from media.blocks import AudioBlock, FigureBlock, GalleryBlock, VideoBlock
from pages.age_bands import age_in_words
from pages.blocks import CalloutBlock, TableBlock
from pages.cards import Card
from pages.fields import QuietStreamField
from pages.models import PatientPage
from pages.validators import AT_MOST_OLDEST
from publication.mixins import AboutPerson
from publication.reasons import ConsentRequirement
from treatments.matching import page_covering

# What lists need not fetch.
PROSE = [field.name for field in CareSections._meta.fields]


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")


class CaseStudyPage(AboutPerson, PublishedCase, CareSections, PatientPage):
    """One patient, the 13 items of CARE 2013.

    All of it is public, except `person`. Times are relative to treatment.
    """

    og_type = "article"
    credit_fields = frozenset({"authors", "references", "documents", "funding", "competing_interests"})
    TABLES = ("authors", "timeline", "treatments_given", "observations", "references", "documents")

    case_number = models.CharField(
        _("case study number"), max_length=30, blank=True, help_text=_("E.g. ‘RH-CS-014’.")
    )
    version = models.PositiveSmallIntegerField(
        _("version"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Raise it when what is reported changes: the version is part of the citation."),
    )
    published_on = models.DateField(
        _("publication date"),
        null=True,
        blank=True,
        help_text=_("The day of first publication on this site is used when this is empty."),
    )
    keywords = models.CharField(
        _("key words"), max_length=200, blank=True, help_text=_("Two to five, separated by commas.")
    )
    plain_summary = models.TextField(
        _("in plain words"),
        max_length=600,
        blank=True,
        help_text=_("What happened, for a reader without medical training; what did not change, too."),
    )

    age_at_report = models.PositiveSmallIntegerField(
        _("age at the time of the report"), null=True, blank=True, validators=[AT_MOST_OLDEST]
    )
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True)
    followed_months = models.PositiveSmallIntegerField(
        _("followed for how many months"), null=True, blank=True
    )
    figures = QuietStreamField(
        [
            ("figure", FigureBlock()),
            ("gallery", GalleryBlock()),
            ("video", VideoBlock()),
            ("audio", AudioBlock()),
            ("table", TableBlock()),
            ("callout", CalloutBlock()),
        ],
        blank=True,
        verbose_name=_("pictures, recordings and tables"),
    )

    timeline_from = models.CharField(
        _("the timeline counts from"),
        max_length=9,
        choices=TimeFrom.choices,
        default=TimeFrom.TREATMENT,
        help_text=_("Choose birth where nothing was given that could be counted from."),
    )

    base_form_class = CaseStudyForm
    content_panels = case_panels()
    search_fields = [
        *PatientPage.search_fields,
        *(index.SearchField(name) for name in PROSE),
        index.SearchField("plain_summary"),
        index.SearchField("keywords"),
        index.SearchField("diagnosis"),
        index.SearchField("treatment_received"),
        index.SearchField("country_name"),
        index.SearchField("term_words"),
        index.SearchField("figures"),
        index.RelatedFields("timeline", [index.SearchField("text")]),
        index.RelatedFields("treatments_given", [index.SearchField("kind")]),
        index.RelatedFields("authors", [index.SearchField("name")]),
    ]
    parent_page_types = ["casestudies.CaseStudyIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("case study")
        verbose_name_plural = _("case studies")

    def consent_requirements(self) -> Iterable[ConsentRequirement]:
        """Yield what every page about a person needs, and consent to quote the patient's perspective."""
        yield from super().consent_requirements()
        if self.perspective.strip():
            people: set[int | None] = {self.contributor}
            if self.perspective_excerpt_id:
                speaking = ExcerptSpeakers([self.perspective_excerpt_id])
                for excerpt in speaking.excerpts.values():
                    people = speaking.quoted(excerpt, self.contributor)
            for person in people:
                yield ConsentRequirement(
                    person, Use.QUOTES, "field:perspective", str(_("Patient perspective"))
                )

    def clean(self) -> None:
        super().clean()
        treated, reported = self.age_at_treatment, self.age_at_report
        if treated is not None and reported is not None and reported < treated:
            raise ValidationError(
                {
                    "age_at_report": _(
                        "The report comes after the treatment: this age cannot be the lower one."
                    )
                }
            )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        preload.resolve(self.figures)
        tables = self.tables()
        self.shown_authors = tables["authors"]
        site = Site.find_for_request(request)
        context |= tables
        context["timeline"] = self.in_order_of_time(tables["timeline"])
        context["outcomes"] = outcomes = outcomes_of(with_scales(tables["observations"]))
        context["measurements"], context["charts"] = outcomes.measurements, outcomes.charts
        context["cohort_page"] = page_covering(
            (term.path for term in self.shown_conditions), (term.path for term in self.shown_treatments)
        )
        context["contents"] = contents(self.care_values(tables))
        context["care"] = missing_in_words(completeness(self.care_values(tables)))
        context["gaps"] = [gap for gap in gaps_in(self.care_values(tables), self.gap_reasons) if gap.reason]
        context["perspective"] = self.perspective_quote()
        context["versions"] = self.published_versions()
        context["downloads"] = self.downloads(has_measurements=bool(tables["observations"]))
        context["citation"] = references.citation(
            authors=[author.name for author in tables["authors"]],
            title=self.title,
            site=site.site_name if site else "",
            number=self.case_number,
            version=self.version,
            year=self.published.year if self.published else None,
        )
        return context

    def tables(self) -> dict[str, list[Any]]:
        """Its tables by name, in the editor's order: two queries, none for those of a draft."""
        stored = self.pk and not any(self._has_draft_of(name) for name in self.TABLES)
        found = read_together(self.pk) if stored else {}
        for name in self.TABLES:
            if name not in found:
                rows = getattr(self, name).all()
                if name == "documents" and hasattr(rows, "select_related"):
                    rows = rows.select_related("document")
                found[name] = list(rows)
        return found

    def _has_draft_of(self, table: str) -> bool:
        """Return whether the rows of a table are held in memory: those of a draft, or prefetched ones."""
        held = ("_cluster_related_objects", "_prefetched_objects_cache")
        return any(table in getattr(self, name, {}) for name in held)

    def in_order_of_time(self, entries: list[Any]) -> list[Any]:
        """Entries of the timeline, first to last, each knowing what its months are counted from."""
        for entry in entries:
            entry.counted_from = self.timeline_from
        return sorted(entries, key=lambda entry: entry.months)

    def care_values(self, tables: dict[str, list[Any]] | None = None) -> dict[str, Any]:
        """What `casestudies.care` asks about, by field name. `tables`: as read already, else read now."""
        read = self.tables() if tables is None else tables
        more = ("competing_interests", "funding", "figures")
        return {name: read[name] if name in read else getattr(self, name) for name in (*field_names(), *more)}

    @cached_property
    def shown_conditions(self) -> list[Any]:
        """Its conditions, read once for a page that is shown; code that may change them asks `conditions`."""
        return list(self.conditions.all())

    @cached_property
    def shown_authors(self) -> list[Any]:
        return list(self.authors.all())

    @cached_property
    def shown_treatments(self) -> list[Any]:
        return list(self.treatments.all())

    @property
    def published(self) -> date | None:
        """The day it was published, as cited."""
        if self.published_on:
            return self.published_on
        return timezone.localdate(self.first_published_at) if self.first_published_at else None

    @property
    def description(self) -> str:
        return self.search_description or self.listing_text or self.plain_summary

    @property
    def key_facts(self) -> list[tuple[Any, str]]:
        """What stands at the top of the page: (term, value), empty values where nothing is known."""
        return [
            (_("Diagnosis"), self.diagnosis),
            (_("Age at treatment"), self.age_text),
            (_("Age at report"), age_in_words(self.age_at_report)),
            (_("Sex"), str(self.get_sex_display()) if self.sex else ""),
            (_("Country"), self.country_name),
            (_("Treatment"), self.treatment_received),
        ]

    @property
    def card_text(self) -> str:
        return self.listing_text or self.plain_summary or self.search_description

    def card(self, why: str = "") -> Card:
        return replace(super().card(why), kind=str(_("Case study")), followed_months=self.followed_months)

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        data = super().json_ld(request)
        data["@type"] = ["MedicalScholarlyArticle", "MedicalWebPage"]
        data["headline"] = self.title
        data["version"] = str(self.version)
        data["author"] = [{"@type": "Person", "name": author.name} for author in self.shown_authors]
        data["about"] = [
            *({"@type": "MedicalCondition", "name": term.name} for term in self.shown_conditions),
            *({"@type": "MedicalTherapy", "name": term.name} for term in self.shown_treatments),
        ]
        if self.keywords:
            data["keywords"] = self.keywords
        if self.published:
            data["datePublished"] = self.published.isoformat()
        return data
