from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django_tasks import task

from imaging.presets import AHEAD
from media import publishing
from media.models import Picture
from media.renditions import make

# AVIF takes longer than all other formats together, and pages are complete without it.
AFTER_OTHER_TASKS = -50


@task()
def make_renditions(picture_id: int, presets: Sequence[str] = AHEAD) -> None:
    """Make the sizes of `presets`, so that no visitor waits for them, and publish them if the picture is
    public. AVIF follows in a task of its own.
    """
    for picture in Picture.objects.filter(pk=picture_id):
        make([picture], presets, without_avif=True)
        publishing.write_files(picture)
        later: Any = make_avif
        if later.get_backend().supports_priority:
            later = later.using(priority=AFTER_OTHER_TASKS)
        later.enqueue(picture_id, list(presets))


@task()
def make_avif(picture_id: int, presets: Sequence[str] = AHEAD) -> None:
    """Make the AVIF files of `presets`, and publish them if the picture is public."""
    for picture in Picture.objects.filter(pk=picture_id):
        if make([picture], presets):
            publishing.write_files(picture)
