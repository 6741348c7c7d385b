"""What is left to decide after a withdrawal, and the names of people who withdrew, as keyed hashes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OpenMention(models.Model):
    """A passage that may be about a person who withdrew, about which an editor decides.

    `withdrawal`: the number of the withdrawal. `place`, `number`: as in `mentions.found.Found`. `label`: the
    field or block, without its words. `key_hash`: recognises the passage, and says nothing about its words.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be decided")
        REMOVED = "removed", _("Removed")
        OTHER = "other", _("About someone else")

    withdrawal = models.UUIDField()
    person_number = models.BigIntegerField()
    place = models.CharField(max_length=100, blank=True)
    number = models.BigIntegerField()
    label = models.CharField(max_length=255, blank=True)
    key_hash = models.CharField(max_length=32)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by_name = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("passage to be decided")
        verbose_name_plural = _("passages to be decided")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["withdrawal", "key_hash"], name="one_decision_a_passage")
        ]

    def __str__(self) -> str:
        return f"{self.place or 'page'} {self.number}: {self.state}"


class WithdrawnName(models.Model):
    """A name of a person who withdrew, as keyed hashes (`mentions.names_again`): no one can read it here.

    `first`: the first of its words, so that a text is compared quickly. `name`: the whole name.
    """

    person_number = models.BigIntegerField()
    first = models.BigIntegerField()
    name = models.BigIntegerField()

    class Meta:
        verbose_name = _("withdrawn name")
        verbose_name_plural = _("withdrawn names")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["name", "person_number"], name="one_row_of_withdrawn_name")
        ]

    def __str__(self) -> str:
        return f"{self.name:x}"


class PersonName(models.Model):
    """A name of a person on record, as keyed hashes that are looked up (`mentions.person_names`).

    `first`: the first of its words. `name`: the whole name.
    """

    person = models.ForeignKey("consent.Person", on_delete=models.CASCADE, related_name="+")
    first = models.BigIntegerField(db_index=True)
    name = models.BigIntegerField()

    class Meta:
        verbose_name = _("name on record")
        verbose_name_plural = _("names on record")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_row_of_name_on_record")]

    def __str__(self) -> str:
        return f"{self.name:x}"


class PageWords(models.Model):
    """What a published page about a person says, for a quick look (`mentions.word_index`).

    Valid while `made_at` is that of the page's clearance, which is written whenever the page changes; made
    again by the worker. `words`: the distinct words in the form in which they are compared, each between
    spaces, with marks of links, quotes and files. `runs`: hashes of each eight words in a row, 4 bytes each.
    `own_names`: the names in each field that says whose page it is.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    made_at = models.DateTimeField()
    words = models.TextField()
    runs = models.BinaryField()
    own_names = models.JSONField(default=list)

    class Meta:
        verbose_name = _("words of a page")
        verbose_name_plural = _("words of pages")
        default_permissions = ()

    def __str__(self) -> str:
        return f"Words of page {self.page_id}"


class NameDecision(models.Model):
    """An editor's statement whom a name on a page means: `person`, or with None someone who is not on record.

    `mark`: the hash of what was recognised (`mentions.full_names.Typed`). The reason is in the audit trail.
    """

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    mark = models.BigIntegerField()
    person = models.ForeignKey(
        "consent.Person", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("decision about a name")
        verbose_name_plural = _("decisions about names")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "mark"], name="one_decision_on_a_name")]

    def __str__(self) -> str:
        return f"Name on page {self.page_id}: {self.person_id or 'someone else'}"
