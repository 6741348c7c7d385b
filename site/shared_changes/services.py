"""Changing what public pages show without owning it, and deciding about changes that wait.

Commands, importers and the API call `change_shared`; the admin's forms run in `session.changing` as a whole
(`shared_changes.middleware`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, RevisionMixin
from wagtail.permissions import policy_registry

from audit import trail
from audit.actors import Actor
from deidentification.services import keep_identifier
from media.models import Document, Picture, Recording
from media.on_commit import after_commit
from shared_changes.judging import NOT_ALLOWED, OF_FAMILY
from shared_changes.models import HeldChange
from shared_changes.operations import Gone, apply, apply_quietly
from shared_changes.session import Held, Session, changing
from shared_changes.usage import may_release, usage_of
from uploads.errors import EditorError


class ChangeError(EditorError):
    """A change that cannot be released, dropped or decided about."""


def change_shared(*, thing: Any, values: dict[str, Any], by: Actor) -> HeldChange | None:
    """Set `values` on `thing` and save it, if it may be public so. Return the waiting change otherwise.

    Files are given as files. Raises ValidationError for values that the object's own checks refuse.
    """
    row = type(thing)._default_manager.get(pk=thing.pk)
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean(exclude=[field.name for field in row._meta.fields if field.name not in values])
    with changing(by) as session:
        row.save()
    return next(iter(session.held), None)


# Deciding ---------------------------------------------------------------------------------------------------


def may_decide(user: Any, change: HeldChange) -> bool:
    """Return whether `user` may release a change: they may change the object, and publish all that shows it
    now.
    """
    thing = change.thing
    return thing is not None and may_change(user, thing) and may_release(user, usage_of(thing))


def may_change(user: Any, thing: Any) -> bool:
    """Return whether `user` may change an object, in the collection where it is."""
    if isinstance(thing, Picture | Recording | Document):
        policy = policy_registry.get_by_type(type(thing))
        return bool(policy.user_has_permission_for_instance(user, "change", thing))
    return bool(user.has_perm(f"{thing._meta.app_label}.change_{thing._meta.model_name}"))


def release(*, change: HeldChange, by: Actor) -> None:
    """Make a waiting change public. It is judged again, in the same transaction.

    Raises ChangeError with all reasons; they are stored with the change, which goes on waiting.
    """
    try:
        with changing(by, hold=False):
            locked = _locked(change)
            for step in locked.steps:
                apply(step)
            thing = _stored(locked)
            if isinstance(thing, RevisionMixin):
                # The next edit begins with what is public, not with an older draft.
                revision = thing.save_revision(user=by.user)
                type(thing)._base_manager.filter(pk=thing.pk).update(live_revision=revision)
            _decide(locked, HeldChange.State.RELEASED, by)
            trail.record(by=by, action="shared_change.release", thing=thing, details={"change": locked.pk})
    except Held as refused:
        HeldChange.objects.filter(pk=change.pk).update(
            reasons=[reason.as_json() for reason in refused.reasons]
        )
        raise ChangeError(str(refused)) from refused
    except Gone as error:
        raise ChangeError(_("What this change is about was deleted.")) from error


def _stored(change: HeldChange) -> Any:
    return change.content_type.model_class()._base_manager.get(pk=change.object_id)  # type: ignore[union-attr]


def _locked(change: HeldChange) -> HeldChange:
    """Lock a change that waits, and return it as it is now. Raises ChangeError if it was decided."""
    locked = (
        HeldChange.objects.select_for_update().filter(pk=change.pk, state=HeldChange.State.WAITING).first()
    )
    if locked is None:
        raise ChangeError(_("Someone has decided about this change already."))
    return locked


def _decide(change: HeldChange, state: HeldChange.State, by: Actor) -> None:
    change.state, change.reviewed_by, change.reviewed_by_name = state, by.user, by.name
    change.reviewed_at = timezone.now()
    change.save(update_fields=["state", "reviewed_by", "reviewed_by_name", "reviewed_at"])


@transaction.atomic
def drop(*, change: HeldChange, by: Actor) -> None:
    """Give a waiting change up. What it says stays on record; its new files are deleted."""
    locked = _locked(change)
    _decide(locked, HeldChange.State.DROPPED, by)
    delete_files(locked)
    trail.record(by=by, action="shared_change.drop", thing=locked.thing, details={"change": locked.pk})


def delete_files(change: HeldChange) -> None:
    """Delete the new files of a change that will not be released, after the commit."""
    for storage, name in change.files():
        after_commit(storage.delete, name)


def judge_again(*, change: HeldChange, by: Actor) -> list[dict[str, Any]]:
    """Return what is against a waiting change now, and store it. Nothing else is changed."""
    reasons: list[dict[str, Any]] = []
    try:
        with changing(by, hold=False) as session, transaction.atomic():
            reasons = _reasons_if_applied(change, session)
    except Gone as error:
        raise ChangeError(_("What this change is about was deleted.")) from error
    HeldChange.objects.filter(pk=change.pk).update(reasons=reasons)
    return reasons


def _reasons_if_applied(change: HeldChange, session: Session) -> list[dict[str, Any]]:
    """Apply a change, ask the rules, and take it back."""
    touched = session.touch(_stored(change))
    if touched is None:
        return []
    touched.operations += change.steps
    with transaction.atomic():
        for step in change.steps:
            apply_quietly(step)
        reasons = session.reasons()
        transaction.set_rollback(True)
    touched.operations.clear()
    return [reason.as_json() for reason in reasons]


def keep_words(*, change: HeldChange, page: Page, kind: str, text: str, reason: str, by: Actor) -> None:
    """Decide that words of a waiting change stay, with a reason. Raises EditorError."""
    keep_identifier(page=page.specific, kind=kind, text=text, reason=reason, by=by)
    judge_again(change=change, by=by)


# Looking ----------------------------------------------------------------------------------------------------


@contextmanager
def as_if_released(changes: list[HeldChange]) -> Iterator[None]:
    """Show the database as if these changes were released, in the block only."""
    with transaction.atomic():
        for change in changes:
            for step in change.steps:
                apply_quietly(step)
        try:
            yield
        finally:
            transaction.set_rollback(True)


def waiting_for(thing: Any) -> list[HeldChange]:
    """Return the changes of an object that wait, the newest first."""
    kind = ContentType.objects.get_for_model(type(thing))
    return list(
        HeldChange.objects.filter(content_type=kind, object_id=str(thing.pk), state=HeldChange.State.WAITING)
    )


def waits_for_family(change: HeldChange) -> bool:
    """Return whether only the family's approval, and a review, are missing."""
    why = {reason.get("why") for reason in change.reasons}
    return bool(why & OF_FAMILY) and why <= OF_FAMILY | {NOT_ALLOWED}


@contextmanager
def as_the_family_decides(page: Page) -> Iterator[None]:
    """Show the changes that wait for the approval of this page's family as if they were public."""
    waiting = HeldChange.objects.filter(state=HeldChange.State.WAITING).order_by("pk")
    changes = [one for one in waiting if waits_for_family(one) and page.pk in usage_of(one.thing).pages]
    if not changes:
        yield
        return
    with as_if_released(changes):
        yield
