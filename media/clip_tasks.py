"""Cuts clips in the task queue, in such a way that a killed worker costs only time.

A clip's row says what to cut; its files count only once the row says 'ready', in one step. Everything earlier
is done again by the next attempt, in the same folder. The queue itself never runs a killed task again:
`sweep` puts unfinished clips back into it whenever a worker starts.
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

from media import working_folder
from media.captions import to_webvtt
from media.clips import CannotCut, cut
from media.models.clip import INTERRUPTED_TRIES, Clip, ClipState
from media.on_commit import after_commit
from media.validation.recordings import poster, probe

logger = logging.getLogger(__name__)

POSTER = "poster.jpg"


@dataclass(frozen=True, slots=True)
class SweepReport:
    """Numbers of clips put back into the queue, of unused clips removed, and of abandoned folders removed."""

    unfinished: int
    removed: int
    folders: int


@task()
def cut_clip(clip_id: int) -> None:
    """Cut one clip, or rewrite its captions. Do nothing when it is finished or deleted."""
    make(clip_id)


@task()
def remove_unused_clips() -> None:
    """Remove the clips that no page uses."""
    remove_unused()


def enqueue_unfinished(clips: list[Clip]) -> None:
    """Put those of these clips that are unfinished into the queue once the transaction is committed."""
    for pk in (
        Clip.objects.unfinished().filter(pk__in=[clip.pk for clip in clips]).values_list("pk", flat=True)
    ):
        after_commit(cut_clip.enqueue, pk)


def sweep(*, dry_run: bool = False, enqueue: bool = True) -> SweepReport:
    """Put unfinished clips into the queue; remove unused clips and the folders of killed processes.

    Without `enqueue` the caller cuts the unfinished clips.
    """
    unused = Clip.objects.unused()
    unfinished = list(Clip.objects.unfinished().exclude(pk__in=unused.values("pk")))
    if dry_run:
        return SweepReport(len(unfinished), unused.count(), 0)
    folders = working_folder.remove_abandoned()
    removed = remove_unused()
    if enqueue:
        enqueue_unfinished(unfinished)
    return SweepReport(len(unfinished), removed, folders)


# Making ---------------------------------------------------------------------------------------------------


def make(clip_id: int) -> bool:
    """Cut a clip now, and return whether it is ready. Another process may be cutting it at this moment."""
    with working_folder.working_folder(str(clip_id)) as folder:
        if folder is not None and (clip := _begin(clip_id)):
            try:
                if clip.state == ClipState.PENDING:
                    _cut(clip, folder)
            except (CannotCut, OSError) as error:
                _failed(
                    clip, str(error) if isinstance(error, CannotCut) else _("Its recording cannot be opened.")
                )
            except Exception:
                _failed(clip, _("The recording cannot be read. The site's log has the details."))
                raise
            _write_captions(clip_id)
    return Clip.objects.filter(pk=clip_id, state=ClipState.READY).exists()


def _begin(clip_id: int) -> Clip | None:
    """Return the clip with one more attempt counted; None when there is nothing to do."""
    clip = Clip.objects.unfinished().filter(pk=clip_id).first()
    if clip is None or clip.state == ClipState.READY:
        return clip
    # Counted first, so that a recording that crashes the worker is not tried for ever.
    Clip.objects.filter(pk=clip_id).update(attempts=F("attempts") + 1, state=ClipState.PENDING)
    clip = Clip.objects.filter(pk=clip_id).first()
    if clip is None:  # deleted by a withdrawal
        return None
    if clip.attempts > INTERRUPTED_TRIES:
        _failed(clip, _("The worker stopped each time it tried to cut this clip."))
        return None
    return clip


def _cut(clip: Clip, folder: Path) -> None:
    made = folder / ("clip.mp4" if clip.is_video else "clip.m4a")
    source = storages[clip.storage]
    if not source.exists(clip.source):
        raise CannotCut(_("Its recording no longer exists."))
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
        # If it is ever cut again, it starts with all its tries.
        current.attempts = 0
        current.save()


def _put(storage: Storage, name: str, content: File) -> str:  # type: ignore[type-arg] # of bytes, as storages take it
    """Store `content` under exactly `name`, replacing what a killed attempt may have left there."""
    storage.delete(name)
    return storage.save(name, content)


def _write_captions(clip_id: int) -> None:
    """Write the captions file from the cues. A new text gets a new name, so that each file is complete."""
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
    """Remove clips that no page uses, files first, and return how many. `among`: only these numbers.

    The row says 'pending' before the first file is deleted, so that a clip that is wanted again at the same
    moment stays and is cut again.
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
    """Return the names of all files of the clip, including files that its row does not name yet."""
    named = {file.name for file in (clip.file, clip.poster, clip.captions) if file.name}
    return sorted({*files_in(clip.folder), *named})


def files_in(folder: str) -> list[str]:
    """Return the names of all files in the folder of a clip."""
    clip = Clip(folder=folder)
    try:
        _folders, names = clip.file.storage.listdir(clip.path(""))
    except (FileNotFoundError, NotImplementedError):
        names = []
    return [clip.path(name) for name in names]
