"""The language in which a page was first written, once that page is deleted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FirstLanguage(models.Model):
    """What Firsthand remembers of a deleted page that has translations: they stay translations.

    `translation_key`: what the page shares with its translations. `locale_number`: the key of the Locale in
    which it was written. It is no foreign key, so that it outlives a language that is switched off.
    """

    translation_key = models.UUIDField(unique=True)
    locale_number = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("language of a deleted page")
        verbose_name_plural = _("languages of deleted pages")

    def __str__(self) -> str:
        return f"Page {self.translation_key}, written in {self.locale_number}"
