"""The preview of a transcript before it is imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interviews.import_plan import ImportPlan, speakers_in
from interviews.importing import plan_for
from interviews.models import Excerpt, Interview
from interviews.models.interview import Role
from interviews.speaker_roles import suggested_roles
from media.transcript_text import clock
from transcripts import TranscriptRead, Unreadable, read_all
from transcripts.cues import Cue
from transcripts.doubts import LEEWAY, doubts_about
from transcripts.formats import NAMES
from uploads.pending_uploads import PendingUpload

FIRST_CUES = 8
MOST_LISTED = 200  # cues of one kind of change; the totals count all
MOST_UNUSED = 5000
# A transcript that shares less than this with the current one is probably of another interview.
SAME_TRANSCRIPT = 0.5


@dataclass(frozen=True)
class PreviewSpeaker:
    """A speaker: the name in the file (`name_in_file`, '' for none), and the new name."""

    number: int
    name_in_file: str
    name: str
    role: str
    cues: int
    sample: str


@dataclass(frozen=True)
class CueDifference:
    """A cue before and after the import; '' where it does not exist."""

    when: str
    was: str
    now: str


@dataclass(frozen=True)
class PreviewCue:
    """A cue as it is shown: time, speaker, words."""

    when: str
    speaker: str
    text: str


@dataclass(frozen=True)
class UnusedLine:
    """A line of the file that could not be used."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class Preview:
    """Everything that the preview page shows. `doubts`: why it may be wrong to import this."""

    plan: ImportPlan
    file_names: str
    token: str
    format: str
    count: int
    duration: str
    speakers: list[PreviewSpeaker]
    roles: list[tuple[str, str]]
    first: list[PreviewCue]
    unused: list[UnusedLine]
    unused_count: int
    notes: list[str]
    doubts: list[str]
    warnings: list[str]
    again: bool
    added: list[CueDifference]
    changed: list[CueDifference]
    removed: list[CueDifference]
    lost: list[Excerpt]


def read_pending(pending: PendingUpload, language: str) -> TranscriptRead:
    """Return the transcript in the uploaded files, of an interview in `language`.

    Raises Unreadable, with a sentence for the editor.
    """
    found = read_all(pending.files, language=language)
    if not any(cue.text for cue in found.cues):
        raise Unreadable(_("No words were found in the file. Did you choose the right file?"))
    return found


def names_given(read: TranscriptRead, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the editor's name for each speaker in the file; an empty box leaves the name as it is."""
    return {
        speaker: " ".join(str(data.get(f"name-{number}") or speaker).split())
        for number, speaker in enumerate(speakers_in(read))
    }


def roles_given(read: TranscriptRead, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the role of each speaker by the name that the editor gave."""
    names = names_given(read, data)
    return {
        names[speaker]: str(data.get(f"role-{number}") or "")
        for number, speaker in enumerate(speakers_in(read))
    }


def preview(
    interview: Interview, pending: PendingUpload, read: TranscriptRead, data: Mapping[str, Any] | None = None
) -> Preview:
    """Return the preview of `pending`. With `data`, names and roles are as the editor typed them."""
    plan = plan_for(interview, read, names_given(read, data) if data else None)
    new = plan.read.cues
    return Preview(
        plan=plan,
        file_names=pending.names,
        token=pending.token,
        format=NAMES.get(read.format, read.format),
        count=len(new),
        duration=clock(read.duration) if read.duration else "",
        speakers=_speakers(interview, read, plan, roles_given(read, data) if data else None),
        roles=[("", _("No role")), *((role.value, str(role.label)) for role in Role)],
        first=[PreviewCue(clock(cue.start), cue.speaker, cue.text[:400]) for cue in new[:FIRST_CUES]],
        unused=[UnusedLine(one.line, one.text[:500], one.reason) for one in read.unused[:MOST_UNUSED]],
        unused_count=len(read.unused),
        notes=read.notes,
        doubts=_doubts(interview, plan),
        warnings=_warnings(plan),
        again=bool(plan.before),
        added=[
            CueDifference(clock(new[at].start), "", _cue_words(new[at])) for at in plan.added[:MOST_LISTED]
        ],
        changed=[
            CueDifference(clock(new[at].start), _cue_words(plan.before[old]), _cue_words(new[at]))
            for old, at in plan.changed[:MOST_LISTED]
        ],
        removed=[
            CueDifference(clock(plan.before[old].start), _cue_words(plan.before[old]), "")
            for old in plan.removed[:MOST_LISTED]
        ],
        lost=plan.lost,
    )


def _cue_words(cue: Any) -> str:
    text = cue.text if len(cue.text) <= 400 else f"{cue.text[:400]} …"
    return f"{cue.speaker}: {text}" if cue.speaker else text


def _speakers(
    interview: Interview, read: TranscriptRead, plan: ImportPlan, roles: dict[str, str] | None
) -> list[PreviewSpeaker]:
    lines = Counter(cue.speaker for cue in read.cues)
    samples: dict[str, Cue] = {}
    for cue in read.cues:
        best = samples.get(cue.speaker)
        # The first longer line: 'Hm.' does not show who is speaking.
        if best is None or (len(best.text) < 30 <= len(cue.text)):
            samples[cue.speaker] = cue
    if roles is None:
        suggested = suggested_roles(plan.read.cues, interview.interviewer)
        roles = {**suggested, **{c.speaker: c.role for c in interview.contributors.all() if c.speaker}}
    return [
        PreviewSpeaker(
            number,
            speaker,
            plan.names[speaker],
            roles.get(plan.names[speaker], ""),
            lines[speaker],
            samples[speaker].text[:140],
        )
        for number, speaker in enumerate(speakers_in(read))
    ]


def _doubts(interview: Interview, plan: ImportPlan) -> list[str]:
    doubts = doubts_about(plan.read, language=interview.language, recorded=interview.duration)
    lasts, recorded = plan.read.duration, interview.duration or 0.0
    if plan.before and plan.share_kept < SAME_TRANSCRIPT:
        share = round(plan.share_kept * 100)
        doubts.append(
            _(
                "Only %(share)d %% of the words are the same as before. "
                "Is this a transcript of another interview?"
            )
            % {"share": share}
        )
    if recorded and lasts > recorded + LEEWAY:
        doubts.append(
            _(
                "The transcript ends at %(end)s, but the recording is only %(length)s long. "
                "Do they belong together?"
            )
            % {"end": clock(lasts), "length": clock(recorded)}
        )
    return doubts


def _warnings(plan: ImportPlan) -> list[str]:
    warnings = []
    if not plan.read.duration:
        warnings.append(
            _(
                "The file has no time codes, so you cannot jump to a time in the recording. "
                "Everything else works."
            )
        )
    lost = len(plan.newly_lost)
    if lost:
        warnings.append(
            ngettext(
                "%(count)d excerpt would lose its place. It is kept, and you can place it again.",
                "%(count)d excerpts would lose their place. They are kept, and you can place them again.",
                lost,
            )
            % {"count": lost}
        )
    return warnings
