"""Imports a transcript into an interview, for the first time or corrected, and keeps excerpts attached."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F

from interviews.import_plan import ImportPlan, Placement, plan_import, speakers_in
from interviews.models import (
    Cue,
    Excerpt,
    IdentifierDecision,
    Interview,
    InterviewContributor,
    Transcript,
)
from interviews.models.interview import Role
from interviews.progress import refresh_state
from media.on_commit import after_commit
from media.validation.upload_checks import run_upload_checks
from transcripts import TranscriptRead, Unreadable, read_all
from uploads.errors import EditorError

BATCH = 500
# An offset beyond the end of any cue. Decisions are there while they change places, since each place is
# unique.
ASIDE = 1_000_000_000


@dataclass(frozen=True)
class ImportReport:
    """Numbers of cues and excerpts in an import. `changed` counts cues whose words or speaker differ.

    `lost` holds the excerpts whose words are gone; they are kept and listed.
    """

    cues: int
    added: int
    changed: int
    removed: int
    attached: int
    lost: list[Excerpt] = field(default_factory=list)


class EmptyTranscript(EditorError):
    """The file has no words."""


def checked(read: TranscriptRead) -> TranscriptRead:
    """Return `read`. Raises EmptyTranscript, with a sentence for the editor, if it has no words."""
    if not any(cue.text for cue in read.cues):
        raise EmptyTranscript("No words were found in the file. Did you choose the right file?")
    return read


def plan_for(interview: Interview, read: TranscriptRead, names: dict[str, str] | None = None) -> ImportPlan:
    """Return what importing `read` would change.

    Without `names`, speakers keep the names that editors gave them.
    """
    return plan_import(interview, checked(read), names=names, names_before=names_in_source(interview))


@transaction.atomic
def import_transcript(
    *,
    interview: Interview,
    read: TranscriptRead,
    by: User | None,
    source: bytes = b"",
    filename: str = "",
    names: dict[str, str] | None = None,
) -> ImportReport:
    """Make `read` the transcript of `interview`, its speakers renamed by `names`.

    Cues that are the same, edited, or moved keep their keys; excerpts and decisions follow their words by
    text and order. Texts that editors wrote are kept. Raises EmptyTranscript, and ValidationError for a file
    that is blocked.
    """
    if source:
        run_upload_checks(ContentFile(source))
    # A lock on the interview: two imports at the same time would mix.
    interview = Interview.objects.select_for_update().get(pk=interview.pk)
    plan = plan_for(interview, read, names)
    if plan.before:
        _replace(interview, plan)
    else:
        Cue.objects.bulk_create(_cues(interview, plan.read), BATCH)
    transcript, _made = Transcript.objects.update_or_create(
        interview=interview,
        defaults={
            "format": read.format,
            "unused": [asdict(one) for one in read.unused],
            "notes": read.notes,
            "imported_by": by,
        },
    )
    if source:
        _keep_source(transcript, source, filename or f"transcript.{read.format}")
    refresh_state(interview)
    return ImportReport(
        len(plan.read.cues), len(plan.added), len(plan.changed), len(plan.removed), plan.attached, plan.lost
    )


def _keep_source(transcript: Transcript, source: bytes, filename: str) -> None:
    """Keep the original file, and delete the previous file after commit."""
    old, storage = transcript.source.name, transcript.source.storage
    transcript.source.save(filename, ContentFile(source), save=True)
    if old:
        after_commit(storage.delete, old)


def _cues(interview: Interview, read: TranscriptRead) -> list[Cue]:
    return [
        Cue(
            interview=interview,
            position=position,
            start=cue.start,
            end=cue.end,
            speaker=cue.speaker[:120],
            text=cue.text,
        )
        for position, cue in enumerate(read.cues)
    ]


CUE_FIELDS = ("position", "start", "end", "speaker", "text")


def _replace(interview: Interview, plan: ImportPlan) -> None:
    after = _cues(interview, plan.read)
    changed: list[Cue] = []
    for old, new in plan.alignment.cues.items():
        cue, fresh = plan.before[old], after[new]
        if any(getattr(cue, name) != getattr(fresh, name) for name in CUE_FIELDS):
            for name in CUE_FIELDS:
                setattr(cue, name, getattr(fresh, name))
            changed.append(cue)
        after[new] = cue
    Cue.objects.bulk_create([after[position] for position in plan.added], BATCH)
    Cue.objects.bulk_update(changed, CUE_FIELDS, BATCH)
    for excerpt in plan.marked:
        _attach(excerpt, plan.excerpts[excerpt.pk], after)
    Excerpt.objects.bulk_update(
        plan.marked,
        [
            "start_cue",
            "start_offset",
            "end_cue",
            "end_offset",
            "speaker",
            "verbatim",
            "text",
            "clip_in",
            "clip_out",
            "placed",
            "rev",
        ],
        BATCH,
    )
    _move_decisions(interview, plan, after)
    interview.cues.filter(pk__in=[plan.before[index].pk for index in plan.removed]).delete()


def _attach(excerpt: Excerpt, placement: Placement | None, cues: Sequence[Cue]) -> None:
    """Attach the excerpt to its new place. The exact words follow the correction; the editor's text stays."""
    was = (excerpt.placed, excerpt.speaker, excerpt.verbatim, excerpt.clip_in, excerpt.clip_out)
    if placement is None:
        excerpt.start_cue = excerpt.end_cue = None
        excerpt.placed = False
    else:
        run = placement.run
        excerpt.start_cue, excerpt.start_offset = cues[run.start.cue], run.start.offset
        excerpt.end_cue, excerpt.end_offset = cues[run.end.cue], run.end.offset
        if excerpt.text == excerpt.verbatim:
            excerpt.text = run.verbatim
        excerpt.verbatim = run.verbatim
        excerpt.speaker = placement.speaker
        excerpt.clip_in, excerpt.clip_out = placement.clip_in, placement.clip_out
        excerpt.placed = True
    if was != (excerpt.placed, excerpt.speaker, excerpt.verbatim, excerpt.clip_in, excerpt.clip_out):
        excerpt.rev += 1


