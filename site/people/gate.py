"""The publication gate: may a page about a person be public, and if not, why not?

Publication asks `reasons_not_public` and is refused while there are any; then `clear` writes down for how long, and
which parts stay out. Whatever shows pages to the public asks the clearance (`public_pages`, `Clearance.in_force`):
one row looked up by key, in force to the second. Whatever changes a consent calls `reconsider` in the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from people import grants
from people.models import Approval, ApprovalLink, ApprovalOverride, Clearance, Consent, Person
from people.reasons import Need, Reason, Why
from people.uses import Use

if TYPE_CHECKING:
    from people.mixins import AboutPerson

# What else may keep a page from the public: rooms above add their own rule, `rule(page, on) -> reasons`.
rules: list[Callable[[Any, datetime], Iterable[Reason]]] = []


class NotPublic(ValidationError):
    """Publication was refused. `reasons`: all of them; `page`: the page as it would have been published."""

    def __init__(self, page: Any, reasons: list[Reason]) -> None:
        self.page, self.reasons = page, reasons
        super().__init__([reason.text for reason in reasons])


# What people agreed to ---------------------------------------------------------------------------------------


@dataclass
class Agreed:
    """The consents of some people, read once."""

    people: dict[int, Person] = field(default_factory=dict)
    consents: dict[int, list[Consent]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def by(cls, numbers: Iterable[int], *, lock: bool = False) -> Agreed:
        """Two queries. `lock`: nobody changes these people's consents until the transaction ends."""
        people = Person.objects.filter(pk__in=set(numbers)).order_by("pk")
        if lock and connection.in_atomic_block:
            people = people.select_for_update()
        read = cls({person.pk: person for person in people})
        for consent in Consent.objects.filter(person__in=read.people).select_related("person"):
            read.consents[consent.person_id].append(consent)
        return read

    def grants(self) -> list[grants.Grant]:
        """What the consents allow, withdrawn ones up to the moment of their withdrawal."""
        return [
            grants.Grant(
                person=consent.person_id,
                uses=consent.uses,
                start=consent.starts_at,
                end=min(filter(None, (consent.ends_at, consent.withdrawn_at)), default=None),
                page=(consent.page_id or 0) if consent.for_one_page else None,
            )
            for consents in self.consents.values()
            for consent in consents
            if consent.signed_on and not self.people[consent.person_id].erased_at
        ]


def numbers_of(page: Any) -> frozenset[int]:
    """The numbers under which a consent for one page may know it: its own, and of the page it is an alias of."""
    return frozenset(number for number in (page.pk, page.alias_of_id) if number)


def windows(
    page: AboutPerson, agreed: Agreed | None = None
) -> tuple[list[grants.Span], dict[str, list[grants.Span]]]:
    """When the page may be public, and for each part that may be left out when it may be shown."""
    needs = list(page.consent_needs())
    agreed = agreed or Agreed.by(need.person for need in needs if need.person)
    given, pages = agreed.grants(), numbers_of(page)
    whole: list[list[grants.Span]] = []
    parts: dict[str, list[list[grants.Span]]] = defaultdict(list)
    for need in needs:
        spans = grants.spans_of(given, need.person, need.use, pages) if need.person else []
        (parts[need.part] if need.part else whole).append(spans)
    return grants.intersection(*whole), {part: grants.intersection(*each) for part, each in parts.items()}


# Why not ----------------------------------------------------------------------------------------------------


def reasons_not_public(page: AboutPerson, on: datetime | None = None) -> list[Reason]:
    """Every reason why the whole page may not be public at that moment (now by default); [] where it may."""
    return [reason for reason in all_reasons(page, on) if not reason.part]


def parts_not_public(page: AboutPerson, on: datetime | None = None) -> list[Reason]:
    """Why parts of the page are left out while the rest is public; `reason.part` names the part."""
    return [reason for reason in all_reasons(page, on) if reason.part]


def all_reasons(page: AboutPerson, on: datetime | None = None, agreed: Agreed | None = None) -> list[Reason]:
    """Reasons against the page and against its parts, in the page's order."""
    on = on or timezone.now()
    needs = list(dict.fromkeys(page.consent_needs()))
    agreed = agreed or Agreed.by(need.person for need in needs if need.person)
    reasons: list[Reason] = []
    if not any(need.person for need in needs if not need.part):
        reasons.append(Reason(Why.NO_PERSON, str(Why.NO_PERSON.label), _edit_url(page)))
    given, pages = agreed.grants(), numbers_of(page)
    for need in needs:
        if need.person is None:
            if need.part:
                reasons.append(
                    Reason(Why.NO_PERSON, _naming(need, str(Why.NO_PERSON.label)), _edit_url(page), need)
                )
        elif grants.at(grants.spans_of(given, need.person, need.use, pages), on) is None:
            reasons.append(_why(need, agreed, pages, on))
    reasons += approval_reasons(page, {need.person for need in needs if need.person and not need.part})
    for rule in rules:
        reasons += rule(page, on)
    return reasons


def _why(need: Need, agreed: Agreed, pages: frozenset[int], on: datetime) -> Reason:
    """Which of the person's consents comes nearest, and what it lacks."""
    assert need.person is not None
    person = agreed.people.get(need.person)
    why, url = Why.NO_CONSENT, person_url(need.person)
    fitting = [
        consent
        for consent in agreed.consents.get(need.person, [])
        if not consent.for_one_page or consent.page_id in pages
    ]
    states = {consent.state(on) for consent in fitting}
    State = Consent.State
    if person is not None and person.erased_at:
        why = Why.ERASED
    elif State.IN_FORCE in states:
        taken_back = any(
            need.use.value in one.withdrawn_uses for one in fitting if one.state(on) == State.IN_FORCE
        )
        why = Why.WITHDRAWN if taken_back else Why.NOT_GRANTED
    elif State.COMING in states:
        why = Why.NOT_YET
    elif State.WITHDRAWN in states:
        why = Why.WITHDRAWN
    elif State.EXPIRED in states:
        why = Why.EXPIRED
    text = _("%(why)s Whose: %(person)s. For: %(use)s.") % {
        "why": why.label,
        "person": person or _("somebody unknown"),
        "use": need.use.label,
    }
    return Reason(why, _naming(need, text), url, need)


