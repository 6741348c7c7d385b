"""What editors decide about words that may identify a person, and about conditions that the words suggest."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from conditions.models import Condition
from deidentification.identifiers import Finding
from interviews.models import ConditionDecision, Cue, Excerpt, IdentifierDecision, Interview
from interviews.services.errors import Refused
from interviews.services.wording import replace_words

State = IdentifierDecision.State


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
    """Replace the words of `finding` by a neutral form in what is published, or keep them for a reason.

    The transcript is not changed. Raises Refused.
    """
    if state not in State.values:
        raise Refused(f"‘{state}’ is not a decision. Replace the words, or keep them with a reason.")
    if state == State.DISMISSED and not reason.strip():
        raise Refused("Say why the words can stay, such as ‘a character in a book’.")
    neutral = (neutral.strip() or finding.neutral)[:80]
    if cue.text[finding.at : finding.end] != finding.text:
        raise Refused("The transcript has changed. Reload the page.")
    replaced = interview.identifier_decisions.filter(state=State.REPLACED)
    earlier = replaced.filter(cue=cue, at=finding.at, end=finding.end).first()
    if earlier and (earlier.state, earlier.neutral) != (state, neutral):
        # Excerpts show the neutral form of the earlier decision, which is no longer right.
        undecide_identifier(interview=interview, cue=cue, at=finding.at, end=finding.end, by=by)
    decision, _created = IdentifierDecision.objects.update_or_create(
        cue=cue,
        at=finding.at,
        end=finding.end,
        defaults={
            "interview": interview,
            "text": finding.text[:300],
            "kind": finding.kind,
            "state": state,
            "neutral": neutral if state == State.REPLACED else "",
            "reason": reason.strip()[:300],
            "by": by,
        },
    )
    if state == State.REPLACED:
        excerpts = interview.excerpts.filter(verbatim__contains=finding.text, text__contains=finding.text)
        _replace_in(excerpts, finding.text, neutral, by)
    return decision


@transaction.atomic
def undecide_identifier(*, interview: Interview, cue: Cue, at: int, end: int, by: User) -> None:
    """Delete a decision: the warning is open again, and excerpts show the words instead of the neutral form.

    If an excerpt has another replaced name with the same neutral form, the two cannot be told apart, and the
    excerpt stays as it is.
    """
    decision = interview.identifier_decisions.filter(cue=cue, at=at, end=end).first()
    if decision is None:
        return
    decision.delete()
    if decision.state != State.REPLACED:
        return
    same_form = list(
        interview.identifier_decisions.filter(state=State.REPLACED, neutral=decision.neutral).values_list(
            "text", flat=True
        )
    )
    excerpts = interview.excerpts.filter(verbatim__contains=decision.text, text__contains=decision.neutral)
    clear = [excerpt for excerpt in excerpts if not any(words in excerpt.verbatim for words in same_form)]
    _replace_in(clear, decision.neutral, decision.text, by)


def _replace_in(excerpts: Iterable[Excerpt], words: str, replacement: str, by: User) -> None:
    for excerpt in excerpts:
        changed = replace_words(excerpt.text, words, replacement)
        if changed == excerpt.text:
            continue
        excerpt.text = changed
        excerpt.rev += 1
        excerpt.edited_by = by
        excerpt.save(update_fields=["text", "rev", "edited_by", "updated_at"])


@transaction.atomic
def decide_condition(
    *, interview: Interview, condition: Condition, accepted: bool, by: User
) -> ConditionDecision:
    """Accept or refuse a suggested condition for the story of this interview."""
    decision, _created = ConditionDecision.objects.update_or_create(
        interview=interview, condition=condition, defaults={"accepted": accepted, "by": by}
    )
    return decision


@transaction.atomic
def undecide_condition(*, interview: Interview, condition: int) -> None:
    """Delete the decision about a condition, given by its key."""
    ConditionDecision.objects.filter(interview=interview, condition_id=condition).delete()
