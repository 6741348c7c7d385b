"""Calls `publication.public_files.refresh` for the affected files, in the transaction that changes what is
public.
"""

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
from publication.events import page_stored
from publication.file_references import (
    files_among,
    files_shown_below,
    files_shown_by,
    index_references,
    index_references_of,
    is_showing_model,
    stored_references,
)
from publication.models import Clearance
from publication.public_files import refresh
from publication.saving import saving_of
from publication.shown_files import Reference

# Where a receiver keeps, on the object that is saved, the files that its surface referred to until then.
EARLIER_FILES = "_earlier_files"


def surface_of(instance: Any) -> Any:
    """Return the page or other surface that `instance` is or belongs to; None if there is none.

    Rows of a page (its documents, its questions) count as the page, as in the reference index.
    """
    while instance is not None:
        if is_showing_model(type(instance)):
            return instance
        if type(instance) not in ReferenceIndex.tracked_models:
            return None
        keys = [field for field in instance._meta.get_fields() if isinstance(field, ParentalKey)]
        if not keys:
            return None
        try:
            instance = getattr(instance, keys[0].name)
        except ObjectDoesNotExist:
            # The page was deleted before its rows.
            return None
    return None


def may_be_on_a_surface(sender: Any) -> bool:
    """Return whether objects of a model are surfaces or rows of surfaces."""
    return sender in ReferenceIndex.tracked_models or (isinstance(sender, type) and is_showing_model(sender))


def before(sender: Any, instance: Any, raw: bool = False, **_rest: object) -> None:
    """Remember what the surface refers to, so that a picture removed from a page is unpublished as well."""
    if raw or not may_be_on_a_surface(sender) or (surface := surface_of(instance)) is None:
        return
    if (saving := saving_of(surface)) is None:
        setattr(instance, EARLIER_FILES, files_shown_by(surface))
    elif saving.earlier is None:
        saving.earlier = stored_references(surface)


def after(sender: Any, instance: Any, raw: bool = False, **_rest: object) -> None:
    """Refresh the files to which a saved surface refers or referred."""
    if raw or not may_be_on_a_surface(sender) or (surface := surface_of(instance)) is None:
        return
    if saving_of(surface) is not None:
        # `page_was_stored` does it, when all rows of the page are there.
        return
    files: list[Publishable] = instance.__dict__.pop(EARLIER_FILES, [])
    index_references(surface)
    refresh([*files, *files_shown_by(surface)])


def deleted(sender: Any, instance: Any, **_rest: object) -> None:
    """Refresh the files to which a deleted surface, or a deleted row of a surface, referred."""
    if may_be_on_a_surface(sender) and (files := instance.__dict__.pop(EARLIER_FILES, [])):
        surface = surface_of(instance)
        if surface is not None and surface is not instance:
            # The row is gone, its page stays.
            index_references(surface)
        refresh(files)


def page_was_stored(page: Page, earlier: set[Reference] | None, **_rest: object) -> None:
    """Index what a stored page refers to, and refresh the files that it shows or showed."""
    earlier = earlier or set()
    refresh(files_among(earlier | index_references_of(page, earlier)), page)


def file_saved(
    instance: Publishable, created: bool, raw: bool, update_fields: Any = None, **_rest: object
) -> None:
    """Refresh a file that may have been moved into a closed collection or out of one."""
    if not raw and not created and (update_fields is None or "collection" in update_fields):
        refresh([instance])


def clearance_changed(instance: Clearance, **_rest: object) -> None:
    """Refresh the files of a page whose clearance changed."""
    page = Page(pk=instance.page_id)
    if saving_of(page) is None:
        refresh(files_shown_by(page), page)


def moved(instance: Page, **_rest: object) -> None:
    """Refresh the files of moved pages, which may be under another restriction now."""
    refresh(files_shown_below(instance))


def restriction_changed(instance: PageViewRestriction, **_rest: object) -> None:
    """Refresh the files of a page that was restricted or released, and of all pages below it."""
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        refresh(files_shown_below(page))


def collection_restriction_changed(instance: CollectionViewRestriction, **_rest: object) -> None:
    """Refresh the files in a collection that was restricted or released, and in all collections below it."""
    collection = Collection.objects.filter(pk=instance.collection_id).first()
    if collection is None:
        return
    below = Collection.objects.filter(path__startswith=collection.path)
    for model in publishing.PUBLISHABLE_MODELS:
        manager: Any = model._base_manager
        refresh(manager.filter(collection__in=below))


def connect_signals() -> None:
    """Connect the receivers of this module."""
    for signal, receiver in (
        (pre_save, before),
        (pre_delete, before),
        (post_save, after),
        (post_delete, deleted),
    ):
        signal.connect(receiver, dispatch_uid=f"publication.files.{receiver.__name__}.{id(signal)}")
    page_stored.connect(page_was_stored, dispatch_uid="publication.files.page_was_stored")
    watched: list[tuple[type[Model], Any]] = [
        (Clearance, clearance_changed),
        (PageViewRestriction, restriction_changed),
        (CollectionViewRestriction, collection_restriction_changed),
    ]
    for model, receiver in watched:
        name = f"publication.files.{model.__name__}"
        post_save.connect(receiver, sender=model, dispatch_uid=f"{name}.saved")
        post_delete.connect(receiver, sender=model, dispatch_uid=f"{name}.deleted")
    for model in publishing.PUBLISHABLE_MODELS:
        post_save.connect(file_saved, sender=model, dispatch_uid=f"publication.files.{model.__name__}.saved")
    post_page_move.connect(moved, dispatch_uid="publication.public_files.moved")
