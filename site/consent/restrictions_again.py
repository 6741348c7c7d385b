"""Carries out restrictions of consents again that a restored database lacks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from audit.actors import Actor
from consent import services
from consent.events import consent_changed
from consent.models import Consent
from consent.restrictions import KIND
from ledger import kinds
from ledger.lines import Entry

BY = Actor.system("ledger")


def apply(entry: Entry, later: list[Entry]) -> None:
    """Let a consent allow no more than the entry says. Where that makes no valid consent, withdraw it.

    Nothing is widened: of two entries for one consent the later one counts.
    """
    said = entry.payload
    if any(one.kind == KIND and one.payload.get("consent") == said["consent"] for one in later):
        return
    consent = Consent.objects.select_related("person").filter(pk=said["consent"]).first()
    if consent is None or kinds.mark(consent) != said["mark"] or consent.withdrawn_at:
        return
    moved = consent.person_id != said["person"]
    fields = _fields(consent, said)
    uses = {use.value for use in consent.uses} & set(said["uses"])
    if moved or not said["signed"] or not uses:
        _withdraw(consent)
        return
    try:
        with transaction.atomic():
            services.change(consent=consent, by=BY, uses=uses, **fields)
    except ValidationError:
        _withdraw(consent)


def _fields(consent: Consent, said: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    starts_at = datetime.fromisoformat(said["starts_at"])
    if starts_at > consent.starts_at:
        fields["starts_at"] = starts_at
    ends_at = datetime.fromisoformat(said["ends_at"]) if said["ends_at"] else None
    if ends_at and (consent.ends_at is None or ends_at < consent.ends_at):
        fields["until"] = ends_at
    if said["for_one_page"] and said["page"] != consent.page_id:
        fields["for_one_page"] = True
        fields["page"] = Page.objects.filter(pk=said["page"]).first()
    return fields


def _withdraw(consent: Consent) -> None:
    services.withdraw_consents(
        person=consent.person,
        consents=[consent],
        uses=frozenset(),
        at=timezone.now(),
        by=BY,
        details={"again": True},
    )
    consent_changed.send(sender=Consent, people=[consent.person_id], is_restricted=True)


def register() -> None:
    """Register this kind of decision."""
    kinds.register(kinds.Kind(KIND, apply))
