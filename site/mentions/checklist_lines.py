"""What the checklist of a page about no one says about names and titles of people who withdrew."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from mentions import names_again
from publication.checklist import Group, Line, State


def name_lines(page: Page) -> Iterator[Line]:
    """Yield a line for each name that stops publication. Pages about a person have the gate's lines."""
    for reason in names_again.rule(page, timezone.now()):
        yield Line(Group.CONSENT, State.STOPS, reason.text, "", reason.url, _("Decide"))
