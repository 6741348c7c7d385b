from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from media.captions import Cue
from media.fields import OriginalFileField
from media.file_urls import private_url
from media.publishable import FilePart, KeepsPublicNames, public_name_field
from media.uploads import not_yet_stored, rename
from media.validation.captions import read_captions
from uploads.file_names import unguessable_path


def captions_path(_instance: CaptionTrack, filename: str) -> str:
    return unguessable_path("captions", filename)


class CaptionTrack(KeepsPublicNames):
    """Captions of a recording in one language. Their cues are the transcript too."""

    class Kind(models.TextChoices):
        CAPTIONS = "captions", _("Captions: what is said and heard, in the language that is spoken")
        SUBTITLES = "subtitles", _("Subtitles: what is said, translated")

    recording = models.ForeignKey("media.Recording", on_delete=models.CASCADE, related_name="tracks")
    language = models.CharField(
        _("language"),
        max_length=20,
        default="en",
        validators=[
            RegexValidator(
                r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", _("Enter a language code such as “en” or “pt-br”.")
            )
        ],
    )
    label = models.CharField(_("name in the player's menu"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.CAPTIONS)
    default = models.BooleanField(_("shown unless the visitor chooses another"), default=False)
    file = OriginalFileField(_("WebVTT file"), upload_to=captions_path, kind="captions")
    public_name = public_name_field()
    # The hash of the recording's file for which they were made; '' of captions older than this field.
    of_file = models.CharField(max_length=64, blank=True, editable=False)
    stored_cues = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("caption track")
        verbose_name_plural = _("caption tracks")
        ordering = ("-default", "kind", "language", "pk")
        unique_together = (("recording", "language", "kind"),)

    def clean(self) -> None:
        try:
            self._read_file()
        except ValidationError as error:
            raise ValidationError({"file": error}) from error

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._read_file()
        if not self.label:
            known = LANG_INFO.get(self.language.lower(), {})
            self.label = str(known.get("name_local", self.language)).capitalize()
        others = CaptionTrack.objects.filter(recording_id=self.recording_id).exclude(pk=self.pk)
        if not others.filter(default=True).exists():
            self.default = True
        elif self.default:
            others.update(default=False)
        super().save(*args, **kwargs)

    def _read_file(self) -> None:
        new = not_yet_stored(self.file)
        if new and not hasattr(new, "read_as_captions"):
            self.stored_cues = [asdict(cue) for cue in read_captions(new).cues]
            self.of_file = self.recording.file_hash
            self.__dict__.pop("cues", None)
            rename(self.file, ".vtt")
            setattr(new, "read_as_captions", True)  # noqa: B010 - an attribute that the file class does not declare

    def __str__(self) -> str:
        return f"{self.label or self.language} ({self.kind})"

    @cached_property
    def cues(self) -> Sequence[Cue]:
        """The cues in order of time, from the database, so that no file is read."""
        return [Cue(**cue) for cue in self.stored_cues]

    @property
    def part(self) -> FilePart:
        return FilePart(self.recording, self, "captions")

    @property
    def url(self) -> str:
        """As `Recording.url`."""
        return self.part.public_url or private_url(self, "captions")
