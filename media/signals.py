"""What happens when a picture, document or recording is saved, deleted or read in private."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.core.cache import cache
from django.db import DatabaseError
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import Signal

from media import publishing
from media.events import sizes_missing
from media.models import CaptionTrack, Document, Picture, Recording, Rendition
from media.on_commit import after_commit
from media.public_copies import delete_public_file
from media.tasks import make_renditions

logger = logging.getLogger(__name__)

ASK_AGAIN_AFTER = 600  # seconds

# A user was given a private file. Arguments: `user`; `item`, the picture, document or recording; `kind`, a
# key of media.private_files.KINDS. Sent for every request: for a recording, as often as its player asks for a
# range.
private_file_read = Signal()


def connect_signals() -> None:
    """Connect the receivers below. Called once, when the app is ready."""
    post_save.connect(make_renditions_ahead, sender=Picture)
    sizes_missing.connect(make_renditions_soon)
    for model in (Document, Recording):
        post_save.connect(replace_public_files, sender=model)
    post_save.connect(replace_public_captions, sender=CaptionTrack)
    for publishable in publishing.PUBLISHABLE_MODELS:
        pre_delete.connect(delete_public_files, sender=publishable)
    post_delete.connect(delete_caption_file, sender=CaptionTrack)
    for holder in (CaptionTrack, Rendition):
        post_delete.connect(delete_public_copy, sender=holder)


def make_renditions_ahead(
    instance: Picture, update_fields: frozenset[str] | None, raw: bool, **_kwargs: object
) -> None:
    """Have the worker make the sizes before a visitor asks: the file or the focal point may be new."""
    if not raw and not update_fields:
        after_commit(make_renditions.enqueue, instance.pk)


def make_renditions_soon(picture: Picture, presets: Sequence[str], **_kwargs: object) -> None:
    """Have the worker make sizes that a visitor would have seen; asked at most every ten minutes."""
    if cache.add(f"media-sizes-{picture.pk}-{'-'.join(presets)}", 1, ASK_AGAIN_AFTER):
        logger.warning("Picture %s has not all sizes of %s yet.", picture.pk, ", ".join(presets))
        try:
            make_renditions.enqueue(picture.pk, list(presets))
        except DatabaseError as error:
            # The page can be shown without it, and must be.
            logger.warning("No task could be stored: %s", error)


def replace_public_files(
    instance: Document | Recording,
    created: bool,
    update_fields: frozenset[str] | None,
    raw: bool,
    **_kwargs: object,
) -> None:
    if not raw and not created and not update_fields:
        publishing.replace_copies(instance)


def replace_public_captions(instance: CaptionTrack, raw: bool, **_kwargs: object) -> None:
    if not raw:
        publishing.replace_copies(instance.recording)


def delete_public_files(instance: Document | Picture | Recording, **_kwargs: object) -> None:
    publishing.delete_files_after_commit(instance)


def delete_caption_file(instance: CaptionTrack, **_kwargs: object) -> None:
    after_commit(instance.file.delete, save=False)


def delete_public_copy(instance: CaptionTrack | Rendition, **_kwargs: object) -> None:
    if instance.public_name:
        after_commit(delete_public_file, instance.public_name)
