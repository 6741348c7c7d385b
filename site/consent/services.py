"""The one place where consents are written: recorded, changed, withdrawn, deleted, and emptied for an
erasure.

Admin forms, commands, withdrawals and tests all call these functions. Each checks first, writes in one
transaction under the lock of the person, names its actor in the audit trail, and sends `consent_changed`
once, so that pages are reassessed before the transaction ends. `consent.together` records many at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from consent import restrictions
from consent.events import consent_changed
from consent.models import Consent, Person
from consent.signals import sent_by_service
from consent.uses import UNDERSTOOD, Use, field_of

# A change of one of these fields is recorded with both values; of all others, which may name people, only
# that they were changed.
RECORDED_WITH_VALUES = frozenset(
    {*(field_of(use) for use in Use), *UNDERSTOOD, "starts_at", "until", "signed_on", "assent", "signer"}
)
# Computed by the model at each save.
DERIVED = frozenset({"id", "ends_at", "for_one_page", "created_at"})
# Free text and names in a consent, which an erasure removes.
PERSONAL_TEXT = (
    "capacity", "assent_note", "material", "material_hash", "seen", "not_seen", "interpreter", "conditions",
    "witness", "collected_by", "signature",
)  # fmt: skip


class SignedConsent(ValueError):
    """A signed consent cannot be deleted: what was published depended on it. Withdraw it instead."""


def record_consent(*, consent: Consent, by: Actor) -> Consent:
    """Store a new consent and return it. Publishes nothing.

    Raises ValidationError where the fields do not make a consent.
    """
    consent.created_by = consent.created_by or by.user
    consent.full_clean()
    with transaction.atomic(), sent_by_service():
        lock(consent.person_id)
        consent.save()
        trail.record_all(by=by, entries=[recorded(consent)])
        tell([consent.person_id])
    return consent


def grant(
    *, person: Person, uses: Iterable[str], by: Actor, understood_all: bool = False, **fields: Any
) -> Consent:
    """Record a consent of `person` to these uses.

    `fields`: other fields of the consent; `understood_all`: tick every point of the form.

    Raises ValidationError, as `record_consent`.
    """
    given = set(map(Use, uses))
    answers = {field_of(use): use in given for use in Use}
    understood = dict.fromkeys(UNDERSTOOD, True) if understood_all else {}
    return record_consent(consent=Consent(person=person, **answers, **understood, **fields), by=by)


def change_consent(*, consent: Consent, by: Actor, reason: str = "") -> Consent:
    """Store what was changed on `consent` in memory and return it.

    What may no longer be public is unpublished or redacted in the same transaction. What may be public again
    stays as it is until an editor publishes it. Raises ValidationError where the fields do not make a
    consent.
    """
    consent.full_clean()
    with transaction.atomic(), sent_by_service():
        belonged_to = Consent.objects.values_list("person_id", flat=True).get(pk=consent.pk)
        lock(belonged_to, consent.person_id)
        before = Consent.objects.get(pk=consent.pk)
        # A withdrawal may have been stored since `consent` was read: it must not be overwritten.
        consent.withdrawn_at, consent.withdrawn_uses = before.withdrawn_at, before.withdrawn_uses
        changed = changed_fields(before, consent)
        consent.save()
        if changed:
            trail.record(
                by=by,
                action="consent.changed",
                thing=consent,
                person=consent.person_id,
                details=changed,
                reason=reason,
            )
            restrictions.record(before, consent)
        tell({before.person_id, consent.person_id}, is_restricted=restrictions.restricts(before, consent))
    return consent


def change(
    *, consent: Consent, by: Actor, uses: Iterable[str] | None = None, reason: str = "", **fields: Any
) -> Consent:
    """Narrow, widen or extend a stored consent: the `uses` it now allows (as they are where None), and other
    `fields`.

    Raises ValidationError, as `change_consent`.
    """
    if uses is not None:
        given = set(map(Use, uses))
        fields |= {field_of(use): use in given for use in Use}
    fresh = Consent.objects.select_related("person").get(pk=consent.pk)
    for name, value in fields.items():
        setattr(fresh, name, value)
    change_consent(consent=fresh, by=by, reason=reason)
    consent.refresh_from_db()
    return consent


def delete_consent(*, consent: Consent, by: Actor, reason: str = "") -> None:
    """Delete a consent that was recorded by mistake. Raises SignedConsent if it was signed."""
    with transaction.atomic(), sent_by_service():
        lock(consent.person_id)
        # It may have been signed since `consent` was read.
        stored = Consent.objects.filter(pk=consent.pk, signed_on__isnull=False)
        if consent.signed_on or stored.exists():
            raise SignedConsent(_("A signed consent cannot be deleted. Withdraw it instead."))
        trail.record(by=by, action="consent.deleted", thing=consent, person=consent.person_id, reason=reason)
        consent.delete()
        tell([consent.person_id])


def withdraw_consents(
    *,
    person: Person,
    consents: Iterable[Consent],
    uses: frozenset[Use],
    at: datetime,
    by: Actor,
    reason: str = "",
    details: dict[str, Any],
) -> None:
    """Mark these consents of one person as withdrawn at the moment `at`, fully or for some `uses`.

    Call `withdrawal.services.withdraw` instead: it unpublishes what depends on them, in the same transaction,
    and makes the receipt. `details` go to the audit trail and must not contain personal data.
    """
    marked = list(consents)
    with transaction.atomic(), sent_by_service():
        for consent in marked:
            mark_withdrawn(consent, uses, at)
            consent.save(update_fields=["withdrawn_at", "withdrawn_uses"])
        trail.record(
            by=by,
            action="consent.withdrawn",
            thing=marked[0] if len(marked) == 1 else person,
            person=person.pk,
            details={
                "consents": [consent.pk for consent in marked],
                "uses": sorted(use.value for use in uses),
                **details,
            },
            reason=reason,
        )


def mark_withdrawn(consent: Consent, uses: frozenset[Use], at: datetime) -> None:
    """Mark on a consent in memory what is withdrawn. Where no use is left, it is fully withdrawn."""
    if not uses or uses >= consent.uses:
        consent.withdrawn_at = consent.withdrawn_at or at
    else:
        consent.withdrawn_uses = sorted({*consent.withdrawn_uses, *(use.value for use in uses)})


def empty_for_erasure(*, person: Person) -> None:
    """Remove everything personal from the consents of a person who is erased.

    The fact that there was a consent, and when it was withdrawn, stays on record.
    """
    Consent.objects.filter(person=person).update(
        **dict.fromkeys(PERSONAL_TEXT, ""),
        guardian=None,
        page=None,
        withdrawn_at=Coalesce("withdrawn_at", Value(timezone.now())),
    )


def changed_fields(before: Consent, after: Consent) -> dict[str, Any]:
    """Return what differs, without personal data: {'use_video': [True, False], 'witness': 'changed'}."""
    changed: dict[str, Any] = {}
    for field in Consent._meta.concrete_fields:
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if field.name in DERIVED or old == new:
            continue
        changed[field.name] = [old, new] if field.name in RECORDED_WITH_VALUES else "changed"
    return changed


def lock(*people: int) -> None:
    """Take the lock under which pages about these people are published, in the order in which everyone takes
    it.
    """
    list(Person.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk"))


def recorded(consent: Consent) -> trail.Noted:
    """Return what the audit trail says of a new consent."""
    return trail.Noted("consent.recorded", consent, consent.person_id, {"uses": sorted(consent.uses)})


def tell(people: Iterable[int], *, is_restricted: bool = False) -> None:
    """Have pages reassessed before the transaction ends."""
    consent_changed.send(sender=Consent, people=list(people), is_restricted=is_restricted)


__all__ = [
    "SignedConsent",
    "change",
    "change_consent",
    "changed_fields",
    "delete_consent",
    "empty_for_erasure",
    "grant",
    "lock",
    "mark_withdrawn",
    "record_consent",
    "recorded",
    "tell",
    "withdraw_consents",
]
