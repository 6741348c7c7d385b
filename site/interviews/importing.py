"""Brings a transcript into an interview, for the first time or corrected, and keeps excerpts attached."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F

from interviews.corrections import ImportPlan, Placement, plan_import, voices
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
from interviews.transcripts import TranscriptRead, Unreadable, read_all
from media.on_commit import after_commit
from media.validation.upload_checks import run_upload_checks

BATCH = 500
# Beyond the end of any cue: decisions are parked there while they change places, since each place takes one only.
ASIDE = 1_000_000_000


@dataclass(frozen=True)
class ImportReport:
    """What an import did, in numbers of cues and excerpts. `changed` are cues whose words or speaker differ.

    `lost` are excerpts whose words are gone: kept, listed, never thrown away.
    """

    cues: int
    added: int
    changed: int
    removed: int
    attached: int
    lost: list[Excerpt] = field(default_factory=list)


class EmptyTranscript(ValueError):
    """There is nothing to import: the file has no words."""


def checked(read: TranscriptRead) -> TranscriptRead:
    """`read`, if it has words. Raises EmptyTranscript, with a sentence for the editor."""
    if not any(cue.text for cue in read.cues):
        raise EmptyTranscript("The file has no words that could be read. Is it the right one?")
    return read


def plan_for(interview: Interview, read: TranscriptRead, names: dict[str, str] | None = None) -> ImportPlan:
    """What importing `read` would change; voices keep the names that editors gave them, unless `names` says more."""
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

    Cues that are the same, edited, or moved keep their keys; excerpts and decisions follow their words by text and
    order. What editors wrote stays. Raises EmptyTranscript, and ValidationError for a file that must not come back.
    """
    if source:
        run_upload_checks(ContentFile(source))
    # A lock on the interview: two imports at once would leave two halves.
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
    """Keep the file as it came; the one before it goes, once the database has let go of it."""
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


FIELDS = ("position", "start", "end", "speaker", "text")


def _replace(interview: Interview, plan: ImportPlan) -> None:
    after = _cues(interview, plan.read)
    changed: list[Cue] = []
    for old, new in plan.alignment.cues.items():
        cue, fresh = plan.before[old], after[new]
        if any(getattr(cue, name) != getattr(fresh, name) for name in FIELDS):
            for name in FIELDS:
                setattr(cue, name, getattr(fresh, name))
            changed.append(cue)
        after[new] = cue
    Cue.objects.bulk_create([after[position] for position in plan.added], BATCH)
    Cue.objects.bulk_update(changed, FIELDS, BATCH)
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
    """Put the excerpt where its words are now; its exact words follow the correction, what the editor wrote stays."""
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
    """Decisions go where their words are; those on words that were corrected away go with them."""
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
    """Give each voice its role among the contributors, one contributor a voice; '' leaves a voice without one.

    A contributor who was entered before without a voice takes the first voice of the same role.
    """
    there = list(InterviewContributor.objects.filter(interview=interview))
    for voice, role in roles.items():
        if not voice or role not in Role.values:
            continue
        one = next((c for c in there if c.speaker == voice), None) or next(
            (c for c in there if not c.speaker and c.role == role), None
        )
        if one is None:
            one = InterviewContributor(interview=interview, sort_order=len(there))
            there.append(one)
        if (one.speaker, one.role) != (voice, role) or one.pk is None:
            one.speaker, one.role = voice, role
            one.save()


# The file as it came -----------------------------------------------------------------------------------------


def pack(files: Sequence[tuple[bytes, str]]) -> tuple[bytes, str]:
    """One file to keep, and its name: the file itself, or several (Praat: one a speaker) in a ZIP archive."""
    if len(files) == 1:
        return files[0]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (data, name) in enumerate(files, 1):
            archive.writestr(f"{number}-{name}", data)
    return buffer.getvalue(), "transcripts.zip"


def unpack(data: bytes, name: str) -> list[tuple[bytes, str]]:
    """What `pack` was given."""
    if not name.endswith(".zip"):
        return [(data, name)]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(archive.read(one), one.partition("-")[2]) for one in archive.namelist()]


def names_in_source(interview: Interview) -> frozenset[str]:
    """How the file imported last names its voices; none where there is no file or it cannot be read any more."""
    transcript = Transcript.objects.filter(interview=interview).first()
    if transcript is None or not transcript.source:
        return frozenset()
    try:
        with transcript.source.open("rb") as file:
            found = read_all(unpack(file.read(), transcript.source.name or ""))
    except (OSError, Unreadable, zipfile.BadZipFile):
        return frozenset()
    return frozenset(voices(found))