def _naming(need: Need, text: str) -> str:
    return f"{need.label}: {text}" if need.label else text


def approval_reasons(page: AboutPerson, people: Iterable[int]) -> list[Reason]:
    """What the family's answers say against publishing exactly this version.

    Whoever was asked once is asked about every version of every page that rests on them: an approval is of words, so it
    holds for the same words wherever they stand (a copy, an alias), and for no others.
    """
    people = set(people)
    asked = set(ApprovalLink.objects.filter(person__in=people).values_list("person", flat=True))
    answers = list(Approval.objects.filter(person__in=people).order_by("-at", "-pk"))
    asked |= {answer.person_id for answer in answers}
    if settings.APPROVAL_REQUIRED:
        asked |= people
    if not asked:
        return []
    content, pages, url = page.public_hash(), numbers_of(page), approval_url(page)
    overridden = ApprovalOverride.objects.filter(content_hash=content, page__in=pages).exists()
    reasons = []
    for number in sorted(asked):
        of_page = [one for one in answers if one.person_id == number and one.page_id in pages]
        why = _unapproved(content, of_page, [one for one in answers if one.person_id == number])
        if why is None or (overridden and why != Why.DECLINED):
            continue
        reasons.append(Reason(why, str(why.label), url))
    return reasons


def _unapproved(content: str, of_page: list[Approval], of_person: list[Approval]) -> Why | None:
    """Why answers, newest first, do not make an approval of this content; None where they do."""
    Answer = Approval.Answer
    latest = next((one for one in of_page), None)
    same_words = next((one for one in of_person if one.content_hash == content), None)
    if latest is not None and latest.answer in (Answer.DECLINED, Answer.WITHDRAWN):
        return Why.DECLINED
    if same_words is not None:
        return {
            Answer.APPROVED.value: None,
            Answer.CHANGE.value: Why.CHANGE_ASKED,
        }.get(same_words.answer, Why.DECLINED)
    if any(one.answer == Answer.APPROVED for one in of_page):
        return Why.CHANGED
    return Why.NOT_APPROVED


# Letting through --------------------------------------------------------------------------------------------


def demand(page: AboutPerson, on: datetime | None = None) -> None:
    """Raise NotPublic, with all reasons, unless the page may be public. Inside a transaction nobody can withdraw meanwhile."""
    needs = list(page.consent_needs())
    agreed = Agreed.by((need.person for need in needs if need.person), lock=True)
    reasons = [reason for reason in all_reasons(page, on, agreed) if not reason.part]
    if reasons:
        raise NotPublic(page, reasons)


def clear(page: AboutPerson, on: datetime | None = None) -> Clearance | None:
    """Write down for how long the saved page may be public and which parts when; None, and no clearance, where it may not."""
    on = on or timezone.now()
    whole, parts = windows(page)
    span = grants.at(whole, on)
    if span is None or not page.live:
        Clearance.objects.filter(page_id=page.pk).delete()
        return None
    clearance, _made = Clearance.objects.update_or_create(
        page_id=page.pk,
        defaults={
            "starts_at": span[0] or on,
            "ends_at": span[1],
            "parts": {
                part: [[_iso(start), _iso(end)] for start, end in spans] for part, spans in parts.items()
            },
            "content_hash": page.public_hash(),
        },
    )
    return clearance


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


# What the public sees ---------------------------------------------------------------------------------------


def about_person_models() -> list[type[Any]]:
    """Every page type about a person."""
    from people.mixins import AboutPerson  # the mixin's methods ask this module

    return [model for model in apps.get_models() if issubclass(model, AboutPerson)]


def public_pages(pages: QuerySet[Any], on: datetime | None = None) -> QuerySet[Any]:
    """The live pages among `pages`, those about a person only with a clearance in force. Adds no query of its own."""
    cleared = Clearance.objects.all().of_outer(on)
    kinds = about_person_models()
    if pages.model in kinds:
        return pages.filter(cleared, live=True)
    types = ContentType.objects.get_for_models(*kinds).values()
    return pages.filter(~Q(content_type__in=[kind.pk for kind in types]) | Q(cleared), live=True)


def is_public(page: Any, on: datetime | None = None) -> bool:
    """Whether one page is public at that moment, as the database says now: one query."""
    return public_pages(type(page)._default_manager.filter(pk=page.pk), on).exists()


# Where things are mended ------------------------------------------------------------------------------------


def person_url(number: int) -> str:
    return _reverse("wagtailsnippets_people_person:edit", number)


def approval_url(page: Any) -> str:
    return _reverse("people_checklist", page.pk) or _edit_url(page)


def _edit_url(page: Any) -> str:
    return _reverse("wagtailadmin_pages:edit", page.pk)


def _reverse(name: str, number: int | None) -> str:
    try:
        return reverse(name, args=[number]) if number else ""
    except NoReverseMatch:
        return ""


__all__ = [
    "Agreed",
    "NotPublic",
    "Use",
    "all_reasons",
    "clear",
    "demand",
    "is_public",
    "public_pages",
    "reasons_not_public",
]
