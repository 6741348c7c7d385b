"""A contributor withdraws everything through the link they were sent."""

from __future__ import annotations

from django.db import transaction

from approval.models import Approval, ApprovalLink
from approval.services import answer
from audit import trail
from audit.actors import Actor
from consent.models import Consent
from withdrawal.models import Withdrawal
from withdrawal.services import AlreadyWithdrawn, withdraw_person


@transaction.atomic
def withdraw_everything(*, link: ApprovalLink, message: str = "", erase: bool = False) -> Withdrawal | None:
    """Withdraw every consent of the person behind the link. Return the withdrawal, whose steps are its
    receipt.

    Return None if no consent was in force any more: then there was nothing to unpublish. A request for
    erasure is recorded for a consent officer, who decides what else must be kept.
    """
    given = answer(link=link, answer=Approval.Answer.WITHDRAWN, message=message)
    by = Actor.person(link.person_id)
    if erase:
        trail.record(by=by, action="erasure.asked", thing=given, person=link.person_id)
    # The person's links stay open: from now on each shows the receipt, and no draft.
    for own in ApprovalLink.objects.filter(person=link.person):
        own.clips.clear()
    try:
        return withdraw_person(
            person=link.person, by=by, channel=Withdrawal.Channel.LINK, reason=message.strip()
        )
    except AlreadyWithdrawn:
        return None


def withdrawn_since(link: ApprovalLink) -> Withdrawal | None:
    """Return the withdrawal after which this link shows a receipt: no consent of the person has been in force
    since."""
    if Consent.objects.in_force().filter(person_id=link.person_id).exists():
        return None
    return Withdrawal.objects.filter(person_id=link.person_id, uses=[], at__gte=link.created_at).first()
