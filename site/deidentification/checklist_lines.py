"""What the publication checklist says about words that may identify a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from wagtail.models import Page

from deidentification import identifier_rule
from publication.checklist import Group, Line, State, edit_url


def identifier_lines(page: Page) -> Iterator[Line]:
    """Yield the identifiers that stop publication, then those that an editor decided to keep."""
    found = identifier_rule.findings(page)
    yield from _open_lines(page, [each for each in found if not each.kept])
    yield from _kept_lines(found)


def _open_lines(page: Page, found: list[identifier_rule.FoundIdentifier]) -> Iterator[Line]:
    for one in {each.key: each for each in reversed(found)}.values():
        title = f"“{one.finding.text}”: {one.finding.reason}"
        why = _("%(where)s. Write %(neutral)s instead, or keep it with a reason.") % {
            "where": one.passage.label,
            "neutral": one.finding.neutral,
        }
        url = page.fix_url(one.passage) or edit_url(page, one.passage.part)
        yield Line(Group.IDENTIFIERS, State.STOPS, title, why, url, _("Go there"), found=one)


def _kept_lines(found: list[identifier_rule.FoundIdentifier]) -> Iterator[Line]:
    for one in {each.key: each for each in found if each.kept}.values():
        why = _("Kept: %(reason)s") % {"reason": one.kept}
        yield Line(Group.IDENTIFIERS, State.DONE, f"“{one.finding.text}”", why, found=one)
    if not found:
        why = _(
            "The text, alternative texts, captions, file names, documents and hidden data were searched. The "
            "search can miss identifiers, so read the page yourself, too."
        )
        yield Line(Group.IDENTIFIERS, State.DONE, _("No identifiers found"), why)
