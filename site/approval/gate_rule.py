"""The gate rule of approvals: reasons in the family's answers against publishing one exact version of a
page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings
from wagtail.models import Page

from approval.models import Approval, ApprovalLink, ApprovalOverride
from publication.admin_urls import checklist_url
from publication.reasons import Reason, Why, requirements_of
from publication.windows import consent_page_ids
from queries.kept import Lookup


def rule(page: Page, _on: datetime) -> list[Reason]:
    """Return the reasons of the people on whose consent the whole page depends. For `gate.rules`."""
    return approval_reasons(
        page, {need.person for need in requirements_of(page) if need.person and not need.part}
    )


def approval_reasons(page: Page, people: Iterable[int]) -> list[Reason]:
    """Return the reasons against publishing exactly this version.

    A person who was asked once is asked about every version of every page that depends on their consent. An
    approval covers exact words: it is valid for the same words on any page (a copy, an alias), and for no
    others.
    """
    people = set(people)
    given = answers.of_all(people)
    asked = {person for person, is_asked in links.of_all(people).items() if is_asked}
    asked |= {person for person, listed in given.items() if listed}
    if settings.APPROVAL_REQUIRED:
        asked |= people
    if not asked:
        return []
    content, pages, url = page.public_hash(), consent_page_ids(page), checklist_url(page)
    overridden = ApprovalOverride.objects.filter(content_hash=content, page__in=pages).exists()
    reasons = []
    for number in sorted(asked):
        of_person = given[number]
        of_page = [answer for answer in of_person if answer.page_id in pages]
        why = _unapproved(content, of_page, of_person)
        if why is None or (overridden and why != Why.DECLINED):
            continue
        reasons.append(Reason(why, str(why.label), url))
    return reasons


def _read_links(people: Collection[int]) -> dict[int, bool]:
    asked = ApprovalLink.objects.filter(person__in=people).values_list("person", flat=True)
    return dict.fromkeys(asked, True)


def _read_answers(people: Collection[int]) -> dict[int, list[Approval]]:
    found: defaultdict[int, list[Approval]] = defaultdict(list)
    for answer in Approval.objects.filter(person__in=people).order_by("-at", "-pk"):
        found[answer.person_id].append(answer)
    return found


# By person: whether a link was ever sent, and the answers, the newest first.
links: Lookup[int, bool] = Lookup(_read_links, False)
answers: Lookup[int, list[Approval]] = Lookup(_read_answers, [])


def _unapproved(content: str, of_page: list[Approval], of_person: list[Approval]) -> Why | None:
    """Return why the answers, newest first, do not approve this content, or None if they do."""
    latest = next(iter(of_page), None)
    same_words = next((answer for answer in of_person if answer.content_hash == content), None)
    if latest is not None and latest.answer in (Approval.Answer.DECLINED, Approval.Answer.WITHDRAWN):
        return Why.DECLINED
    if same_words is not None:
        return {
            Approval.Answer.APPROVED.value: None,
            Approval.Answer.CHANGE.value: Why.CHANGE_ASKED,
        }.get(same_words.answer, Why.DECLINED)
    if any(answer.answer == Approval.Answer.APPROVED for answer in of_page):
        return Why.CHANGED
    return Why.NOT_APPROVED
