from __future__ import annotations

from django_tasks import task

from media import publishing
from media.models import Picture
from media.renditions import make


@task()
def make_renditions(picture_id: int) -> None:
    """Make the sizes that most pages use, so that no visitor waits for them, and publish them if the picture
    is public.
    """
    for picture in Picture.objects.filter(pk=picture_id):
        make(picture)
        publishing.write_files(picture)
