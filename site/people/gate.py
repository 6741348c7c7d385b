"""The publication gate: may a page about a person be public, and if not, why not?

Publication asks `reasons_not_public` and is refused while there are any; then `clear` writes down for how long, and
which parts stay out. Whatever shows pages to the public asks the clearance (`public_pages`, `Clearance.in_force`):
one row looked up by key, in force to the second. Whatever changes a consent calls `reconsider` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from people import grants
from people.agreed import Agreed, numbers_of, windows
from people.models import Approval, ApprovalLink, ApprovalOverride, Clearance, Consent
from people.reasons import Need, Reason, Why
from people.uses import Use

if TYPE_CHECKING:
    from people.mixins import AboutPerson
    from people.reconsidering import Reconsidered

# What else may keep a page from the public: rooms above add their own rule, `rule(page, on) -> reasons`.
rules: list[Callable[[Any, datetime], Iterable[Reason]]] = []


class NotPublic(ValidationError):
    """Publication was refused. `reasons`: all of them; `page`: the page as it would have been published."""

    def __init__(self, page: Any, reasons: list[Reason]) -> None:
        self.page, self.reasons = page, reasons
        super().__init__({NON_FIELD_ERRORS: [reason.text for reason in reasons]})


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
    nobody = Reason(Why.NO_PERSON, str(Why.NO_PERSON.label), _edit_url(page))
    if not any(need.person for need in needs if not need.part):
        reasons.append(nobody)
    given, pages = agreed.grants(), numbers_of(page)
    for need in needs:
        if need.person is None:
            if need.part or reasons[:1] != [nobody]:
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
    if person is not None and person.erased_at:
        why = Why.ERASED
    elif Consent.State.IN_FORCE in states:
        taken_back = any(
            need.use.value in one.withdrawn_uses for one in fitting if one.state(on) == Consent.State.IN_FORCE
        )
        why = Why.WITHDRAWN if taken_back else Why.NOT_GRANTED
    elif Consent.State.COMING in states:
        why = Why.NOT_YET
    elif Consent.State.WITHDRAWN in states:
        why = Why.WITHDRAWN
    elif Consent.State.EXPIRED in states:
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
    latest = next((one for one in of_page), None)
    same_words = next((one for one in of_person if one.content_hash == content), None)
    if latest is not None and latest.answer in (Approval.Answer.DECLINED, Approval.Answer.WITHDRAWN):
        return Why.DECLINED
    if same_words is not None:
        return {
            Approval.Answer.APPROVED.value: None,
            Approval.Answer.CHANGE.value: Why.CHANGE_ASKED,
        }.get(same_words.answer, Why.DECLINED)
    if any(one.answer == Approval.Answer.APPROVED for one in of_page):
        return Why.CHANGED
    return Why.NOT_APPROVED


# Letting through --------------------------------------------------------------------------------------------


def hold(page: AboutPerson) -> None:
    """Until the transaction ends nobody takes back a consent the page rests on. Before anything else of it is locked:

    whoever withdraws goes the same way, first the person and then pages, so that neither waits for the other in vain.
    """
    Agreed.by((need.person for need in page.consent_needs() if need.person), lock=True)


def demand(page: AboutPerson, on: datetime | None = None) -> None:
    """Raise NotPublic, with all reasons, unless the page may be public. Inside a transaction nobody can withdraw meanwhile."""
    agreed = Agreed.by((need.person for need in page.consent_needs() if need.person), lock=True)
    reasons = [reason for reason in all_reasons(page, on, agreed) if not reason.part]
    if reasons:
        raise NotPublic(page, reasons)


def clear(page: Any, on: datetime | None = None, agreed: Agreed | None = None) -> Clearance | None:
    """Write down for how long the saved page may be public and which parts when; None, and no clearance, where it may not.

    `agreed`: the consents of everybody the page rests on, where they were read already.
    """
    on = on or timezone.now()
    whole, parts = windows(page, agreed) if page.live else ([], {})
    span = grants.at(whole, on)
    if span is None or not page.live:
        Clearance.objects.filter(page_id=page.pk).delete()
        return None
    made = Clearance(
        page_id=page.pk,
        starts_at=span[0] or on,
        ends_at=span[1],
        parts={part: [[_iso(start), _iso(end)] for start, end in spans] for part, spans in parts.items()},
        content_hash=page.public_hash(),
    )
    clearance, _made = Clearance.objects.update_or_create(
        page_id=page.pk,
        defaults={
            "starts_at": made.starts_at,
            "ends_at": made.ends_at,
            "parts": made.parts,
            "changes_at": made.next_change(on),
            "content_hash": made.content_hash,
        },
    )
    return clearance


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def reconsider(person_ids: Iterable[int], at: datetime | None = None) -> Reconsidered:
    """After a consent of these people changed, in the same transaction: what rests on it and may not be public comes down.

    See `people.reconsidering`.
    """
    from people import reconsidering  # it asks this module

    return reconsidering.of_people(person_ids, at)


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
    if not any(issubclass(kind, pages.model) for kind in kinds):
        return pages.filter(live=True)
    types = ContentType.objects.get_for_models(*kinds).values()
    return pages.filter(~Q(content_type__in=[kind.pk for kind in types]) | Q(cleared), live=True)


def is_public(page: Any, on: datetime | None = None) -> bool:
    """Whether one page is public at that moment, as the database says now: one query."""
    return public_pages(type(page)._default_manager.filter(pk=page.pk), on).exists()


def seconds_unchanged(most: int) -> int:
    """For how many seconds, `most` at most, no page comes down or changes by itself: as long a list may be kept."""
    now = timezone.now()
    coming = Clearance.objects.filter(changes_at__gt=now).order_by("changes_at")
    change = coming.values_list("changes_at", flat=True).first()
    return min(most, int((change - now).total_seconds())) if change else most


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
    "numbers_of",
    "parts_not_public",
    "public_pages",
    "reasons_not_public",
    "reconsider",
    "windows",
]
