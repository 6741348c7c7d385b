"""Asking the family for approval and recording the answers.

Each function validates first and writes in one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from approval import mails, refusals
from approval.events import link_created
from approval.models import Approval, ApprovalLink, ApprovalNote, ApprovalOverride
from approval.tokens import hash_of, new_token
from approval.versions import hash_of_version, version_of
from audit import trail
from audit.actors import Actor
from consent.models import Person
from deidentification.passages import passages
from media.models import Clip
from media.on_commit import after_commit
from publication.drafts import draft_of
from uploads.errors import EditorError

logger = logging.getLogger(__name__)

DAYS, MOST_DAYS = 30, 180
LONGEST_TEXT = 5000


class ApprovalError(EditorError):
    """A link or an answer that is not accepted."""


# The link -----------------------------------------------------------------------------------------


@transaction.atomic
def send_for_approval(
    *, page: Page, person: Person, by: Actor, language: str = "", days: int = DAYS, base_url: str = ""
) -> tuple[ApprovalLink, str]:
    """Make a link that shows `person` the newest draft of `page`, and mail it where they have an e-mail
    address.

    Return the link and its full address. The address is known only now: only a keyed hash of its token is
    stored. Earlier open links of the same person to the same page are closed. Raises ApprovalError.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ApprovalError(_("Choose between 1 and %(most)s days for the link.") % {"most": MOST_DAYS})
    if person.erased_at:
        raise ApprovalError(_("This person asked to be erased. Nothing more can be sent to them."))
    draft = draft_of(page)
    if person.pk not in {need.person for need in draft.consent_requirements()}:
        raise ApprovalError(_("%(person)s is not linked to this page.") % {"person": person})
    for earlier in ApprovalLink.objects.filter(
        page_id=page.pk, person=person, revoked_at=None, expires_at__gt=timezone.now()
    ):
        revoke(link=earlier, by=by, reason="a newer link was sent")
    token = new_token()
    link = ApprovalLink.objects.create(
        page_id=page.pk,
        person=person,
        revision=page.latest_revision or page.save_revision(user=by.user, log_action=False),
        content_hash=hash_of_version(page),
        token_hash=hash_of(token),
        language=_known_language(language or person.language),
        created_by=by.user,
        expires_at=timezone.now() + timedelta(days=days),
    )
    link_created.send(sender=type(draft), link=link, page=draft)
    trail.record(
        by=by,
        action="approval.send",
        thing=link,
        person=person.pk,
        details={"page": page.pk, "days": days, "language": link.language, "mailed": bool(person.email)},
    )
    base = (base_url or settings.WAGTAILADMIN_BASE_URL).rstrip("/")
    url = base + reverse("approval_link", args=[token])
    if person.email:
        after_commit(mails.send_link, link, url)
    return link, url


def _known_language(wanted: str) -> str:
    """Return `wanted` or its base language if the site has it, otherwise the site's own language."""
    known = [code for code, _name in settings.LANGUAGES]
    if wanted in known:
        return wanted
    return next((code for code in known if wanted.startswith(f"{code}-")), settings.LANGUAGE_CODE)


def is_of_a_draft_only(name: str) -> bool:
    """Return True for a file of a clip that only approval links use: visitors may not fetch it yet."""
    if not name.startswith("clips/"):
        return False
    clips = Clip.objects.filter(folder=name.split("/")[1])
    links = ApprovalLink.clips.through.objects.filter(clip__in=clips)
    return links.exists() and not any(
        relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": clips}).exists()
        for relation in Clip._meta.related_objects
        if relation.related_model is not ApprovalLink
    )


@transaction.atomic
def revoke(*, link: ApprovalLink, by: Actor, reason: str = "") -> None:
    """Close a link: from now on its address answers as if it had never existed."""
    changed = ApprovalLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())
    link.clips.clear()
    if changed:
        link.refresh_from_db(fields=["revoked_at"])
        trail.record(by=by, action="approval.revoke", thing=link, person=link.person_id, reason=reason)


