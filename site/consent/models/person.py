"""Somebody a story or case is about, or who tells it. Nothing here is public."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel


def birthday(born: date, age: int) -> date:
    """The day on which somebody becomes `age`; born on 29 February: 1 March, as most laws count."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


class Person(ClusterableModel):
    """Someone a story or case is about, or who tells it.

    The real name, the birth and the contact are private: pages carry their own first name or pseudonym and never
    read one from here.
    """

    private_name = models.CharField(
        _("real name"), max_length=200, help_text=_("Private. Never shown in public.")
    )
    display_name = models.CharField(
        _("first name or pseudonym"),
        max_length=80,
        help_text=_("What stories about this person may call them."),
    )
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900)],
        help_text=_("Private."),
    )
    birth_date = models.DateField(
        _("date of birth"),
        null=True,
        blank=True,
        help_text=_("Private. Tells to the day when a child comes of age; the year alone will do."),
    )
    of_age_at = models.PositiveSmallIntegerField(
        _("asked anew at the age of"),
        default=18,
        validators=[MinValueValidator(12), MaxValueValidator(21)],
        help_text=_("When a child decides for itself, where it lives: 16 or 18."),
    )
    is_dead = models.BooleanField(_("has died"), default=False)
    country = CountryField(_("country"), blank=True)
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Private. Where links to read and approve are sent.")
    )
    contact = models.TextField(_("other contact"), blank=True, help_text=_("Private. Phone, address."))
    language = models.CharField(
        _("preferred language"),
        max_length=10,
        blank=True,
        help_text=_("A code such as en or ar: the language of the pages and mails sent to them."),
    )
    notes = models.TextField(_("notes"), blank=True, help_text=_("Private."))
    created_at = models.DateTimeField(auto_now_add=True)
    # Set once everything personal was removed (`consent.services.erase`); the row stays so that nothing dangles.
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["display_name", "pk"]

    def __str__(self) -> str:
        # The display name only: this string reaches choosers, logs and error pages.
        return f"{self.display_name} (#{self.pk})"

    def clean(self) -> None:
        super().clean()
        if self.birth_date and self.birth_date > timezone.localdate():
            raise ValidationError({"birth_date": _("This day is still to come.")})
        if self.birth_date and self.birth_year and self.birth_date.year != self.birth_year:
            raise ValidationError(
                {"birth_year": _("The date of birth says another year: mend one of the two.")}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.birth_date and self.birth_year is None:
            self.birth_year = self.birth_date.year
        super().save(*args, **kwargs)

    @property
    def comes_of_age_on(self) -> date | None:
        """The first day on which they decide for themselves; None where no birth is known.

        Of a year alone the latest day counts: a child is asked a little late rather than taken for an adult.
        """
        if self.birth_date:
            return birthday(self.birth_date, self.of_age_at)
        return date(self.birth_year + self.of_age_at + 1, 1, 1) if self.birth_year else None

    def is_child(self, on: date | None = None) -> bool:
        """Whether others sign for them on that day (today by default). Unknown birth: taken for an adult."""
        due = self.comes_of_age_on
        return due is not None and (on or timezone.localdate()) < due


class Guardianship(models.Model):
    """Who signs for a child, or for somebody who cannot."""

    class Relationship(models.TextChoices):
        PARENT = "parent", _("Parent")
        GUARDIAN = "guardian", _("Guardian")
        NEXT_OF_KIN = "kin", _("Next of kin")

    person = ParentalKey(
        Person, on_delete=models.CASCADE, related_name="guardianships", verbose_name=_("person")
    )
    guardian = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="guards", verbose_name=_("who signs for them")
    )
    relationship = models.CharField(
        _("relationship"), max_length=10, choices=Relationship.choices, default=Relationship.PARENT
    )

    panels = ["guardian", "relationship"]

    class Meta:
        verbose_name = _("guardian")
        verbose_name_plural = _("guardians")
        constraints = [
            models.UniqueConstraint(fields=["person", "guardian"], name="one_guardianship_a_pair"),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("guardian")), name="nobody_guards_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guardian} for {self.person}"


class Republication(models.Model):
    """A place elsewhere that took a story up, so that it can be told when the story is withdrawn."""

    person = ParentalKey(
        Person, on_delete=models.CASCADE, related_name="republications", verbose_name=_("person")
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("page"),
    )
    place = models.CharField(_("who republished it"), max_length=200)
    url = models.URLField(_("address"), blank=True)
    contact = models.CharField(_("whom to tell"), max_length=200, blank=True)
    told_at = models.DateTimeField(_("told about a withdrawal"), null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    panels = ["place", "url", "contact", "page"]

    class Meta:
        verbose_name = _("republication")
        verbose_name_plural = _("republications")

    def __str__(self) -> str:
        return self.place
