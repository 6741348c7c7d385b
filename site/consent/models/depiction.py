"""Who is seen or heard in a picture or recording."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consent.models.person import Person
from consent.uses import Use


class Depiction(models.Model):
    """A person is seen or heard in a picture or recording, and must consent wherever it is shown."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="depictions", verbose_name=_("person")
    )
    picture = models.ForeignKey(
        "media.Picture", null=True, blank=True, on_delete=models.CASCADE, related_name="depictions"
    )
    recording = models.ForeignKey(
        "media.Recording", null=True, blank=True, on_delete=models.CASCADE, related_name="depictions"
    )
    is_recognisable = models.BooleanField(
        _("the face can be recognised"),
        default=True,
        help_text=_("Bars over the eyes do not make a person unrecognisable (ICMJE)."),
    )

    class Meta:
        verbose_name = _("person shown")
        verbose_name_plural = _("people shown")
        constraints = [
            models.CheckConstraint(
                condition=Q(picture__isnull=False, recording__isnull=True)
                | Q(picture__isnull=True, recording__isnull=False),
                name="depiction_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.picture or self.recording}"

    @property
    def uses(self) -> tuple[Use, ...]:
        """The uses to which the person must consent before the file is shown."""
        if self.picture_id:
            return (Use.PHOTO, Use.FACE) if self.is_recognisable else (Use.PHOTO,)
        if self.recording and self.recording.type == "audio":
            return (Use.VOICE,)
        return (Use.VIDEO, Use.VOICE, Use.FACE) if self.is_recognisable else (Use.VIDEO, Use.VOICE)
