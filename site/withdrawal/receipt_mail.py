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
    """Return the person's language if the site has it, otherwise the site's."""
    known = dict(settings.LANGUAGES)
    return withdrawal.person.language if withdrawal.person.language in known else settings.LANGUAGE_CODE


def context(withdrawal: Withdrawal) -> dict[str, Any]:
    """Return the context of the person's receipt templates, in the active language."""
    return {
        "withdrawal": withdrawal,
        "receipt": receipts.receipt(withdrawal),
        "uses": receipts.uses_in_words(withdrawal),
        "site_name": settings.WAGTAIL_SITE_NAME,
        "rtl": translation.get_language_bidi(),
        "language": translation.get_language(),
    }


def send(*, withdrawal: Withdrawal, by: Actor) -> None:
    """Mail the receipt.

    Raises ValueError without an address, and OSError (as smtplib does) if it cannot be sent.
    """
    person = withdrawal.person
    if not person.email:
        raise ValueError("This person has no e-mail address.")
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
    """Return when the receipt was last mailed, according to the audit trail."""
    thing = f"{withdrawal._meta.label_lower}:{withdrawal.pk}"
    sent = AuditEntry.objects.filter(action="withdrawal.receipt_sent", thing=thing).order_by("-pk").first()
    return sent.at if sent else None
