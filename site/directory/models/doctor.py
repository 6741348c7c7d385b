from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldRowPanel, MultiFieldPanel
from wagtail.search import index

from directory.models.listed import ListedPage


class DoctorPage(ListedPage):
    """A doctor: specialty, hospitals, languages, appointments, when the licence was checked, and who pays."""

    specialty = models.CharField(
        _("specialty"), max_length=160, help_text=_("In plain words, e.g. ‘Child neurologist’.")
    )
    hospitals = ParentalManyToManyField(
        "directory.HospitalPage", blank=True, related_name="doctors", verbose_name=_("hospitals")
    )
    appointments = models.CharField(
        _("appointments"), max_length=200, blank=True, help_text=_("E.g. ‘By video or in person’.")
    )
    licence_checked_on = models.DateField(
        _("licence checked on"), null=True, blank=True, help_text=_("In the register of the country.")
    )
    licence_register = models.CharField(
        _("register"), max_length=200, blank=True, help_text=_("Where the licence was looked up.")
    )

    content_panels = [
        *ListedPage.content_panels,
        "lede",
        MultiFieldPanel(
            ["specialty", "hospitals", FieldRowPanel(["city", "country"]), "languages", "appointments"],
            heading=_("Who and where"),
        ),
        MultiFieldPanel([FieldRowPanel(["licence_checked_on", "licence_register"])], heading=_("Licence")),
        *ListedPage.treats_panels,
    ]
    search_fields = [
        *ListedPage.search_fields,
        index.SearchField("specialty"),
        index.SearchField("hospital_names"),
    ]
    parent_page_types = ["directory.DoctorIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("doctor")
        verbose_name_plural = _("doctors")

    def clean(self) -> None:
        super().clean()
        if self.licence_checked_on and self.licence_checked_on > timezone.localdate():
            raise ValidationError({"licence_checked_on": _("This date is in the future.")})

    @property
    def listed_hospitals(self) -> list[Any]:
        """The hospitals of this doctor whose pages are live. No query where `hospitals` is prefetched."""
        return [hospital for hospital in self.hospitals.all() if hospital.live]

    def indirect_ties(self) -> list[str]:
        tied = [
            hospital for hospital in self.listed_hospitals if hospital.is_partner or hospital.pays_for_site
        ]
        return [gettext("Works at a partner of this site.")] if tied else []

    @property
    def hospital_names(self) -> str:
        return ", ".join(hospital.title for hospital in self.listed_hospitals)

    @property
    def countries(self) -> set[str]:
        """Codes of where this doctor can be seen: the own country, and those of the hospitals."""
        countries = (self.country, *(hospital.country for hospital in self.listed_hospitals))
        return {str(country) for country in countries if country}

    @property
    def who(self) -> str:
        """'Child neurologist, Example East Hospital'."""
        return ", ".join(part for part in (self.specialty, self.hospital_names or self.place) if part)

    @property
    def licence_text(self) -> str:
        if not self.licence_checked_on:
            return gettext("Not checked by us")
        day = date_format(self.licence_checked_on, "DATE_FORMAT")
        if self.licence_register:
            return gettext("Checked %(day)s, %(register)s") % {"day": day, "register": self.licence_register}
        return gettext("Checked %(day)s") % {"day": day}

    @property
    def facts(self) -> list[tuple[Any, str]]:
        return [
            (_("Languages"), self.language_names),
            (_("Conditions"), self.condition_names),
            (_("Treatments"), self.treatment_names),
            (_("Appointments"), self.appointments),
            (_("Licence"), self.licence_text),
        ]

    def own_words(self) -> str:
        hospitals = " ".join(f"{hospital.title} {hospital.place}" for hospital in self.listed_hospitals)
        return f"{super().own_words()} {self.specialty} {hospitals}"

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        data = super().json_ld(request)
        data["@type"] = "Physician"
        # schema.org's medicalSpecialty is a closed list: what is written here is free text.
        data["description"] = self.description or self.specialty
        data["hospitalAffiliation"] = [
            {"@type": "Hospital", "name": hospital.title} for hospital in self.listed_hospitals
        ]
        return data
