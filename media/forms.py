"""The forms for every kind of upload in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtailmedia.forms import BaseMediaForm

from imaging.cleaning import CleanPicture, clean_picture
from media.models import CaptionTrack, Recording
from media.validation.captions import read_captions
from media.validation.upload_checks import run_upload_checks


class PictureUploadField(WagtailImageField):
    """Checks the content instead of the name, and returns a picture that was encoded again."""

    def to_python(self, data: Any) -> CleanPicture | None:
        # Names of any length are accepted: the site chooses the stored name.
        self.max_length = None
        file = forms.FileField.to_python(self, data)
        if not file:
            return None
        cleaned = clean_picture(file)
        run_upload_checks(cleaned)
        return cleaned


class PictureForm(BaseImageForm):
    """Wagtail's form for pictures, with our upload field in place of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if given := self.fields.get("file"):
            self.fields["file"] = PictureUploadField(
                label=given.label, required=given.required, widget=given.widget
            )


def language_choices() -> list[tuple[str, str]]:
    """Return every language that Django knows, the site's own first, by native name and code."""
    first = [code for code, _name in settings.LANGUAGES]
    rest = sorted(code for code, info in LANG_INFO.items() if "name_local" in info and code not in first)
    with override("en"):
        return [(code, f"{LANG_INFO[code]['name_local']} ({code})") for code in [*first, *rest]]


class RecordingForm(BaseMediaForm):
    """wagtailmedia's form, with captions added and removed in the same place."""

    captions = forms.FileField(
        label=_("Captions (WebVTT file)"),
        required=False,
        help_text=_(
            "A .vtt file with what is said and heard. Visitors see it in the player and as a transcript. "
            "Another file in the same language replaces the first."
        ),
        widget=forms.FileInput(attrs={"accept": ".vtt,text/vtt"}),
    )
    captions_language = forms.ChoiceField(
        label=_("Language of the captions"),
        required=False,
        choices=language_choices,
        initial=settings.LANGUAGE_CODE,
    )
    captions_kind = forms.ChoiceField(
        label=_("Kind of captions"),
        required=False,
        choices=CaptionTrack.Kind.choices,
        initial=CaptionTrack.Kind.CAPTIONS,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tracks = list(self.instance.tracks.all()) if self.instance.pk else []
        for track in self.tracks:
            self.fields[self._removal(track)] = forms.BooleanField(
                required=False, label=_("Remove the captions “%(track)s”") % {"track": track}
            )
        if "file" in self.fields:
            # The site chooses short names, whatever the editor's file is called.
            self.fields["file"].max_length = None
        removals = [self._removal(track) for track in self.tracks]
        self.order_fields(["title", "file", *removals, "captions", "captions_language", "captions_kind"])

    @staticmethod
    def _removal(track: CaptionTrack) -> str:
        return f"remove_track_{track.pk}"

    def clean_captions(self) -> Any:
        if file := self.cleaned_data.get("captions"):
            read_captions(file)
        return file

    def clean_captions_kind(self) -> str:
        return self.cleaned_data.get("captions_kind") or CaptionTrack.Kind.CAPTIONS

    def save(self, commit: bool = True) -> Recording:
        if not commit:
            raise ValueError(
                "A recording is saved together with its captions; commit=False is not supported."
            )
        with transaction.atomic():
            recording: Recording = super().save()
            for track in self.tracks:
                if self.cleaned_data.get(self._removal(track)):
                    track.delete()
            if file := self.cleaned_data.get("captions"):
                language = self.cleaned_data.get("captions_language") or settings.LANGUAGE_CODE
                kind = self.cleaned_data["captions_kind"]
                for replaced in recording.tracks.filter(language=language, kind=kind):
                    replaced.delete()
                CaptionTrack(recording=recording, language=language, kind=kind, file=file).save()
            if remaining := recording.tracks.first():
                # Saving makes this track the default if the default track was removed.
                remaining.save()
        return recording
