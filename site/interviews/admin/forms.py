"""Forms for an interview and its files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from interviews.models import Interview
from interviews.recordings import clear_recording, recording_saved, set_recording
from media.validation.recordings import Facts, probe
from media.validation.upload_checks import run_upload_checks

LARGEST = 40 * 1024 * 1024  # bytes; an hour's transcript has about a tenth of one megabyte
MOST_FILES = 8
TRANSCRIPTS = (
    ".vtt,.srt,.sbv,.ass,.xml,.TextGrid,.docx,.xlsx,.rtf,.txt,.md,.csv,.tsv,.json,.otr,.eaf,.trs,.cha,.tei,"
    ".ttml,.dfxp,.html"
)
RECORDINGS = "audio/*,video/*,.mp3,.m4a,.mp4,.webm,.ogg,.wav"
TRANSCRIPT_HELP = _(
    "As a transcription service or tool exports it: WebVTT, SRT, Word (DOCX), Excel, CSV, JSON, RTF, HTML, "
    "plain text, OHMS, ELAN, Transcriber, CHAT, TEI or Praat TextGrid (one file, or one for each speaker). "
    "You see a preview before anything is stored."
)


class PrivateFileInput(forms.ClearableFileInput):
    """Shows a stored file by its name, since it has no URL, with a box to remove the file."""

    def is_initial(self, value: Any) -> bool:
        return bool(value and getattr(value, "name", ""))

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        box = forms.FileInput(self.attrs).render(name, None, attrs, renderer)
        if not self.is_initial(value):
            return box
        clear = self.clear_checkbox_name(name)
        return format_html(
            '<p class="w-mb-2">{} <label for="{}"><input type="checkbox" name="{}" id="{}"> {}</label></p>{}',
            str(value.name).rpartition("/")[2],
            self.clear_checkbox_id(clear),
            clear,
            self.clear_checkbox_id(clear),
            _("Remove the file"),
            box,
        )


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class TranscriptFilesField(forms.FileField):
    """One transcript, or one file for each speaker; its clean value is a list of uploaded files."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)
        if len(given) > MOST_FILES:
            raise ValidationError(
                _("Choose one transcript, or at most %(most)d TextGrid files of one interview.")
                % {"most": MOST_FILES}
            )
        files = [super(TranscriptFilesField, self).clean(one, initial) for one in given]
        for file in files:
            if (file.size or 0) > LARGEST:
                raise ValidationError(
                    _(
                        "“%(name)s” is too large for a transcript (%(size)d MB; at most %(most)d). "
                        "Did you choose the recording?"
                    )
                    % {"name": file.name, "size": file.size // 1_000_000, "most": LARGEST // 1_000_000}
                )
            run_upload_checks(file)
        return files


def contents(files: list[UploadedFile[Any]]) -> list[tuple[bytes, str]]:
    """Return the contents and names of uploaded files."""
    return [(file.read(), file.name or "transcript") for file in files]


class TranscriptForm(forms.Form):
    transcript = TranscriptFilesField(
        label=_("Transcript"),
        help_text=TRANSCRIPT_HELP,
        widget=SeveralFiles(attrs={"accept": TRANSCRIPTS}),
    )


class InterviewForm(WagtailAdminModelForm):
    """An interview, with its recording checked by content, and the transcript of a new interview."""

    transcript_files = TranscriptFilesField(
        label=_("Transcript"),
        required=False,
        help_text=TRANSCRIPT_HELP,
        widget=SeveralFiles(attrs={"accept": TRANSCRIPTS}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts: Facts | None = None
        self.recording_before = self.instance.recording.name or ""
        if self.instance.pk:
            # A corrected transcript has its own page, where it is compared with the current one.
            self.fields.pop("transcript_files", None)
        elif self.for_user and "editor" in self.fields:
            self.initial.setdefault("editor", self.for_user.pk)
        if editor := self.fields.get("editor"):
            # Users who can log in to the admin, and the current editor.
            admins = Q(is_superuser=True) | Q(groups__permissions__codename="access_admin")
            now = Q(pk=self.instance.editor_id)
            editor.queryset = User.objects.filter(Q(is_active=True) & admins | now).distinct()
        if recording := self.fields.get("recording"):
            recording.widget = PrivateFileInput(attrs={"accept": RECORDINGS})
            # The file is stored under a new name.
            recording.max_length = None

    def clean_recording(self) -> Any:
        """Check an uploaded recording. Raises ValidationError."""
        given = self.cleaned_data.get("recording")
        if isinstance(given, UploadedFile):
            run_upload_checks(given)
            self.facts = probe(given)
        return given

    def _post_clean(self) -> None:
        super()._post_clean()
        given = self.cleaned_data.get("recording")
        if self.facts and isinstance(given, UploadedFile):
            set_recording(self.instance, given, self.facts)
        elif given is False:
            clear_recording(self.instance)

    def save(self, commit: bool = True) -> Interview:
        interview: Interview = super().save(commit)
        if commit:
            recording_saved(interview, self.recording_before)
        return interview
