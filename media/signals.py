"""What follows when a picture was saved or captions were removed."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from media.models import CaptionTrack, Picture
from media.tasks import make_renditions


@receiver(post_save, sender=Picture)
def make_renditions_ahead(
    instance: Picture, update_fields: frozenset[str] | None, raw: bool, **_rest: Any
) -> None:
    """The file or the focal point may be new: the worker makes the sizes before a reader asks for them."""
    if not raw and not update_fields:
        transaction.on_commit(partial(make_renditions.enqueue, instance.pk), robust=True)


@receiver(post_delete, sender=CaptionTrack)
def delete_caption_file(instance: CaptionTrack, **_rest: Any) -> None:
    transaction.on_commit(partial(instance.file.delete, save=False), robust=True)
