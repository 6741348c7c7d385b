"""Asking the family, and what comes back: each function checks first, writes in one transaction, and says who did it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from approval import mails
from approval.events import link_created
from approval.models import Approval, ApprovalLink, ApprovalNote, ApprovalOverride
from approval.tokens import hash_of, new_token
from audit import trail
from audit.actors import Actor
from consent.models import Person
from deidentification.passages import passages
from media.models import Clip
from media.on_commit import after_commit
from publication.drafts import draft_of

logger = logging.getLogger(__name__)

DAYS, MOST_DAYS = 30, 180
LONGEST_TEXT = 5000


class Refused(ValueError):
    """What was asked cannot be done; the message says what, and how to mend it."""


# The link -----------------------------------------------------------------------------------------------------


@transaction.atomic
def send_for_approval(
    *, page: Any, person: Person, by: Actor, language: str = "", days: int = DAYS, base_url: str = ""
) -> tuple[ApprovalLink, str]:
    """Make a link that shows `person` the newest draft of `page`, and mail it where they have an e-mail address.

    Returns the link and its full address, which is known now and never again: only a keyed hash of its token is kept.
    Earlier open links of the same person to the same page are closed. Raises Refused.
    """
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("A link holds for 1 to %(most)s days.") % {"most": MOST_DAYS})
    if person.erased_at:
        raise Refused(_("This person asked to be erased: nothing is sent to them any more."))
    languages = [code for code, _name in settings.LANGUAGES]
    language = language or person.language or settings.LANGUAGE_CODE
    if language not in languages:
        language = next(
            (code for code in languages if language.startswith(f"{code}-")), settings.LANGUAGE_CODE
        )
    draft = draft_of(page)
    told_of = {need.person for need in draft.consent_requirements()}
    if person.pk not in told_of:
        raise Refused(_("This page does not rest on %(person)s.") % {"person": person})
    now = timezone.now()
    revision = page.latest_revision or page.save_revision(user=by.user, log_action=False)
    for earlier in ApprovalLink.objects.filter(
        page_id=page.pk, person=person, revoked_at=None, expires_at__gt=now
    ):
        revoke(link=earlier, by=by, reason="a newer link was sent")
    token = new_token()
    link = ApprovalLink.objects.create(
        page_id=page.pk,
        person=person,
        revision=revision,
        content_hash=draft.public_hash(),
        token_hash=hash_of(token),
        language=language,
        created_by=by.user,
        expires_at=now + timedelta(days=days),
    )
    link_created.send(sender=type(draft), link=link, page=draft)
    trail.record(
        by=by,
        action="approval.send",
        thing=link,
        person=person.pk,
        details={"page": page.pk, "days": days, "language": language, "mailed": bool(person.email)},
    )
    base = (base_url or settings.WAGTAILADMIN_BASE_URL).rstrip("/")
    url = base + reverse("approval_link", args=[token])
    if person.email:
        after_commit(mails.send_link, link, url)
    return link, url


def is_of_a_draft_only(name: str) -> bool:
    """Whether a file of the public storage is of a clip that only approval links hold: nobody else may fetch it yet."""
    if not name.startswith("clips/"):
        return False
    held = Clip.objects.filter(folder=name.split("/")[1])
    links = ApprovalLink.clips.through.objects.filter(clip__in=held)
    return links.exists() and not any(
        relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": held}).exists()
        for relation in Clip._meta.related_objects
        if relation.related_model is not ApprovalLink
    )


def version_of(link: ApprovalLink) -> Any | None:
    """The page exactly as the link shows it; None where that version was removed."""
    if link.revision is None:
        page = link.page.specific
        return page if page.public_hash() == link.content_hash else None
    return link.revision.as_object()


@transaction.atomic
def revoke(*, link: ApprovalLink, by: Actor, reason: str = "") -> None:
    """Close a link: from now on its address answers as if it had never been."""
    changed = ApprovalLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())
    link.clips.clear()
    if changed:
        link.refresh_from_db(fields=["revoked_at"])
        trail.record(by=by, action="approval.revoke", thing=link, person=link.person_id, reason=reason)


# What the family sends ----------------------------------------------------------------------------------------


@transaction.atomic
def keep_notes(*, link: ApprovalLink, notes: Iterable[tuple[str, str]]) -> list[ApprovalNote]:
    """Keep what was written beside passages, as (part, text), also when no answer follows. Sent twice, kept once."""
    wanted = [(part[:80], text.strip()[:LONGEST_TEXT]) for part, text in notes if text.strip()]
    if not wanted:
        return []
    words = {one.part: one.text for one in passages(version_of(link))} if version_of(link) else {}
    kept = []
    for part, text in wanted:
        note, made = ApprovalNote.objects.get_or_create(
            link=link, part=part, text=text, defaults={"passage": words.get(part, "")[:2000]}
        )
        if made:
            kept.append(note)
            trail.record(
                by=Actor.person(link.person_id), action="approval.note", thing=note, person=link.person_id
            )
    _opened(link)
    return kept


@transaction.atomic
def take_note_back(*, link: ApprovalLink, note_id: int) -> bool:
    """The family takes a note of theirs back, as long as no editor settled it."""
    note = ApprovalNote.objects.filter(link=link, pk=note_id, settled_at=None).first()
    if note is None:
        return False
    trail.record(
        by=Actor.person(link.person_id), action="approval.note_back", thing=note, person=link.person_id
    )
    note.delete()
    return True


@transaction.atomic
def answer(*, link: ApprovalLink, answer: Approval.Answer, message: str = "") -> Approval:
    """Write down the person's own answer to the exact version their link shows. Raises Refused where it is closed."""
    locked = ApprovalLink.objects.select_for_update().get(pk=link.pk)
    if not locked.is_open():
        raise Refused(_("This link no longer works."))
    given = Approval.objects.create(
        page_id=link.page_id,
        person_id=link.person_id,
        link=link,
        answer=answer,
        content_hash=link.content_hash,
        message=message.strip()[:LONGEST_TEXT],
    )
    trail.record(
        by=Actor.person(link.person_id),
        action=f"approval.{answer}",
        thing=given,
        person=link.person_id,
        details={"page": link.page_id, "content": link.content_hash[:12]},
    )
    _opened(link)
    after_commit(mails.tell_editor, given)
    return given


