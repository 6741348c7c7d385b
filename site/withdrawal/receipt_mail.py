"""The receipt of a withdrawal, mailed to the person in their language: what happened, and what remains."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from withdrawal import receipts
from withdrawal.models import Withdrawal


def language_of(withdrawal: Withdrawal) -> str:
    """Their own where the site speaks it, else the site's."""
    known = dict(settings.LANGUAGES)
    return withdrawal.person.language if withdrawal.person.language in known else settings.LANGUAGE_CODE


def context(withdrawal: Withdrawal) -> dict[str, Any]:
    """What the receipt's templates for the person need, in the language that is active."""
    return {
        "withdrawal": withdrawal,
        "receipt": receipts.receipt(withdrawal),
        "uses": receipts.uses_in_words(withdrawal),
        "site_name": settings.WAGTAIL_SITE_NAME,
        "rtl": translation.get_language_bidi(),
        "language": translation.get_language(),
    }


def send(*, withdrawal: Withdrawal, by: Actor) -> None:
    """Mail the receipt. Raises ValueError without an address, OSError (smtplib's errors are) where it cannot be sent."""
    person = withdrawal.person
    if not person.email:
        raise ValueError("There is no address to mail the receipt to.")
    with translation.override(language_of(withdrawal)):
        words = context(withdrawal)
        message = EmailMultiAlternatives(
            subject=_("Your consent is withdrawn: receipt %(number)s")
            % {"number": words["receipt"]["receipt"]},
            body=render_to_string("withdrawal/receipt_mail.txt", words),
            to=[person.email],
        )
        message.attach_alternative(render_to_string("withdrawal/receipt_mail.html", words), "text/html")
    message.send()
    trail.record(by=by, action="withdrawal.receipt_sent", thing=withdrawal, person=person.pk)


def sent_at(withdrawal: Withdrawal) -> datetime | None:
    """When the receipt was mailed last, as the audit trail has it."""
    thing = f"{withdrawal._meta.label_lower}:{withdrawal.pk}"
    sent = AuditEntry.objects.filter(action="withdrawal.receipt_sent", thing=thing).order_by("-pk").first()
    return sent.at if sent else None
