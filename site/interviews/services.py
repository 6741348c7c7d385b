"""What editors do in the workbench. Each function checks first, writes in one transaction, and says who did it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import regex
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from interviews.excerpting import NoWords, Place, run_of
from interviews.identifiers import Finding, find
from interviews.models import (
    ConditionDecision,
    Cue,
    Excerpt,
    IdentifierDecision,
    Interview,
    InterviewContributor,
    Section,
    Topic,
)
from interviews.models.interview import Role
from interviews.progress import refresh_state
from interviews.rating import sure

LONGEST_TEXT = 20_000


class Refused(ValueError):
    """What was asked cannot be done; the message says what, and how to mend it."""


class ChangedMeanwhile(Exception):
    """Somebody else saved the excerpt since it was loaded: `current` is how it stands now."""

    def __init__(self, current: Excerpt) -> None:
        super().__init__("Somebody else changed this excerpt meanwhile.")
        self.current = current


def interviewers(interview: Interview) -> set[str]:
    """Voices of those who ask: their words are no quotes while somebody else speaks."""
    return {
        one.speaker for one in interview.contributors.all() if one.role == Role.INTERVIEWER and one.speaker
    }


def _cues_between(interview: Interview, start: int, end: int) -> list[Cue]:
    """The cues from key `start` to key `end`, with the one before them (a question may stand there)."""
    ends = {cue.pk: cue.position for cue in interview.cues.filter(pk__in=[start, end])}
    if start not in ends or end not in ends:
        raise Refused(
            "The marked words are no longer in this transcript. Load the page again and mark them once more."
        )
    first, last = ends[start], ends[end]
    return list(
        interview.cues.filter(position__gte=max(0, first - 1), position__lte=last).order_by("position")
    )


def _checked_section(section: str) -> str:
    if section not in Section.values:
        raise Refused(f"‘{section}’ is no section. Choose before, treatment or after.")
    return section


@transaction.atomic
def make_excerpt(
    *,
    interview: Interview,
    start: tuple[int, int],
    end: tuple[int, int],
    section: str,
    by: User,
    topics: Iterable[Topic] = (),
) -> Excerpt:
    """Mark the words from `start` to `end`, each the key of a cue and an offset in code points.

    The exact words, the speaker, the question before and the clip's moments are read from the transcript here: what a
    browser believes they are is not asked. Raises Refused.
    """
    cues = _cues_between(interview, start[0], end[0])
    index = {cue.pk: position for position, cue in enumerate(cues)}
    try:
        run = run_of(
            cues,
            Place(index[start[0]], start[1]),
            Place(index[end[0]], end[1]),
            interviewers=interviewers(interview),
        )
    except NoWords as error:
        raise Refused(str(error)) from error
    last = (
        interview.excerpts.kept()
        .filter(section=_checked_section(section))
        .aggregate(last=Max("order"))["last"]
    )
    excerpt = Excerpt.objects.create(
        interview=interview,
        start_cue=cues[run.start.cue],
        start_offset=run.start.offset,
        end_cue=cues[run.end.cue],
        end_offset=run.end.offset,
        speaker=run.speaker,
        asked=run.asked,
        verbatim=run.verbatim,
        text=_with_replacements(interview, cues[run.start.cue : run.end.cue + 1], sure(run.verbatim)),
        section=section,
        order=(last or 0) + 1,
        clip_in=run.clip_in,
        clip_out=run.clip_out,
        created_by=by,
        edited_by=by,
    )
    excerpt.topics.set(topics)
    refresh_state(interview)
    return excerpt


def _with_replacements(interview: Interview, cues: list[Cue], text: str) -> str:
    """`text` with the neutral forms that an editor chose in these cues already in place."""
    decided = interview.identifier_decisions.filter(cue__in=cues, state=IdentifierDecision.State.REPLACED)
    for decision in decided:
        text = put_for(text, decision.text, decision.neutral)
    return text


def put_for(text: str, words: str, form: str) -> str:
    """`text` with `form` where `words` stand whole: 'Ana' is not taken out of 'Anatolia'."""
    letter = r"[\p{L}\p{M}\p{N}]"
    whole = (rf"(?<!{letter})" if words[:1].isalnum() else "") + regex.escape(words)
    whole += rf"(?!{letter})" if words[-1:].isalnum() else ""
    return str(regex.sub(whole, lambda _match: form, text)) if words else text


CHANGEABLE = ("text", "speaker", "section", "order", "clip_in", "clip_out")


@transaction.atomic
def change_excerpt(*, excerpt: Excerpt, rev: int, by: User, **changes: Any) -> Excerpt:
    """Save `changes` (of CHANGEABLE, and `topics`) made to revision `rev`.

    Raises ChangedMeanwhile, with how it stands now, when somebody saved in between, and Refused for what cannot be.
    """
    current = Excerpt.objects.select_for_update().get(pk=excerpt.pk)
    if current.rev != rev:
        raise ChangedMeanwhile(current)
    if "section" in changes:
        _checked_section(changes["section"])
    text = changes.get("text")
    if text is not None and (len(text) > LONGEST_TEXT or "\0" in text):
        raise Refused(f"A quote has at most {LONGEST_TEXT:,} characters.")
    clip_in, clip_out = changes.get("clip_in", current.clip_in), changes.get("clip_out", current.clip_out)
    if clip_in is not None and clip_out is not None and not 0 <= clip_in < clip_out:
        raise Refused(
            f"The clip must begin before it ends: it would run from {clip_in:.1f} to {clip_out:.1f} s."
        )
    topics = changes.pop("topics", None)
    for name in CHANGEABLE:
        if name in changes:
            value = changes[name]
            setattr(
                current,
                name,
                round(value, 1) if name in ("clip_in", "clip_out") and value is not None else value,
            )
    current.rev += 1
    current.edited_by = by
    current.save()
    if topics is not None:
        current.topics.set(topics)
    return current


@transaction.atomic
def move_excerpt(*, excerpt: Excerpt, section: str, before: Excerpt | None, by: User) -> None:
    """Put `excerpt` in `section` before another one, or last. Order is no edit: it makes no new revision."""
    _checked_section(section)
    others = list(
        excerpt.interview.excerpts.kept()
        .filter(section=section)
        .exclude(pk=excerpt.pk)
        .order_by("order", "pk")
    )
    at = next((index for index, one in enumerate(others) if before and one.pk == before.pk), len(others))
    others.insert(at, excerpt)
    for order, one in enumerate(others, 1):
        if one.order != order or one.section != section:
            Excerpt.objects.filter(pk=one.pk).update(order=order, section=section, updated_at=timezone.now())
    excerpt.refresh_from_db()


@transaction.atomic
def remove_excerpt(*, excerpt: Excerpt, by: User) -> None:
    """Take it off the story. It is kept: `restore_excerpt` brings it back."""
    Excerpt.objects.filter(pk=excerpt.pk, removed_at=None).update(
        removed_at=timezone.now(), edited_by=by, rev=excerpt.rev + 1, updated_at=timezone.now()
    )
    refresh_state(excerpt.interview)


@transaction.atomic
def restore_excerpt(*, excerpt: Excerpt, by: User) -> None:
    Excerpt.objects.filter(pk=excerpt.pk).update(
        removed_at=None, edited_by=by, rev=excerpt.rev + 1, updated_at=timezone.now()
    )
    refresh_state(excerpt.interview)


@transaction.atomic
def rename_speaker(*, interview: Interview, old: str, new: str, by: User) -> int:
    """Rename a voice once for all: in cues, excerpts and contributors. Returns how many cues it speaks."""
    new = " ".join(new.split())[:120]
    if not new:
        raise Refused("Give the speaker a name, e.g. ‘Mother’.")
    interview.excerpts.filter(speaker=old).update(speaker=new)
    InterviewContributor.objects.filter(interview=interview, speaker=old).update(speaker=new)
    return interview.cues.filter(speaker=old).update(speaker=new)


def findings(
    interview: Interview, cues: Iterable[Cue], countries: frozenset[str]
) -> dict[int, list[Finding]]:
    """What may identify somebody, by key of the cue; cues without findings are left out."""
    names = interview.known_names()
    found = {cue.pk: find(cue.text, names, countries=countries) for cue in cues}
    return {pk: list_ for pk, list_ in found.items() if list_}


@transaction.atomic
def decide_identifier(
    *,
    interview: Interview,
    cue: Cue,
    finding: Finding,
    state: str,
    by: User,
    neutral: str = "",
    reason: str = "",
) -> IdentifierDecision:
    """Replace a finding by a neutral form in what is published, or keep it for a reason. The transcript stays as it is."""
    if state not in IdentifierDecision.State.values:
        raise Refused(f"‘{state}’ is no decision. Replace the words, or keep them with a reason.")
    if state == IdentifierDecision.State.DISMISSED and not reason.strip():
        raise Refused("Say why the words may stay, e.g. ‘a character in a book’.")
    neutral = (neutral.strip() or finding.neutral)[:80]
    if cue.text[finding.at : finding.end] != finding.text:
        raise Refused("The transcript changed meanwhile. Load the page again.")
    decision, _made = IdentifierDecision.objects.update_or_create(
        cue=cue,
        at=finding.at,
        end=finding.end,
        defaults={
            "interview": interview,
            "text": finding.text[:300],
            "kind": finding.kind,
            "state": state,
            "neutral": neutral if state == IdentifierDecision.State.REPLACED else "",
            "reason": reason.strip()[:300],
            "by": by,
        },
    )
    if state == IdentifierDecision.State.REPLACED:
        for excerpt in interview.excerpts.filter(
            verbatim__contains=finding.text, text__contains=finding.text
        ):
            changed = put_for(excerpt.text, finding.text, neutral)
            if changed == excerpt.text:
                continue
            excerpt.text = changed
            excerpt.rev += 1
            excerpt.edited_by = by
            excerpt.save(update_fields=["text", "rev", "edited_by", "updated_at"])
    return decision


@transaction.atomic
def decide_condition(*, interview: Interview, condition: Any, accepted: bool, by: User) -> ConditionDecision:
    decision, _made = ConditionDecision.objects.update_or_create(
        interview=interview, condition=condition, defaults={"accepted": accepted, "by": by}
    )
    return decision
