"""Connects the receivers that run when a page, a consent, a restriction or a file changes."""

from __future__ import annotations

from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import post_page_move

from publication import (
    base_page_signals,
    checklist,
    checklist_lines,
    consent_requirements,
    consent_signals,
    public_file_signals,
    restrictions,
)


def connect_signals() -> None:
    """Connect all receivers of this app and register its checklist lines.

    Restrictions come first, because the files depend on them.
    """
    for signal in (post_save, post_delete):
        signal.connect(
            restrictions.restriction_changed,
            sender=PageViewRestriction,
            dispatch_uid=f"publication.restrictions.{id(signal)}",
        )
    post_save.connect(restrictions.page_created, dispatch_uid="publication.restrictions.created")
    post_page_move.connect(restrictions.page_moved, dispatch_uid="publication.restrictions.moved")
    pre_delete.connect(
        consent_requirements.remember_language, sender=Page, dispatch_uid="publication.first_language"
    )
    for lines in (
        checklist_lines.gate_lines,
        checklist_lines.consent_lines,
        checklist_lines.media_lines,
        checklist_lines.field_lines,
    ):
        checklist.register(lines)
    consent_signals.connect_signals()
    base_page_signals.connect_signals()
    public_file_signals.connect_signals()
