"""What an editor sees of a transcript before it is imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interviews.admin.pending import Pending
from interviews.import_plan import ImportPlan, speakers_in
from interviews.importing import plan_for
from interviews.models import Excerpt, Interview
from interviews.models.interview import Role
from interviews.speaker_roles import suggested_roles
from media.transcript_text import clock
from transcripts import TranscriptRead, Unreadable, read_all
from transcripts.cues import Cue

FORMAT_NAMES = {
    "webvtt": "WebVTT",
    "srt": "SRT",
    "ohms": "OHMS",
    "textgrid": "Praat TextGrid",
    "docx": "Word (DOCX)",
    "csv": "CSV",
    "text": _("plain text"),
}
FIRST_CUES = 8
MOST_LISTED = 200  # cues of one kind of change; the numbers tell of all
MOST_UNUSED = 5000
# A transcript that shares less with the one before is probably of another interview.
SAME_TRANSCRIPT = 0.5
# Seconds by which a transcript may outlast its recording before it is worth a word.
LEEWAY = 5.0


@dataclass(frozen=True)
class Voice:
    """A speaker as the file names it (`said_as`, '' for nobody), and as it will be called."""

    number: int
    said_as: str
    name: str
    role: str
    cues: int
    sample: str


@dataclass(frozen=True)
class Difference:
    """A cue before and after; '' where it was not there."""

    when: str
    was: str
    now: str


@dataclass(frozen=True)
class Line:
    """A cue to be shown: when, who, what."""

    when: str
    speaker: str
    text: str


@dataclass(frozen=True)
class Unused:
    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class Preview:
    plan: ImportPlan
    file_names: str
    token: str
    format: str
    count: int
    duration: str
    voices: list[Voice]
    roles: list[tuple[str, str]]
    first: list[Line]
    unused: list[Unused]
    unused_count: int
    notes: list[str]
    warnings: list[str]
    again: bool
    added: list[Difference]
    changed: list[Difference]
    removed: list[Difference]
    lost: list[Excerpt]


def read_pending(pending: Pending) -> TranscriptRead:
    """Raises Unreadable, with a sentence for the editor."""
    found = read_all(pending.files)
    if not any(cue.text for cue in found.cues):
        raise Unreadable(_("The file has no words that could be read. Is it the right one?"))
    return found


def names_given(read: TranscriptRead, data: Mapping[str, Any]) -> dict[str, str]:
    """What the editor calls each voice of the file; an emptied box leaves the name as it is."""
    return {
        voice: " ".join(str(data.get(f"name-{number}") or voice).split())
        for number, voice in enumerate(speakers_in(read))
    }


def roles_given(read: TranscriptRead, data: Mapping[str, Any]) -> dict[str, str]:
    """The role of each voice by the name that the editor gave it."""
    names = names_given(read, data)
    return {
        names[voice]: str(data.get(f"role-{number}") or "") for number, voice in enumerate(speakers_in(read))
    }


def preview(
    interview: Interview, pending: Pending, read: TranscriptRead, data: Mapping[str, Any] | None = None
) -> Preview:
    """The preview of `pending`; with `data`, names and roles as the editor typed them."""
    plan = plan_for(interview, read, names_given(read, data) if data else None)
    new = plan.read.cues
    return Preview(
        plan=plan,
        file_names=pending.names,
        token=pending.token,
        format=FORMAT_NAMES.get(read.format, read.format),
        count=len(new),
        duration=clock(read.duration) if read.duration else "",
        voices=_voices(interview, read, plan, roles_given(read, data) if data else None),
        roles=[("", _("No role")), *((role.value, str(role.label)) for role in Role)],
        first=[Line(clock(cue.start), cue.speaker, cue.text[:400]) for cue in new[:FIRST_CUES]],
        unused=[Unused(one.line, one.text[:500], one.reason) for one in read.unused[:MOST_UNUSED]],
        unused_count=len(read.unused),
        notes=read.notes,
        warnings=_warnings(interview, plan),
        again=bool(plan.before),
        added=[Difference(clock(new[at].start), "", _said(new[at])) for at in plan.added[:MOST_LISTED]],
        changed=[
            Difference(clock(new[at].start), _said(plan.before[old]), _said(new[at]))
            for old, at in plan.changed[:MOST_LISTED]
        ],
        removed=[
            Difference(clock(plan.before[old].start), _said(plan.before[old]), "")
            for old in plan.removed[:MOST_LISTED]
        ],
        lost=plan.lost,
    )


def _said(cue: Any) -> str:
    text = cue.text if len(cue.text) <= 400 else f"{cue.text[:400]} …"
    return f"{cue.speaker}: {text}" if cue.speaker else text


def _voices(
    interview: Interview, read: TranscriptRead, plan: ImportPlan, roles: dict[str, str] | None
) -> list[Voice]:
    lines = Counter(cue.speaker for cue in read.cues)
    samples: dict[str, Cue] = {}
    for cue in read.cues:
        best = samples.get(cue.speaker)
        # The first line that says something: 'Hm.' tells nobody who speaks.
        if best is None or (len(best.text) < 30 <= len(cue.text)):
            samples[cue.speaker] = cue
    if roles is None:
        suggested = suggested_roles(plan.read.cues, interview.interviewer)
        roles = {**suggested, **{c.speaker: c.role for c in interview.contributors.all() if c.speaker}}
    return [
        Voice(
            number,
            voice,
            plan.names[voice],
            roles.get(plan.names[voice], ""),
            lines[voice],
            samples[voice].text[:140],
        )
        for number, voice in enumerate(speakers_in(read))
    ]


def _warnings(interview: Interview, plan: ImportPlan) -> list[str]:
    said = []
    lasts, recorded = plan.read.duration, interview.duration or 0.0
    if plan.before and plan.share_kept < SAME_TRANSCRIPT:
        share = round(plan.share_kept * 100)
        said.append(
            _(
                "Only %(share)d %% of the words are the same as before. Is this a transcript of another interview?"
            )
            % {"share": share}
        )
    if recorded and lasts > recorded + LEEWAY:
        said.append(
            _(
                "The transcript ends at %(end)s, but the recording lasts only %(length)s. Do they belong together?"
            )
            % {"end": clock(lasts), "length": clock(recorded)}
        )
    if not lasts:
        said.append(
            _("The file has no time codes: everything works but going to the moment in the recording.")
        )
    lost = len(plan.newly_lost)
    if lost:
        said.append(
            ngettext(
                "%(count)d excerpt would lose its place. It is kept, and you can place it again.",
                "%(count)d excerpts would lose their place. They are kept, and you can place them again.",
                lost,
            )
            % {"count": lost}
        )
    return said
