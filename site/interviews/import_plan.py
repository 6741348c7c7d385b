"""Plans what a transcript would change in an interview, before anything is written.

The editor sees this plan, and `importing` carries it out.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from interviews.alignment import Alignment, align, words_of
from interviews.excerpting import NoWords, Place, Run, Spoken, run_of, time_at
from interviews.models import Cue, Excerpt, IdentifierDecision, Interview
from transcripts import TranscriptRead


@dataclass(frozen=True)
class Placement:
    """The place of an excerpt in the new transcript; clip times in seconds, None without time codes."""

    run: Run
    speaker: str
    clip_in: float | None
    clip_out: float | None


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do.

    `read` is the transcript with its speakers renamed by `names` (as in the file -> as in the interview).
    `added` holds positions in it, `removed` indices of `before`, `changed` and `retimed` pairs of index and
    position: of cues whose words or speaker differ, and of cues that differ only in time. `excerpts` has the
    new place of each excerpt by its key, None if its words are gone; `decisions` has the position, start and
    end of the words of each decision.
    """

    read: TranscriptRead
    names: dict[str, str]
    before: list[Cue]
    alignment: Alignment
    added: list[int]
    removed: list[int]
    changed: list[tuple[int, int]]
    retimed: list[tuple[int, int]]
    excerpts: dict[int, Placement | None]
    decisions: dict[int, tuple[int, int, int] | None]
    marked: list[Excerpt]

    @property
    def lost(self) -> list[Excerpt]:
        """Return the excerpts that will have no place.

        They are kept and listed; the editor places them again.
        """
        return [one for one in self.marked if one.removed_at is None and not self.excerpts[one.pk]]

    @property
    def newly_lost(self) -> list[Excerpt]:
        """Return those of `lost` that have a place now."""
        return [one for one in self.lost if one.placed]

    @property
    def attached(self) -> int:
        """Return the number of excerpts that will have a place."""
        return sum(1 for one in self.marked if one.removed_at is None and self.excerpts[one.pk])

    @property
    def share_kept(self) -> float:
        """Return the share of the old words that the new transcript has too, from 0 to 1; 1 for a first
        import.
        """
        return len(self.alignment.words) / len(self.alignment.old) if self.alignment.old else 1.0

    @property
    def stamp(self) -> str:
        """Return a digest that changes with the cues, and with the excerpts that would be lost."""
        said = "\n".join(f"{cue.pk} {cue.speaker} {cue.text}" for cue in self.before)
        lost = " ".join(str(one.pk) for one in self.lost)
        return hashlib.sha256(f"{said}\n{lost}".encode()).hexdigest()[:16]


def speakers_in(read: TranscriptRead) -> list[str]:
    """Return the speakers as the file names them, in order of appearance; '' for cues without a speaker."""
    return list(dict.fromkeys(cue.speaker for cue in read.cues))


def plan_import(
    interview: Interview,
    read: TranscriptRead,
    *,
    names: dict[str, str] | None = None,
    names_before: Collection[str] = frozenset(),
) -> ImportPlan:
    """Return what `read` would change in `interview`. Writes nothing.

    Speakers are renamed by `names`. Without `names`, a speaker with the same name in the previous file
    (`names_before`) keeps the name that an editor gave it.
    """
    before = list(interview.cues.order_by("position"))
    alignment = align(before, read.cues) if before else Alignment([], [], {}, {})
    if names is None:
        names = _names_kept(before, read.cues, alignment, names_before)
    names = {speaker: " ".join(names.get(speaker, speaker).split())[:120] for speaker in speakers_in(read)}
    read = read.renamed(names)
    pairs = sorted(alignment.cues.items())
    differ = [pair for pair in pairs if _said(before[pair[0]]) != _said(read.cues[pair[1]])]
    same = set(pairs).difference(differ)
    moved = [pair for pair in pairs if pair in same and _when(before[pair[0]]) != _when(read.cues[pair[1]])]
    kept = set(alignment.cues.values())
    marked = list(interview.excerpts.in_story_order())
    places = {cue.pk: index for index, cue in enumerate(before)}
    return ImportPlan(
        read=read,
        names=names,
        before=before,
        alignment=alignment,
        added=[position for position in range(len(read.cues)) if position not in kept],
        removed=[index for index in range(len(before)) if index not in alignment.cues],
        changed=differ,
        retimed=moved,
        excerpts={one.pk: _placed(one, before, read.cues, alignment, places) for one in marked},
        decisions={
            one.pk: _relocate_decision(one, read.cues, alignment, places)
            for one in interview.identifier_decisions.all()
        },
        marked=marked,
    )


