from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index
from wagtailmedia.models import AbstractMedia

from imaging.cleaning import clean_picture
from media.fields import OriginalFileField
from media.file_urls import private_url, shows_private_files
from media.models.caption_track import CaptionTrack, captions_path
from media.on_commit import after_commit
from media.public_copies import delete_public_file
from media.publishable import FilePart, Publishable, public_name_field
from media.transcript_text import TranscriptLine, length_in_words, transcript_lines
from media.uploads import not_yet_stored, rename
from media.validation.recordings import poster, probe
from media.validation.upload_checks import run_upload_checks
from uploads.file_names import unguessable_path

__all__ = ["Recording", "captions_path"]  # migrations know the path of captions by this module

AUTOMATIC_POSTER = "poster.jpg"
# The mark of captions that belong to a replaced file whose hash is not known.
EARLIER_FILE = "earlier"


def recording_path(_instance: Recording, filename: str) -> str:
    return unguessable_path("recordings", filename)


def poster_path(_instance: Recording, filename: str) -> str:
    return unguessable_path("posters", filename)


def _digest(file: Any) -> str:
    """Return the SHA-256 of a file, in hexadecimal, and go back to its beginning."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


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
    # SHA-256 of the file; '' of files that were stored before it was recorded.
    file_hash = models.CharField(max_length=64, blank=True, editable=False)
    # The hash of the file of which the transcript was typed, as `CaptionTrack.of_file`.
    transcript_of = models.CharField(max_length=64, blank=True, editable=False)

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
        earlier = Recording.objects.filter(pk=self.pk).first() if self.pk else None
        if earlier is not None:
            self._separate_from(earlier)
        if (new := not_yet_stored(self.file)) and self.is_video and self._may_replace_poster():
            self.thumbnail = poster(new) or ""
        super().save(*args, **kwargs)
        if earlier is not None and earlier.thumbnail and earlier.thumbnail.name != self.thumbnail.name:
            # The poster may show a person whose consent was withdrawn.
            after_commit(self.thumbnail.storage.delete, earlier.thumbnail.name)

    def _may_replace_poster(self) -> bool:
        """Return whether there is no poster, or only one that was taken from the earlier file."""
        if not self.thumbnail:
            return True
        return not not_yet_stored(self.thumbnail) and str(self.thumbnail).endswith(f"/{AUTOMATIC_POSTER}")

    def _separate_from(self, earlier: Recording) -> None:
        """Where the file is another one now, keep what belongs to the earlier file from being shown with it.

        Captions and a typed transcript are kept, marked with the file that they belong to. The poster is
        taken from the new file.
        """
        if self.transcript != earlier.transcript:
            self.transcript_of = self.file_hash
        replaced = str(self.file) != str(earlier.file) or not_yet_stored(self.file)
        if not replaced or self.file_hash == earlier.file_hash != "":
            return
        if str(self.thumbnail) == str(earlier.thumbnail):
            self.thumbnail = ""
        mark = earlier.file_hash or EARLIER_FILE
        if self.transcript == earlier.transcript and not self.transcript_of:
            self.transcript_of = mark
        self.tracks.filter(of_file="").update(of_file=mark)
        for track in self.tracks.exclude(of_file=self.file_hash).exclude(public_name=""):
            after_commit(delete_public_file, track.public_name)
            CaptionTrack.objects.filter(pk=track.pk).update(public_name="")

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
        self.file_hash = _digest(new)
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
        return [self._part, self._poster_part, *(track.part for track in self.fitting_tracks)]

    @property
    def fitting_tracks(self) -> list[CaptionTrack]:
        """The captions that belong to the present file."""
        return [track for track in self.tracks.all() if track.of_file in ("", self.file_hash)]

    @property
    def fitting_transcript(self) -> str:
        """The typed transcript, '' if it was typed of an earlier file."""
        return self.transcript if self.transcript_of in ("", self.file_hash) else ""

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
        tracks = self.fitting_tracks
        return min(tracks, key=lambda track: (not track.default, track.kind != "captions"), default=None)

    @property
    def captioned_in(self) -> str:
        """The names of the languages of its captions, for example 'English, Español'."""
        return ", ".join(track.label for track in self.fitting_tracks)

    @property
    def lines(self) -> list[TranscriptLine]:
        """The transcript shown with the player, from the same cues as the captions."""
        track = self.track
        return transcript_lines(track.cues) if track else []

    @property
    def sources(self) -> list[dict[str, str]]:
        return [{"src": self.url, "type": self.content_type}]
