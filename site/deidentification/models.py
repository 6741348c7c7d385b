"""An editor's decisions about words that may identify a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.models.person import Person


class KeptIdentifier(models.Model):
    """A decision that words which may identify a person stay in what is published about that person, and the
    reason.

    The decision applies to the words, not to a page: it holds on every page about that person, also on a copy
    or a translation. Words that an editor replaced need no decision, because they are no longer found.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="kept_identifiers")
    kind = models.CharField(max_length=10)
    text = models.CharField(max_length=300)
    # Case-folded, so that the words match in any capitalisation.
    key = models.CharField(max_length=300, editable=False)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("kept identifier")
        verbose_name_plural = _("kept identifiers")
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "key"], name="one_decision_on_words")
        ]

    def __str__(self) -> str:
        # Without the words: this string reaches logs.
        return f"{self.kind} kept for person {self.person_id}"

    @staticmethod
    def key_of(text: str) -> str:
        """Return the form of `text` under which a decision is found again."""
        return text.casefold()[:300]
