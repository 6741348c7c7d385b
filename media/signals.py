"""What follows when a picture, document or recording was saved or deleted; and a signal of what was read."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import Signal, receiver

from media import publishing
from media.after_commit import after_commit
from media.models import CaptionTrack, Document, Picture, Recording, Rendition
from media.tasks import make_renditions

# Somebody was handed a private file. Arguments: `user`; `thing`, the picture, document or recording; `kind`, a key of
# media.private_files.KINDS. Sent for every request, so for a recording as often as its player asks for a part.
private_file_read = Signal()


@receiver(post_save, sender=Picture)
def make_renditions_ahead(
    instance: Picture, update_fields: frozenset[str] | None, raw: bool, **_rest: Any
) -> None:
    """The file or the focal point may be new: the worker makes the sizes before a reader asks for them."""
    if not raw and not update_fields:
        after_commit(make_renditions.enqueue, instance.pk)


@receiver(post_save, sender=Document)
@receiver(post_save, sender=Recording)
def renew_public_files(
    instance: Document | Recording,
    created: bool,
    update_fields: frozenset[str] | None,
    raw: bool,
    **_rest: Any,
) -> None:
    if not raw and not created and not update_fields:
        publishing.forget_replaced(instance)


@receiver(post_save, sender=CaptionTrack)
def renew_public_captions(instance: CaptionTrack, raw: bool, **_rest: Any) -> None:
    if not raw:
        publishing.forget_replaced(instance.recording)


@receiver(pre_delete, sender=Document)
@receiver(pre_delete, sender=Picture)
@receiver(pre_delete, sender=Recording)
def delete_public_files(instance: Document | Picture | Recording, **_rest: Any) -> None:
    publishing.follow_deletion(instance)


@receiver(post_delete, sender=CaptionTrack)
def delete_caption_file(instance: CaptionTrack, **_rest: Any) -> None:
    after_commit(instance.file.delete, save=False)


@receiver(post_delete, sender=CaptionTrack)
@receiver(post_delete, sender=Rendition)
def delete_public_copy(instance: CaptionTrack | Rendition, **_rest: Any) -> None:
    if instance.public_name:
        after_commit(publishing.delete_public_file, instance.public_name)
