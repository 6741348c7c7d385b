"""Withdrawing a consent: one action, one transaction, and a receipt.

The transaction that marks the consent also makes all changes in the database (pages, case studies, redirects,
schedules, clearances) and records a step for every other surface. If the process is killed at any moment,
either nothing has been done or everything that remains to be done is recorded (`withdrawal.takedown`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from approval.models import Approval, ApprovalLink
from audit.actors import Actor
from consent import services as consent_services
from consent.models import Consent, Person
from consent.signals import sent_by_service
from consent.uses import Use
from media.clip_tasks import remove_unused_clips
from media.on_commit import after_commit
from publication import reassess
from withdrawal import ledger_entries, remembered, surfaces, takedown
from withdrawal.affected import pages_depending_on, preview
from withdrawal.models import Withdrawal
from withdrawal.recordings import name_in_recordings
from withdrawal.surfaces import Scope, SurfaceContent, addresses, files
from withdrawal.surfaces.mentions import for_the_trail, record_undecided

Channel = Withdrawal.Channel


class AlreadyWithdrawn(Exception):
    """There is no consent left to withdraw."""


# Withdrawing --------------------------------------------------------------------------------------


def withdraw(
    *,
    consent: Consent,
    by: Actor,
    channel: str,
    reason: str = "",
    uses: Iterable[str] = (),
    at: datetime | None = None,
    also: Iterable[str] = (),
) -> Withdrawal:
    """Withdraw `consent`, altogether or for some `uses`, and unpublish everything that depends on it.

    `channel`: one of Withdrawal.Channel. `at`: when the consent was withdrawn, now by default, never in the
    future. `also`: as in `preview`. Return the withdrawal, whose steps are its receipt; outside a transaction
    of the caller they have been run by then. Raises AlreadyWithdrawn, and ValueError for a use that does not
    exist or a date in the future.
    """
    return _withdraw(
        consent.person_id, [consent.pk], by=by, channel=channel, reason=reason, uses=uses, at=at, also=also
    )


def withdraw_person(
    *,
    person: Person,
    by: Actor,
    channel: str,
    reason: str = "",
    uses: Iterable[str] = (),
    at: datetime | None = None,
    also: Iterable[str] = (),
) -> Withdrawal:
    """Withdraw every consent of a person, with one receipt. Otherwise as `withdraw`."""
    return _withdraw(person.pk, None, by=by, channel=channel, reason=reason, uses=uses, at=at, also=also)


def withdraw_again(
    *,
    person: Person,
    consents: list[int],
    by: Actor,
    channel: str,
    uses: Iterable[str],
    at: datetime,
    number: uuid.UUID,
) -> Withdrawal:
    """Withdraw consents again in an older database that was restored. Otherwise as `withdraw`.

    `at`, `number`: of the withdrawal as it was first made, so that its receipt stays valid.
    """
    return _withdraw(person.pk, consents, by=by, channel=channel, reason="", uses=uses, at=at, number=number)


def _withdraw(
    person_id: int,
    numbers: list[int] | None,
    *,
    by: Actor,
    channel: str,
    reason: str,
    uses: Iterable[str],
    at: datetime | None,
    number: uuid.UUID | None = None,
    also: Iterable[str] = (),
) -> Withdrawal:
    withdrawn = frozenset(map(Use, uses))
    channel = Channel(channel).value
    at = _withdrawal_time(at)
    with transaction.atomic(), sent_by_service():
        # Publishing a page about this person takes the same lock (`gate.require_consent`), so the two run one
        # after the other.
        person = Person.objects.select_for_update().get(pk=person_id)
        consents = _consents_to_withdraw(person, numbers, withdrawn)
        _lock_pages(pages_depending_on(person.pk))
        scope = preview(person=person.pk, consents=consents, uses=withdrawn, at=at, also=also)
        found = surfaces.find(scope)
        again_at = timezone.now() if number else None
        number = number or uuid.uuid4()
        consent_services.withdraw_consents(
            person=person,
            consents=consents,
            uses=withdrawn,
            at=at,
            by=by,
            reason=reason,
            details={
                "withdrawal": str(number),
                "channel": channel,
                **for_the_trail(scope),
            },
        )
        name_in_recordings(scope)
        take_down(scope, found, by=by)
        taken = remembered.remember_scope(scope)
        _require_new_approval(scope)
        _remove_clips_of_drafts(scope)
        withdrawal = Withdrawal.objects.create(
            number=number,
            consent=consents[0] if len(consents) == 1 else None,
            person=person,
            uses=sorted(use.value for use in withdrawn),
            channel=channel,
            reason=reason,
            at=at,
            by=by.user,
            by_name=by.name,
            again_at=again_at,
        )
        record_undecided(scope, number)
        ledger_entries.record_withdrawal(withdrawal, consents, *taken)
        takedown.record_steps(withdrawal, found)
        after_commit(takedown.run, withdrawal.pk)
    return Withdrawal.objects.get(pk=withdrawal.pk)


def _withdrawal_time(at: datetime | None) -> datetime:
    """Return when the consent is withdrawn, now by default. Raises ValueError for a time in the future."""
    now = timezone.now()
    if at is not None and at > now:
        raise ValueError(
            _("The withdrawal date cannot be in the future. Give the consent an end date instead.")
        )
    return at or now


def _consents_to_withdraw(person: Person, numbers: list[int] | None, uses: frozenset[Use]) -> list[Consent]:
    """Return a person's consents that are not withdrawn yet, only those with these ids and uses if given.

    Raises AlreadyWithdrawn if there are none.
    """
    given = Consent.objects.select_related("person").filter(person=person, withdrawn_at__isnull=True)
    if numbers is not None:
        given = given.filter(pk__in=numbers)
    consents = [consent for consent in given if not uses or uses & consent.uses]
    if not consents:
        raise AlreadyWithdrawn(_("This consent has already been withdrawn."))
    return consents


def _lock_pages(pages: list[Page]) -> None:
    """Lock these pages: no other process can change or publish them until the transaction ends."""
    locked = Page.objects.select_for_update().filter(pk__in=[page.pk for page in pages]).order_by("pk")
    list(locked.values_list("pk", flat=True))


def _unpublish_pages(
    scope: Scope, found: dict[str, SurfaceContent], depicted: list[tuple[str, int, str]], by: Actor
) -> None:
    """Unpublish the pages that may not be public any more, and redact the others."""
    below = {path for page in scope.unpublished if page.live and (path := addresses.path_of(page))}
    for page in scope.unpublished:
        # Read again: unpublishing a page also unpublishes its aliases.
        fresh = Page.objects.get(pk=page.pk).specific
        if fresh.live:
            # A user who may withdraw a consent need not be allowed to publish.
            UnpublishPageAction(fresh, user=by.user).execute(skip_permission_checks=True)
    # The rest: clearances of pages that stay public, and pictures of the person on pages that are not about a
    # person.
    reassess.reassess_people([scope.person], scope.at)
    known = len(scope.removed_paths)
    files.add_hidden(found, scope, depicted)
    if len(scope.removed_paths) > known:
        found |= surfaces.find(scope, surfaces.caches_only())
    addresses.record_removed(scope.removed_paths, below=below)


def _remove_clips_of_drafts(scope: Scope) -> None:
    """Remove the clips that approval links to these pages keep: they must not be played in drafts any more
    either."""
    links = ApprovalLink.clips.through.objects.filter(
        approvallink__person=scope.person, approvallink__page__in=scope.ids
    )
    if links.delete()[0]:
        after_commit(remove_unused_clips.enqueue)


def _require_new_approval(scope: Scope) -> None:
    """Require a new approval before publishing again, if the person was asked for their approval earlier."""
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
            for page in scope.unpublished
        )


def take_down(scope: Scope, found: dict[str, SurfaceContent], *, by: Actor) -> None:
    """Take down within the transaction whatever only needs the database: pages, addresses and the like, but
    not files.

    `found` is the result of `surfaces.find(scope)` in the same transaction; further content that is taken
    down is added.
    """
    _unpublish_pages(scope, found, files.files_of_depictions(scope.person), by)
    for surface in surfaces.registered():
        if found[surface.name].count:
            surface.take_down_in_transaction(found[surface.name].what)


__all__ = [
    "AlreadyWithdrawn",
    "Channel",
    "pages_depending_on",
    "preview",
    "withdraw",
    "withdraw_again",
    "withdraw_person",
]