def _move_decisions(interview: Interview, plan: ImportPlan, after: Sequence[Cue]) -> None:
    """Move decisions to the new place of their words, and delete decisions on words that the correction
    removed.
    """
    decisions = interview.identifier_decisions
    moving: list[IdentifierDecision] = []
    for decision in decisions.all():
        place = plan.decisions.get(decision.pk)
        if place is None:
            continue
        cue = after[place[0]]
        if (decision.cue_id, decision.at, decision.end) != (cue.pk, *place[1:]):
            decision.cue, decision.at, decision.end = cue, place[1], place[2]
            moving.append(decision)
    decisions.filter(pk__in=[pk for pk, place in plan.decisions.items() if place is None]).delete()
    decisions.filter(pk__in=[one.pk for one in moving]).update(at=F("at") + ASIDE, end=F("end") + ASIDE)
    IdentifierDecision.objects.bulk_update(moving, ["cue", "at", "end"], BATCH)


@transaction.atomic
def set_roles(interview: Interview, roles: dict[str, str]) -> None:
    """Give each speaker a role, with one contributor for each speaker; a speaker with the role '' gets none.

    A contributor who has no speaker yet gets the first speaker with the same role.
    """
    there = list(InterviewContributor.objects.filter(interview=interview))
    for speaker, role in roles.items():
        if not speaker or role not in Role.values:
            continue
        one = next((c for c in there if c.speaker == speaker), None) or next(
            (c for c in there if not c.speaker and c.role == role), None
        )
        if one is None:
            one = InterviewContributor(interview=interview, sort_order=len(there))
            there.append(one)
        if (one.speaker, one.role) != (speaker, role) or one.pk is None:
            one.speaker, one.role = speaker, role
            one.save()


# The original file


def pack(files: Sequence[tuple[bytes, str]]) -> tuple[bytes, str]:
    """Return one file to keep, and its name: the file itself, or several files (Praat) in a ZIP archive."""
    if len(files) == 1:
        return files[0]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (data, name) in enumerate(files, 1):
            archive.writestr(f"{number}-{name}", data)
    return buffer.getvalue(), "transcripts.zip"


def unpack(data: bytes, name: str) -> list[tuple[bytes, str]]:
    """Return the files that `pack` was given."""
    if not name.endswith(".zip"):
        return [(data, name)]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(archive.read(one), one.partition("-")[2]) for one in archive.namelist()]


def names_in_source(interview: Interview) -> frozenset[str]:
    """Return the speakers' names in the last imported file; none without a file, or if it cannot be read."""
    transcript = Transcript.objects.filter(interview=interview).first()
    if transcript is None or not transcript.source:
        return frozenset()
    try:
        with transcript.source.open("rb") as file:
            found = read_all(unpack(file.read(), transcript.source.name or ""), language=interview.language)
    except (OSError, Unreadable, zipfile.BadZipFile):
        return frozenset()
    return frozenset(speakers_in(found))
