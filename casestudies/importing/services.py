"""Writes cases as drafts, once each, and never over what an editor changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.text import slugify
from wagtail.models import Orderable

from casestudies.downloads.exchange import current_values
from casestudies.importing.files import CaseInFile
from casestudies.importing.matching import Vocabulary
from casestudies.importing.records import CaseRecord, Refused
from casestudies.models import (
    CaseAuthor,
    CaseStudyIndexPage,
    CaseStudyPage,
    ImportedCase,
    Observation,
    Reference,
    TimelineEntry,
    TreatmentGiven,
)
from casestudies.models.imported import key_of

Action = Literal["created", "updated", "unchanged", "refused"]
TABLES: dict[str, type[Orderable]] = {
    "authors": CaseAuthor,
    "timeline": TimelineEntry,
    "treatments_given": TreatmentGiven,
    "observations": Observation,
    "references": Reference,
}
# So many cases are committed together: an import that is broken off has lost no more, and the next run goes
# on.
BATCH = 25


@dataclass(frozen=True)
class Line:
    """What became of one case. `notes`: what was kept as an editor left it, what could not be used."""

    place: str
    action: Action
    title: str = ""
    notes: tuple[str, ...] = ()
    page: int | None = None


@dataclass
class Report:
    lines: list[Line] = field(default_factory=list)

    def count(self, action: Action) -> int:
        return sum(line.action == action for line in self.lines)

    def as_dict(self) -> dict[str, int]:
        """As all importers end with --json."""
        actions: tuple[Action, ...] = ("created", "updated", "unchanged", "refused")
        return {action: self.count(action) for action in actions}


class _DryRun(Exception):
    """Rolls a batch back."""


@dataclass
class _Run:
    """What one import works with. `seen`: places of the ids met so far."""

    source: str
    by: User | None
    parent: CaseStudyIndexPage
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    seen: dict[str, str] = field(default_factory=dict)


def import_cases(
    *,
    found: Iterable[CaseInFile],
    source: str,
    by: User | None,
    parent: CaseStudyIndexPage,
    dry_run: bool = False,
    tell: Callable[[Line], None] | None = None,
) -> Report:
    """Import every case of `found` under `parent`, as a draft. Refuse a case that fails, and go on.

    `by` None is the site itself (a command run without a name). The same record again changes nothing; a
    changed record changes what no editor has changed since.
    """
    report, cases, run = Report(), iter(found), _Run(source, by, parent)
    while batch := list(islice(cases, BATCH)):
        lines: list[Line] = []
        try:
            with transaction.atomic():
                lines = [_line(one, run) for one in batch]
                if dry_run:
                    raise _DryRun
        except _DryRun:
            pass
        for line in lines:
            report.lines.append(line)
            if tell:
                tell(line)
    return report


def _line(found: CaseInFile, run: _Run) -> Line:
    record = found.record
    if record is None:
        return Line(found.place, "refused", notes=(found.problem,))
    title = str(record.fields.get("title", ""))
    if first := run.seen.get(record.external_id):
        return Line(
            found.place, "refused", title, (f"The same id as {first}: one of them is not this case.",)
        )
    run.seen[record.external_id] = found.place
    try:
        with transaction.atomic():
            action, notes, page = _take_in(record, run)
    except ValidationError as error:
        return Line(found.place, "refused", title, tuple(_sentences(error)))
    except Refused as error:
        return Line(found.place, "refused", title, (str(error),))
    except DatabaseError as error:
        return Line(found.place, "refused", title, (f"The database refused it: {error}",))
    return Line(
        found.place, action, title, (*notes, *(record.remarks if action != "unchanged" else ())), page
    )


def _take_in(record: CaseRecord, run: _Run) -> tuple[Action, list[str], int | None]:
    key = key_of(run.source, record.external_id)
    known = ImportedCase.objects.select_for_update().filter(source=run.source, key=key).first()
    if known is None:
        return _create(record, run)
    if known.page_id is None:
        return "unchanged", ["It was deleted here, and stays so."], None
    if known.digest == record.digest:
        return "unchanged", [], known.page_id
    return _update(known, record, run)


def _create(record: CaseRecord, run: _Run) -> tuple[Action, list[str], int | None]:
    page = CaseStudyPage(live=False, has_unpublished_changes=True, owner=run.by, **record.fields)
    page.slug = _free_slug(page.title, key_of(run.source, record.external_id))
    for name, rows in record.tables.items():
        setattr(page, name, _made(name, rows))
    page.conditions = run.vocabulary.conditions(record.codes, record.names)
    page.treatments = run.vocabulary.treatments(record.treatments)
    _check(page)
    # On a fresh copy: treebeard keeps the number of children on the instance.
    CaseStudyIndexPage.objects.get(pk=run.parent.pk).add_child(instance=page)
    page.save_revision(user=run.by, clean=False, log_action=True)
    ImportedCase.objects.create(
        source=run.source,
        external_id=record.external_id,
        page=page,
        format=record.format,
        source_record=record.source_record,
        imported=_written(page, record),
        digest=record.digest,
    )
    notes = [] if page.conditions.all() else ["No condition of ours has its code or name: tag it by hand."]
    return "created", notes, page.pk


def _update(known: ImportedCase, record: CaseRecord, run: _Run) -> tuple[Action, list[str], int | None]:
    published: Any = known.page
    page = published.get_latest_revision_as_object()
    before, now = known.imported, current_values(page, known.imported)
    mine = {name for name in before if now[name] != before[name]}
    wanted: dict[str, Any] = {**record.fields, **record.tables}
    changed, kept = [], []
    for name in sorted({*wanted, *before}):
        table = name in TABLES
        field_: Any = None if table else CaseStudyPage._meta.get_field(name)
        empty: Any = [] if table else field_.get_default()
        value = wanted.get(name, empty)
        held = current_values(page, {name: value})[name]
        if held == value:
            continue
        # What an import never wrote is an editor's as soon as something stands there.
        if name in mine or (name not in before and held not in (empty, [], "", None)):
            kept.append(name)
            continue
        setattr(page, name, _made(name, value) if table else value)
        changed.append(name)
    for name, terms in (
        ("conditions", run.vocabulary.conditions(record.codes, record.names)),
        ("treatments", run.vocabulary.treatments(record.treatments)),
    ):
        if terms and not getattr(page, name).all():
            setattr(page, name, terms)
            changed.append(name)
    if changed:
        _check(page)
        page.save_revision(user=run.by, clean=False, log_action=True)
    fresh = _written(page, record)
    known.imported = {**fresh, **{name: before[name] for name in kept if name in before}}
    known.source_record, known.digest, known.format = record.source_record, record.digest, record.format
    known.save()
    notes = [f"Kept as an editor left it: {', '.join(kept)}."] if kept else []
    return ("updated" if changed else "unchanged"), notes, page.pk


def _made(table: str, rows: list[dict[str, Any]]) -> list[Any]:
    made = []
    for number, row in enumerate(rows):
        one: Any = TABLES[table](sort_order=number, **row)
        if isinstance(one, Observation):
            one.adopt()
        made.append(one)
    return made


def _written(page: CaseStudyPage, record: CaseRecord) -> dict[str, Any]:
    """What stands on the page where the record was written, as JSON keeps it."""
    return current_values(page, {**record.fields, **record.tables})


def _check(page: CaseStudyPage) -> None:
    """The rules of every field and row, as in the editor. Raises ValidationError, naming them."""
    problems: list[str] = []
    try:
        page.full_clean(
            exclude=["path", "depth", "slug", "translation_key", "locale", "content_type", "latest_revision"]
        )
    except ValidationError as error:
        problems += _sentences(error)
    for name in TABLES:
        for place, row in enumerate(getattr(page, name).all(), start=1):
            try:
                row.full_clean(exclude=["page"])
            except ValidationError as error:
                problems += [f"{name}, entry {place}: {said}" for said in _sentences(error)]
    if problems:
        raise ValidationError(problems)


def _sentences(error: ValidationError) -> list[str]:
    if hasattr(error, "error_dict"):
        return [f"{name}: {' '.join(said)}" for name, said in error.message_dict.items()]
    return list(error.messages)


def _free_slug(title: str, key: str) -> str:
    """The title's words with a piece of the key: many cases of one condition have one title."""
    return f"{slugify(title)[:80].strip('-') or 'case'}-{key[:8]}"
