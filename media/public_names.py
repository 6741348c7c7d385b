"""Which files of the public storage count: each kind of file says which of its names are published.

A file that no kind names is not served. A killed process may have left it, or a person may have put it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice

from django.utils import timezone

from media.models import CaptionTrack, Clip, Document, Picture, Recording, Rendition
from media.publishable import PUBLIC_FOLDER
from media.storage import delete_empty_folder, files_below, public_storage

BATCH = 500
# Seconds. A younger file may belong to a process that has not entered its name yet.
YOUNG = 3600
CLIPS = "clips/"
# Where Wagtail keeps uploads whose form is not filled in yet. Not served; Wagtail removes them itself.
PENDING_UPLOADS = ("wagtail_uploads/",)


def _published_renditions(names: Sequence[str]) -> set[str]:
    return set(Rendition.objects.filter(public_name__in=names).values_list("public_name", flat=True))


def _published_documents(names: Sequence[str]) -> set[str]:
    return set(Document.objects.filter(public_name__in=names).values_list("public_name", flat=True))


def _published_recordings(names: Sequence[str]) -> set[str]:
    recordings, tracks = Recording.objects, CaptionTrack.objects
    return {
        *recordings.filter(public_name__in=names).values_list("public_name", flat=True),
        *recordings.filter(public_poster__in=names).values_list("public_poster", flat=True),
        *tracks.filter(public_name__in=names).values_list("public_name", flat=True),
    }


def _published_clips(names: Sequence[str]) -> set[str]:
    folders = {name: name.split("/")[1] for name in names}
    known = set(Clip.objects.filter(folder__in=set(folders.values())).values_list("folder", flat=True))
    return {name for name in names if folders[name] in known}


# Folder in the public storage -> function that returns those of the given names that are published. A file in
# no such folder is not served. Apps above add their folders when they are ready.
PUBLISHED_NAMES: dict[str, Callable[[Sequence[str]], set[str]]] = {
    f"{PUBLIC_FOLDER}{Picture.PUBLIC_KIND}/": _published_renditions,
    f"{PUBLIC_FOLDER}{Document.PUBLIC_KIND}/": _published_documents,
    f"{PUBLIC_FOLDER}{Recording.PUBLIC_KIND}/": _published_recordings,
    CLIPS: _published_clips,
}
# Rules of apps above: a published file for whose name one returns True is not served (clips of a draft).
not_served_rules: list[Callable[[str], bool]] = []


def is_published_file(name: str) -> bool:
    """Return whether the database names this file of the public storage as published."""
    return any(
        name.startswith(folder) and name in published([name]) for folder, published in PUBLISHED_NAMES.items()
    )


def is_served(name: str) -> bool:
    """Return whether any visitor may fetch this file: it is published, and no rule keeps it back."""
    return is_published_file(name) and not any(keeps_back(name) for keeps_back in not_served_rules)


def stray_files() -> list[str]:
    """Return the names of all files in the public storage that are not published."""
    found: list[str] = []
    names = (name for name in files_below(public_storage(), "") if not name.startswith(PENDING_UPLOADS))
    while batch := list(islice(names, BATCH)):
        stray = set(batch)
        for folder, published in PUBLISHED_NAMES.items():
            if inside := [name for name in batch if name.startswith(folder)]:
                stray -= published(inside)
        found += [name for name in batch if name in stray]
    return found


def remove_stray_files(names: Iterable[str] | None = None) -> list[str]:
    """Delete the stray files, or those of `names` that are stray, and return the names that were deleted.

    A file younger than an hour stays when it lies in the folder of a published item: a process may be about
    to enter its name.
    """
    removed = []
    for name in stray_files() if names is None else names:
        if is_published_file(name) or _may_be_entered_soon(name):
            continue
        public_storage().delete(name)
        removed.append(name)
        delete_empty_folder(public_storage(), name.rsplit("/", 1)[0])
    return removed


def _may_be_entered_soon(name: str) -> bool:
    return (name.startswith(CLIPS) or _is_in_published_folder(name)) and _age(name) < YOUNG


def _is_in_published_folder(name: str) -> bool:
    models = (Picture, Document, Recording)
    return any(
        name.startswith(f"{PUBLIC_FOLDER}{model.PUBLIC_KIND}/")
        and model._base_manager.filter(public_folder=name.split("/")[2]).exists()
        for model in models
    )


def _age(name: str) -> float:
    """Return the seconds since a public file was written."""
    written: datetime = public_storage().get_modified_time(name)
    return (timezone.now() - written).total_seconds()
