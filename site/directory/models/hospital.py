from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldRowPanel, MultiFieldPanel
from wagtail.search import index

from directory.models.listed import ListedPage
from disclosure_control import configured
from disclosure_control.counts import rounded
from publication.visibility import visible_pages


class HospitalPage(ListedPage):
    """A hospital: where it is, what it treats and speaks, whom it treated so far, and what ties it to this
    site.
    """

    address = models.TextField(_("address"), max_length=300, blank=True)
    patients_treated = models.PositiveIntegerField(_("patients treated"), null=True, blank=True)
    patients_treated_at_least = models.BooleanField(
        _("‘over’"), default=False, help_text=_("The source says ‘over’: the number is a lower bound.")
    )
    patients_treated_for = models.CharField(
        _("treated for what"), max_length=120, blank=True, help_text=_("E.g. ‘cerebral palsy’.")
    )
    patients_treated_source = models.CharField(_("source"), max_length=300, blank=True)
    patients_treated_on = models.DateField(_("as of"), null=True, blank=True)

    content_panels = [
        *ListedPage.content_panels,
        "lede",
        MultiFieldPanel([FieldRowPanel(["city", "country"]), "address", "languages"], heading=_("Where")),
        MultiFieldPanel(
            [
                FieldRowPanel(["patients_treated", "patients_treated_at_least", "patients_treated_for"]),
                FieldRowPanel(["patients_treated_source", "patients_treated_on"]),
            ],
            heading=_("Patients treated"),
        ),
        *ListedPage.treats_panels,
    ]
    search_fields = [*ListedPage.search_fields, index.SearchField("address")]
    parent_page_types = ["directory.HospitalIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("hospital")
        verbose_name_plural = _("hospitals")

    def clean(self) -> None:
        super().clean()
        if self.patients_treated is None:
            return
        errors = {}
        if not self.patients_treated_source:
            errors["patients_treated_source"] = _("Say where the number of patients treated comes from.")
        if not self.patients_treated_on:
            errors["patients_treated_on"] = _("Say as of when: the number grows.")
        if errors:
            raise ValidationError(errors)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["doctors"] = self.listed_doctors
        return context

    @property
    def has_contact(self) -> bool:
        return bool(self.address) or super().has_contact

    @property
    def listed_doctors(self) -> QuerySet[Any]:
        """Its doctors whose pages are live, by name."""
        doctors: QuerySet[Any] = (
            visible_pages(self.doctors.all()).prefetch_related("hospitals").order_by("title")
        )
        return doctors

    @property
    def treated_text(self) -> str:
        """'More than 610 for cerebral palsy, as of March 2025', or '' where it is not known.

        Rounded like every number of people (`disclosure_control`): the hospital's numbers of two months would
        otherwise tell of the one person who was treated between them.
        """
        if self.patients_treated is None:
            return ""
        rules, at_least = configured.rules(), self.patients_treated_at_least
        if few := rules.is_few(self.patients_treated):
            shown = rules.fewest
        else:
            shown = rounded(self.patients_treated, rules, down=at_least)
        number = number_format(shown, decimal_pos=0, use_l10n=True, force_grouping=True)
        if few:
            text = gettext("fewer than %(n)s") % {"n": number}
        else:
            text = (gettext("more than %(n)s") if at_least else gettext("about %(n)s")) % {"n": number}
        if self.patients_treated_for:
            text = gettext("%(n)s for %(condition)s") % {"n": text, "condition": self.patients_treated_for}
        if self.patients_treated_on:
            day = date_format(self.patients_treated_on, "YEAR_MONTH_FORMAT")
            text = gettext("%(text)s, as of %(day)s") % {"text": text, "day": day}
        return text[:1].upper() + text[1:]

    @property
    def facts(self) -> list[tuple[Any, str]]:
        return [
            (_("Languages"), self.language_names),
            (_("Conditions"), self.condition_names),
            (_("Treatments"), self.treatment_names),
            (_("Patients treated"), self.treated_text or gettext("Not stated")),
        ]

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        data = super().json_ld(request)
        data["@type"] = "Hospital"
        if self.address and "address" in data:
            data["address"]["streetAddress"] = self.address
        data["availableService"] = [
            {"@type": "MedicalTherapy", "name": term.name} for term in self.treatments.all()
        ]
        return data
