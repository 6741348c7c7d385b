"""Connects what must follow when a case study is published or deleted, and the app's rule of the publication
gate.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models.signals import pre_delete
from wagtail.models import Page
from wagtail.signals import page_published

from casestudies.importing.deletion import forget_record
from casestudies.models import CaseStudyPage
from casestudies.publication import reason_for, unexplained
from casestudies.version_log import record_version
from publication import gate
from publication.reasons import Reason


def gap_rule(page: Page, _on: datetime) -> Iterator[Reason]:
    """Yield a reason for each unexplained gap.

    A case study that is public already stays public when the guideline, or what we ask, changes.
    """
    if isinstance(page, CaseStudyPage) and page.is_new_publication():
        yield from (reason_for(page, gap) for gap in unexplained(page))


def connect_signals() -> None:
    """Connect all receivers of this app."""
    if gap_rule not in gate.rules:
        gate.rules.append(gap_rule)
    page_published.connect(record_version, sender=CaseStudyPage, dispatch_uid="casestudies_versions")
    pre_delete.connect(forget_record, sender=CaseStudyPage, dispatch_uid="casestudies_forget_imported")