def _opened(link: ApprovalLink) -> None:
    ApprovalLink.objects.filter(pk=link.pk, first_opened_at=None).update(first_opened_at=timezone.now())


# What editors do ----------------------------------------------------------------------------------------------


@transaction.atomic
def record_answer(*, page: Any, person: Person, answer: Approval.Answer, by: Actor, message: str) -> Approval:
    """Write down an answer that came by telephone or on paper; `message` says how it came."""
    if not message.strip():
        raise Refused(_("Say how the answer came: who was asked, when, by telephone or on paper."))
    given = Approval.objects.create(
        page_id=page.pk,
        person=person,
        answer=answer,
        content_hash=draft_of(page).public_hash(),
        message=message.strip()[:LONGEST_TEXT],
        recorded_by=by.user,
    )
    trail.record(
        by=by,
        action=f"approval.recorded_{answer}",
        thing=given,
        person=person.pk,
        details={"page": page.pk, "content": given.content_hash[:12]},
    )
    return given


@transaction.atomic
def settle(*, note: ApprovalNote, by: Actor) -> None:
    """An editor has done what the family wrote, or answered it."""
    changed = ApprovalNote.objects.filter(pk=note.pk, settled_at=None).update(
        settled_at=timezone.now(), settled_by=by.user
    )
    if changed:
        trail.record(by=by, action="approval.settle_note", thing=note, person=note.link.person_id)


@transaction.atomic
def override(*, page: Any, by: Actor, reason: str) -> ApprovalOverride:
    """Let one exact version be published without the approval it would need. Raises Refused without right or reason."""
    user: User | None = by.user
    if user is None or not user.has_perm("approval.override_approval"):
        raise Refused(_("You may not publish without the family’s approval."))
    if len(reason.strip()) < 10:
        raise Refused(_("Give the reason in a sentence: it is kept in the audit trail."))
    kept = ApprovalOverride.objects.create(
        page_id=page.pk,
        content_hash=draft_of(page).public_hash(),
        reason=reason.strip(),
        by=user,
        by_name=by.name,
    )
    trail.record(
        by=by, action="approval.override", thing=kept, details={"page": page.pk}, reason=reason.strip()
    )
    return kept
