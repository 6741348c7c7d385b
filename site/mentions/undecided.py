"""Passages that may be about a person who withdrew: listed with the withdrawal, and decided by an editor.

A row says where the passage is and recognises it, and has none of its words. The person's receipt is complete
when all are decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.contrib.frontend_cache.utils import PurgeBatch
from wagtail.models import Page

from audit import trail
from audit.actors import Actor
from audit.trail import fingerprint
from delivery import stored
from media.on_commit import after_commit
from mentions import places
from mentions.finding import OnPage, Wanted, search
from mentions.found import Found
from mentions.models import OpenMention
from mentions.services import remove_mentions
from uploads.errors import EditorError

State = OpenMention.State


class NotDecided(EditorError):
    """A decision that cannot be made now. The message says what to do first."""


def _hash(found: Found) -> str:
    return fingerprint("open mention", found.key)[:32]


def record(*, withdrawal: UUID, person: int, found: Iterable[Found]) -> None:
    """Store what is left to decide after a withdrawal, in its transaction."""
    OpenMention.objects.bulk_create(
        [
            OpenMention(
                withdrawal=withdrawal,
                person_number=person,
                place=one.place,
                number=one.page,
                label=one.label[:255],
                key_hash=_hash(one),
            )
            for one in found
        ],
        ignore_conflicts=True,
    )


# Deciding ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """A passage to be decided, as an officer sees it. `text`: '' where it cannot be found any more."""

    row: OpenMention
    title: str
    url: str
    text: str
    by_hand: bool


def listed(withdrawal: UUID) -> list[Listed]:
    """Return the passages of a withdrawal, those to be decided first."""
    rows = list(OpenMention.objects.filter(withdrawal=withdrawal).select_related("decided_by"))
    present = _present([row for row in rows if row.state == State.OPEN])
    found = []
    for row in sorted(rows, key=lambda row: (row.state != State.OPEN, row.pk)):
        holder = _holder(row)
        one = present.get(row.key_hash)
        found.append(
            Listed(
                row,
                places.title_of(holder) if holder else _("deleted"),
                places.edit_url(holder) if holder else "",
                one[1].text if one else "",
                bool(one and one[1].by_hand),
            )
        )
    return found


def _holder(row: OpenMention) -> Any:
    model = apps.get_model(row.place) if row.place else Page
    return model._default_manager.filter(pk=row.number).first()


def _present(rows: list[OpenMention]) -> dict[str, tuple[OnPage, Found]]:
    """Return by hash the passages that are still public. Nothing of a person who was erased is recognised."""
    if not rows:
        return {}
    result = search(_wanted(rows))
    return {_hash(one): (on_page, one) for on_page in result.pages for one in on_page.cleaned.found}


def _wanted(rows: list[OpenMention], **options: Any) -> Wanted:
    pages = sorted({row.number for row in rows if not row.place})
    things = sorted({(row.place, row.number) for row in rows if row.place})
    return Wanted(
        rows[0].person_number, links=[], pages=pages, things=[list(thing) for thing in things], **options
    )


def decide(*, withdrawal: UUID, key_hash: str, is_person: bool, by: Actor) -> OpenMention:
    """Decide about one passage: remove it, or state that it is about someone else.

    Raises NotDecided where someone has decided, or where only a person can remove it.
    """
    with transaction.atomic():
        rows = OpenMention.objects.select_for_update(of=("self",)).filter(
            withdrawal=withdrawal, key_hash=key_hash
        )
        row = rows.first()
        if row is None:
            raise NotDecided(_("This passage does not belong to this withdrawal."))
        if row.state != State.OPEN:
            raise NotDecided(_("%(user)s has decided about this passage.") % {"user": row.decided_by_name})
        if is_person:
            _remove(row, by)
        row.state = State.REMOVED if is_person else State.OTHER
        row.decided_by, row.decided_by_name, row.decided_at = by.user, by.name, timezone.now()
        row.save(update_fields=["state", "decided_by", "decided_by_name", "decided_at"])
        trail.record(
            by=by,
            action="mention.decided",
            thing=row,
            person=row.person_number,
            details={"withdrawal": str(withdrawal), "state": row.state},
        )
    return row


def decide_all_other(*, withdrawal: UUID, by: Actor) -> int:
    """State that every passage that is still open is about someone else. Return how many."""
    keys = OpenMention.objects.filter(withdrawal=withdrawal, state=State.OPEN).values_list(
        "key_hash", flat=True
    )
    with transaction.atomic():
        for key_hash in list(keys):
            decide(withdrawal=withdrawal, key_hash=key_hash, is_person=False, by=by)
    return len(keys)


def _remove(row: OpenMention, by: Actor) -> None:
    """Remove a passage that is still public; an editor may have removed it already."""
    one = _present([row]).get(row.key_hash)
    if one is None:
        return
    if one[1].by_hand:
        raise NotDecided(_("No program can change this. Change it by hand and save it, then decide again."))
    wanted = _wanted([row], also=frozenset({one[1].key}), only_also=True)
    if any(on_page.is_unpublished for on_page in search(wanted).affected):
        raise NotDecided(
            _(
                "This stands in a title, an address or another field that must not be empty. Change it there "
                "and publish the page, then decide again."
            )
        )
    changed = {*remove_mentions(wanted=wanted, by=by.user), *(wanted.pages or ())}
    stored.remove_showing(changed)
    after_commit(_purge, sorted(changed))


def _purge(pages: list[int]) -> None:
    """Have caches in front of the site ask again for these pages."""
    batch = PurgeBatch()
    batch.add_urls([url for page in Page.objects.filter(pk__in=pages) if (url := page.full_url)])
    batch.purge()


__all__ = ["Listed", "NotDecided", "decide", "decide_all_other", "listed", "record"]
