"""Asking the family, and what comes back: each function checks first, writes in one transaction, and says who did it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from media import public_names
from media.models import Clip
from media.on_commit import after_commit
from people import audit
from people.actors import Actor
from people.approving import mailing
from people.approving.tokens import hash_of, new_token
from people.models import Approval, ApprovalLink, ApprovalNote, ApprovalOverride, Consent, Person, Withdrawal
from people.passages import passages

logger = logging.getLogger(__name__)

DAYS, MOST_DAYS = 30, 180
LONGEST_TEXT = 5000

# Rooms above make ready what a draft shows and only publication would make: `ready(link, page)`.
preparers: list[Callable[[ApprovalLink, Any], None]] = []


class Refused(ValueError):
    """What was asked cannot be done; the message says what, and how to mend it."""


def connect() -> None:
    """Once, when the site starts: clips of drafts are held back from everybody but their families."""
    if is_of_a_draft_only not in public_names.not_served_rules:
        public_names.not_served_rules.append(is_of_a_draft_only)


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
    told_of = {need.person for need in draft.consent_needs()}
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
    for ready in preparers:
        ready(link, draft)
    audit.record(
        by=by,
        action="approval.send",
        thing=link,
        person=person.pk,
        details={"page": page.pk, "days": days, "language": language, "mailed": bool(person.email)},
    )
    base = (base_url or settings.WAGTAILADMIN_BASE_URL).rstrip("/")
    url = base + reverse("people_approve", args=[token])
    if person.email:
        after_commit(mailing.send_link, link, url)
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


def draft_of(page: Any) -> Any:
    """The newest version of the page as an object of its own type."""
    specific = page.specific
    return specific.get_latest_revision_as_object() if specific.latest_revision_id else specific


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
        audit.record(by=by, action="approval.revoke", thing=link, person=link.person_id, reason=reason)


@transaction.atomic
def revoke_all(*, person: Person, by: Actor, page_ids: Iterable[int] | None = None, reason: str = "") -> int:
    """Close every open link of a person (to those pages): with a withdrawal. Returns how many there were."""
    links = ApprovalLink.objects.filter(person=person, revoked_at=None)
    if page_ids is not None:
        links = links.filter(page_id__in=list(page_ids))
    found = list(links)
    for link in found:
        revoke(link=link, by=by, reason=reason)
    return len(found)


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
            audit.record(
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
    audit.record(
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
    audit.record(
        by=Actor.person(link.person_id),
        action=f"approval.{answer}",
        thing=given,
        person=link.person_id,
        details={"page": link.page_id, "content": link.content_hash[:12]},
    )
    _opened(link)
    after_commit(mailing.tell_editor, given)
    return given


@transaction.atomic
def take_back(*, link: ApprovalLink, message: str = "", erase: bool = False) -> Any:
    """The person takes everything back through their link: every consent of theirs. Returns the withdrawal, its receipt.

    None where nothing was in force any more: then there was nothing to take down. The wish to be erased is written
    down for a consent officer, since what else must be kept is theirs to judge.
    """
    from people import withdrawing  # it asks who holds links

    given = answer(link=link, answer=Approval.Answer.WITHDRAWN, message=message)
    by = Actor.person(link.person_id)
    if erase:
        audit.record(by=by, action="erasure.asked", thing=given, person=link.person_id)
    # Their links stay open: each shows the receipt from now on (`views.draft_page`), and no draft any more.
    for own in ApprovalLink.objects.filter(person=link.person):
        own.clips.clear()
    try:
        return withdrawing.withdraw_person(
            person=link.person, by=by, channel=withdrawing.Channel.LINK, reason=message.strip()
        )
    except withdrawing.AlreadyWithdrawn:
        return None


def taken_back(link: ApprovalLink) -> Withdrawal | None:
    """The withdrawal after which this link shows a receipt: nothing of this person has been in force since."""
    if Consent.objects.in_force().filter(person_id=link.person_id).exists():
        return None
    return Withdrawal.objects.filter(person_id=link.person_id, uses=[], at__gte=link.created_at).first()


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
    audit.record(
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
        audit.record(by=by, action="approval.settle_note", thing=note, person=note.link.person_id)


@transaction.atomic
def override(*, page: Any, by: Actor, reason: str) -> ApprovalOverride:
    """Let one exact version be published without the approval it would need. Raises Refused without right or reason."""
    user: User | None = by.user
    if user is None or not user.has_perm("people.override_approval"):
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
    audit.record(
        by=by, action="approval.override", thing=kept, details={"page": page.pk}, reason=reason.strip()
    )
    return kept
