from __future__ import annotations

from django_tasks import task

from media import publishing
from media.models import Picture, Recording
from media.renditions import make


@task()
def make_renditions(picture_id: int) -> None:
    """Make the sizes in which most pages show a picture, so that no reader waits for them; public ones if it is shown."""
    for picture in Picture.objects.filter(pk=picture_id):
        make(picture)
        publishing.write_files(picture)


@task()
def publish_recording(recording_id: int) -> None:
    """Make the public copy of a long recording. Nothing happens when it is there, or no longer to be shown."""
    for recording in Recording.objects.filter(pk=recording_id):
        publishing.write_files(recording)
