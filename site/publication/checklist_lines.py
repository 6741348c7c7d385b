"""The checklist lines of this app: reasons of the gate, consents, media, and the fields of the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from consent import time_spans
from consent.models import Consent, Person
from consent.uses import Use
from imaging.alt_text import why_not_alt_text
from media.models import Picture, Recording
from publication import admin_urls, gate
from publication.checklist import Group, Line, State, edit_url
from publication.reasons import Reason, Why
from publication.shown_files import shown_files
from publication.windows import consent_page_ids

GROUPS = {
    Why.NOT_APPROVED: Group.APPROVAL,
    Why.CHANGED: Group.APPROVAL,
    Why.CHANGE_ASKED: Group.APPROVAL,
    Why.DECLINED: Group.APPROVAL,
    Why.IDENTIFIES: Group.IDENTIFIERS,
    Why.INCOMPLETE: Group.DISCLOSURES,
}


# About these, each app has lines in which an editor can decide.
DECIDED_ELSEWHERE = frozenset({Why.IDENTIFIES, Why.NOT_SEARCHED, Why.PLACEHOLDER})


def gate_lines(page: Page) -> Iterator[Line]:
    """Yield the reasons of the gate, those with the same cause in one line, except words to decide about."""
    reasons = [reason for reason in gate.all_reasons(page) if reason.why not in DECIDED_ELSEWHERE]
    by_cause: dict[Any, list[Reason]] = {}
    for reason in reasons:
        need = reason.requirement
        cause = (reason.why, need.person) if need is not None else (reason.why, reason.text)
        by_cause.setdefault(cause, []).append(reason)
    for found in by_cause.values():
        yield _consent_line(found) if found[0].requirement else _reason_line(page, found[0])


def _reason_line(page: Page, reason: Reason) -> Line:
    group = GROUPS.get(reason.why, Group.CONSENT)
    if group == Group.DISCLOSURES and hasattr(page, "care_values"):
        group = Group.CARE
    url = f"{reason.url}#family" if group == Group.APPROVAL else reason.url
    return Line(group, State.STOPS, reason.text, "", url, _("Fix"))


def _consent_line(reasons: list[Reason]) -> Line:
    """Return one line for everything that lacks the same consent of one person."""
    first = reasons[0]
    needs = [reason.requirement for reason in reasons if reason.requirement is not None]
    person = Person.objects.filter(pk=needs[0].person).first()
    title = f"{person}: {first.why.label}" if person is not None else str(first.why.label)
    parts: dict[str, list[str]] = {}
    for need in needs:
        where = (need.label or _("A part of the page")) if need.part else _("The page itself")
        parts.setdefault(str(need.use.label), []).append(str(where))
    items = tuple(f"{use}: {_counted(wheres)}" for use, wheres in parts.items())
    stops = any(not reason.part for reason in reasons)
    why = "" if stops else _("Visitors will not see these parts. They can see the rest of the page.")
    link = _("Open the person") if person is not None else _("Fix")
    return Line(Group.CONSENT, State.STOPS if stops else State.LOOK, title, why, first.url, link, items=items)


def _counted(wheres: list[str]) -> str:
    """Return 'The page itself, 2 × Recording'."""
    return ", ".join(f"{count} × {where}" if count > 1 else where for where, count in Counter(wheres).items())


def consent_lines(page: Page) -> Iterator[Line]:
    """Yield one line for each person who has consented to all that is needed: which uses, and until when.

    What is lacking is a reason of the gate (`gate_lines`).
    """
    now = timezone.now()
    requirements = list(page.consent_requirements())
    lookup = gate.lookup_for(requirements)
    grants, page_ids = lookup.grants(), consent_page_ids(page)
    for number, person in lookup.people.items():
        needed = {requirement.use for requirement in requirements if requirement.person == number}
        given = {use for use in Use if time_spans.at(time_spans.spans_of(grants, number, use, page_ids), now)}
        if needed & given and needed <= given:
            state = State.DONE
            uses = tuple((str(use.label), _answer(use, given, needed)) for use in Use)
            why, url = _until(lookup.consents[number], now), admin_urls.person_url(number)
            yield Line(Group.CONSENT, state, str(person), why, url, _("Open the person"), uses=uses)


def _answer(use: Use, given: set[Use], needed: set[Use]) -> bool | None:
    if use in given:
        return True
    return False if use in needed else None


def _until(consents: list[Consent], now: datetime) -> str:
    ends = [consent.ends_at for consent in consents if consent.state(now) == Consent.State.IN_FORCE]
    until = None if None in ends else max((end for end in ends if end), default=None)
    if until is None:
        return _("In force, with no end date.")
    return _("In force until %(day)s.") % {"day": date_format(timezone.localtime(until))}


def media_lines(page: Page) -> Iterator[Line]:
    """Yield lines about text alternatives (WCAG 1.1.1) and captions (WCAG 1.2.2)."""
    files = shown_files(page)
    yield from _picture_lines([file for file in files if isinstance(file, Picture)])
    for recording in files:
        if isinstance(recording, Recording):
            yield _captions_line(recording)


def _picture_lines(pictures: list[Picture]) -> Iterator[Line]:
    """Yield that all pictures are described. Those that are not have lines of their own (`placeholders`)."""
    if pictures and not any(why_not_alt_text(one.alt_text, str(one.file.name)) for one in pictures):
        count = len(pictures)
        title = ngettext(
            "%(n)d picture, with its text alternative",
            "%(n)d pictures, each with its text alternative",
            count,
        )
        yield Line(Group.MEDIA, State.DONE, title % {"n": count})


def _captions_line(recording: Any) -> Line:
    title = _("Captions of ‘%(title)s’") % {"title": recording.title}
    if recording.fitting_tracks:
        return Line(Group.MEDIA, State.DONE, title)
    why = _("There are no captions for deaf and hard-of-hearing visitors.")
    url = admin_urls.admin_url("wagtailmedia:edit", recording.pk)
    return Line(Group.MEDIA, State.LOOK, title, why, url, _("Add them"))


def field_lines(page: Page) -> Iterator[Line]:
    """Yield the fields that publication would refuse, since a draft is saved without validation."""
    try:
        page.full_clean()
    except ValidationError as error:
        listed = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in listed.items():
            label, text = _label_of(page, name), " ".join(messages)
            title = f"{label}: {text}" if label else text
            yield Line(Group.FIELDS, State.STOPS, title, "", edit_url(page), _("Fix"))
    for field in page._meta.many_to_many:
        # Only the editor's form validates these.
        if not field.blank and not getattr(page, field.name).all():
            title = _("%(field)s: at least one is needed.") % {"field": _label_of(page, field.name)}
            yield Line(Group.FIELDS, State.STOPS, title, "", edit_url(page), _("Fix"))


def _label_of(page: Page, name: str) -> str:
    """Return the label of a field with a capital letter, '' for errors of the page as a whole."""
    if not any(field.name == name for field in page._meta.get_fields()):
        return ""
    label = str(page._meta.get_field(name).verbose_name)
    return f"{label[:1].upper()}{label[1:]}"
