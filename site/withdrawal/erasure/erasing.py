"""Erasing a person (GDPR, article 17): everything that is held about them goes, and cannot come back.

First their consents are withdrawn, with a receipt, so that nothing of theirs is public any more; then, in one transaction,
every row that `holdings` finds is deleted or emptied, tombstones are put, and what is left to do outside the database is
written down as steps of the same receipt: files with all their versions, traces in caches and sessions, the tombstones'
file. Steps are tried until they succeed (`withdrawal.takedown`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from consent.models import Person
from consent.services import empty_for_erasure
from media import publishing
from media.on_commit import after_commit
from media.publishable import Publishable
from withdrawal import takedown
from withdrawal.erasure import tombstones
from withdrawal.erasure.export import files_of
from withdrawal.erasure.personal_data import RECORDS, held
from withdrawal.models import TakedownStep, Tombstone, Withdrawal
from withdrawal.services import AlreadyWithdrawn, withdraw_person

ERASED = "—"

# Rows that are emptied instead of deleted, by model label: what a room keeps so that a thing does not come back.
scrubbers: dict[str, Callable[[Any], None]] = {}
# By what an erased thing would be recognised if it came back: `marker(thing) -> (kind, parts) ...`.
markers: list[Callable[[Model], Iterable[tuple[str, tuple[str, ...]]]]] = []
# What rooms do besides: words of the person that stand on pages of others. `eraser(person, held)`, in the transaction.
erasers: list[Callable[[Person, dict[Any, Model]], None]] = []


def erase(*, person: Person, by: Actor, reason: str = "") -> Withdrawal:
    """Erase everything held about `person`. Returns the withdrawal whose steps are the receipt.

    Idempotent: of somebody who was erased before, what came back is erased again. `reason` must name nobody: it is not
    kept.
    """
    withdrawal = _withdraw(person, by)
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        found = held(person)
        files = _files(found)
        tombstones.put(_marks(person, found))
        for eraser in erasers:
            eraser(person, found)
        _delete(found, by)
        _empty(person)
        _forget_words(person, found)
        _write_down(withdrawal, files)
        trail.record(
            by=by,
            action="person.erased",
            thing=person,
            person=person.pk,
            details={
                "withdrawal": str(withdrawal.number),
                "rows": len(found),
                "files": sum(map(len, files.values())),
            },
        )
        after_commit(takedown.run, withdrawal.pk)
    return Withdrawal.objects.get(pk=withdrawal.pk)


def _withdraw(person: Person, by: Actor) -> Withdrawal:
    try:
        return withdraw_person(person=person, by=by, channel=Withdrawal.Channel.ERASURE)
    except AlreadyWithdrawn:
        return Withdrawal.objects.create(
            person=person,
            channel=Withdrawal.Channel.ERASURE,
            at=timezone.now(),
            by=by.user,
            by_name=by.name,
        )


# What is there ------------------------------------------------------------------------------------------------


def _files(found: dict[Any, Model]) -> dict[str, list[str]]:
    """The names of all files, by the storage's name in STORAGES."""
    files: dict[str, set[str]] = defaultdict(set)
    for thing in found.values():
        for one in files_of(thing):
            files[getattr(one.storage, "alias", "default")].add(one.name)
        if isinstance(thing, Publishable):
            files["default"] |= set(publishing.public_files_of(thing))
    return {alias: sorted(names) for alias, names in files.items()}


def _marks(person: Person, found: dict[Any, Model]) -> list[tuple[str, str]]:
    marks = [("person", person_mark(person))]
    for thing in found.values():
        if isinstance(thing, Page):
            marks.append(("page", tombstones.mark("page", str(thing.translation_key))))
        for marker in markers:
            marks += [(kind, tombstones.mark(kind, *parts)) for kind, parts in marker(thing)]
        for one in files_of(thing):
            try:
                with one.storage.open(one.name, "rb") as file:
                    marks.append(("file", tombstones.mark("file", tombstones.digest(file))))
            except OSError:
                continue  # the file is gone already
    return marks


