from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index
from wagtailmedia.models import AbstractMedia

from media.captions import Cue
from media.fields import OriginalFileField
from media.file_urls import private_url, shows_private_files
from media.on_commit import after_commit
from media.publishable import FilePart, KeepsPublicNames, Publishable, public_name_field
from media.transcript_text import TranscriptLine, length_in_words, transcript_lines
from media.uploads import not_yet_stored, rename
from media.validation.captions import read_captions
from media.validation.pictures import clean_picture
from media.validation.recordings import poster, probe
from media.validation.upload_checks import run_upload_checks
from uploads.file_names import unguessable_path

AUTOMATIC_POSTER = "poster.jpg"


def recording_path(_instance: Recording, filename: str) -> str:
    return unguessable_path("recordings", filename)


def poster_path(_instance: Recording, filename: str) -> str:
    return unguessable_path("posters", filename)


def captions_path(_instance: CaptionTrack, filename: str) -> str:
    return unguessable_path("captions", filename)


class Recording(Publishable, AbstractMedia):
    """A sound or video recording. Length, size and poster are read from the file when it is uploaded.

    All its files are private. Visitors get copies: the recording without the metadata that a device writes
    into it, its poster and its captions.
    """

    PUBLIC_KIND: ClassVar[str] = "recordings"

    # Declared by wagtailmedia, which is untyped.
    type: str
    duration: float
    file = OriginalFileField(_("file"), upload_to=recording_path, kind="recording")
    thumbnail = OriginalFileField(
        _("poster"),
        upload_to=poster_path,
        kind="poster",
        blank=True,
        help_text=_("The still picture shown before a video plays. Leave empty to take it from the video."),
    )
    transcript = models.TextField(
        _("transcript"),
        blank=True,
        help_text=_("Only for recordings without captions: what is said, and by whom."),
    )
    content_type = models.CharField(max_length=60, blank=True, editable=False)
    file_size = models.PositiveBigIntegerField(null=True, editable=False)
    public_name = public_name_field()
    public_poster = public_name_field()

    # wagtailmedia's own model stays installed and uses the default reverse names.
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    admin_form_fields = ("title", "file", "thumbnail", "transcript", "collection", "tags")
    search_fields = [*AbstractMedia.search_fields, index.SearchField("transcript")]

    class Meta(AbstractMedia.Meta):
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")

    def clean(self) -> None:
        # Without wagtailmedia's own check, which looks only at the suffix of the name.
        self.duration = self.duration or 0
        errors: dict[str, Any] = {}
        for field, check in (("file", self._read_file), ("thumbnail", self._take_in_poster)):
            try:
                check()
            except ValidationError as error:
                errors[field] = error
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._read_file()
        self._take_in_poster()
        replaced = None
        if (new := not_yet_stored(self.file)) and self.is_video and self._may_replace_poster():
            replaced = self.thumbnail.name
            self.thumbnail = poster(new) or self.thumbnail
        super().save(*args, **kwargs)
        if replaced and replaced != self.thumbnail.name:
            # The poster may show a person whose consent was withdrawn.
            after_commit(self.thumbnail.storage.delete, replaced)

    def _may_replace_poster(self) -> bool:
        """Return whether there is no poster, or only one that was taken from the earlier file."""
        if not self.thumbnail:
            return True
        return not not_yet_stored(self.thumbnail) and str(self.thumbnail).endswith(f"/{AUTOMATIC_POSTER}")

    def _read_file(self) -> None:
        """Read type, length and size of a new file. Raises ValidationError when it is of the wrong kind."""
        new = not_yet_stored(self.file)
        if new is None or hasattr(new, "read_as_recording"):
            return
        run_upload_checks(new)
        facts = probe(new)
        if self.type and self.type != facts.kind:
            raise ValidationError(
                _("This file is a video. Add it as a video.")
                if facts.kind == "video"
                else _("This file has sound but no pictures. Add it as a sound recording.")
            )
        self.type, self.content_type, self.duration = facts.kind, facts.content_type, facts.duration
        self.width, self.height = facts.width or None, facts.height or None
        self.file_size = new.size
        rename(self.file, facts.suffix)
        setattr(new, "read_as_recording", True)  # noqa: B010 - an attribute that the file class does not declare

    def _take_in_poster(self) -> None:
        if new := not_yet_stored(self.thumbnail):
            self.thumbnail = clean_picture(new)

    @property
    def is_video(self) -> bool:
        return self.type == "video"

    @property
    def length(self) -> str:
        """Its length in words."""
        return length_in_words(self.duration)

    @property
    def poster(self) -> models.fields.files.FieldFile | None:
        """The private file. Pages use `poster_url`."""
        return self.thumbnail or None

    @property
    def _part(self) -> FilePart:
        return FilePart(self, self, "recording", remuxed=True)

    @property
    def _poster_part(self) -> FilePart:
        return FilePart(self, self, "poster", "thumbnail", "public_poster")

    def parts(self) -> list[FilePart]:
        return [self._part, self._poster_part, *(track.part for track in self.tracks.all())]

    @property
    def can_be_played(self) -> bool:
        """Whether the page being rendered has a file to play. Copying a long recording takes a while."""
        return bool(self._part.public_name) or shows_private_files()

    @property
    def url(self) -> str:
        """The address to play: the public copy, or an address for staff while there is none."""
        return self._part.public_url or private_url(self, "recording")

    @property
    def poster_url(self) -> str:
        """As `url`, for the poster; '' for a recording without one."""
        return (self._poster_part.public_url or private_url(self, "poster")) if self.thumbnail else ""

    @property
    def track(self) -> CaptionTrack | None:
        """The track shown unless the visitor chooses another: the default track, else the first captions."""
        tracks = list(self.tracks.all())
        return min(tracks, key=lambda track: (not track.default, track.kind != "captions"), default=None)

    @property
    def captioned_in(self) -> str:
        """The names of the languages of its captions, for example 'English, Español'."""
        return ", ".join(track.label for track in self.tracks.all())

    @property
    def lines(self) -> list[TranscriptLine]:
        """The transcript shown with the player, from the same cues as the captions."""
        track = self.track
        return transcript_lines(track.cues) if track else []

    @property
    def sources(self) -> list[dict[str, str]]:
        return [{"src": self.url, "type": self.content_type}]


class CaptionTrack(KeepsPublicNames):
    """Captions of a recording in one language. Their cues are the transcript too."""

    class Kind(models.TextChoices):
        CAPTIONS = "captions", _("Captions: what is said and heard, in the language that is spoken")
        SUBTITLES = "subtitles", _("Subtitles: what is said, translated")

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="tracks")
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
