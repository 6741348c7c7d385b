"""Calls `publication.public_files.refresh` for what may be affected, in the transaction that changes what is public."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from modelcluster.fields import ParentalKey
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, ReferenceIndex
from wagtail.signals import post_page_move

from media import publishing
from media.publishable import Publishable
from publication import public_files
from publication.models import Clearance

BEFORE = "_referred_to_before"


def place_of(instance: Any) -> Any:
    """The page, or other place, to which `instance` belongs or which it is; None when it is neither.

    Entries of a page (its documents, its questions) count as the page, as in the reference index.
    """
    while instance is not None:
        if public_files.is_showing_model(type(instance)):
            return instance
        if type(instance) not in ReferenceIndex.tracked_models:
            return None
        keys = [one for one in instance._meta.get_fields() if isinstance(one, ParentalKey)]
        if not keys:
            return None
        try:
            instance = getattr(instance, keys[0].name)
        except ObjectDoesNotExist:
            # It went before its entries did.
            return None
    return None


def may_be_in_a_place(sender: Any) -> bool:
    return sender in ReferenceIndex.tracked_models or (
        isinstance(sender, type) and public_files.is_showing_model(sender)
    )


def before(sender: Any, instance: Any, raw: bool = False, **_rest: Any) -> None:
    """Remember what the place referred to until now: a picture taken out of a page is hidden as well."""
    if not raw and may_be_in_a_place(sender) and (place := place_of(instance)) is not None:
        setattr(instance, BEFORE, public_files.files_shown_by(place))


def after(sender: Any, instance: Any, raw: bool = False, **_rest: Any) -> None:
    if raw or not may_be_in_a_place(sender) or (place := place_of(instance)) is None:
        return
    things: list[Publishable] = instance.__dict__.pop(BEFORE, [])
    public_files.index_references(place)
    public_files.refresh([*things, *public_files.files_shown_by(place)])


def deleted(sender: Any, instance: Any, **_rest: Any) -> None:
    if may_be_in_a_place(sender) and (things := instance.__dict__.pop(BEFORE, [])):
        place = place_of(instance)
        if place is not None and place is not instance:
            # An entry of a page that stays.
            public_files.index_references(place)
        public_files.refresh(things)


def thing_saved(
    instance: Publishable, created: bool, raw: bool, update_fields: Any = None, **_rest: Any
) -> None:
    """It may have been put into a collection that is closed, or taken out of one."""
    if not raw and not created and (update_fields is None or "collection" in update_fields):
        public_files.refresh([instance])


def clearance_changed(instance: Clearance, **_rest: Any) -> None:
    public_files.refresh(public_files.files_shown_by(Page(pk=instance.page_id)))


def moved(instance: Page, **_rest: Any) -> None:
    public_files.refresh(public_files.files_shown_below(instance))


def restriction_changed(instance: PageViewRestriction, **_rest: Any) -> None:
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        public_files.refresh(public_files.files_shown_below(page))


def collection_restriction_changed(instance: CollectionViewRestriction, **_rest: Any) -> None:
    collection = Collection.objects.filter(pk=instance.collection_id).first()
    if collection is None:
        return
    below = Collection.objects.filter(path__startswith=collection.path)
    for model in publishing.PUBLISHABLE_MODELS:
        in_it: Any = model._base_manager
        public_files.refresh(in_it.filter(collection__in=below))


def connect_signals() -> None:
    for signal, receiver in (
        (pre_save, before),
        (pre_delete, before),
        (post_save, after),
        (post_delete, deleted),
    ):
        signal.connect(receiver, dispatch_uid=f"publication.files.{receiver.__name__}.{id(signal)}")
    watched: list[tuple[type[Model], Any]] = [
        (Clearance, clearance_changed),
        (PageViewRestriction, restriction_changed),
        (CollectionViewRestriction, collection_restriction_changed),
    ]
    for model, receiver in watched:
        post_save.connect(receiver, sender=model, dispatch_uid=f"publication.files.{model.__name__}.saved")
        post_delete.connect(
            receiver, sender=model, dispatch_uid=f"publication.files.{model.__name__}.deleted"
        )
    for model in publishing.PUBLISHABLE_MODELS:
        post_save.connect(thing_saved, sender=model, dispatch_uid=f"publication.files.{model.__name__}.saved")
    post_page_move.connect(moved, dispatch_uid="publication.public_files.moved")
