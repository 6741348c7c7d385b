"""Shows things in public and takes them back. What may be shown is decided elsewhere (`publication.public_files`).

Originals lie in the private storage, always. A thing that is shown has a folder of its own in the public storage,
`shown/<kind>/<22 random characters>/`, with copies: a picture's sizes, a document, a recording without its metadata,
its poster and captions. The database says which copies count; a file that it does not claim is not served, whoever
wrote it and whenever that process ended. So the order is always: to show, first the row, then the file, then the
file's name; to hide, first the names, then the files.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from media.after_commit import after_commit
from media.copying import CannotCopy, copy_to_public, is_long
from media.models import CaptionTrack, Clip, Document, Picture, Recording, Rendition
from media.models.publishable import SHOWN, Part, Publishable, new_folder
from media.storage import public_storage

logger = logging.getLogger(__name__)

THINGS: tuple[type[Publishable], ...] = (Picture, Document, Recording)


# Showing and hiding -----------------------------------------------------------------------------------------


def show(thing: Publishable) -> bool:
    """Let everybody see `thing`. Returns whether it was not shown before; nothing changes when it was.

    The files are written after the commit, those of long recordings by the task worker.
    """
    now, folder = timezone.now(), new_folder()
    with transaction.atomic():
        changed = _row(thing).filter(public_folder="").update(public_since=now, public_folder=folder)
        if changed:
            thing.public_since, thing.public_folder = now, folder
            after_commit(_write_soon, type(thing), thing.pk)
    return bool(changed)


def hide(thing: Publishable) -> list[str]:
    """Let nobody see `thing` any more. Returns the names of the public files that this takes away, [] for none.

    From the commit on none of them is served; they are deleted right after it. Shown again, it has new addresses.
    """
    with transaction.atomic():
        current: Any = _row(thing).select_for_update().first()
        if current is None or not current.public_folder:
            return []
        names = public_files_of(current)
        folder = current.public_folder
        _row(thing).update(public_since=None, public_folder="")
        for part in _all_parts(current):
            _holder(part).update(**{part.public_field: ""})
        if isinstance(current, Picture):
            _forget_cached(current.renditions.all())
        after_commit(_delete_folder, current.PUBLIC_KIND, folder, names)
    thing.public_since, thing.public_folder = None, ""
    return names


def public_files_of(thing: Publishable) -> list[str]:
    """The names, in the public storage, of all files by which `thing` can be fetched now. Read from the database."""
    return sorted(part.stored_name for part in _all_parts(thing) if part.stored_name)


def _all_parts(thing: Publishable) -> list[Part]:
    """All its parts as the database has them now, also sizes of a picture that no page asks for."""
    fresh: Any = type(thing)._base_manager.filter(pk=thing.pk).first()
    return list(fresh.parts()) if fresh else []


def _row(thing: Publishable) -> Any:
    return type(thing)._base_manager.filter(pk=thing.pk)


def _holder(part: Part) -> Any:
    return type(part.holder)._base_manager.filter(pk=part.holder.pk)


def _forget_cached(renditions: Iterable[Rendition]) -> None:
    for rendition in renditions:
        rendition.purge_from_cache()


# Writing files ----------------------------------------------------------------------------------------------


def write_files(thing: Publishable, *, long_ones: bool = True) -> int:
    """Write the public files that a shown thing lacks, and delete those of originals that were replaced. Returns how many.

    Idempotent; a thing that is not shown gets none. Without `long_ones` the worker is asked to copy long recordings.
    """
    fresh: Any = _row(thing).exclude(public_folder="").first()
    if fresh is None:
        return 0
    missing = []
    for part in fresh.parts():
        if not part.original or part.public_name:
            continue
        if not long_ones and part.remuxed and is_long(part):
            from media.tasks import publish_recording

            publish_recording.enqueue(fresh.pk)
            continue
        missing.append(part)
    return _write(fresh, missing)


def write_renditions(picture: Picture, renditions: Iterable[Rendition]) -> None:
    """Make the public copies of these sizes of a shown picture that have none: what a page asks for is there.

    Afterwards `rendition.part.public_name` says which have one: all, unless the picture is hidden meanwhile.
    """
    missing = {size.pk: size for size in renditions if size.pk and not size.part.public_name}
    if not missing or not picture.is_shown:
        return
    # What was read may come from a cache that knows nothing of copies made since.
    for fresh in Rendition.objects.filter(pk__in=missing).only("public_name"):
        missing[fresh.pk].public_name = fresh.public_name
    _write(picture, [size.part for size in missing.values() if not size.part.public_name])
    _forget_cached(missing.values())


def write_missing(things: Iterable[type[Publishable]] = THINGS) -> int:
    """Write every public file that is missing of anything shown, also one that was lost. Returns how many."""
    written = 0
    for model in things:
        for thing in model._base_manager.exclude(public_folder="").order_by("pk").iterator():
            for part in _all_parts(thing):
                if part.public_name and not public_storage().exists(part.public_name):
                    _holder(part).update(**{part.public_field: ""})
                    if isinstance(part.holder, Rendition):
                        part.holder.purge_from_cache()
            written += write_files(thing)
    return written


def forget_replaced(thing: Publishable) -> None:
    """Take away public copies of originals that are no longer the thing's, and have the new ones copied."""
    fresh: Any = _row(thing).exclude(public_folder="").first()
    if fresh is None:
        return
    for part in fresh.parts():
        old = part.stored_name
        if old and not part.public_name:
            _holder(part).update(**{part.public_field: ""})
            after_commit(delete_public_file, old)
    after_commit(_write_soon, type(thing), thing.pk)


