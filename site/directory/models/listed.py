"""What a hospital and a doctor have in common: what they treat, what they speak, what ties
them to this site.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldRowPanel, MultiFieldPanel
from wagtail.search import index

from directory.fields import LanguagesField
from directory.languages import names
from media import preload
from pages.blocks import prose_blocks
from pages.cards import Card
from pages.fields import QuietStreamField
from pages.models import BasePage


class ListedPage(BasePage):
    """An entry of the directory. Being listed is not a recommendation; who pays is always shown."""

    lede = models.TextField(_("opening words"), max_length=400, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    country = CountryField(_("country"), blank=True)
    languages = LanguagesField(_("languages spoken"))
    conditions = ParentalManyToManyField(
        "conditions.Condition", blank=True, related_name="%(class)ss", verbose_name=_("conditions treated")
    )
    treatments = ParentalManyToManyField(
        "treatments.Treatment", blank=True, related_name="%(class)ss", verbose_name=_("treatments offered")
    )
    is_partner = models.BooleanField(_("partner of this site"), default=False)
    pays_for_site = models.BooleanField(_("helps to pay for this site"), default=False)
    ties = models.CharField(
        _("other ties to this site"),
        max_length=300,
        blank=True,
        help_text=_("Does the publisher gain when a visitor goes there? Say so in a sentence."),
    )
    website = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    body = QuietStreamField(prose_blocks(), blank=True, verbose_name=_("text"))

    treats_panels = [
        MultiFieldPanel(["conditions", "treatments"], heading=_("Treats")),
        MultiFieldPanel(
            [FieldRowPanel(["is_partner", "pays_for_site"]), "ties"], heading=_("Ties to this site")
        ),
        MultiFieldPanel([FieldRowPanel(["website", "email", "phone"])], heading=_("Contact")),
        "body",
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("lede"),
        index.SearchField("city"),
        index.SearchField("country_name"),
        index.SearchField("term_words"),
        index.SearchField("body"),
    ]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        preload.resolve(self.body)
        return context

    @property
    def country_name(self) -> str:
        return str(self.country.name) if self.country else ""

    @property
    def place(self) -> str:
        """'Qingdao, China'."""
        return ", ".join(part for part in (self.city, self.country_name) if part)

    @property
    def language_names(self) -> str:
        return ", ".join(names(self.languages or ()))

    @property
    def condition_names(self) -> str:
        return ", ".join(term.name for term in self.conditions.all())

    @property
    def treatment_names(self) -> str:
        return ", ".join(term.name for term in self.treatments.all())

    @property
    def who(self) -> str:
        """The line under its name: where it is."""
        return self.place

    @property
    def has_contact(self) -> bool:
        return bool(self.website or self.email or self.phone)

    def indirect_ties(self) -> list[str]:
        """Ties by way of others, a sentence each. A kind of entry that has such ties says them."""
        return []

    @property
    def disclosure(self) -> str:
        """Who pays whom, in sentences; never empty, for silence would read as independence."""
        sentences = self.indirect_ties()
        if self.is_partner:
            sentences.append(gettext("Partner of this site."))
        if self.pays_for_site:
            sentences.append(gettext("Helps to pay for this site."))
        if self.ties:
            sentences.append(self.ties if self.ties.endswith(".") else f"{self.ties}.")
        return " ".join(sentences) or gettext("Not a partner of this site, and does not pay for it.")

    @property
    def term_words(self) -> str:
        """Every name of what is treated and offered, lay names and wider terms too, for the search index."""
        terms = [*self.conditions.all(), *self.treatments.all()]
        return " ".join(dict.fromkeys(word for term in terms for word in term.all_words()))

    def own_words(self) -> str:
        """What the search box of the directory looks in, the vocabulary's words apart."""
        return " ".join((self.title, self.city, self.country_name, self.lede, self.listing_text))

    def card(self, why: str = "") -> Card:
        text = self.listing_text or self.lede or self.search_description
        return replace(
            super().card(why), kind=str(capfirst(self._meta.verbose_name)), who=self.who, text=text
        )

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        data = super().json_ld(request)
        place = {"addressLocality": self.city, "addressCountry": str(self.country or "")}
        if filled := {key: value for key, value in place.items() if value}:
            data["address"] = {"@type": "PostalAddress", **filled}
        contact = {"sameAs": self.website, "email": self.email, "telephone": self.phone}
        data |= {key: value for key, value in contact.items() if value}
        data["knowsLanguage"] = list(self.languages or ())
        return data
