"""Mails ahead: which consents end soon, to those who look after consents. Names stay in the admin."""

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
    """Mail those who look after consents about each that ends soon, once for each mark of `AHEAD`. Gives how many."""
    telling = reminders_due(due(max(AHEAD), since_days=1), told_before())
    addresses = officers()
    if not telling or not addresses:
        return 0
    lines = [line(one) for one, _mark in telling]
    send_mail(
        _("Consents to be asked again: %(count)d") % {"count": len(lines)},
        _("These consents end soon. What rests on them is taken down at that hour unless they are renewed.")
        + "\n\n"
        + "\n".join(lines),
        None,
        addresses,
    )
    for one, mark in telling:
        trail.record(
            by=Actor.system("remind_consents"),
            action=ACTION,
            thing=one.consent,
            person=one.consent.person_id,
            details={"days": mark},
        )
    return len(telling)


def line(one: Due) -> str:
    """One line of the mail: no name, but the number and where to read on."""
    url = settings.WAGTAILADMIN_BASE_URL + reverse(
        "wagtailsnippets_consent_consent:edit", args=[one.consent.pk]
    )
    return _("%(day)s: %(consent)s, %(why)s: %(url)s") % {
        "day": one.day.isoformat(),
        "consent": one.consent,
        "why": one.why,
        "url": url,
    }


def told_before() -> set[tuple[int, int]]:
    """The (consent, mark) about which somebody was told."""
    entries = AuditEntry.objects.filter(action=ACTION).values_list("thing", "details__days")
    return {(int(thing.rpartition(":")[2]), int(days)) for thing, days in entries if days is not None}


def officers() -> list[str]:
    """The addresses of the active users who may change consents."""
    wanted = Permission.objects.filter(content_type__app_label="people", codename="change_consent")
    users = User.objects.filter(
        Q(is_superuser=True) | Q(user_permissions__in=wanted) | Q(groups__permissions__in=wanted),
        is_active=True,
    )
    return sorted(set(users.exclude(email="").values_list("email", flat=True)))