def _said(cue: Spoken) -> tuple[str, str]:
    return cue.speaker, cue.text


def _when(cue: Spoken) -> tuple[float | None, float | None]:
    return cue.start, cue.end


def _names_kept(
    before: Sequence[Cue], after: Sequence[Spoken], alignment: Alignment, names_before: Collection[str]
) -> dict[str, str]:
    """Return what each speaker is called in the interview, found by the words they say."""
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for old, new in alignment.cues.items():
        votes[after[new].speaker][before[old].speaker] += 1
    return {
        speaker: called
        for speaker, counts in votes.items()
        if speaker in names_before and (called := counts.most_common(1)[0][0])
    }


def _placed(
    excerpt: Excerpt,
    before: Sequence[Cue],
    after: Sequence[Spoken],
    alignment: Alignment,
    places: dict[int, int],
) -> Placement | None:
    first, last = places.get(excerpt.start_cue_id or 0), places.get(excerpt.end_cue_id or 0)
    if first is None or last is None:
        found = _found_again(excerpt.verbatim, after, alignment)
        run = _run(after, found, excerpt.speaker) if found else None
        return Placement(run, run.speaker, run.clip_in, run.clip_out) if run else None
    found = alignment.place(Place(first, excerpt.start_offset), Place(last, excerpt.end_offset))
    was = before[first].speaker
    # The speaker stays the same, unless it was renamed or the correction gives the words to another speaker.
    now = after[alignment.cues[first]].speaker if first in alignment.cues else was
    run = _run(after, found, now) if found else None
    if run is None:
        return None
    return Placement(
        run,
        run.speaker if excerpt.speaker == was else excerpt.speaker,
        *_clip(
            excerpt,
            run,
            time_at(before[first], excerpt.start_offset),
            time_at(before[last], excerpt.end_offset),
        ),
    )


def _run(cues: Sequence[Spoken], found: tuple[Place, Place], speaker: str) -> Run | None:
    start, end = found
    heard = {cue.speaker for cue in cues[start.cue : end.cue + 1]}
    try:
        return run_of(cues, start, end, interviewers=heard - {speaker} if speaker in heard else frozenset())
    except NoWords:
        return None


def _clip(
    excerpt: Excerpt, run: Run, was_in: float | None, was_out: float | None
) -> tuple[float | None, float | None]:
    """Return the clip times moved by as much as their words moved, so that an editor's fine tuning stays."""
    moments = (excerpt.clip_in, excerpt.clip_out, was_in, was_out, run.clip_in, run.clip_out)
    if any(moment is None for moment in moments):
        return run.clip_in, run.clip_out
    clip_in, clip_out, start, end, starts, ends = (float(moment or 0) for moment in moments)
    clip_in, clip_out = (
        round(max(0.0, clip_in + starts - start), 1),
        round(max(0.0, clip_out + ends - end), 1),
    )
    return (clip_in, clip_out) if clip_in < clip_out else (run.clip_in, run.clip_out)


def _found_again(verbatim: str, after: Sequence[Spoken], alignment: Alignment) -> tuple[Place, Place] | None:
    """Return where the words of a lost excerpt are, if they occur in exactly one place."""
    words = alignment.new or words_of(after)
    wanted = [word.norm for word in words_of([_Wording("", verbatim, None, None)])]
    if not wanted:
        return None
    norms = [word.norm for word in words]
    size = len(wanted)
    at = [
        index
        for index in range(len(norms) - size + 1)
        if norms[index] == wanted[0] and norms[index : index + size] == wanted
    ]
    if len(at) != 1:
        return None
    begin, finish = words[at[0]], words[at[0] + size - 1]
    return Place(begin.cue, begin.at), Place(finish.cue, finish.end)


@dataclass(frozen=True)
class _Wording:
    """A text in the shape of a cue."""

    speaker: str
    text: str
    start: float | None
    end: float | None


def _relocate_decision(
    decision: IdentifierDecision, after: Sequence[Spoken], alignment: Alignment, places: dict[int, int]
) -> tuple[int, int, int] | None:
    """Return the new place of the words of a decision; None if the correction removed them."""
    index = places.get(decision.cue_id)
    if index is None:
        return None
    found = alignment.place(Place(index, decision.at), Place(index, decision.end))
    if found is None or found[0].cue != found[1].cue:
        return None
    start, end = found
    at = after[start.cue].text.find(decision.text, start.offset, end.offset)
    return (start.cue, at, at + len(decision.text)) if at >= 0 else None
