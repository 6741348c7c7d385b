"""Sends `consent_changed` also for consents and people that were changed without a service.

The services send it themselves, once for each act. Other writes (a shell, a restored row, a cascade) are
caught here, so that pages are reassessed after them too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models.signals import post_delete, post_save

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


def consent_was_saved(instance: Consent, raw: bool = False, **_kwargs: object) -> None:
    """Send `consent_changed` after a consent was written or deleted."""
    if not raw and not _by_service.get():
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
            with sent_by_service():
                consent.save(update_fields=["ends_at"])
    consent_changed.send(sender=Person, people=[instance.pk])


def connect_signals() -> None:
    """Connect the receivers of this module."""
    for signal in (post_save, post_delete):
        signal.connect(consent_was_saved, sender=Consent, dispatch_uid=f"consent.saved.{id(signal)}")
    post_save.connect(person_was_saved, sender=Person, dispatch_uid="consent.person_saved")
