"""Records consents from a file, each through `consent.services`, once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import DatabaseError, transaction
from wagtail.models import Page

from audit.actors import Actor
from conditions.words import fold
from consent import services
from consent.models import Consent, ConsentForm, Person
from consent.models.person import Guardianship
from consent.uses import UNDERSTOOD, field_of
from experiences.models import StoryPage
from importing.consent_rows import ConsentRow, consent_row
from importing.models import ImportedConsent, ImportedPerson, ImportedStory, key_of, story_key
from importing.records import Refused, Row, within
from importing.report import Line, Report
from importing.scans import check_scan


class Recorder:
    """Records the consents of one file.

    `folder`: where the signed forms are. `form`: the form that was signed, where a row names none.
    """

    def __init__(
        self, *, source: str, folder: Path, by: Actor, form: ConsentForm | None, dry_run: bool = False
    ) -> None:
        self.source, self.folder, self.by, self.form, self.dry_run = source, folder, by, form, dry_run

    def record_all(
        self, rows: Iterable[Row], report: Report, progress: Callable[[], None] = lambda: None
    ) -> Report:
        """Record each row in a transaction of its own and add a line for each to `report`."""
        for row in rows:
            report.add(self.line(row))
            progress()
        return report

    def line(self, row: Row) -> Line:
        """Record one row and return what became of it."""
        name = str(row.cells.get("story") or row.cells.get("person") or "")[:200]
        try:
            read = consent_row(row)
            scan = self._scan(read)
            action, page, notes = self._record(read, scan)
        except Refused as error:
            return Line(row.place, "refused", name, notes=(str(error),))
        except ValidationError as error:
            return Line(row.place, "refused", name, notes=tuple(sentences(error)))
        except DatabaseError as error:
            return Line(row.place, "refused", name, notes=(f"The database refused it: {error}",))
        return Line(row.place, action, name, ", ".join(read.uses), page, notes)

    @transaction.atomic
    def _record(self, row: ConsentRow, scan: Path | None) -> tuple[Any, int | None, tuple[str, ...]]:
        form = self._form(row)
        key = key_of("consent", self.source, f"{row.subject}\0{row.given_on}\0{form.pk}")
        content = hashlib.sha256(scan.read_bytes()).hexdigest() if scan else ""
        digest = row.digest(content)
        known = ImportedConsent.objects.filter(key=key).first()
        if known is not None:
            if known.digest == digest:
                return "unchanged", None, ()
            raise Refused(
                f"A consent of that day is recorded already (consent {known.consent_id}) with other content. "
                "A signed consent is not changed by an import: change it in the admin, with the reason."
            )
        page = self._page(row)
        person = self._person(row, page)
        if page is not None:
            self._link(page, person)
        consent = services.record_consent(consent=self._consent(row, person, page, form, scan), by=self.by)
        ImportedConsent.objects.create(key=key, digest=digest, consent=consent)
        if self.dry_run:
            transaction.set_rollback(True)
        return "created", page.pk if page else None, ()

    def _consent(
        self, row: ConsentRow, person: Person, page: Any, form: ConsentForm, scan: Path | None
    ) -> Consent:
        given = {field_of(use): True for use in row.uses}
        understood = dict.fromkeys(UNDERSTOOD, row.understood)
        channel = f" Channel: {row.channel}." if row.channel else ""
        consent = Consent(
            person=person,
            form=form,
            signer=row.signer,
            guardian=self._guardian(row, person),
            legally_entitled=row.legally_entitled,
            capacity=row.capacity,
            assent=row.assent,
            assent_note=row.assent_note,
            page=Page.objects.get(pk=page.pk) if page is not None and row.only_this_story else None,
            material=f"Recorded from a file of consents.{channel}",
            starts_at=row.starts_at,
            until=row.until,
            signed_on=row.given_on,
            witness=row.witness,
            collected_by=row.collected_by,
            **given,
            **understood,
        )
        if scan is not None and not self.dry_run:
            # Checked above. Stored when the consent is saved, so that a refused row leaves no file.
            consent.signature = File(scan.open("rb"), name=scan.name)
        return consent

    # What a row refers to -----------------------------------------------------------------------------------

    def _scan(self, row: ConsentRow) -> Path | None:
        if not row.scan:
            return None
        path = within(self.folder, row.scan)
        if path is None:
            raise Refused(
                f"The signed form ‘{row.scan}’ is not in {self.folder}. Put it there or correct the name."
            )
        check_scan(path)
        return path

    def _form(self, row: ConsentRow) -> ConsentForm:
        if not row.form:
            if self.form is None:
                raise Refused("It is not clear which form was signed. Name it in ‘form’ or with --form.")
            return self.form
        return form_named(row.form)

    def _page(self, row: ConsentRow) -> Any:
        if not row.story:
            return None
        imported = ImportedStory.objects.filter(key=story_key(self.source, row.story)).first()
        if imported is None or imported.page_id is None:
            raise Refused(
                f"No story with the id ‘{row.story}’ was imported from ‘{self.source}’. Import the stories "
                "first, or name the same --source."
            )
        return StoryPage.objects.get(pk=imported.page_id)

    def _person(self, row: ConsentRow, page: Any) -> Person:
        """Return the person of the row, who is stored if the archive names them for the first time."""
        linked = page.get_latest_revision_as_object().person if page is not None else None
        if row.person.startswith("#"):
            number = row.person[1:]
            found = (
                Person.objects.filter(pk=number).first() if number.isascii() and number.isdigit() else None
            )
            if found is None:
                raise Refused(f"There is no person {row.person} here.")
            return self._usable(found, row)
        key = key_of("person", self.source, row.subject)
        known = ImportedPerson.objects.filter(key=key).select_related("person").first()
        if known is not None:
            return self._usable(known.person, row)
        person = self._usable(linked, row) if linked is not None else self._new_person(row, page)
        ImportedPerson.objects.create(key=key, person=person)
        return person

    def _usable(self, person: Person, row: ConsentRow) -> Person:
        if person.erased_at:
            raise Refused(f"{person} asked for their data to be erased. No consent is recorded.")
        if row.name and fold(row.name) != fold(person.private_name):
            raise Refused(
                f"The name in the row differs from that on record for {person}. Correct one of the two."
            )
        return person

    def _new_person(self, row: ConsentRow, page: Any) -> Person:
        if not row.name:
            raise Refused(
                "The row has no name. Fill in ‘name’ with the real name of the person; it is private."
            )
        shown = row.display_name or (page.get_latest_revision_as_object().patient_name if page else "")
        person = Person(
            private_name=row.name,
            display_name=(shown or row.name.split()[0])[:80],
            birth_date=row.birth_date,
            birth_year=row.birth_year or (row.birth_date.year if row.birth_date else None),
            email=row.email,
        )
        person.full_clean()
        person.save()
        return person

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
        guardian = Person(private_name=row.signed_by, display_name=row.signed_by.split()[0][:80])
        guardian.full_clean()
        guardian.save()
        Guardianship.objects.create(
            person=person,
            guardian=guardian,
            relationship=Guardianship.Relationship.NEXT_OF_KIN
            if row.signer == Consent.Signer.NEXT_OF_KIN
            else Guardianship.Relationship.PARENT,
        )
        return guardian

    def _link(self, page: Any, person: Person) -> None:
        """Link the draft to its person, if it is not linked yet."""
        draft = page.get_latest_revision_as_object()
        if draft.person_id == person.pk:
            return
        if draft.person_id is not None:
            raise Refused(
                f"The story is linked to {draft.person}, and the row names {person}. Correct one of the two."
            )
        draft.person = person
        draft.save_revision(user=self.by.user, clean=False, log_action=True)
        if not page.live:
            # Also in the page itself, where an erasure looks for the person's pages.
            page.person = person
            page.save(update_fields=["person"], clean=False)


def form_named(name: str) -> ConsentForm:
    """Return the form written 'Patient story, en, 2026-01'. Raises Refused."""
    for form in ConsentForm.objects.all():
        if fold(str(form)) == fold(name):
            return form
    known = "; ".join(map(str, ConsentForm.objects.all()[:10])) or "none"
    raise Refused(f"There is no consent form ‘{name[:100]}’. Forms on record: {known}.")


def only_form() -> ConsentForm | None:
    """Return the form if the site has exactly one."""
    forms = list(ConsentForm.objects.all()[:2])
    return forms[0] if len(forms) == 1 else None


def sentences(error: ValidationError) -> list[str]:
    if hasattr(error, "error_dict"):
        return [f"{name}: {' '.join(said)}" for name, said in error.message_dict.items()]
    return list(error.messages)
