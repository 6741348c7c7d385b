"""What an editor is told about shared objects: where they are public, what waits, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from attribution.admin_urls import shown_url
from attribution.people_shown import in_words
from media.models import Picture, Recording
from shared_changes.models import HeldChange
from shared_changes.services import waiting_for
from shared_changes.usage import Usage, form_url, may_release, usage_of

Notice = tuple[int, SafeString]


def above_the_form(thing: Any, user: Any) -> Iterator[Notice]:
    """Yield (level, HTML) of the messages above the edit form of a shared object."""
    if usage := usage_of(thing):
        yield (
            messages.INFO,
            format_html(
                '<span class="shared-usage"><b>{}</b> {} {}</span>',
                usage.in_words(),
                _what_follows(user, usage),
                links(usage),
            ),
        )
    if isinstance(thing, Picture | Recording):
        kind = str(thing._meta.model_name)
        yield (
            messages.INFO,
            format_html(
                '{} <a href="{}">{}</a>',
                in_words(kind, thing.pk),
                f"{shown_url(kind, thing.pk)}?next={form_url(thing)}",
                _("Say who is shown"),
            ),
        )
    for change in waiting_for(thing):
        yield (
            messages.WARNING,
            format_html(
                '{} <a href="{}">{}</a>',
                _("A change by %(user)s waits and is not public.") % {"user": change.proposed_by_name},
                reverse("shared_change", args=[change.pk]),
                _("See the change"),
            ),
        )


def _what_follows(user: Any, usage: Usage) -> str:
    if may_release(user, usage):
        return _("A change is public there at once, unless a rule of publication refuses it: then it waits.")
    return _("You may not publish there: a change that you save waits until a publisher has reviewed it.")


def links(usage: Usage) -> SafeString:
    """Return the pages as an HTML list of links; a page behind a login says so."""
    rows = [
        (place.url or place.edit_url, place.title, f" ({_('behind a login')})" if place.closed else "")
        for place in usage.places()
    ]
    more = usage.count - len(rows)
    listed = format_html_join("", '<li><a href="{}">{}</a>{}</li>', [row for row in rows if row[0]])
    rest = format_html("<li>{}</li>", _("and %(n)d more") % {"n": more}) if more > 0 else ""
    return format_html("<ul>{}{}</ul>", listed, rest) if rows else SafeString("")


def held(changes: list[HeldChange]) -> SafeString:
    """Return what an editor is told whose change waits."""
    reasons = [reason for change in changes for reason in change.reasons]
    listed = format_html_join("", "<li>{}</li>", ((reason["text"],) for reason in reasons))
    return format_html(
        '<b>{}</b> {}<ul class="reasons">{}</ul>',
        _("Not public yet: the change waits."),
        _("Nothing that you entered is lost. Visitors see what they saw before."),
        listed,
    )


def forget_messages(request: HttpRequest) -> None:
    """Forget what the form said: that everything was saved."""
    storage: Any = get_messages(request)
    storage._queued_messages = []
