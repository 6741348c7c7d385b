"""Records some rows of a file of consents in one transaction: what they refer to is read once for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import File
from wagtail.signal_handlers import disable_reference_index_auto_update

from audit.actors import Actor
from conditions.words import fold
from consent.models import Consent, ConsentForm, Person
from consent.models.person import Guardianship
from consent.together import Recording
from consent.uses import UNDERSTOOD, field_of
from importing.consent_rows import ConsentRow
from importing.models import ImportedConsent, ImportedPerson, ImportedStory, key_of, story_key
from importing.records import Refused
from importing.stories import read_stories
from publication.linking import Linkable, link
from publication.models import PageDependency


@dataclass(frozen=True)
class SignedRow:
    """A row with what it says outside the database. `key`, `digest`: as ImportedConsent stores them."""

    row: ConsentRow
    form: ConsentForm
    scan: Path | None
    key: str
    digest: str

    @property
    def number(self) -> int | None:
        """The number of a person here: 12 for '#12', 0 for what is not a number, None for an archive's id."""
        if not self.row.person.startswith("#"):
            return None
        number = self.row.person[1:]
        return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0


class Batch:
    """Rows that are recorded together. Make and use it inside one transaction.

    Each `record` checks one row, in a savepoint of its own, and `store` writes what was recorded.
    """

    def __init__(self, rows: Sequence[SignedRow], *, source: str, by: Actor, keeps_files: bool) -> None:
        self.source, self.by, self.keeps_files = source, by, keeps_files
        # What was put into the storage of files, which no transaction removes.
        self.files: list[Any] = []
        self._new: list[tuple[SignedRow, Consent]] = []
        self._links: list[tuple[Linkable, Person]] = []
        self._new_people: list[ImportedPerson] = []
        self._read(rows)

    def _read(self, rows: Sequence[SignedRow]) -> None:
        known = ImportedConsent.objects.filter(key__in=[one.key for one in rows])
        # By key: the digest, and the consent, None until it is stored.
        self._known: dict[str, tuple[str, int | None]] = {
            one.key: (one.digest, one.consent_id) for one in known
        }
        rows = [one for one in rows if one.key not in self._known]
        keys = {story_key(self.source, one.row.story) for one in rows if one.row.story}
        stories = ImportedStory.objects.filter(key__in=keys, page__isnull=False)
        self._pages: dict[str, Any] = dict(stories.values_list("key", "page"))
        imported = ImportedPerson.objects.filter(key__in={self._person_key(one.row) for one in rows})
        self._people_by_key: dict[str, int] = dict(imported.values_list("key", "person"))
        numbers = {*self._people_by_key.values(), *(one.number for one in rows if one.number)}
        depending = PageDependency.objects.filter(page__in=self._pages.values(), person__isnull=False)
        numbers |= set(depending.values_list("person", flat=True))
        # People first and then pages, as everyone locks them.
        self._recording = Recording(by=self.by, people=numbers)
        self._stories = read_stories(list(self._pages.values()))
        numbers |= {story.person for story in self._stories.values() if story.person}
        self._people = Person.objects.in_bulk(numbers)
        for story in self._stories.values():
            if story.person not in self._people:
                story.draft["person"] = None  # deleted since the draft was saved

    def is_known(self, one: SignedRow) -> bool:
        """Return whether a row is recorded already. Raises Refused if it was recorded with other content."""
        if one.key not in self._known:
            return False
        digest, consent = self._known[one.key]
        if digest == one.digest:
            return True
        if consent is None:
            self.store()
            consent = self._known[one.key][1]
        raise Refused(
            f"A consent of that day is recorded already (consent {consent}) with other content. "
            "A signed consent is not changed by an import: change it in the admin, with the reason."
        )

    def record(self, one: SignedRow) -> int | None:
        """Check a row and return the number of its page. Raises Refused or ValidationError.

        Only people are stored now, in the caller's savepoint: the rest when nothing can be refused any more.
        """
        row, story = one.row, self._story(one.row)
        person = self._person(one, story)
        if story is not None and story.person not in (None, person.pk):
            raise Refused(
                f"The story is linked to {self._people[story.person]}, and the row names {person}. "
                "Correct one of the two."
            )
        consent = self._consent(one, person, story)
        self._recording.add(consent)
        self._people[person.pk] = person
        if one.number is None and (key := self._person_key(row)) not in self._people_by_key:
            self._people_by_key[key] = person.pk
            self._new_people.append(ImportedPerson(key=key, person=person))
        if story is not None and story.person is None:
            story.draft["person"] = person.pk
            self._links.append((story, person))
        self._new.append((one, consent))
        self._known[one.key] = (one.digest, None)
        return story.page.pk if story is not None else None

    def store(self) -> None:
        """Store what was recorded."""
        link(self._links, self.by.user)
        ImportedPerson.objects.bulk_create(self._new_people)
        for one, consent in self._new:
            if one.scan is not None and self.keeps_files:
                with one.scan.open("rb") as opened:
                    consent.signature.save(one.scan.name, File(opened), save=False)
                self.files.append(consent.signature)
        self._recording.store()
        ImportedConsent.objects.bulk_create(
            [ImportedConsent(key=one.key, digest=one.digest, consent=consent) for one, consent in self._new]
        )
        self._known |= {one.key: (one.digest, consent.pk) for one, consent in self._new}
        self._links, self._new_people, self._new = [], [], []

    def remove_files(self) -> None:
        """Remove the files that were stored, after the transaction was undone."""
        for file in self.files:
            file.storage.delete(file.name)

    # What a row refers to -----------------------------------------------------------------------------------

    def _person_key(self, row: ConsentRow) -> str:
        return key_of("person", self.source, row.subject)

    def _story(self, row: ConsentRow) -> Linkable | None:
        if not row.story:
            return None
        story = self._stories.get(self._pages.get(story_key(self.source, row.story), 0))
        if story is None:
            raise Refused(
                f"No story with the id ‘{row.story}’ was imported from ‘{self.source}’. Import the stories "
                "first, or name the same --source."
            )
        return story

    def _person(self, one: SignedRow, story: Linkable | None) -> Person:
        """Return the person of the row, who is stored if the archive names them for the first time."""
        row = one.row
        if one.number is not None:
            found = self._people.get(one.number)
            if found is None:
                raise Refused(f"There is no person {row.person} here.")
            return _usable(found, row)
        known = self._people_by_key.get(self._person_key(row)) or (story.person if story else None)
        if known is not None:
            return _usable(self._people[known], row)
        return self._new_person(row, story)

    def _new_person(self, row: ConsentRow, story: Linkable | None) -> Person:
        if not row.name:
            raise Refused(
                "The row has no name. Fill in ‘name’ with the real name of the person; it is private."
            )
        shown = row.display_name or (story.draft.get("patient_name") if story else "")
        return _stored(
            Person(
                private_name=row.name,
                display_name=(shown or row.name.split()[0])[:80],
                birth_date=row.birth_date,
                birth_year=row.birth_year or (row.birth_date.year if row.birth_date else None),
                email=row.email,
            )
        )

    def _consent(self, one: SignedRow, person: Person, story: Linkable | None) -> Consent:
        row = one.row
        given = {field_of(use): True for use in row.uses}
        understood = dict.fromkeys(UNDERSTOOD, row.understood)
        channel = f" Channel: {row.channel}." if row.channel else ""
        return Consent(
            person=person,
            form=one.form,
            signer=row.signer,
            guardian=self._guardian(row, person),
            legally_entitled=row.legally_entitled,
            capacity=row.capacity,
            assent=row.assent,
            assent_note=row.assent_note,
            page_id=story.page.pk if story is not None and row.only_this_story else None,
            material=f"Recorded from a file of consents.{channel}",
            starts_at=row.starts_at,
            until=row.until,
            signed_on=row.given_on,
            witness=row.witness,
            collected_by=row.collected_by,
            **given,
            **understood,
        )

    def _guardian(self, row: ConsentRow, person: Person) -> Person | None:
        if row.signer == Consent.Signer.SELF:
            return None
        if not row.signed_by:
            raise Refused("Someone else signed for the person. Fill in ‘signed_by’ with their name.")
        guards = Guardianship.objects.filter(person=person).select_related("guardian")
        known = next(
            (one.guardian for one in guards if fold(one.guardian.private_name) == fold(row.signed_by)), None
        )
        if known is not None:
            return known
        guardian = _stored(Person(private_name=row.signed_by, display_name=row.signed_by.split()[0][:80]))
        Guardianship.objects.create(
            person=person,
            guardian=guardian,
            relationship=Guardianship.Relationship.NEXT_OF_KIN
            if row.signer == Consent.Signer.NEXT_OF_KIN
            else Guardianship.Relationship.PARENT,
        )
        return guardian


def _usable(person: Person, row: ConsentRow) -> Person:
    if person.erased_at:
        raise Refused(f"{person} asked for their data to be erased. No consent is recorded.")
    if row.name and fold(row.name) != fold(person.private_name):
        raise Refused(
            f"The name in the row differs from that on record for {person}. Correct one of the two."
        )
    return person


def _stored(person: Person) -> Person:
    person.full_clean()
    # A new person refers to nothing: Wagtail's index of references has nothing to note.
    with disable_reference_index_auto_update():
        person.save()
    return person
