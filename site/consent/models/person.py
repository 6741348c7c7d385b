"""The people whom stories and cases are about, or who tell them. Nothing here is public."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel


def birthday(born: date, age: int) -> date:
    """Return the day on which a person born on `born` reaches `age`: 1 March for 29 February, as most laws
    count.
    """
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


class Person(ClusterableModel):
    """A person whom a story or case is about, or who tells it.

    The real name, date of birth and contact are private. A page has its own first name or pseudonym and never
    reads one from here.
    """

    private_name = models.CharField(
        _("real name"), max_length=200, help_text=_("Private. Never shown in public.")
    )
    display_name = models.CharField(
        _("first name or pseudonym"),
        max_length=80,
        help_text=_("The name that stories may use for this person."),
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
        help_text=_("Private. Gives the exact day on which a child comes of age; the year alone is enough."),
    )
    of_age_at = models.PositiveSmallIntegerField(
        _("age of consent"),
        default=18,
        validators=[MinValueValidator(12), MaxValueValidator(21)],
        help_text=_(
            "The child is asked for their own consent at this age: 16 or 18, depending on the country."
        ),
    )
    is_dead = models.BooleanField(_("has died"), default=False)
    country = CountryField(_("country"), blank=True)
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Private. Links for approval are sent to this address.")
    )
    contact = models.TextField(_("other contact"), blank=True, help_text=_("Private. Phone, address."))
    language = models.CharField(
        _("preferred language"),
        max_length=10,
        blank=True,
        help_text=_("A code such as en or ar. Pages and mails sent to this person are in this language."),
    )
    private_words = models.TextField(
        _("other words that identify"),
        blank=True,
        help_text=_(
            "Private. Nicknames, schools, streets, numbers of records: one on each line. Nothing that "
            "contains them is published about this person without a decision."
        ),
    )
    notes = models.TextField(_("notes"), blank=True, help_text=_("Private."))
    created_at = models.DateTimeField(auto_now_add=True)
    # Set when everything personal has been removed (`withdrawal.erasure`). The row stays, since other rows
    # refer to it.
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["display_name", "pk"]
        indexes = [models.Index(fields=["display_name", "id"], name="consent_people_by_name")]

    def __str__(self) -> str:
        # The display name only: this string reaches choosers, logs and error pages.
        return f"{self.display_name} (#{self.pk})"

    def clean(self) -> None:
        super().clean()
        if self.birth_date and self.birth_date > timezone.localdate():
            raise ValidationError({"birth_date": _("The date is in the future.")})
        if self.birth_date and self.birth_year and self.birth_date.year != self.birth_year:
            raise ValidationError(
                {"birth_year": _("The year does not match the date of birth. Correct one of the two.")}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.birth_date and self.birth_year is None:
            self.birth_year = self.birth_date.year
        # With the ends of consents that depend on the birth (`consent.signals`).
        with transaction.atomic():
            super().save(*args, **kwargs)

    @property
    def comes_of_age_on(self) -> date | None:
        """The first day on which the person decides for themselves; None if the birth is unknown.

        If only the year is known, the latest possible day counts, so that no child is taken for an adult.
        """
        if self.birth_date:
            return birthday(self.birth_date, self.of_age_at)
        return date(self.birth_year + self.of_age_at + 1, 1, 1) if self.birth_year else None

    def is_child(self, on: date | None = None) -> bool:
        """Return whether others sign for the person on that day (today by default).

        False if the birth is unknown.
        """
        due = self.comes_of_age_on
        return due is not None and (on or timezone.localdate()) < due


class Guardianship(models.Model):
    """A person who signs for a child, or for a person who cannot sign."""

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
                condition=~models.Q(person=models.F("guardian")), name="guardian_is_another_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guardian} for {self.person}"


class Republication(models.Model):
    """A publisher elsewhere that republished a story, to be notified when the story is withdrawn."""

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
    contact = models.CharField(_("contact person"), max_length=200, blank=True)
    told_at = models.DateTimeField(_("notified of a withdrawal"), null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    panels = ["place", "url", "contact", "page"]

    class Meta:
        verbose_name = _("republication")
        verbose_name_plural = _("republications")

    def __str__(self) -> str:
        return self.place