def _write_soon(model: type[Publishable], pk: int) -> None:
    thing = model._base_manager.filter(pk=pk).first()
    if thing is not None:
        write_files(thing, long_ones=False)


def _write(thing: Publishable, parts: list[Part]) -> int:
    """Copy first, then enter the names: in one transaction that holds the thing against being hidden meanwhile."""
    copied: list[tuple[Part, str]] = []
    for part in parts:
        name = part.new_public_name()
        try:
            copy_to_public(part, name)
        except (CannotCopy, OSError) as error:
            # A page must not fall over a file that is lost, nor a withdrawal over one that cannot be copied.
            logger.warning("%s %s has no public %s: %s", type(thing).__name__, thing.pk, part.kind, error)
            continue
        copied.append((part, name))
    if not copied:
        return 0
    entered, old = 0, []
    with transaction.atomic():
        locked = _row(thing).select_for_update().filter(public_folder=thing.public_folder)
        is_shown = bool(list(locked.values_list("pk", flat=True)))
        for part, name in copied:
            same = _holder(part).filter(
                **{part.original_field: part.original, part.public_field: part.stored_name}
            )
            if is_shown and same.update(**{part.public_field: name}):
                old.append(part.stored_name)
                setattr(part.holder, part.public_field, name)
                entered += 1
            else:
                # Hidden, replaced or copied by another process meanwhile.
                old.append(name)
    for name in filter(None, old):
        delete_public_file(name)
    return entered


# Deleting files ---------------------------------------------------------------------------------------------


def delete_public_file(name: str) -> None:
    public_storage().delete(name)


def _delete_folder(kind: str, folder: str, names: Iterable[str]) -> None:
    storage, place = public_storage(), f"{SHOWN}{kind}/{folder}"
    for name in sorted({*names, *_names_below(place)}):
        storage.delete(name)
    _delete_empty(place)


def _delete_empty(place: str) -> None:
    try:
        public_storage().delete(place)
    except OSError:
        # Another process writes there still; what it writes is claimed by nobody, and it deletes that itself.
        logger.info("The folder %s is not empty yet.", place)


def follow_deletion(thing: Publishable) -> None:
    """Before a thing is deleted: have its public files deleted once it is."""
    names = public_files_of(thing)
    folder = _row(thing).values_list("public_folder", flat=True).first()
    if folder:
        after_commit(_delete_folder, thing.PUBLIC_KIND, folder, names)


# What lies in the public storage ----------------------------------------------------------------------------


