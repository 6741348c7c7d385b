"""Asks the gate also when a page about a person is saved as a plain `Page`, which does not know
`AboutPerson.save`.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save, pre_save
from wagtail.models import Page

from publication import gate
from publication.mixins import AboutPerson
from publication.public_content import bookkeeping


def _about(page: Page) -> type[Any] | None:
    kind = page.specific_class
    return kind if kind is not None and issubclass(kind, AboutPerson) else None


def _touches(fields: Any) -> bool:
    return fields is None or "live" in fields or bool(set(fields) - bookkeeping())


def plain_page_is_saved(
    instance: Page, raw: bool = False, update_fields: Any = None, **_rest: object
) -> None:
    """Raise NotPublic where `AboutPerson.save` would."""
    kind = _about(instance)
    if raw or kind is None or not instance.live or not instance.pk or not _touches(update_fields):
        return
    specific = kind._default_manager.filter(pk=instance.pk).first()
    if specific is not None:
        for name in ("title", "seo_title", "search_description", "live", "locale_id", "alias_of_id"):
            setattr(specific, name, getattr(instance, name))
        gate.require_consent(specific)


def plain_page_was_saved(
    instance: Page, raw: bool = False, update_fields: Any = None, **_rest: object
) -> None:
    """Write the clearance, as `AboutPerson.save` would."""
    kind = _about(instance)
    if raw or kind is None or not _touches(update_fields):
        return
    specific = kind._default_manager.filter(pk=instance.pk).first()
    if specific is not None:
        specific.write_clearance()


def connect_signals() -> None:
    """Connect the receivers of this module."""
    pre_save.connect(plain_page_is_saved, sender=Page, dispatch_uid="publication.base_page.before")
    post_save.connect(plain_page_was_saved, sender=Page, dispatch_uid="publication.base_page.after")
