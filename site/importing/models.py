"""What was imported from where, so that a second run adds nothing and an erased person stays erased."""

from __future__ import annotations

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


def key_of(kind: str, source: str, external_id: str) -> str:
    """Return a keyed hash of an id of an archive: who has the id finds it again, others learn nothing."""
    value = f"{kind}\0{source}\0{external_id}"
    return salted_hmac("importing", value, algorithm="sha256").hexdigest()


def story_key(source: str, external_id: str) -> str:
    return key_of("story", source, external_id)


class ImportedStory(models.Model):
    """One story of one archive. Private.

    `digest`: SHA-256 of the row as it was last taken in. `written`: by field of the page, the hash of what
    the import wrote last, so that a later run can tell what an editor has changed since. `note`: what has no
    place on the page: 'unmatched' (terms by column), 'kept' (cells by heading), 'remarks' (sentences).
    `conflict`: the version of the page that the archive wants, where an editor changed the same fields.

    When the page is deleted, the row is emptied: only the hash stays, so that the next run does not bring the
    story back.
    """

    source = models.CharField(_("source"), max_length=80)
    external_id = models.CharField(_("id in the source"), max_length=200, blank=True)
    key = models.CharField(max_length=64, unique=True, editable=False)
    page = models.OneToOneField(
        "experiences.StoryPage", null=True, on_delete=models.SET_NULL, related_name="imported_story"
    )
    digest = models.CharField(max_length=64, blank=True, editable=False)
    written = models.JSONField(default=dict, editable=False)
    note = models.JSONField(_("note"), default=dict)
    conflict = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    imported_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("imported story")
        verbose_name_plural = _("imported stories")
        indexes = [models.Index(fields=["source"], name="imported_story_source")]

    def __str__(self) -> str:
        return f"{self.source}: {self.key[:12]}"

    def forget(self) -> None:
        """Keep nothing but the hash: the story was deleted here."""
        self.external_id, self.digest, self.written, self.note = "", "", {}, {}
        self.page = self.conflict = None
        self.save()


class ImportedFile(models.Model):
    """A picture or document that came with an archive, by the SHA-256 of its content as it came."""

    content_hash = models.CharField(max_length=64, unique=True)
    picture = models.ForeignKey("media.Picture", null=True, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey("media.Document", null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")

    def __str__(self) -> str:
        return self.content_hash[:12]


class ImportedPerson(models.Model):
    """A person of an archive, by the keyed hash of the id or story by which the archive knows them."""

    key = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey("consent.Person", on_delete=models.CASCADE, related_name="imported_as")

    class Meta:
        verbose_name = _("imported person")
        verbose_name_plural = _("imported people")

    def __str__(self) -> str:
        return self.key[:12]


class ImportedConsent(models.Model):
    """A consent that was recorded from a file. `digest`: SHA-256 of its row."""

    key = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64)
    consent = models.ForeignKey("consent.Consent", on_delete=models.CASCADE, related_name="imported_as")

    class Meta:
        verbose_name = _("imported consent")
        verbose_name_plural = _("imported consents")

    def __str__(self) -> str:
        return self.key[:12]
