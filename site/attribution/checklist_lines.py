"""The checklist of pages that are not about a person: who is quoted and shown, and who does not consent."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from wagtail.models import Page

from attribution import rules
from attribution.content import content_of
from consent.models import Person
from publication.checklist import Group, Line, State
from publication.reasons import Reason


def people_lines(page: Page) -> Iterator[Line]:
    """Yield what stops publication, one line for each quote or file and for each person, or that nothing
    does.
    """
    found = rules.reasons(page)
    for reason in found:
        if reason.requirement is None:
            yield Line(Group.CONSENT, State.STOPS, reason.text, "", reason.url, _("Go there"))
    by_person: dict[int, list[Reason]] = {}
    for reason in found:
        if reason.requirement and reason.requirement.person:
            by_person.setdefault(reason.requirement.person, []).append(reason)
    names = Person.objects.in_bulk(by_person)
    for number, some in by_person.items():
        items = tuple(
            f"{one.requirement.use.label}: {one.requirement.label}" for one in some if one.requirement
        )
        title = f"{names.get(number, number)}: {some[0].why.label}"
        yield Line(Group.CONSENT, State.STOPS, title, "", some[0].url, _("Open the person"), items=items)
    if not found:
        yield from _done(page)


def _done(page: Page) -> Iterator[Line]:
    content = content_of(page)
    if content.quotes or content.files:
        why = _("Everyone who is named consents, and each reason is stated.")
        yield Line(Group.CONSENT, State.DONE, _("People quoted and shown"), why)
    else:
        yield Line(Group.CONSENT, State.DONE, _("The page quotes and shows no one"))
