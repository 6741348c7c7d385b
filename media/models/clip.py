from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Self

from django.conf.locale import LANG_INFO
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from media.captions import Cue

if TYPE_CHECKING:
    from collections.abc import Sequence

# In every key. Raise it when clips are to be cut in another way, so that all are cut again.
RECIPE = 1
# A clip that cannot be cut is tried again at later sweeps, and more often when its worker was killed.
TRIES, INTERRUPTED_TRIES = 3, 20


class ClipState(models.TextChoices):
    PENDING = "pending", _("Waiting to be cut")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be cut")


class ClipKind(models.TextChoices):
    AUDIO = "audio", _("Sound")
    VIDEO = "video", _("Video")


def new_folder() -> str:
    """Return 22 random characters: the address of a clip reveals nothing about the address of another."""
    return secrets.token_urlsafe(16)


def key_of(storage: str, source: str, start: float, end: float, kind: str) -> str:
    """Return a key that is equal for equal clips: same file (names are never reused), times and kind."""
    parts = (str(RECIPE), storage, source, f"{start:.2f}", f"{end:.2f}", kind)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class ClipQuerySet(models.QuerySet["Clip"]):
    def unused(self) -> Self:
        """Return clips that no object of any app refers to."""
        unused = self
        for relation in self.model._meta.related_objects:
            name = relation.field.name
            uses = relation.related_model._base_manager.filter(**{name: OuterRef("pk")})
            unused = unused.filter(~Exists(uses))
        return unused

    def unfinished(self) -> Self:
        """Return pending clips, failed clips with tries left, and clips whose captions changed."""
        return self.filter(
            models.Q(state=ClipState.PENDING)
            | models.Q(state=ClipState.FAILED, attempts__lt=TRIES)
            | models.Q(state=ClipState.READY, captioned=False)
        )

    def wanted(
        self,
        *,
        storage: str,
        source: str,
        start: float,
        end: float,
        kind: str,
        cues: Iterable[Cue] = (),
        language: str = "",
    ) -> Clip:
        """Return the one clip of these seconds of a recording, created as pending if necessary. Cuts nothing.

        `storage` and `source`: where the recording lies (alias in STORAGES, name in it). `cues`: what is said
        in the clip, in seconds from its own start. A clip that failed earlier gets new tries.
        """
        cues = list(cues)
        stored = [asdict(cue) for cue in cues]
        clip, created = self.get_or_create(
            key=key_of(storage, source, start, end, kind),
            defaults={
                "storage": storage,
                "source": source,
                "start": start,
                "end": end,
                "kind": kind,
                "stored_cues": stored,
                "language": language,
            },
        )
        if not created:
            changed: dict[str, object] = {}
            if (clip.stored_cues, clip.language) != (stored, language):
                changed |= {"stored_cues": stored, "language": language, "captioned": False}
            if clip.state == ClipState.FAILED:
                changed |= {"state": ClipState.PENDING, "attempts": 0, "error": ""}
            # Written in any case: the lock keeps a sweep from removing the row now.
            if not self.filter(pk=clip.pk).update(updated_at=timezone.now(), **changed):
                return self.wanted(
                    storage=storage,
                    source=source,
                    start=start,
                    end=end,
                    kind=kind,
                    cues=cues,
                    language=language,
                )
            clip.refresh_from_db()
        return clip


class Clip(models.Model):
    """A few seconds of a recording as a separate public file, with captions and, for a video, a poster.

    The recording may be private. Only the clip is served, and its address reveals nothing about others.
    """

    key = models.CharField(max_length=64, unique=True, editable=False)
    storage = models.CharField(max_length=40)
    source = models.CharField(max_length=300)
    start = models.FloatField()
    end = models.FloatField()
    kind = models.CharField(max_length=5, choices=ClipKind.choices)
    language = models.CharField(max_length=20, blank=True)
    stored_cues = models.JSONField(default=list)

    state = models.CharField(max_length=7, choices=ClipState.choices, default=ClipState.PENDING)
    error = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # The folder of all its files, chosen once, so that each attempt overwrites what a killed attempt wrote.
    folder = models.CharField(max_length=22, default=new_folder, editable=False)
    file = models.FileField(max_length=120, blank=True)
    poster = models.FileField(max_length=120, blank=True)
    captions = models.FileField(max_length=120, blank=True)
    # Whether the captions file agrees with `stored_cues`.
    captioned = models.BooleanField(default=False)
    duration = models.FloatField(null=True)
    file_size = models.PositiveIntegerField(null=True)
    width = models.PositiveSmallIntegerField(null=True)
    height = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ClipQuerySet.as_manager()

    class Meta:
        verbose_name = _("clip")
        verbose_name_plural = _("clips")
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        # Does not name the recording, because this string reaches logs.
        return f"Clip {self.pk}, {self.start:.1f} to {self.end:.1f} s"

    @property
    def is_ready(self) -> bool:
        return self.state == ClipState.READY

    @property
    def is_video(self) -> bool:
        return self.kind == ClipKind.VIDEO

    @property
    def url(self) -> str:
        """The address of the clip; '' until it is ready."""
        return self.file.url if self.is_ready and self.file else ""

    @property
    def captions_url(self) -> str:
        """The address of the captions; '' where there are none, and while they are being rewritten."""
        return self.captions.url if self.captioned and self.captions else ""

    @property
    def poster_url(self) -> str:
        return self.poster.url if self.poster else ""

    @property
    def language_label(self) -> str:
        """The language's own name, for the player's menu."""
        known = LANG_INFO.get(self.language.lower(), {})
        return str(known.get("name_local", self.language)).capitalize()

    @property
    def content_type(self) -> str:
        return "video/mp4" if self.is_video else "audio/mp4"

    @property
    def cues(self) -> Sequence[Cue]:
        return [Cue(**cue) for cue in self.stored_cues]

    def path(self, name: str) -> str:
        """Return where the clip's file `name` lies in the public storage."""
        return f"clips/{self.folder}/{name}"