def person_mark(person: Person) -> str:
    """By what a row of a restored backup is recognised: its number and the moment it was made, which no backup alters."""
    return tombstones.mark("person", str(person.pk), person.created_at.isoformat())


# Deleting ------------------------------------------------------------------------------------------------------


def _delete(found: dict[Any, Model], by: Actor) -> None:
    """Pages first, with their aliases; then what is left, what points at others before what it points at."""
    for thing in found.values():
        if isinstance(thing, Page) and Page.objects.filter(pk=thing.pk).exists():
            Page.objects.get(pk=thing.pk).specific.delete()
    kept = set(scrubbers) | RECORDS
    for thing in reversed(list(found.values())):
        label = thing._meta.label
        if label in scrubbers:
            scrubbers[label](thing)
        elif label not in kept and not isinstance(thing, Page | PageLogEntry | ModelLogEntry):
            if isinstance(thing, Publishable):
                publishing.unpublish(thing)
            type(thing)._base_manager.filter(pk=thing.pk).delete()


def _empty(person: Person) -> None:
    """Take everything personal out of the rows that stay: that there was a consent, and when it was taken back."""
    Person.objects.filter(pk=person.pk).update(
        private_name=ERASED,
        display_name=_("Erased"),
        birth_year=None,
        birth_date=None,
        country="",
        email="",
        contact="",
        language="",
        notes="",
        erased_at=timezone.now(),
    )
    empty_for_erasure(person=person)
    Withdrawal.objects.filter(person=person).update(reason="")
    TakedownStep.objects.filter(withdrawal__person=person).update(error="")


def _forget_words(person: Person, found: dict[Any, Model]) -> None:
    """Wagtail's log keeps titles, and the audit trail reasons: the entries stay, the words go."""
    pages = [thing.pk for thing in found.values() if isinstance(thing, Page)]
    PageLogEntry.objects.filter(page__in=pages).update(label=ERASED, data={})
    logged = [thing.pk for thing in found.values() if isinstance(thing, ModelLogEntry)]
    ModelLogEntry.objects.filter(pk__in=logged).update(label=ERASED, data={})
    AuditEntry.objects.filter(person_number=person.pk).update(reason="")


def _write_down(withdrawal: Withdrawal, files: dict[str, list[str]]) -> None:
    """What is left to do outside the database, as steps of the receipt."""
    steps: dict[str, dict[str, Any]] = {
        "erased_files": {"files": files},
        "erased_traces": {"since": timezone.now().isoformat()},
        "erasure_journal": {},
    }
    for surface, what in steps.items():
        TakedownStep.objects.update_or_create(
            withdrawal=withdrawal,
            surface=surface,
            defaults={
                "what": what,
                "count": max(1, sum(map(len, files.values()))) if surface == "erased_files" else 1,
                "state": TakedownStep.State.WAITING,
                "done_at": None,
            },
        )
    Withdrawal.objects.filter(pk=withdrawal.pk).update(finished_at=None)


# After a restored backup ------------------------------------------------------------------------------------


def returned() -> list[Person]:
    """The people who were erased, and are there again: an older database was put back."""
    known = {key for kind, key in (*tombstones.in_file(), *_kept()) if kind == "person"}
    if not known:
        return []
    return [person for person in Person.objects.filter(erased_at=None) if person_mark(person) in known]


def _kept() -> Iterable[tuple[str, str]]:
    return Tombstone.objects.filter(kind="person").values_list("kind", "key_hash")


def erase_returned(*, by: Actor) -> list[int]:
    """Erase again whoever came back with a backup, and take the tombstones from the file back into the database."""
    tombstones.put(tombstones.in_file())
    numbers = []
    for person in returned():
        erase(person=person, by=by)
        numbers.append(person.pk)
    return numbers


__all__ = ["erase", "erase_returned", "erasers", "markers", "person_mark", "returned", "scrubbers"]
