"""Records consents from a file, each as `consent.services` records one, once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from audit.actors import Actor
from conditions.words import fold
from consent.models import ConsentForm
from importing.consent_batch import Batch, SignedRow
from importing.consent_rows import ConsentRow, consent_row
from importing.models import ImportedConsent, key_of
from importing.records import Refused, Row, within
from importing.report import Line, Report
from importing.scans import check_scan
from mentions import person_names

# So many rows are recorded in one transaction: a run that is broken off loses no more, and on SQLite no one
# else waits longer than it takes.
BATCH = 100


class Recorder:
    """Records the consents of one file.

    `folder`: where the signed forms are. `form`: the form that was signed, where a row names none.
    """

    def __init__(
        self, *, source: str, folder: Path, by: Actor, form: ConsentForm | None, dry_run: bool = False
    ) -> None:
        self.source, self.folder, self.by, self.form, self.dry_run = source, folder, by, form, dry_run
        self._forms: dict[str, ConsentForm] = {}

    def record_all(
        self, rows: Iterable[Row], report: Report, progress: Callable[[], None] = lambda: None
    ) -> Report:
        """Record the rows and add a line for each to `report`.

        A row that cannot be used is refused, and the others are recorded. Each batch of rows is one
        transaction, so that a run that is killed can be started again and goes on with the rest.
        """
        rows = iter(rows)
        while batch := list(islice(rows, BATCH)):
            for line in self.lines(batch):
                report.add(line)
            progress()
        return report

    def lines(self, rows: Sequence[Row]) -> list[Line]:
        """Record some rows and return what became of each, in their order."""
        lines: dict[int, Line] = {}
        signed: dict[int, SignedRow] = {}
        for number, row in enumerate(rows):
            try:
                signed[number] = self._signed(row)
            except (Refused, ValidationError) as error:
                lines[number] = _refusal(row, error)
        for number, refusal in self._damaged(signed).items():
            del signed[number]
            lines[number] = _refusal(rows[number], refusal)
        try:
            lines |= self._recorded(rows, signed)
        except DatabaseError:
            # One of the rows is to blame: alone, the others can be recorded.
            for number, one in signed.items():
                try:
                    lines |= self._recorded(rows, {number: one})
                except DatabaseError as error:
                    lines[number] = _refusal(rows[number], error)
        return [lines[number] for number in range(len(rows))]

    def _recorded(self, rows: Sequence[Row], signed: dict[int, SignedRow]) -> dict[int, Line]:
        """Record rows in one transaction, each in a savepoint, and return their lines."""
        batch = None
        try:
            with transaction.atomic():
                with person_names.together():
                    batch = Batch(
                        list(signed.values()), source=self.source, by=self.by, keeps_files=not self.dry_run
                    )
                    lines = {number: _line(rows[number], one, batch) for number, one in signed.items()}
                    batch.store()
                if self.dry_run:
                    transaction.set_rollback(True)
        except BaseException:
            if batch is not None:
                batch.remove_files()
            raise
        return lines

    # What a row says outside the database -------------------------------------------------------------------

    def _signed(self, row: Row) -> SignedRow:
        read = consent_row(row)
        scan, form = self._scan(read), self._form(read)
        content = hashlib.sha256(scan.read_bytes()).hexdigest() if scan else ""
        key = key_of("consent", self.source, f"{read.subject}\0{read.given_on}\0{form.pk}")
        return SignedRow(read, form, scan, key, read.digest(content))

    def _scan(self, row: ConsentRow) -> Path | None:
        if not row.scan:
            return None
        path = within(self.folder, row.scan)
        if path is None:
            raise Refused(
                f"The signed form ‘{row.scan}’ is not in {self.folder}. Put it there or correct the name."
            )
        return path

    def _damaged(self, signed: dict[int, SignedRow]) -> dict[int, Refused]:
        """Return why signed forms are not stored. Those of rows that are recorded already are not checked."""
        known = ImportedConsent.objects.filter(key__in=[one.key for one in signed.values()])
        digests = dict(known.values_list("key", "digest"))
        found = {}
        for number, one in signed.items():
            if one.scan is not None and digests.get(one.key) != one.digest:
                try:
                    check_scan(one.scan)
                except Refused as error:
                    found[number] = error
        return found

    def _form(self, row: ConsentRow) -> ConsentForm:
        if row.form:
            if row.form not in self._forms:
                self._forms[row.form] = form_named(row.form)
            return self._forms[row.form]
        if self.form is None:
            raise Refused("It is not clear which form was signed. Name it in ‘form’ or with --form.")
        return self.form


def _line(row: Row, one: SignedRow, batch: Batch) -> Line:
    """Record one row and return what became of it. A row that is refused leaves nothing behind."""
    uses = ", ".join(one.row.uses)
    try:
        if batch.is_known(one):
            return Line(row.place, "unchanged", _name(row), uses)
    except Refused as error:
        return _refusal(row, error)
    try:
        with transaction.atomic():
            page = batch.record(one)
    except (Refused, ValidationError, DatabaseError) as error:
        return _refusal(row, error)
    return Line(row.place, "created", _name(row), uses, page)


def _name(row: Row) -> str:
    return str(row.cells.get("story") or row.cells.get("person") or "")[:200]


def _refusal(row: Row, error: Exception) -> Line:
    if isinstance(error, ValidationError):
        notes = tuple(sentences(error))
    elif isinstance(error, DatabaseError):
        notes = (f"The database refused it: {error}",)
    else:
        notes = (str(error),)
    return Line(row.place, "refused", _name(row), notes=notes)


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
