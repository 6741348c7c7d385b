"""Connects what this app does when a page is published again or a file is uploaded."""

from __future__ import annotations

from django.db.models.signals import pre_save
from wagtail.signals import page_published

from consent.events import consent_changed
from media.validation.upload_checks import upload_checks
from publication import gate
from publication.events import pages_published
from withdrawal import again, elsewhere, mentions_end, remembered, republished
from withdrawal.erasure.tombstones import refuse_erased


def connect_signals() -> None:
    """Connect the receivers of this app and register its check of uploads."""
    consent_changed.connect(elsewhere.consent_was_changed, dispatch_uid="withdrawal.consent_changed")
    page_published.connect(republished.page_is_back, dispatch_uid="withdrawal.page_is_back")
    pre_save.connect(remembered.plain_page_is_saved, dispatch_uid="withdrawal.withdrawn_words")
    if remembered.rule not in gate.rules:
        gate.rules.append(remembered.rule)
    consent_changed.connect(mentions_end.consent_was_changed, dispatch_uid="withdrawal.mentions_end")
    again.register()
    pages_published.connect(republished.pages_are_back, dispatch_uid="withdrawal.pages_are_back")
    if refuse_erased not in upload_checks:
        upload_checks.append(refuse_erased)
