"""Removes a person who is erased from changes that wait, and from the records of those that were decided."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.utils import timezone

from audit import trail
from audit.actors import Actor
from consent.models import Person
from mentions import erasing, stored_versions
from mentions.matching import Matcher
from mentions.redacting import neutral, slug_words
from shared_changes import services
from shared_changes.models import HeldChange
from withdrawal.erasure import tombstones

BY = Actor.system("erasure")
State = HeldChange.State


def erase_from_changes(_person: Person, matcher: Matcher) -> None:
    """Clean every change of words about the person, and give up what waits with a file of theirs.

    In the erasure's transaction. What is kept says when, by whom and of which object, as before.
    """
    for change in HeldChange.objects.order_by("pk").iterator():
        before = _kept(change)
        theirs = [name for storage, name in change.files() if _is_theirs(change, storage, name, matcher)]
        if theirs and change.state == State.WAITING:
            services.delete_files(change)
            change.state, change.reviewed_by_name, change.reviewed_at = State.DROPPED, BY.name, timezone.now()
        change.operations = [_step(step, theirs, matcher) for step in change.operations]
        # What the rules said may have a name in small letters.
        change.reasons = [_neutral(reason, matcher) for reason in change.reasons]
        change.name = _neutral(change.name, matcher)
        if _kept(change) != before:
            change.save()
            trail.record(by=BY, action="shared_change.erased", thing=change, details={"change": change.pk})


def _kept(change: HeldChange) -> tuple[Any, ...]:
    return change.operations, change.reasons, change.name, change.state


def _is_theirs(change: HeldChange, storage: Any, name: str, matcher: Matcher) -> bool:
    """Return whether a new file has the content of an erased one, or the person's name in its own."""
    if stored_versions.mentions(slug_words(PurePath(name).stem.replace("_", "-")), matcher):
        return True
    if change.state != State.WAITING:
        return False  # it is the object's file, or was deleted
    try:
        with storage.open(name, "rb") as file:
            return tombstones.exists("file", tombstones.digest(file))
    except OSError:
        return False  # it was removed already


def _step(step: dict[str, Any], theirs: list[str], matcher: Matcher) -> dict[str, Any]:
    values = {
        name: "" if value in theirs else stored_versions.cleaned(value, matcher, {})
        for name, value in (step.get("values") or {}).items()
    }
    return {**step, "values": values}


def _neutral(value: Any, matcher: Matcher) -> Any:
    """Return plain data with every word that may be about the person replaced."""
    if isinstance(value, dict):
        return {name: _neutral(one, matcher) for name, one in value.items()}
    return neutral(value, matcher) if isinstance(value, str) else value


def connect_signals() -> None:
    """Have every erasure clean the changes, too."""
    if erase_from_changes not in erasing.erasers:
        erasing.erasers.append(erase_from_changes)
