"""States what the apps below share with public pages, and connects the receivers of this app."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete

from approval import versions
from conditions.models import Condition, ConditionName
from media.models import CaptionTrack, Document, Picture, Recording
from shared_changes import erasing, guard, services
from shared_changes.models import HeldChange
from shared_changes.registry import share, shared_of

FOCAL_POINT = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


def change_deleted(instance: HeldChange, **_rest: object) -> None:
    """Delete the new files of a change that is deleted while it waits, as an erasure does."""
    if instance.state == HeldChange.State.WAITING:
        services.delete_files(instance)


def thing_deleted(sender: Any, instance: Any, **_rest: object) -> None:
    """Delete what waits for an object that is deleted."""
    if shared_of(sender) is not None:
        for change in services.waiting_for(instance):
            change.delete()


def connect_signals() -> None:
    """Register pictures, recordings, documents and terms, and connect the receivers."""
    share(Picture, "title", "file", "alt_text", "credit", *FOCAL_POINT)
    captions = ("recording", ("language", "label", "kind", "default", "file", "stored_cues"))
    share(Recording, "title", "file", "thumbnail", "transcript", parts={CaptionTrack: captions})
    share(Document, "title", "file")
    share(Condition, "name", "description", parts={ConditionName: ("term", ("name", "language", "kind"))})
    guard.connect_signals()
    erasing.connect_signals()
    versions.proposals.append(services.as_the_family_decides)
    post_delete.connect(thing_deleted, dispatch_uid="shared_changes.thing_deleted")
    post_delete.connect(change_deleted, sender=HeldChange, dispatch_uid="shared_changes.change_deleted")
