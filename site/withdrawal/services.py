"""Taking a consent back: one action, one transaction, and a receipt.

What follows from it in the database (pages, cases, redirects, schedules, clearances) happens in the transaction that
marks the consent, together with a row for every surface that is still to be cleaned: whoever pulls the plug at any
moment finds either nothing done or everything written down that is left to do (`withdrawal.takedown`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from approval.models import Approval, ApprovalLink
from audit.actors import Actor
from consent import services as consents_of
from consent import time_spans
from consent.grants import ConsentLookup
from consent.models import Consent, Person
from consent.signals import sent_by_service
from consent.uses import Use
from media.clip_tasks import remove_unused_clips
from media.on_commit import after_commit
from publication import reassess
from publication.mixins import AboutPerson, about_person_models
from publication.models import Clearance, PageDependency
from publication.windows import windows
from withdrawal import surfaces, takedown
from withdrawal.models import Withdrawal
from withdrawal.surfaces import Found, Scope, addresses, files

Channel = Withdrawal.Channel


class AlreadyWithdrawn(Exception):
    """There is nothing left that could be taken back."""


# What it would touch ----------------------------------------------------------------------------------------


def pages_resting_on(person: int) -> list[Any]:
    """Every page, public or not, that is about this person or shows them: as what it is, in the order of the tree."""
    numbers = set(PageDependency.objects.filter(person=person).values_list("page", flat=True))
    # And those of which the index does not know: it is kept at each save, and not by what writes past the models.
    for model in about_person_models():
        if any(field.name == "person" for field in model._meta.get_fields()):
            numbers |= set(model._default_manager.filter(person=person).values_list("pk", flat=True))
    numbers |= set(Page.objects.filter(alias_of__in=numbers).values_list("pk", flat=True))
    pages = Page.objects.filter(pk__in=numbers).order_by("path").specific()
    return [page for page in pages if isinstance(page, AboutPerson)]


def foresee(
    *, person: int, consents: Iterable[Consent], uses: Iterable[str] = (), at: datetime | None = None
) -> Scope:
    """What would come down if these consents were taken back now, all of them or for some uses. Changes nothing."""
    at = at or timezone.now()
    scope = Scope(person=person, at=at, uses=frozenset(map(Use, uses)))
    taken = {consent.pk for consent in consents}
    narrowed: dict[Any, frozenset[str]] = {}
    pages = pages_resting_on(person)
    clearances = {one.pk: one for one in Clearance.objects.filter(page__in=[page.pk for page in pages])}
    for page in pages:
        agreed = ConsentLookup.by(need.person for need in page.consent_requirements() if need.person)
        for consent in (one for held in agreed.consents.values() for one in held if one.pk in taken):
            consents_of.mark_withdrawn(consent, scope.uses, at)
        whole, parts = windows(page, agreed)
        if time_spans.at(whole, at) is None:
            scope.down.append(page)
        elif page.live and page.pk in clearances:
            out = {part for part, spans in parts.items() if time_spans.at(spans, at) is None}
            if new := frozenset(out - clearances[page.pk].redacted(at)):
                narrowed[page] = new
    scope.narrowed = narrowed
    return scope


# Doing it ---------------------------------------------------------------------------------------------------


def withdraw(
    *,
    consent: Consent,
    by: Actor,
    channel: str,
    reason: str = "",
    uses: Iterable[str] = (),
    at: datetime | None = None,
) -> Withdrawal:
    """Take `consent` back, altogether or for some `uses`, and take down everything that rests on it.

    `channel`: one of Withdrawal.Channel. `at`: when it was taken back, now by default, never later than now. Returns the
    withdrawal, whose steps are its receipt; outside a transaction of the caller they have been run by then. Raises
    AlreadyWithdrawn, and ValueError for a use that does not exist or a moment to come.
    """
    return _withdraw(consent.person_id, [consent.pk], by=by, channel=channel, reason=reason, uses=uses, at=at)


def withdraw_person(
    *,
    person: Person,
    by: Actor,
    channel: str,
    reason: str = "",
    uses: Iterable[str] = (),
    at: datetime | None = None,
) -> Withdrawal:
    """As `withdraw`, for every consent of a person, with one receipt."""
    return _withdraw(person.pk, None, by=by, channel=channel, reason=reason, uses=uses, at=at)


def _withdraw(
    person_id: int,
    numbers: list[int] | None,
    *,
    by: Actor,
    channel: str,
    reason: str,
    uses: Iterable[str],
    at: datetime | None,
) -> Withdrawal:
    taken = frozenset(map(Use, uses))
    channel = Channel(channel).value
    now = timezone.now()
    if at is not None and at > now:
        raise ValueError(
            _("A consent cannot be withdrawn at a moment to come: end it with a date, or withdraw it then.")
        )
    at = at or now
    with transaction.atomic(), sent_by_service():
        # Whoever publishes something of this person holds the same lock (`gate.require_consent`): one comes after the other.
        person = Person.objects.select_for_update().get(pk=person_id)
        held = Consent.objects.select_related("person").filter(person=person, withdrawn_at__isnull=True)
        if numbers is not None:
            held = held.filter(pk__in=numbers)
        consents = [consent for consent in held if not taken or taken & consent.uses]
        if not consents:
            raise AlreadyWithdrawn(_("This consent was withdrawn before."))
        _hold(pages_resting_on(person.pk))
        scope = foresee(person=person.pk, consents=consents, uses=taken, at=at)
        found = surfaces.find(scope)
        number = uuid.uuid4()
        consents_of.withdraw_consents(
            person=person,
            consents=consents,
            uses=taken,
            at=at,
            by=by,
            reason=reason,
            details={
                "withdrawal": str(number),
                "channel": channel,
                "pages": scope.ids,
                "narrowed": [page.pk for page in scope.narrowed],
            },
        )
        take_down(scope, found, by=by)
        _ask_anew(scope)
        _let_go_of_drafts_clips(scope)
        withdrawal = Withdrawal.objects.create(
            number=number,
            consent=consents[0] if len(consents) == 1 else None,
            person=person,
            uses=sorted(use.value for use in taken),
            channel=channel,
            reason=reason,
            at=at,
            by=by.user,
            by_name=by.name,
        )
        takedown.write_down(withdrawal, found)
        after_commit(takedown.run, withdrawal.pk)
    return Withdrawal.objects.get(pk=withdrawal.pk)


def _hold(pages: list[Any]) -> None:
    """Nobody else changes these pages, or what is published of them, until the transaction ends."""
    held = Page.objects.select_for_update().filter(pk__in=[page.pk for page in pages]).order_by("pk")
    list(held.values_list("pk", flat=True))


def _close_pages(
    scope: Scope, found: dict[str, Found], depicted: list[tuple[str, int, str]], by: Actor
) -> None:
    """Unpublish what may not be public any more, and write anew what of the others may."""
    below = {path for page in scope.down if page.live and (path := addresses.path_of(page))}
    for page in scope.down:
        # Read again: as an alias it may have come down with the page it is an alias of.
        fresh = Page.objects.get(pk=page.pk).specific
        if fresh.live:
            # Who may take a consent back need not be allowed to publish.
            UnpublishPageAction(fresh, user=by.user).execute(skip_permission_checks=True)
    # The rest: clearances of pages that stay, pictures of them on pages that are about nobody.
    reassess.reassess_people([scope.person], scope.at)
    known = len(scope.gone)
    files.add_hidden(found, scope, depicted)
    if len(scope.gone) > known:
        found |= surfaces.find(scope, surfaces.last_ones())
    addresses.close(scope.gone, below=below)


def _let_go_of_drafts_clips(scope: Scope) -> None:
    """Links to a draft hold the clips in it; what was taken back is heard there no more either."""
    held = ApprovalLink.clips.through.objects.filter(
        approvallink__person=scope.person, approvallink__page__in=scope.ids
    )
    if held.delete()[0]:
        after_commit(remove_unused_clips.enqueue)


def _ask_anew(scope: Scope) -> None:
    """Whoever was asked before they were published is asked again before anything of theirs is public again."""
    asked = ApprovalLink.objects.filter(person=scope.person).exists()
    asked = asked or Approval.objects.filter(person=scope.person).exists()
    if asked:
        Approval.objects.bulk_create(
            Approval(
                page=page,
                person_id=scope.person,
                answer=Approval.Answer.WITHDRAWN,
                content_hash=page.public_hash(),
            )
            for page in scope.down
        )


def take_down(scope: Scope, found: dict[str, Found], *, by: Actor) -> None:
    """What comes down within the transaction itself, files apart: pages, addresses, and all that the database decides.

    `found` is what `surfaces.find` gave for `scope`, in the same transaction; what else it takes down is added to it.
    """
    _close_pages(scope, found, files.of_depictions(scope.person), by)
    for surface in surfaces.registered():
        if found[surface.name].count:
            surface.close(found[surface.name].what)


__all__ = ["AlreadyWithdrawn", "Channel", "foresee", "pages_resting_on", "withdraw", "withdraw_person"]
