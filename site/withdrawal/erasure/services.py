"""Erasing a person (GDPR, article 17): everything recorded about them is deleted and cannot come back.

Their consents are withdrawn first, with a receipt, so that nothing about them is public any more. Then, in
one transaction, every row that `personal_data.collect` finds is deleted or emptied, tombstones are stored,
and the work outside the database is recorded as steps of the same receipt: files with all their versions,
traces in caches and sessions, the file of tombstones. Steps are tried until they succeed
(`withdrawal.takedown`).
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
from mentions.erasing import erase_mentions
from publication.mixins import AboutPerson
from withdrawal import ledger_entries, remembered, takedown
from withdrawal.erasure import tombstones
from withdrawal.erasure.export import files_of
from withdrawal.erasure.personal_data import KEPT_RECORDS, Key, collect
from withdrawal.models import TakedownStep, Tombstone, Withdrawal
from withdrawal.services import AlreadyWithdrawn, withdraw_person

ERASED = "—"

# Rows that are emptied instead of deleted, by model label: an app keeps them so that erased content does not
# come back.
record_emptiers: dict[str, Callable[[Any], None]] = {}
# Functions of other apps that remove the person's words from pages of others: `eraser(person, found)`, in the
# transaction.
mention_erasers: list[Callable[[Person, dict[Key, Model]], None]] = []


def erase_person(*, person: Person, by: Actor) -> Withdrawal:
    """Erase everything recorded about `person`. Return the withdrawal whose steps are the receipt.

    May be repeated: for a person who was erased earlier, it erases again whatever has come back.
    """
    withdrawal = _withdraw(person, by)
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        found = collect(person)
        files = _files(found)
        tombstones.put(_marks(person, found))
        for eraser in (erase_mentions, *mention_erasers):
            eraser(person, found)
        pages = [row for row in found.values() if isinstance(row, AboutPerson)]
        taken_words = remembered.hashes_of(pages)
        remembered.remember(person.pk, taken_words)
        _delete_pages(found)
        _delete_rows(found)
        _empty(person)
        _erase_log_texts(person, found)
        _record_steps(withdrawal, files)
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
        ledger_entries.record_erasure(person, taken_words)
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


# Collecting files and marks -----------------------------------------------------------------------


def _files(found: dict[Key, Model]) -> dict[str, list[str]]:
    """Return the names of all files, by the storage's name in STORAGES."""
    files: dict[str, set[str]] = defaultdict(set)
    for row in found.values():
        for file in files_of(row):
            files[getattr(file.storage, "alias", "default")].add(file.name)
        if isinstance(row, Publishable):
            files["default"] |= set(publishing.public_files_of(row))
    return {alias: sorted(names) for alias, names in files.items()}


def _marks(person: Person, found: dict[Key, Model]) -> list[tuple[str, str]]:
    """Return the tombstones to store: for the person, their pages and the content of their files."""
    marks = [("person", person_mark(person))]
    for row in found.values():
        if isinstance(row, Page):
            marks.append(("page", tombstones.mark("page", str(row.translation_key))))
        for stored in files_of(row):
            try:
                with stored.storage.open(stored.name, "rb") as file:
                    marks.append(("file", tombstones.mark("file", tombstones.digest(file))))
            except OSError:
                continue  # the file has been removed already
    return marks


def person_mark(person: Person) -> str:
    """Return the mark that recognises a row of a restored backup: by its number and creation time, which no
    backup alters."""
    return tombstones.mark("person", str(person.pk), person.created_at.isoformat())


# Deleting -----------------------------------------------------------------------------------------


def _delete_pages(found: dict[Key, Model]) -> None:
    """Delete the pages, with their aliases."""
    for row in found.values():
        if isinstance(row, Page) and Page.objects.filter(pk=row.pk).exists():
            Page.objects.get(pk=row.pk).specific.delete()


def _delete_rows(found: dict[Key, Model]) -> None:
    """Delete or empty the other rows; rows that point at others go before the rows they point at."""
    for row in reversed(list(found.values())):
        label = row._meta.label
        if label in record_emptiers:
            record_emptiers[label](row)
        elif label not in KEPT_RECORDS and not isinstance(row, Page | PageLogEntry | ModelLogEntry):
            if isinstance(row, Publishable):
                publishing.unpublish(row)
            type(row)._base_manager.filter(pk=row.pk).delete()


def _empty(person: Person) -> None:
    """Remove everything personal from the rows that stay.

    They still prove that there was a consent and when it ended.
    """
    Person.objects.filter(pk=person.pk).update(
        private_name=ERASED,
        display_name=_("Erased"),
        birth_year=None,
        birth_date=None,
        country="",
        email="",
        contact="",
        private_words="",
        language="",
        notes="",
        erased_at=timezone.now(),
    )
    empty_for_erasure(person=person)
    Withdrawal.objects.filter(person=person).update(reason="")
    TakedownStep.objects.filter(withdrawal__person=person).update(error="")


def _erase_log_texts(person: Person, found: dict[Key, Model]) -> None:
    """Remove titles from Wagtail's log and reasons from the audit trail. The entries stay."""
    pages = [row.pk for row in found.values() if isinstance(row, Page)]
    PageLogEntry.objects.filter(page__in=pages).update(label=ERASED, data={})
    logged = [row.pk for row in found.values() if isinstance(row, ModelLogEntry)]
    ModelLogEntry.objects.filter(pk__in=logged).update(label=ERASED, data={})
    AuditEntry.objects.filter(person_number=person.pk).update(reason="")


def _record_steps(withdrawal: Withdrawal, files: dict[str, list[str]]) -> None:
    """Record the work outside the database as steps of the receipt."""
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


# After a backup was restored ----------------------------------------------------------------------


def returned_people() -> list[Person]:
    """Return the people who were erased and are in the database again, because an older database was
    restored."""
    stored: Iterable[tuple[str, str]] = Tombstone.objects.filter(kind="person").values_list(
        "kind", "key_hash"
    )
    known = {key for kind, key in (*tombstones.in_file(), *stored) if kind == "person"}
    if not known:
        return []
    return [person for person in Person.objects.filter(erased_at=None) if person_mark(person) in known]


def erase_returned_people(*, by: Actor) -> list[int]:
    """Erase again the people who came back with a backup, and copy the tombstones from the file into the
    database."""
    tombstones.put(tombstones.in_file())
    numbers = []
    for person in returned_people():
        erase_person(person=person, by=by)
        numbers.append(person.pk)
    return numbers


__all__ = [
    "erase_person",
    "erase_returned_people",
    "mention_erasers",
    "person_mark",
    "record_emptiers",
    "returned_people",
]
