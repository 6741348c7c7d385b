"""Imports stories as drafts: once each, never live, and never over what an editor changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from experiences.models import StoryIndexPage
from importing import bulk, drafts, updating
from importing.columns import record_of
from importing.drafts import Planned
from importing.files import Files
from importing.formats import Source
from importing.models import ImportedStory
from importing.records import Refused, Row
from importing.report import Line, Report
from importing.vocabulary import Vocabulary

# So many rows are stored in one transaction: an import that is broken off loses no more, and the next run
# goes on from there.
BATCH = 200
MOST_UNKNOWN = 100  # headings that are listed


@dataclass
class Run:
    """What one import works with. `seen`: keys of the rows met so far, as numbers; `unknown`: headings."""

    source: str
    parent: StoryIndexPage
    files: Files
    by: User | None = None
    dry_run: bool = False
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    tags: drafts.Tags = field(default_factory=drafts.Tags)
    seen: set[int] = field(default_factory=set)
    unknown: dict[str, None] = field(default_factory=dict)


def import_stories(
    *,
    archive: Source,
    source: str,
    parent: StoryIndexPage,
    report: Report,
    by: User | None = None,
    dry_run: bool = False,
    progress: Callable[[float], None] = lambda _done: None,
) -> Report:
    """Import every row of `archive` under `parent` as a draft, and add a line for each to `report`.

    `source` and the id of a row name a story: the same row again changes nothing; a changed row becomes a new
    draft revision, or a conflict where an editor changed the same fields. A row that cannot be used is
    refused and the others are imported. Each batch of rows is one transaction, so that a run that is killed
    can be started again and ends as if it had not been. Raises Refused for an archive that cannot be read.
    """
    files = Files(archive.folder, by=by, dry_run=dry_run)
    run = Run(source, parent, files, by, dry_run, tags=drafts.Tags(store=not dry_run))
    rows = archive.rows()
    while batch := list(islice(rows, BATCH)):
        for line in _batch(batch, run):
            report.add(line)
        progress(archive.done)
    report.notes += archive.notes
    if run.unknown:
        listed = ", ".join(f"‘{heading}’" for heading in run.unknown)
        report.notes.append(
            f"These columns have no field; their cells are kept with each story: {listed}. Give them a field "
            "in a mapping file (--mapping) if they should have one."
        )
    return report


def _batch(rows: list[Row], run: Run) -> Iterator[Line]:
    """Import some rows; yield their lines in order."""
    lines: dict[int, Line] = {}
    plans: dict[int, Planned] = {}
    for number, row in enumerate(rows):
        try:
            plans[number] = _planned(row, run)
        except Refused as error:
            external_id = str(row.cells.get("id") or "")[:200]
            title = str(row.cells.get("title") or "")[:200]
            lines[number] = Line(row.place, "refused", external_id, title, notes=(str(error),))
    lines |= _taken_in(plans, run)
    for number in range(len(rows)):
        yield lines[number]


def _planned(row: Row, run: Run) -> Planned:
    if len(run.unknown) < MOST_UNKNOWN:
        run.unknown.update(dict.fromkeys(row.unknown))
    plan = drafts.planned(record_of(row), run.source, run.vocabulary, run.files)
    key = int(plan.key[:16], 16)
    if key in run.seen:
        raise Refused(
            f"The id ‘{plan.record.external_id}’ is used by a row above. Give each story its own id."
        )
    run.seen.add(key)
    return plan


def _taken_in(plans: dict[int, Planned], run: Run) -> dict[int, Line]:
    """Store what is new and what changed, and return the lines by number of the row."""
    known = _known(list(plans.values()))
    lines: dict[int, Line] = {}
    fresh: dict[int, tuple[Planned, bulk.NewDraft]] = {}
    for number, plan in plans.items():
        try:
            imported = known.get(plan.key)
            if imported is None:
                fresh[number] = (plan, _draft(plan, run))
            elif updating.is_unchanged(imported, plan):
                lines[number] = updating.unchanged_line(imported, plan)
            else:
                lines[number] = updating.take_in(imported, plan, run)
        except (Refused, ValidationError, DatabaseError) as error:
            lines[number] = _refusal(plan, error)
    if run.dry_run:
        return lines | {number: _created(plan, None) for number, (plan, _draft_) in fresh.items()}
    try:
        lines |= _create(fresh, run)
    except DatabaseError:
        run.tags.forget()
        # One of the rows is to blame: alone, the others can be stored.
        for number, one in fresh.items():
            try:
                lines |= _create({number: (one[0], _draft(one[0], run))}, run)
            except (Refused, DatabaseError) as error:
                lines[number] = _refusal(one[0], error)
    return lines


def _known(plans: list[Planned]) -> dict[str, ImportedStory]:
    keys = [plan.key for plan in plans]
    return {one.key: one for one in ImportedStory.objects.filter(key__in=keys)}


def _draft(plan: Planned, run: Run) -> bulk.NewDraft:
    picture = drafts.resolve_files(plan, run.files)
    words = run.vocabulary
    return bulk.NewDraft(
        drafts.new_page(plan, picture),
        drafts.follow_up_rows(plan.record),
        words.conditions.get(plan.terms["conditions"]),
        words.treatments.get(plan.terms["treatments"]),
        run.tags.named(plan.record.tags),
    )


@transaction.atomic
def _create(fresh: dict[int, tuple[Planned, bulk.NewDraft]], run: Run) -> dict[int, Line]:
    bulk.lock(run.parent)
    # Another import may have stored some of them since they were looked for.
    known = _known([plan for plan, _draft_ in fresh.values()])
    new = {number: one for number, one in fresh.items() if one[0].key not in known}
    bulk.create([draft for _plan, draft in new.values()], parent=run.parent, by=run.by)
    ImportedStory.objects.bulk_create(
        [
            ImportedStory(
                source=run.source,
                external_id=plan.record.external_id,
                key=plan.key,
                page=draft.page,
                digest=plan.digest,
                written=drafts.hashes_of(draft.page, sorted(plan.record.given)),
                note=plan.note,
            )
            for plan, draft in new.values()
        ]
    )
    return {
        number: _created(plan, draft.page.pk) if number in new else Line(
            plan.record.place, "unchanged", plan.record.external_id, plan.record.title
        )
        for number, (plan, draft) in fresh.items()
    }  # fmt: skip


def _created(plan: Planned, page: int | None) -> Line:
    return Line(
        plan.record.place, "created", plan.record.external_id, plan.record.title, page, notes_of(plan)
    )


def notes_of(plan: Planned) -> tuple[str, ...]:
    """Return what the report says about a story besides what became of it."""
    missing = [
        f"Not in the vocabulary ({column}): {', '.join(names)}." for column, names in plan.unmatched.items()
    ]
    return (*missing, *plan.record.remarks)


def _refusal(plan: Planned, error: Exception) -> Line:
    record = plan.record
    if isinstance(error, ValidationError):
        words = " ".join(error.messages)
    elif isinstance(error, DatabaseError):
        words = f"The database refused it: {error}"
    else:
        words = str(error)
    return Line(record.place, "refused", record.external_id, record.title, notes=(words,))
