"""Excerpts: create, attach to other words, change, move, remove and restore."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from interviews.excerpting import NoWords, Place, Run, run_of
from interviews.models import Cue, Excerpt, IdentifierDecision, Interview, Section, Topic
from interviews.progress import refresh_state
from interviews.services.errors import ChangedMeanwhile, Refused
from interviews.services.speakers import interviewers
from interviews.services.wording import replace_words
from transcripts.rating import sure

LONGEST_TEXT = 20_000
CHANGEABLE = ("text", "speaker", "section", "order", "clip_in", "clip_out")

# The key of a cue, and an offset in its text in code points.
CuePlace = tuple[int, int]


@transaction.atomic
def make_excerpt(
    *,
    interview: Interview,
    start: CuePlace,
    end: CuePlace,
    section: str,
    by: User,
    topics: Iterable[Topic] = (),
) -> Excerpt:
    """Create an excerpt of the words from `start` to `end`. Raises Refused.

    The exact words, the speaker, the question before and the times of the clip are read from the transcript
    here; the browser is not asked for them.
    """
    excerpt = Excerpt(interview=interview, section=_checked_section(section), created_by=by, edited_by=by)
    cues = _attach(excerpt, start, end)
    excerpt.text = _with_replacements(interview, cues, sure(excerpt.verbatim))
    last = interview.excerpts.kept().filter(section=section).aggregate(last=Max("order"))["last"]
    excerpt.order = (last or 0) + 1
    excerpt.save()
    excerpt.topics.set(topics)
    refresh_state(interview)
    return excerpt


@transaction.atomic
def make_excerpt_once(
    *,
    interview: Interview,
    start: CuePlace,
    end: CuePlace,
    section: str,
    by: User,
    topics: Iterable[Topic] = (),
) -> Excerpt:
    """Create an excerpt, or return the one that this editor already has of these words in this section.

    A browser that lost the connection after sending a request sends it again. Raises Refused.
    """
    # A lock on the interview: the two requests may arrive at the same time.
    Interview.objects.select_for_update().get(pk=interview.pk)
    wanted = Excerpt(interview=interview)
    _attach(wanted, start, end)
    existing = (
        interview.excerpts.kept()
        .filter(
            start_cue=wanted.start_cue,
            start_offset=wanted.start_offset,
            end_cue=wanted.end_cue,
            end_offset=wanted.end_offset,
            section=section,
            created_by=by,
        )
        .first()
    )
    return existing or make_excerpt(
        interview=interview, start=start, end=end, section=section, by=by, topics=topics
    )


@transaction.atomic
def place_excerpt(*, excerpt: Excerpt, start: CuePlace, end: CuePlace, rev: int, by: User) -> Excerpt:
    """Attach an excerpt that lost its place to the words from `start` to `end`, and keep the editor's text.

    Raises Refused and ChangedMeanwhile.
    """
    current = _locked(excerpt, rev)
    _attach(current, start, end)
    _save(current, by)
    return current


def _attach(excerpt: Excerpt, start: CuePlace, end: CuePlace) -> list[Cue]:
    """Set what `excerpt` takes from the transcript; nothing is saved. Returns its cues. Raises Refused."""
    cues, run = _run(excerpt.interview, start, end)
    excerpt.start_cue, excerpt.start_offset = cues[run.start.cue], run.start.offset
    excerpt.end_cue, excerpt.end_offset = cues[run.end.cue], run.end.offset
    excerpt.verbatim, excerpt.asked, excerpt.speaker = run.verbatim, run.asked, run.speaker
    excerpt.clip_in, excerpt.clip_out = run.clip_in, run.clip_out
    excerpt.placed = True
    return cues[run.start.cue : run.end.cue + 1]


def _run(interview: Interview, start: CuePlace, end: CuePlace) -> tuple[list[Cue], Run]:
    """Return the words from `start` to `end` as a run, and the cues that its places count. Raises Refused."""
    positions = dict(interview.cues.filter(pk__in=[start[0], end[0]]).values_list("pk", "position"))
    if start[0] not in positions or end[0] not in positions:
        raise Refused(
            "The selected words are no longer in this transcript. Reload the page and select them again."
        )
    # The cue before may hold the question.
    first, last = max(0, positions[start[0]] - 1), positions[end[0]]
    cues = list(interview.cues.filter(position__gte=first, position__lte=last).order_by("position"))
    index = {cue.pk: number for number, cue in enumerate(cues)}
    if start[0] not in index or end[0] not in index:
        raise Refused("Select the words from first to last.")
    try:
        run = run_of(
            cues,
            Place(index[start[0]], start[1]),
            Place(index[end[0]], end[1]),
            interviewers=interviewers(interview),
        )
    except NoWords as error:
        raise Refused(str(error)) from error
    return cues, run


def _with_replacements(interview: Interview, cues: list[Cue], text: str) -> str:
    """Return `text` with the neutral forms that an editor has already chosen in these cues."""
    decisions = interview.identifier_decisions.filter(cue__in=cues, state=IdentifierDecision.State.REPLACED)
    for decision in decisions:
        text = replace_words(text, decision.text, decision.neutral)
    return text


@transaction.atomic
def change_excerpt(*, excerpt: Excerpt, rev: int, by: User, **changes: Any) -> Excerpt:
    """Save `changes` (fields of CHANGEABLE, and `topics`) that were made to revision `rev`.

    Raises ChangedMeanwhile if another editor has saved the excerpt since, and Refused for changes that are
    invalid.
    """
    current = _locked(excerpt, rev)
    topics = changes.pop("topics", None)
    _check(current, changes)
    for name in CHANGEABLE:
        if name in changes:
            value = changes[name]
            is_time = name in ("clip_in", "clip_out") and value is not None
            setattr(current, name, round(value, 1) if is_time else value)
    _save(current, by)
    if topics is not None:
        current.topics.set(topics)
    return current


def _check(current: Excerpt, changes: dict[str, Any]) -> None:
    if "section" in changes:
        _checked_section(changes["section"])
    text = changes.get("text")
    if text is not None and (len(text) > LONGEST_TEXT or "\0" in text):
        raise Refused(f"A quote can have at most {LONGEST_TEXT:,} characters.")
    clip_in, clip_out = changes.get("clip_in", current.clip_in), changes.get("clip_out", current.clip_out)
    if clip_in is not None and clip_out is not None and not 0 <= clip_in < clip_out:
        raise Refused(
            f"The clip must start before it ends. It would run from {clip_in:.1f} to {clip_out:.1f} s."
        )


def _locked(excerpt: Excerpt, rev: int) -> Excerpt:
    current = Excerpt.objects.select_for_update().get(pk=excerpt.pk)
    if current.rev != rev:
        raise ChangedMeanwhile(current)
    return current


def _save(excerpt: Excerpt, by: User) -> None:
    excerpt.rev += 1
    excerpt.edited_by = by
    excerpt.save()


def _checked_section(section: str) -> str:
    if section not in Section.values:
        raise Refused(f"‘{section}’ is not a section. Choose before, treatment or after.")
    return section


@transaction.atomic
def move_excerpt(*, excerpt: Excerpt, section: str, before: Excerpt | None) -> None:
    """Move `excerpt` to `section`, before another excerpt or to the end.

    A new order is not a new revision.
    """
    _checked_section(section)
    others = list(
        excerpt.interview.excerpts.kept()
        .filter(section=section)
        .exclude(pk=excerpt.pk)
        .order_by("order", "pk")
    )
    at = next((index for index, other in enumerate(others) if before and other.pk == before.pk), len(others))
    others.insert(at, excerpt)
    for order, other in enumerate(others, 1):
        if other.order != order or other.section != section:
            Excerpt.objects.filter(pk=other.pk).update(
                order=order, section=section, updated_at=timezone.now()
            )
    excerpt.refresh_from_db()


@transaction.atomic
def remove_excerpt(*, excerpt: Excerpt, by: User) -> None:
    """Remove the excerpt from the story. The row stays, so that `restore_excerpt` can undo this."""
    Excerpt.objects.filter(pk=excerpt.pk, removed_at=None).update(
        removed_at=timezone.now(), edited_by=by, rev=excerpt.rev + 1, updated_at=timezone.now()
    )
    refresh_state(excerpt.interview)


@transaction.atomic
def restore_excerpt(*, excerpt: Excerpt, by: User) -> None:
    """Undo `remove_excerpt`."""
    Excerpt.objects.filter(pk=excerpt.pk).update(
        removed_at=None, edited_by=by, rev=excerpt.rev + 1, updated_at=timezone.now()
    )
    refresh_state(excerpt.interview)
