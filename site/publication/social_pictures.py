"""The size of a page's picture that networks show with a shared link: its address ends with the use."""

from __future__ import annotations

from typing import Any

from changes import log
from changes.tables import row_key
from imaging.presets import SOCIAL
from media.models import Picture, Rendition
from media.on_commit import after_commit
from media.public_copies import delete_public_file

SHARED = "use:social_media"


def _copies_of(page: Any) -> Any:
    numbers = {getattr(page, name, None) for name in ("picture_id", "social_picture_id")} - {None}
    return Rendition.objects.filter(image__in=numbers, filter_spec=SOCIAL).exclude(public_name="")


def public_names_of(page: Any) -> list[str]:
    """Return the names of the public copies of this size of the page's pictures."""
    return sorted(_copies_of(page).values_list("public_name", flat=True))


def hide(page: Any) -> None:
    """Remove these copies, though the page still shows the pictures. In the transaction that ends the use.

    A page that may still share such a picture gets a copy with a new address when it is shown next.
    """
    for size in _copies_of(page).select_related("image").order_by("pk"):
        Rendition.objects.filter(pk=size.pk).update(public_name="")
        log.record(row_key(Picture, size.image_id))
        size.purge_from_cache()
        after_commit(delete_public_file, size.public_name)
