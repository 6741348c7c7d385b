"""An editor's decisions about words that may identify a person. Every decision is written here."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from deidentification.models import KeptIdentifier
from publication.mixins import AboutPerson
from uploads.errors import EditorError

SHORTEST_REASON = 3


@transaction.atomic
def keep_identifier(*, page: AboutPerson, kind: str, text: str, reason: str, by: Actor) -> KeptIdentifier:
    """Keep these words on every page about the person of `page`.

    Raises EditorError without a reason or a person.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise EditorError(_("Give a reason why these words can stay. The reason is recorded."))
    person = page.contributor
    if person is None:
        raise EditorError(_("No person is linked to this page. Choose the person first."))
    kept, _created = KeptIdentifier.objects.update_or_create(
        person_id=person,
        kind=kind,
        key=KeptIdentifier.key_of(text),
        defaults={"text": text[:300], "reason": reason.strip()[:300], "by": by.user, "by_name": by.name},
    )
    trail.record(
        by=by, action="identifier.keep", thing=kept, person=person, details={"page": page.pk, "kind": kind}
    )
    return kept


@transaction.atomic
def reopen_identifier(*, page: AboutPerson, kind: str, text: str, by: Actor) -> None:
    """Withdraw a decision to keep these words, so that they stop publication again.

    Raises EditorError where the decision was made elsewhere.
    """
    kept = KeptIdentifier.objects.filter(
        person__in=page.people_told_of(), kind=kind, key=KeptIdentifier.key_of(text)
    ).first()
    if kept is None:
        raise EditorError(_("This was decided in the interview. Change the decision there."))
    trail.record(by=by, action="identifier.reopen", thing=kept, person=kept.person_id)
    kept.delete()
