"""The base of patients' stories and videos: whose experience it is, and of what."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.search import index

from experiences.labels import Labels, labels_of
from experiences.naming import why_not_public_name
from pages.disclosures import FROM_SITE, FROM_TREATMENT
from pages.models import PatientPage
from publication.mixins import AboutPerson


class ExperiencePage(AboutPerson, PatientPage):
    """Whose experience it is, and of what. All of it is public, except `person`."""

    patient_name = models.CharField(
        _("first name or pseudonym"),
        max_length=60,
        help_text=_("A first name the family agreed to, or a pseudonym. Never a family name."),
    )
    name_is_pseudonym = models.BooleanField(_("the name is a pseudonym"), default=False)
    # Required here: a story is found by its conditions. A case study may be imported without any.
    conditions = ParentalManyToManyField(
        "conditions.Condition",
        related_name="%(class)ss",
        verbose_name=_("conditions"),
        help_text=_(
            "Choose at least one, the narrowest that fits. Wider conditions include the page automatically."
        ),
    )

    interviewed_by = models.CharField(
        _("interviewed by"),
        max_length=200,
        blank=True,
        help_text=_("Who asked the questions, and who employs them."),
    )
    edited_by = models.CharField(
        _("edited by"), max_length=200, blank=True, help_text=_("Who shortened or rearranged the words.")
    )
    checked_by = models.CharField(
        _("medical terms checked by"),
        max_length=200,
        blank=True,
        help_text=_("And against which source."),
    )
    told_because = models.CharField(_("why it was told"), max_length=300, blank=True)
    who_paid = models.CharField(
        _("who paid"),
        max_length=300,
        blank=True,
        help_text=_("For the treatment, and for the story: gifts, discounts, ties."),
    )
    # Where each disclosure comes from (pages.disclosures).
    disclosures: dict[str, str] = {
        "D1": FROM_TREATMENT,
        "D2": FROM_TREATMENT,
        "D3": "who_paid",
        "D5": "is_sample",
        "D6": "person clearance_now",
        "D7": FROM_TREATMENT,
        "D8": FROM_TREATMENT,
        "D9": "told_because person clearance_now",
        "D11": "last_reviewed next_review_due",
        "D12": FROM_SITE,
    }
    made_panels = [
        FieldRowPanel(["interviewed_by", "edited_by"]),
        "checked_by",
        "told_because",
        "who_paid",
    ]
    who_panels = [
        MultiFieldPanel(
            [
                FieldRowPanel(["patient_name", "name_is_pseudonym"]),
                FieldRowPanel(["age_at_treatment", "country"]),
                FieldPanel(
                    "diagnosis",
                    heading=_("Diagnosis, in the family’s words"),
                    help_text=_("In plain words, e.g. ‘Spastic diplegia, a kind of cerebral palsy’."),
                ),
                "treatment_received",
                FieldPanel("person", permission="consent.view_person"),
            ],
            heading=_("Who"),
        ),
        MultiFieldPanel(
            [FieldPanel("conditions", required_on_save=False), "treatments", "tags"],
            heading=_("Found by"),
            help_text=_("These terms list the page on its treatment's page, in the lists and in the search."),
        ),
        MultiFieldPanel(
            [FieldRowPanel(["outcome", "outcome_text"])],
            heading=_("What happened"),
            help_text=_("‘No change’ and ‘worse’ are shown exactly as ‘improved’ is."),
        ),
    ]
    search_fields = [
        *PatientPage.search_fields,
        index.SearchField("patient_name"),
        index.SearchField("diagnosis"),
        index.SearchField("treatment_received"),
        index.SearchField("country_name"),
        index.SearchField("term_words"),
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        reason = why_not_public_name(
            self.patient_name or "",
            is_pseudonym=self.name_is_pseudonym,
            private_name=self.person.private_name if self.person else "",
        )
        if reason:
            raise ValidationError({"patient_name": str(reason)})

    @property
    def streams(self) -> tuple[Any, ...]:
        """Return the page's StreamFields, whose media are read together."""
        return ()

    @property
    def has_clustered_labels(self) -> bool:
        """Whether this is a draft whose conditions, treatments or tags may differ from what is in the
        database.
        """
        held = getattr(self, "_cluster_related_objects", None) or {}
        return any(name in held for name in ("conditions", "treatments", "tagged_items"))

    @cached_property
    def labels(self) -> Labels:
        """Return the page's conditions, treatments and free tags: one query."""
        return labels_of(self)

    @property
    def named(self) -> str:
        """Return the name and age: 'Ines, 6'."""
        return ", ".join(part for part in (self.patient_name, self.age_text) if part)

    @property
    def who(self) -> str:
        """Return 'Ines, 6 · Portugal', the line above a card's title."""
        return " · ".join(part for part in (self.named, self.country_name) if part)

    @property
    def condition_text(self) -> str:
        """Return the diagnosis as told, else the names of the page's conditions."""
        return self.diagnosis or ", ".join(label.name for label in self.labels.conditions)

    @property
    def treatment_text(self) -> str:
        return self.treatment_received or ", ".join(label.name for label in self.labels.treatments)

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        data = super().json_ld(request)
        data["about"] = [
            {"@type": "MedicalCondition", "name": label.name} for label in self.labels.conditions
        ]
        return data
