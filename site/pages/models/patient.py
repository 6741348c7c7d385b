"""What all pages about one patient share: stories, videos and case studies."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_countries.fields import CountryField
from modelcluster.fields import ParentalManyToManyField

from pages.age_bands import age_in_words
from pages.cards import Card
from pages.choices import Outcome
from pages.models.base import BasePage
from pages.validators import AT_MOST_OLDEST
from queries import kept

if TYPE_CHECKING:
    from consent.models import Person


@lru_cache(maxsize=2048)
def _name_of_country(_language: str | None, code: str) -> str:
    """Return the name of a country in the active language."""
    return str(countries.name(code))


class PatientPage(BasePage):
    """Whom the page is about, the condition, the treatment, and what happened.

    All of it is public, except `person`.
    """

    person: models.ForeignKey[Person | None, Person | None] = models.ForeignKey(
        "consent.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("person"),
        help_text=_("Private: the person whose consent this page depends on. Never shown."),
    )
    country = CountryField(_("country"), blank=True)
    age_at_treatment = models.PositiveSmallIntegerField(
        _("age at treatment"),
        null=True,
        blank=True,
        validators=[AT_MOST_OLDEST],
        help_text=_("In whole years; 0 is under one year. Type 90 for anyone over 89."),
    )
    diagnosis = models.CharField(_("diagnosis"), max_length=200, blank=True)
    conditions = ParentalManyToManyField(
        "conditions.Condition", blank=True, related_name="%(class)ss", verbose_name=_("conditions")
    )
    treatments = ParentalManyToManyField(
        "treatments.Treatment",
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("treatments"),
        help_text=_("If you choose none, the page is shown with every treatment of its conditions."),
    )
    treatment_received = models.CharField(
        _("treatment received, in plain words"),
        max_length=200,
        blank=True,
        help_text=_("E.g. ‘6 packets of cord blood stem cells, by IV and LP’."),
    )
    outcome = models.CharField(
        _("what happened"), max_length=5, choices=Outcome.choices, default=Outcome.NONE
    )
    outcome_text = models.CharField(
        _("what happened, in a few words"),
        max_length=80,
        blank=True,
        help_text=_(
            "E.g. ‘Improved, according to the family’. If this is empty, the choice’s own words are used."
        ),
    )

    class Meta:
        abstract = True

    @property
    def country_name(self) -> str:
        code = self.country.code
        return _name_of_country(get_language(), code) if code else ""

    @property
    def age_text(self) -> str:
        """The age at treatment in words: '6', 'under 1', '90 or over', or '' where it is not known."""
        return age_in_words(self.age_at_treatment)

    @property
    def outcome_words(self) -> str:
        return self.outcome_text or str(Outcome(self.outcome).label)

    @property
    def who(self) -> str:
        """The line above a card's title: 'age 6 · Portugal'."""
        age = self.age_text and str(_("age %(age)s") % {"age": self.age_text})
        return " · ".join(part for part in (age, self.country_name) if part)

    @property
    def card_text(self) -> str:
        return str(self.listing_text or self.search_description)

    @property
    def term_words(self) -> str:
        """The names of its conditions and treatments, lay names and wider terms too, for the search index."""
        # The index asks for its title, its words and the beginnings of words.
        return kept.once(self, "term words", self._read_term_words)

    def _read_term_words(self) -> str:
        words: list[str] = []
        for terms in (self.conditions.all(), self.treatments.all()):
            vocabulary: Any = terms.model._default_manager
            words += [word for term_words in vocabulary.words_for(terms).values() for word in term_words]
        return " ".join(dict.fromkeys(words))

    def card(self, why: str = "") -> Card:
        return Card(
            url=self.url or "",
            title=self.title,
            who=self.who,
            text=self.card_text,
            picture=self.shown_picture,
            tone=self.tone,
            outcome=self.outcome,
            outcome_text=self.outcome_words,
            is_sample=self.is_sample,
            why=why,
        )
