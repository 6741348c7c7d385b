"""Cutting clips in the queue, so that a killed worker costs nothing but time.

A clip's row says what is wanted; its files count only once the row says 'ready', in one step. Whatever happens before
that step is done again by the next attempt, at the same place. A task that was killed is never run again by the queue
itself: `sweep` puts what is unfinished back into it, whenever a worker starts.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django_tasks import task

from media import workshop
from media.after_commit import after_commit
from media.captions import to_webvtt
from media.clips import CannotCut, cut
from media.models.clip import INTERRUPTED_TRIES, Clip, ClipState
from media.validation.recordings import poster, probe

logger = logging.getLogger(__name__)

POSTER = "poster.jpg"


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: clips put into the queue, unused clips removed, folders of killed processes removed."""

    unfinished: int
    removed: int
    folders: int


@task()
def cut_clip(clip_id: int) -> None:
    """Cut one clip, or write its captions anew. Nothing happens when it is done already, or gone."""
    make(clip_id)


@task()
def remove_unused_clips() -> None:
    remove_unused()


def enqueue_unfinished(clips: list[Clip]) -> None:
    """Put these clips into the queue once the transaction is committed, those that need it."""
    for pk in (
        Clip.objects.unfinished().filter(pk__in=[clip.pk for clip in clips]).values_list("pk", flat=True)
    ):
        after_commit(cut_clip.enqueue, pk)


def sweep(*, dry_run: bool = False, enqueue: bool = True) -> Swept:
    """Put what is unfinished into the queue, and remove what nobody uses and what killed processes left.

    Without `enqueue` the caller sees to what is unfinished.
    """
    unused = Clip.objects.unused()
    unfinished = list(Clip.objects.unfinished().exclude(pk__in=unused.values("pk")))
    if dry_run:
        return Swept(len(unfinished), unused.count(), 0)
    folders = workshop.sweep()
    removed = remove_unused()
    if enqueue:
        enqueue_unfinished(unfinished)
    return Swept(len(unfinished), removed, folders)


# Making ---------------------------------------------------------------------------------------------------


def make(clip_id: int) -> bool:
    """Cut a clip now. Returns whether it is ready afterwards; another process may be cutting it meanwhile."""
    with workshop.working_folder(str(clip_id)) as folder:
        if folder is not None and (clip := _begin(clip_id)):
            try:
                if clip.state == ClipState.PENDING:
                    _cut(clip, folder)
            except (CannotCut, OSError) as error:
                _failed(
                    clip, str(error) if isinstance(error, CannotCut) else _("Its recording cannot be opened.")
                )
            except Exception:
                _failed(clip, _("The recording cannot be read. The site's log says more."))
                raise
            _write_captions(clip_id)
    return Clip.objects.filter(pk=clip_id, state=ClipState.READY).exists()


def _begin(clip_id: int) -> Clip | None:
    """The clip, one attempt on; None when there is nothing to be done."""
    clip = Clip.objects.unfinished().filter(pk=clip_id).first()
    if clip is None or clip.state == ClipState.READY:
        return clip
    # Counted before it begins: a recording at which the worker itself falls over is not tried for ever.
    Clip.objects.filter(pk=clip_id).update(attempts=F("attempts") + 1, state=ClipState.PENDING)
    clip = Clip.objects.filter(pk=clip_id).first()
    if clip is None:  # withdrawn meanwhile
        return None
    if clip.attempts > INTERRUPTED_TRIES:
        _failed(clip, _("The worker ended each time it was cut."))
        return None
    return clip


