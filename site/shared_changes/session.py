"""What an editor does in one go: it is judged as a whole, and becomes public as a whole or waits as a whole.

Inside `changing` every write to a shared object, or to a part of one, is noted by the receivers of
`shared_changes.guard`. At the end the pages that show the object are judged as the database then has them.
Where a rule refuses, or where the editor may not publish these pages, everything is rolled back and stored
as a `HeldChange`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from audit import trail
from audit.actors import Actor
from media.on_commit import after_commit
from media.storage import postponed_deletions
from shared_changes.judging import Against, Verdict, judge, lock_people, not_allowed, objections, words_in
from shared_changes.models import HeldChange
from shared_changes.operations import Operation
from shared_changes.purging import purge
from shared_changes.usage import Usage, may_release, usage_of


class Held(Exception):
    """The change may not be public. `reasons`: all of them."""

    def __init__(self, reasons: list[Against]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reason.text for reason in reasons))


@dataclass
class Touched:
    """A shared object that is being changed: where it is public, and what the rules said before."""

    thing: Any
    usage: Usage
    before: Verdict
    operations: list[Operation] = field(default_factory=list)


@dataclass
class Session:
    """`by`: who changes something. `held`: what was stored because it may not be public yet."""

    by: Actor
    touched: dict[tuple[str, Any], Touched] = field(default_factory=dict)
    held: list[HeldChange] = field(default_factory=list)
    new_files: list[tuple[Any, str]] = field(default_factory=list)

    def touch(self, thing: Any) -> Touched | None:
        """Return what is known of a shared object that is about to be changed, None if nothing public shows
        it.
        """
        key = (thing._meta.label, thing.pk)
        if key not in self.touched:
            stored = type(thing)._base_manager.filter(pk=thing.pk).first()
            usage = usage_of(stored) if stored is not None else Usage()
            if usage:
                lock_people(usage)
            self.touched[key] = Touched(stored, usage, judge(stored, usage, "") if usage else Verdict())
        touched = self.touched[key]
        return touched if touched.usage else None

    def reasons(self) -> list[Against]:
        """Return what is against the change, as the database has it now."""
        found: list[Against] = []
        for touched in self._public():
            now = type(touched.thing)._base_manager.filter(pk=touched.thing.pk).first()
            if now is not None:
                after = judge(now, touched.usage, words_in(touched.operations))
                found += objections(touched.before, after)
            if not may_release(self.by.user, touched.usage):
                found.append(not_allowed(self.by))
        return list(dict.fromkeys(found))

    def _public(self) -> list[Touched]:
        return [touched for touched in self.touched.values() if touched.operations]

    def finish(self) -> None:
        """Raise Held unless everything may be public; else record that it is, and purge what showed it."""
        if reasons := self.reasons():
            raise Held(reasons)
        for touched in self._public():
            trail.record(
                by=self.by,
                action="shared_change.public",
                thing=touched.thing,
                details={"pages": touched.usage.count, "fields": _fields(touched.operations)},
            )
            after_commit(purge, touched.usage)

    def hold(self, refused: Held) -> None:
        """Store what was rolled back."""
        for touched in self._public():
            change = HeldChange.objects.create(
                content_type=ContentType.objects.get_for_model(type(touched.thing)),
                object_id=str(touched.thing.pk),
                name=str(touched.thing)[:255],
                operations=[operation.as_json() for operation in touched.operations],
                reasons=[reason.as_json() for reason in refused.reasons],
                proposed_by=self.by.user,
                proposed_by_name=self.by.name,
            )
            trail.record(
                by=self.by,
                action="shared_change.hold",
                thing=touched.thing,
                details={"change": change.pk, "fields": _fields(touched.operations)},
            )
            self.held.append(change)


def _fields(operations: list[Operation]) -> list[str]:
    return sorted({f"{step.model}.{name}" for step in operations for name in (step.values or [step.do])})


_current: ContextVar[Session | None] = ContextVar("shared_changes.session", default=None)


def current() -> Session | None:
    """Return the session of the present request or service, None outside of one."""
    return _current.get()


@contextmanager
def changing(by: Actor, *, hold: bool = True) -> Iterator[Session]:
    """Judge everything that is changed in the block as a whole; store it as waiting where it may not be
    public.

    Without `hold`, Held is raised instead. An exception in the block rolls everything back.
    """
    session = Session(by)
    token = _current.set(session)
    deletions: list[tuple[Any, str]] = []
    postponed = postponed_deletions.set(deletions)
    try:
        with transaction.atomic():
            yield session
            session.finish()
            for storage, name in deletions:
                after_commit(storage.delete, name)
    except BaseException as error:
        if isinstance(error, Held) and hold:
            session.hold(error)
        else:
            _delete(session.new_files)
            raise
    finally:
        postponed_deletions.reset(postponed)
        _current.reset(token)


def _delete(files: list[tuple[Any, str]]) -> None:
    for storage, name in files:
        storage.delete(name)
