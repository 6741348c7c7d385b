"""What the workbench writes beyond `interviews.services`: taking a decision back, attaching a lost excerpt, topics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from interviews.excerpting import NoWords, Place, run_of
from interviews.models import (
    ConditionDecision,
    Cue,
    Excerpt,
    IdentifierDecision,
    Interview,
    InterviewTopic,
    Topic,
)
from interviews.progress import refresh_state
from interviews.services import ChangedMeanwhile, Refused, interviewers, make_excerpt, put_for
from interviews.workbench.serialise import FIRST_KEY, LAST_KEY

_LONGEST_TOPIC = 80


class _MadeBefore(Exception):
    def __init__(self, excerpt: Excerpt) -> None:
        super().__init__()
        self.excerpt = excerpt


def make_once(
    *,
    interview: Interview,
    start: tuple[int, int],
    end: tuple[int, int],
    section: str,
    topics: Iterable[Topic],
    by: User,
) -> Excerpt:
    """An excerpt of these words, or the one that this editor already made of them under this section.

    A browser that lost the connection after sending asks again: that must not make two. Raises Refused.
    """
    try:
        with transaction.atomic():
            made = make_excerpt(
                interview=interview, start=start, end=end, section=section, topics=topics, by=by
            )
            twin = (
                interview.excerpts.kept()
                .filter(
                    start_cue=made.start_cue,
                    start_offset=made.start_offset,
                    end_cue=made.end_cue,
                    end_offset=made.end_offset,
                    section=section,
                    created_by=by,
                )
                .exclude(pk=made.pk)
                .first()
            )
            if twin:
                raise _MadeBefore(twin)
    except _MadeBefore as before:
        return before.excerpt
    return made


@transaction.atomic
def place_again(
    *, excerpt: Excerpt, start: tuple[int, int], end: tuple[int, int], rev: int, by: User
) -> Excerpt:
    """Attach an excerpt that lost its place to the words from `start` to `end`: what the editor wrote stays.

    Raises Refused, and ChangedMeanwhile.
    """
    current = Excerpt.objects.select_for_update().get(pk=excerpt.pk)
    if current.rev != rev:
        raise ChangedMeanwhile(current)
    interview = current.interview
    positions = dict(interview.cues.filter(pk__in=[start[0], end[0]]).values_list("pk", "position"))
    if start[0] not in positions or end[0] not in positions:
        raise Refused(
            "The marked words are no longer in this transcript. Load the page again and mark them once more."
        )
    cues = list(
        interview.cues.filter(
            position__gte=max(0, positions[start[0]] - 1), position__lte=positions[end[0]]
        ).order_by("position")
    )
    index = {cue.pk: position for position, cue in enumerate(cues)}
    try:
        run = run_of(
            cues,
            Place(index[start[0]], start[1]),
            Place(index[end[0]], end[1]),
            interviewers=interviewers(interview),
        )
    except (NoWords, KeyError) as error:
        raise Refused(
            str(error) if isinstance(error, NoWords) else "Mark the words from first to last."
        ) from error
    current.start_cue, current.start_offset = cues[run.start.cue], run.start.offset
    current.end_cue, current.end_offset = cues[run.end.cue], run.end.offset
    current.verbatim, current.asked, current.speaker = run.verbatim, run.asked, run.speaker
    current.clip_in, current.clip_out = run.clip_in, run.clip_out
    current.placed, current.edited_by = True, by
    current.rev += 1
    current.save()
    return current


@transaction.atomic
def undecide_identifier(*, interview: Interview, cue: Cue, at: int, end: int, by: User) -> None:
    """Take a decision back: the warning is open again, and excerpts that say the neutral form say the words.

    Where another replaced name of the same excerpt has the same neutral form, nobody can tell which is which: the
    excerpt then stays as it is.
    """
    decision = interview.identifier_decisions.filter(cue=cue, at=at, end=end).first()
    if decision is None:
        return
    decision.delete()
    if decision.state != IdentifierDecision.State.REPLACED:
        return
    same_form = list(
        interview.identifier_decisions.filter(
            state=IdentifierDecision.State.REPLACED, neutral=decision.neutral
        ).values_list("text", flat=True)
    )
    for excerpt in interview.excerpts.filter(
        verbatim__contains=decision.text, text__contains=decision.neutral
    ):
        if any(text in excerpt.verbatim for text in same_form):
            continue
        excerpt.text = put_for(excerpt.text, decision.neutral, decision.text)
        excerpt.rev += 1
        excerpt.edited_by = by
        excerpt.save(update_fields=["text", "rev", "edited_by", "updated_at"])


@transaction.atomic
def undecide_condition(*, interview: Interview, condition: int) -> None:
    ConditionDecision.objects.filter(interview=interview, condition_id=condition).delete()


@transaction.atomic
def topics_named(names: Iterable[str]) -> list[Topic]:
    """The topics of these names, in whatever case; what is new is made. Raises Refused."""
    found: dict[int, Topic] = {}
    for given in names:
        name = " ".join(given.split())
        if not name or len(name) > _LONGEST_TOPIC or "\0" in name:
            raise Refused(f"A topic has a name of 1 to {_LONGEST_TOPIC} characters, e.g. ‘Side effects’.")
        topic = Topic.objects.filter(name__iexact=name).first() or Topic.objects.create(
            name=name, slug=_free_slug(name)
        )
        found.setdefault(topic.pk, topic)
    return list(found.values())


def _free_slug(name: str) -> str:
    stem = slugify(name)[:70] or "topic"
    slug, number = stem, 2
    while Topic.objects.filter(slug=slug).exists():
        slug, number = f"{stem}-{number}", number + 1
    return slug


@transaction.atomic
def pin_topics(*, interview: Interview, keys: Mapping[str, Any]) -> None:
    """Put topics under the keys 4 to 9; a key that is empty or left out has none. Raises Refused."""
    wanted: dict[int, Topic] = {}
    for key, name in keys.items():
        if key not in {str(number) for number in range(FIRST_KEY, LAST_KEY + 1)}:
            raise Refused(f"Topics lie under the keys {FIRST_KEY} to {LAST_KEY}, not under ‘{key[:20]}’.")
        if not isinstance(name, str):
            raise Refused(f"The topic under key {key} must be a name.")
        if not name.strip():
            continue
        [topic] = topics_named([name])
        if topic in wanted.values():
            raise Refused(f"‘{topic.name}’ lies under two keys. Give each topic one.")
        wanted[int(key)] = topic
    interview.pinned_topics.all().delete()
    InterviewTopic.objects.bulk_create(
        InterviewTopic(interview=interview, key=key, topic=topic) for key, topic in sorted(wanted.items())
    )


def touch_excerpts_of(interview: Interview, speaker: str) -> None:
    """Let colleagues' browsers see that the voice of these excerpts has another name."""
    interview.excerpts.filter(speaker=speaker).update(updated_at=timezone.now())
    refresh_state(interview)
