from __future__ import annotations

from django_tasks import task

from media.models import Picture
from media.renditions import prefetch


@task()
def make_renditions(picture_id: int) -> None:
    """Make the sizes in which most pages show a picture, so that no reader waits for them."""
    prefetch(Picture.objects.filter(pk=picture_id))
