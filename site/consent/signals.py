"""Sends `consent_changed` also for consents and people that were changed without a service, and writes to the
ledger what such a change restricts.

The services do both themselves, once for each act. Other writes (a corrected date of birth, a shell, a
cascade) are caught here, so that pages are reassessed after them too, and a restored database does not undo
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy

from django.db.models.signals import post_delete, post_save, pre_save

from consent import restrictions
from consent.events import consent_changed
from consent.models import Consent, Person

_by_service: ContextVar[bool] = ContextVar("consent_changed_by_service", default=False)


@contextmanager
def sent_by_service() -> Iterator[None]:
    """Keep rows from sending `consent_changed`: the caller sends it before its transaction ends."""
    token = _by_service.set(True)
    try:
        yield
    finally:
        _by_service.reset(token)


def consent_is_saved(instance: Consent, raw: bool = False, **_kwargs: object) -> None:
    """Keep what a consent allowed before it is written without a service."""
    instance.stored_before = None
    if not raw and not _by_service.get() and instance.pk:
        instance.stored_before = Consent.objects.select_related("person").filter(pk=instance.pk).first()


def consent_was_saved(instance: Consent, raw: bool = False, **_kwargs: object) -> None:
    """Write a restriction to the ledger, and send `consent_changed`, after a consent was written."""
    if raw or _by_service.get():
        return
    if instance.stored_before is not None:
        restrictions.record(instance.stored_before, instance)
    consent_changed.send(sender=Consent, people=[instance.person_id])


def consent_was_deleted(instance: Consent, **_kwargs: object) -> None:
    """Write to the ledger that a signed consent is gone, and send `consent_changed`."""
    if _by_service.get():
        return
    restrictions.record_deletion(instance)
    consent_changed.send(sender=Consent, people=[instance.person_id])


def person_was_saved(instance: Person, created: bool, raw: bool = False, **_kwargs: object) -> None:
    """Update the end of guardians' consents, which depends on the birth, and send `consent_changed`.

    A changed name matters too: it may be the name that a page shows.
    """
    if created or raw or _by_service.get():
        return
    for consent in Consent.objects.filter(person=instance).exclude(signer=Consent.Signer.SELF):
        consent.person = instance
        if consent.end() != consent.ends_at:
            before = copy(consent)
            with sent_by_service():
                consent.save(update_fields=["ends_at"])
            restrictions.record(before, consent)
    consent_changed.send(sender=Person, people=[instance.pk])


def connect_signals() -> None:
    """Connect the receivers of this module."""
    pre_save.connect(consent_is_saved, sender=Consent, dispatch_uid="consent.is_saved")
    post_save.connect(consent_was_saved, sender=Consent, dispatch_uid="consent.saved")
    post_delete.connect(consent_was_deleted, sender=Consent, dispatch_uid="consent.deleted")
    post_save.connect(person_was_saved, sender=Person, dispatch_uid="consent.person_saved")
