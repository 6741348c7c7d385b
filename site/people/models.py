"""People: who a story or case is about, or who tells it. Nothing here is public."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField


class Person(models.Model):
    """Someone a story or case is about, or who tells it.

    The real name, the birth year and the contact are private: pages carry their own first name or pseudonym and never
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
    country = CountryField(_("country"), blank=True)
    contact = models.TextField(
        _("contact"), blank=True, help_text=_("Private. E-mail, phone, preferred language.")
    )
    notes = models.TextField(_("notes"), blank=True, help_text=_("Private."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["display_name", "pk"]

    def __str__(self) -> str:
        # The display name only: this string reaches choosers, logs and error pages.
        return f"{self.display_name} (#{self.pk})"
