"""What the family's answers say against publishing one exact version of a page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from approval.models import Approval, ApprovalLink, ApprovalOverride
from publication.admin_urls import checklist_url
from publication.reasons import Reason, Why
from publication.windows import consent_page_ids


def rule(page: Any, _on: datetime) -> list[Reason]:
    """For `gate.rules`: what the people on whose consent the whole page depends have answered."""
    return approval_reasons(
        page, {need.person for need in page.consent_requirements() if need.person and not need.part}
    )


def approval_reasons(page: Any, people: Iterable[int]) -> list[Reason]:
    """What the family's answers say against publishing exactly this version.

    Whoever was asked once is asked about every version of every page that rests on them: an approval is of words, so it
    holds for the same words wherever they stand (a copy, an alias), and for no others.
    """
    people = set(people)
    asked = set(ApprovalLink.objects.filter(person__in=people).values_list("person", flat=True))
    answers = list(Approval.objects.filter(person__in=people).order_by("-at", "-pk"))
    asked |= {answer.person_id for answer in answers}
    if settings.APPROVAL_REQUIRED:
        asked |= people
    if not asked:
        return []
    content, pages, url = page.public_hash(), consent_page_ids(page), checklist_url(page)
    overridden = ApprovalOverride.objects.filter(content_hash=content, page__in=pages).exists()
    reasons = []
    for number in sorted(asked):
        of_page = [one for one in answers if one.person_id == number and one.page_id in pages]
        why = _unapproved(content, of_page, [one for one in answers if one.person_id == number])
        if why is None or (overridden and why != Why.DECLINED):
            continue
        reasons.append(Reason(why, str(why.label), url))
    return reasons


def _unapproved(content: str, of_page: list[Approval], of_person: list[Approval]) -> Why | None:
    """Why answers, newest first, do not make an approval of this content; None where they do."""
    latest = next((one for one in of_page), None)
    same_words = next((one for one in of_person if one.content_hash == content), None)
    if latest is not None and latest.answer in (Approval.Answer.DECLINED, Approval.Answer.WITHDRAWN):
        return Why.DECLINED
    if same_words is not None:
        return {
            Approval.Answer.APPROVED.value: None,
            Approval.Answer.CHANGE.value: Why.CHANGE_ASKED,
        }.get(same_words.answer, Why.DECLINED)
    if any(one.answer == Approval.Answer.APPROVED for one in of_page):
        return Why.CHANGED
    return Why.NOT_APPROVED
