"""The forms that people sign."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class ConsentForm(models.Model):
    """One version of a text that people sign, in one language. A version that was signed never changes."""

    name = models.CharField(_("name"), max_length=120, help_text=_("E.g. ‘Patient story’."))
    language = models.CharField(_("language"), max_length=10, default="en")
    version = models.CharField(_("version"), max_length=20, help_text=_("E.g. ‘2026-11’."))
    text = models.TextField(_("text"))
    text_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("consent form")
        verbose_name_plural = _("consent forms")
        ordering = ["name", "language", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["name", "language", "version"], name="one_text_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.language}, {self.version}"

    def clean(self) -> None:
        super().clean()
        if self.pk and self.consents.exists():
            stored = ConsentForm.objects.get(pk=self.pk)
            if (stored.text, stored.version) != (self.text, self.version):
                raise ValidationError(
                    {"text": _("This version has been signed and cannot change. Add a new version.")}
                )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.text_hash = hashlib.sha256(self.text.encode()).hexdigest()
        super().save(*args, **kwargs)
