"""What an editor decided about words that may identify somebody."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.models.person import Person


class KeptIdentifier(models.Model):
    """That words which may identify somebody stay in what is published about one person, and why.

    By content: it holds for the same words on every page about that person, also on a copy or a translation, and for no
    others. What was mended needs no row: it is no longer found.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="kept_identifiers")
    kind = models.CharField(max_length=10)
    text = models.CharField(max_length=300)
    # Case-folded, so that the words are found again however they are written.
    key = models.CharField(max_length=300, editable=False)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("identifying words that stay")
        verbose_name_plural = _("identifying words that stay")
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "key"], name="one_decision_on_words")
        ]

    def __str__(self) -> str:
        # Not the words: this string reaches logs.
        return f"{self.kind} kept for person {self.person_id}"
