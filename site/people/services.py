"""Consents as they are given, changed and struck out. Taking one back is `people.withdrawing`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from people import audit, reconsidering
from people.actors import Actor
from people.models import Consent, Person
from people.uses import UNDERSTOOD, Use, field_of


def grant(
    *, person: Person, uses: Iterable[str], by: Actor, understood_all: bool = False, **fields: Any
) -> Consent:
    """Write down a consent to these uses. `fields`: as of people.models.Consent; `understood_all`: every point of the form.

    Raises ValidationError where it would be none. Publishes nothing.
    """
    given = set(map(Use, uses))
    consent = Consent(
        person=person,
        created_by=by.user,
        **{field_of(use): use in given for use in Use},
        **(dict.fromkeys(UNDERSTOOD, True) if understood_all else {}),
        **fields,
    )
    consent.full_clean()
    with transaction.atomic(), reconsidering.by_hand():
        _lock(person.pk)
        consent.save()
        _follow(consent, by, "consent.given", what=sorted(use.value for use in given))
    return consent


def change(
    *, consent: Consent, by: Actor, uses: Iterable[str] | None = None, reason: str = "", **fields: Any
) -> reconsidering.Reconsidered:
    """Narrow, widen or extend a consent: `uses` it now allows (as before where None), and other `fields`.

    What may not be public any more comes down in the same transaction; what may be again is left for somebody to publish.
    Raises ValidationError where it would be none.
    """
    if uses is not None:
        given = set(map(Use, uses))
        fields |= {field_of(use): use in given for use in Use}
    with transaction.atomic(), reconsidering.by_hand():
        _lock(consent.person_id)
        fresh = Consent.objects.select_related("person").get(pk=consent.pk)
        changed = sorted(name for name, value in fields.items() if getattr(fresh, name) != value)
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.full_clean()
        fresh.save()
        found = _follow(fresh, by, "consent.changed", what=changed, reason=reason)
    consent.refresh_from_db()
    return found


def strike_out(*, consent: Consent, by: Actor, reason: str) -> reconsidering.Reconsidered:
    """Delete a consent that was entered by mistake, and what rested on it comes down."""
    with transaction.atomic(), reconsidering.by_hand():
        _lock(consent.person_id)
        return _follow(consent, by, "consent.struck_out", reason=reason, after=consent.delete)


def _lock(person: int) -> None:
    """The lock under which pages about them are published."""
    Person.objects.select_for_update().get(pk=person)


def _follow(
    consent: Consent,
    by: Actor,
    action: str,
    *,
    what: Iterable[str] = (),
    reason: str = "",
    after: Any = None,
) -> reconsidering.Reconsidered:
    audit.record(
        by=by,
        action=action,
        thing=consent,
        person=consent.person_id,
        details={"what": list(what)},
        reason=reason,
    )
    if after is not None:
        after()
    return reconsidering.of_people([consent.person_id])


__all__ = ["change", "grant", "strike_out"]