def _of_picture(names: Sequence[str]) -> set[str]:
    return set(Rendition.objects.filter(public_name__in=names).values_list("public_name", flat=True))


def _of_document(names: Sequence[str]) -> set[str]:
    return set(Document.objects.filter(public_name__in=names).values_list("public_name", flat=True))


def _of_recording(names: Sequence[str]) -> set[str]:
    recordings, tracks = Recording.objects, CaptionTrack.objects
    return {
        *recordings.filter(public_name__in=names).values_list("public_name", flat=True),
        *recordings.filter(public_poster__in=names).values_list("public_poster", flat=True),
        *tracks.filter(public_name__in=names).values_list("public_name", flat=True),
    }


def _of_clip(names: Sequence[str]) -> set[str]:
    folders = {name: name.split("/")[1] for name in names}
    there = set(Clip.objects.filter(folder__in=set(folders.values())).values_list("folder", flat=True))
    return {name for name in names if folders[name] in there}


# Every kind of file in the public storage, by the folder in which it lies: which of these names are public now? What is
# in no folder of these is not served. Rooms above add theirs when they are ready.
CLAIMS: dict[str, Callable[[Sequence[str]], set[str]]] = {
    f"{SHOWN}{Picture.PUBLIC_KIND}/": _of_picture,
    f"{SHOWN}{Document.PUBLIC_KIND}/": _of_document,
    f"{SHOWN}{Recording.PUBLIC_KIND}/": _of_recording,
    "clips/": _of_clip,
}
# Where Wagtail keeps uploads whose form is not filled in yet: as they came. Not served; Wagtail removes them itself.
PASSING = ("wagtail_uploads/",)
AT_ONCE = 500
# What is kept in the public storage and yet not for everybody: rooms above say so by name (a draft's clips).
held_back: list[Callable[[str], bool]] = []


def is_claimed(name: str) -> bool:
    """Whether a file of that name in the public storage is one that everybody may fetch now."""
    return any(name.startswith(place) and name in claimed([name]) for place, claimed in CLAIMS.items())


def is_for_everybody(name: str) -> bool:
    """Whether everybody may fetch it: it is claimed, and nobody holds it back."""
    return is_claimed(name) and not any(holds(name) for holds in held_back)


def unclaimed() -> list[str]:
    """The names of all files in the public storage that nothing claims: left by a killed process, or put there by hand."""
    found: list[str] = []
    names = (name for name in _names_below("") if not name.startswith(PASSING))
    while batch := list(islice(names, AT_ONCE)):
        left = set(batch)
        for place, claimed in CLAIMS.items():
            if here := [name for name in batch if name.startswith(place)]:
                left -= claimed(here)
        found += [name for name in batch if name in left]
    return found


def remove_unclaimed(names: Iterable[str] | None = None) -> list[str]:
    """Delete what `unclaimed` finds, or what is unclaimed of `names`. Returns the names.

    In the folder of something that is shown a file younger than an hour stays: a process may be about to enter it.
    """
    removed = []
    for name in unclaimed() if names is None else names:
        if is_claimed(name) or _may_be_entered_soon(name):
            continue
        public_storage().delete(name)
        removed.append(name)
        _delete_empty(name.rsplit("/", 1)[0])
    return removed


def _may_be_entered_soon(name: str) -> bool:
    of = [model for model in THINGS if name.startswith(f"{SHOWN}{model.PUBLIC_KIND}/")]
    if not of or not of[0]._base_manager.filter(public_folder=name.split("/")[2]).exists():
        return name.startswith("clips/") and _age(name) < 3600
    return _age(name) < 3600


def _age(name: str) -> float:
    """Seconds since a public file was written."""
    written: datetime = public_storage().get_modified_time(name)
    return (timezone.now() - written).total_seconds()


def _names_below(place: str) -> Iterator[str]:
    try:
        folders, files = public_storage().listdir(place)
    except (FileNotFoundError, NotADirectoryError):
        return
    above = f"{place}/" if place else ""
    yield from (f"{above}{name}" for name in sorted(files) if name)
    for folder in sorted(folders):
        if folder:
            yield from _names_below(f"{above}{folder}")
