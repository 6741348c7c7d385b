"""Mails consent officers about consents that end soon. The mails contain no names."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.mail import send_mail
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from consent.expiring import AHEAD, Due, due, reminders_due

logger = logging.getLogger(__name__)
ACTION = "consent.reminded"


def remind() -> int:
    """Mail consent officers about consents that end soon, once for each day of `AHEAD`. Return how many."""
    reminders = reminders_due(due(max(AHEAD), since_days=1), already_sent())
    addresses = officer_addresses()
    if not reminders or not addresses:
        return 0
    lines = [line(item) for item, _days in reminders]
    send_mail(
        _("Consents to renew: %(count)d") % {"count": len(lines)},
        _(
            "These consents end soon. Unless they are renewed, pages that depend on them are unpublished at "
            "that time."
        )
        + "\n\n"
        + "\n".join(lines),
        None,
        addresses,
    )
    for item, days in reminders:
        trail.record(
            by=Actor.system("remind_consents"),
            action=ACTION,
            thing=item.consent,
            person=item.consent.person_id,
            details={"days": days},
        )
    return len(reminders)


def line(item: Due) -> str:
    """Return the line of the mail about one consent: its id and address, without a name."""
    url = settings.WAGTAILADMIN_BASE_URL + reverse(
        "wagtailsnippets_consent_consent:edit", args=[item.consent.pk]
    )
    return _("%(day)s: %(consent)s, %(why)s: %(url)s") % {
        "day": item.day.isoformat(),
        "consent": item.consent,
        "why": item.why,
        "url": url,
    }


def already_sent() -> set[tuple[int, int]]:
    """Return (consent id, days) of the reminders that were mailed."""
    entries = AuditEntry.objects.filter(action=ACTION).values_list("thing", "details__days")
    return {(int(thing.rpartition(":")[2]), int(days)) for thing, days in entries if days is not None}


def officer_addresses() -> list[str]:
    """Return the mail addresses of the active users who may change consents."""
    wanted = Permission.objects.filter(content_type__app_label="consent", codename="change_consent")
    users = User.objects.filter(
        Q(is_superuser=True) | Q(user_permissions__in=wanted) | Q(groups__permissions__in=wanted),
        is_active=True,
    )
    return sorted(set(users.exclude(email="").values_list("email", flat=True)))