# What the family sends ----------------------------------------------------------------------------


@transaction.atomic
def keep_notes(*, link: ApprovalLink, notes: Iterable[tuple[str, str]]) -> list[ApprovalNote]:
    """Store notes on passages, as (part, text), even if no answer follows.

    A note that is sent twice is stored once.
    """
    wanted = [(part[:80], text.strip()[:LONGEST_TEXT]) for part, text in notes if text.strip()]
    if not wanted:
        return []
    version = version_of(link)
    words = {passage.part: passage.text for passage in passages(version)} if version else {}
    stored = []
    for part, text in wanted:
        note, is_new = ApprovalNote.objects.get_or_create(
            link=link, part=part, text=text, defaults={"passage": words.get(part, "")[:2000]}
        )
        if is_new:
            stored.append(note)
            trail.record(
                by=Actor.person(link.person_id), action="approval.note", thing=note, person=link.person_id
            )
    _opened(link)
    return stored


@transaction.atomic
def delete_note(*, link: ApprovalLink, note_id: int) -> bool:
    """Delete a note for the family that wrote it. Return False if an editor has already settled it."""
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
    """Record the person's own answer to the exact version their link shows.

    Raises ApprovalError if the link is closed.
    """
    locked = ApprovalLink.objects.select_for_update().get(pk=link.pk)
    if not locked.is_open():
        raise ApprovalError(_("This link no longer works."))
    given = Approval.objects.create(
        page_id=link.page_id,
        person_id=link.person_id,
        link=link,
        answer=answer,
        content_hash=link.content_hash,
        message=message.strip()[:LONGEST_TEXT],
    )
    refusals.record(given)
    trail.record(
        by=Actor.person(link.person_id),
        action=f"approval.{answer}",
        thing=given,
        person=link.person_id,
        details={"page": link.page_id, "content": link.content_hash[:12]},
    )
    _opened(link)
    after_commit(mails.notify_editor, given)
    return given


def _opened(link: ApprovalLink) -> None:
    ApprovalLink.objects.filter(pk=link.pk, first_opened_at=None).update(first_opened_at=timezone.now())


# What editors do ----------------------------------------------------------------------------------


@transaction.atomic
def record_answer(
    *, page: Page, person: Person, answer: Approval.Answer, by: Actor, message: str
) -> Approval:
    """Record an answer that came by telephone or on paper; `message` says how it came."""
    if not message.strip():
        raise ApprovalError(_("Say how the answer came: who was asked, when, by telephone or on paper."))
    given = Approval.objects.create(
        page_id=page.pk,
        person=person,
        answer=answer,
        content_hash=hash_of_version(page),
        message=message.strip()[:LONGEST_TEXT],
        recorded_by=by.user,
    )
    refusals.record(given)
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
    """Mark a note as answered by an editor."""
    changed = ApprovalNote.objects.filter(pk=note.pk, settled_at=None).update(
        settled_at=timezone.now(), settled_by=by.user
    )
    if changed:
        trail.record(by=by, action="approval.settle_note", thing=note, person=note.link.person_id)


@transaction.atomic
def override(*, page: Page, by: Actor, reason: str) -> ApprovalOverride:
    """Allow one exact version to be published without approval.

    Raises ApprovalError without permission or reason.
    """
    user: User | None = by.user
    if user is None or not user.has_perm("approval.override_approval"):
        raise ApprovalError(_("You do not have permission to publish without the family’s approval."))
    if len(reason.strip()) < 10:
        raise ApprovalError(_("Give the reason in a sentence. It is stored in the audit trail."))
    allowed = ApprovalOverride.objects.create(
        page_id=page.pk,
        content_hash=hash_of_version(page),
        reason=reason.strip(),
        by=user,
        by_name=by.name,
    )
    trail.record(
        by=by, action="approval.override", thing=allowed, details={"page": page.pk}, reason=reason.strip()
    )
    return allowed