def _cut(clip: Clip, folder: Path) -> None:
    made = folder / ("clip.mp4" if clip.is_video else "clip.m4a")
    source = storages[clip.storage]
    if not source.exists(clip.source):
        raise CannotCut(_("Its recording is no longer there."))
    try:
        path = source.path(clip.source)
    except NotImplementedError:
        with source.open(clip.source) as file:
            duration = cut(file, made, start=clip.start, end=clip.end, video=clip.is_video)
    else:
        duration = cut(path, made, start=clip.start, end=clip.end, video=clip.is_video)
    still, width, height = None, None, None
    if clip.is_video:
        with made.open("rb") as opened:
            film = File(opened, name=made.name)
            facts = probe(film)
            still, width, height = poster(film), facts.width, facts.height
    with transaction.atomic():
        current = Clip.objects.select_for_update().filter(pk=clip.pk, state=ClipState.PENDING).first()
        if current is None:
            return
        with made.open("rb") as file:
            current.file.name = _put(current.file.storage, current.path(made.name), File(file))
        current.file_size = made.stat().st_size
        current.poster.name = _put(current.poster.storage, current.path(POSTER), still) if still else ""
        current.width, current.height = width, height
        current.duration, current.state, current.error = duration, ClipState.READY, ""
        # One that failed before is tried anew when it is wanted anew.
        current.attempts = 0
        current.save()


def _put(storage: Storage, name: str, content: File) -> str:  # type: ignore[type-arg] # of bytes, as storages take it
    """Store `content` under exactly `name`: what an attempt that was killed left there goes."""
    storage.delete(name)
    return storage.save(name, content)


def _write_captions(clip_id: int) -> None:
    """Make the captions file say what the clip's cues say. A reader never meets half a file: a changed text has a new name."""
    with transaction.atomic():
        clip = (
            Clip.objects.select_for_update()
            .filter(pk=clip_id, state=ClipState.READY, captioned=False)
            .first()
        )
        if clip is None:
            return
        old, storage = clip.captions.name, clip.captions.storage
        clip.captions.name = ""
        if clip.stored_cues:
            text = to_webvtt(clip.cues).encode()
            name = clip.path(f"captions-{hashlib.sha256(text).hexdigest()[:8]}.vtt")
            clip.captions.name = _put(storage, name, ContentFile(text))
        clip.captioned = True
        clip.save(update_fields=["captions", "captioned", "updated_at"])
        if old and old != clip.captions.name:
            after_commit(storage.delete, old)


def _failed(clip: Clip, reason: str) -> None:
    logger.warning("Clip %s could not be cut: %s", clip.pk, reason)
    Clip.objects.filter(pk=clip.pk, state=ClipState.PENDING).update(
        state=ClipState.FAILED, error=reason[:300]
    )


# Removing ---------------------------------------------------------------------------------------------------


def remove_unused(among: Iterable[int] | None = None) -> int:
    """Remove clips that nothing refers to, files first; of `among` (their numbers) where given. Returns how many.

    One that is wanted again meanwhile stays, and is cut again: its row says 'pending' before its first file goes.
    """
    removed = 0
    unused = Clip.objects.unused()
    if among is not None:
        unused = unused.filter(pk__in=list(among))
    for pk in unused.values_list("pk", flat=True):
        Clip.objects.unused().filter(pk=pk).update(state=ClipState.PENDING, captioned=False)
        with transaction.atomic():
            clip = Clip.objects.select_for_update().filter(pk=pk).first()
            if clip is None:
                continue
            if not Clip.objects.unused().filter(pk=pk).exists():
                after_commit(cut_clip.enqueue, pk)
                continue
            for name in _files(clip):
                clip.file.storage.delete(name)
            clip.delete()
            removed += 1
    return removed


def _files(clip: Clip) -> list[str]:
    """Every name under which the clip can have a file, whether or not its row came to say so."""
    named = {file.name for file in (clip.file, clip.poster, clip.captions) if file.name}
    return sorted({*files_in(clip.folder), *named})


def files_in(folder: str) -> list[str]:
    """The names of all files that lie in the folder of a clip."""
    clip = Clip(folder=folder)
    try:
        _folders, found = clip.file.storage.listdir(clip.path(""))
    except (FileNotFoundError, NotImplementedError):
        found = []
    return [clip.path(name) for name in found]
