"""The gate rule of approvals: every order of answers, the same words elsewhere, overrides."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.utils import timezone

from approval.gate_rule import approval_reasons, rule
from approval.models import Approval, ApprovalOverride
from publication.reasons import Why
from tests.approval.approving import rewrite, sent, story
from tests.factories import StoryPageFactory, consenting

pytestmark = pytest.mark.django_db
Answer = Approval.Answer
NOW = timezone.now()
EARLIER = "an earlier version"


def given(page: Any, answer: str, content: str = "", *, age: int = 0, person: Any = None) -> Approval:
    """An answer about the page's words, or about `content`, `age` hours ago."""
    made = Approval.objects.create(
        page_id=page.pk,
        person=person or page.person,
        answer=answer,
        content_hash=content or page.public_hash(),
    )
    Approval.objects.filter(pk=made.pk).update(at=NOW - dt.timedelta(hours=age))
    return made


def override(page: Any, content: str) -> None:
    ApprovalOverride.objects.create(
        page_id=page.pk, content_hash=content, reason="The family is at sea.", by_name="An editor"
    )


def why(page: Any) -> Why | None:
    reasons = rule(page, NOW)
    assert len(reasons) < 2, "one person has at most one reason"
    return reasons[0].why if reasons else None


@pytest.fixture
def page(home: Any) -> Any:
    return story()


AFTER_ONE = {
    Answer.APPROVED: None,
    Answer.CHANGE: Why.CHANGE_ASKED,
    Answer.DECLINED: Why.DECLINED,
    Answer.WITHDRAWN: Why.DECLINED,
}


def test_the_newest_answer_to_the_same_words_wins(page: Any) -> None:
    for earlier, newest in itertools.product([None, *Answer], Answer):
        Approval.objects.all().delete()
        given(page, newest)
        if earlier:
            given(page, earlier, age=1)  # written later, given earlier
        assert why(page) == AFTER_ONE[newest], (earlier, newest)


def test_an_answer_to_other_words_of_this_page(page: Any) -> None:
    for answer, expected in (
        (Answer.APPROVED, Why.CHANGED),
        (Answer.CHANGE, Why.NOT_APPROVED),
        (Answer.DECLINED, Why.DECLINED),
        (Answer.WITHDRAWN, Why.DECLINED),
    ):
        Approval.objects.all().delete()
        given(page, answer, EARLIER)
        assert why(page) == expected, answer


def test_these_words_were_approved_and_then_another_version_was_answered(page: Any) -> None:
    for newest, expected in (
        (Answer.APPROVED, None),
        (Answer.CHANGE, None),
        (Answer.DECLINED, Why.DECLINED),
        (Answer.WITHDRAWN, Why.DECLINED),
    ):
        Approval.objects.all().delete()
        given(page, Answer.APPROVED, age=1)
        given(page, newest, EARLIER)
        assert why(page) == expected, newest


def test_a_decline_ends_with_a_newer_approval_of_these_words(page: Any) -> None:
    given(page, Answer.DECLINED, EARLIER, age=1)
    given(page, Answer.APPROVED)
    assert why(page) is None


def test_the_same_words_on_another_page_are_approved_and_other_words_are_not(page: Any) -> None:
    other = StoryPageFactory(person=page.person)
    given(other, Answer.APPROVED, page.public_hash())
    assert why(page) is None
    assert why(other) == Why.CHANGED, "approved there were the words of the first page"
    given(other, Answer.DECLINED, "the other page's words")
    assert why(page) is None, "a decline counts for its own page"


def test_people_are_asked_apart(page: Any) -> None:
    second = consenting()
    given(page, Answer.APPROVED)
    given(page, Answer.CHANGE, person=second)
    assert [reason.why for reason in approval_reasons(page, [page.person.pk])] == []
    both = approval_reasons(page, [page.person.pk, second.pk])
    assert [reason.why for reason in both] == [Why.CHANGE_ASKED]
    assert both[0].text == str(Why.CHANGE_ASKED.label)
    assert str(page.pk) in both[0].url


def test_who_was_never_asked_need_not_approve_unless_the_site_requires_it(page: Any, settings: Any) -> None:
    settings.APPROVAL_REQUIRED = False
    assert why(page) is None
    settings.APPROVAL_REQUIRED = True
    assert why(page) == Why.NOT_APPROVED
    settings.APPROVAL_REQUIRED = False
    sent(StoryPageFactory(person=page.person))
    assert why(page) == Why.NOT_APPROVED, "asked about one page is asked about all"


def test_an_override_covers_all_but_a_decline(page: Any, settings: Any) -> None:
    settings.APPROVAL_REQUIRED = True
    override(page, page.public_hash())
    for answer, content, expected in (
        (None, "", None),
        (Answer.CHANGE, "", None),
        (Answer.APPROVED, EARLIER, None),
        (Answer.DECLINED, "", Why.DECLINED),
        (Answer.WITHDRAWN, EARLIER, Why.DECLINED),
    ):
        Approval.objects.all().delete()
        if answer:
            given(page, answer, content)
        assert why(page) == expected, answer


def test_an_override_is_for_one_page_and_one_version(page: Any, settings: Any) -> None:
    other = StoryPageFactory(person=page.person)
    settings.APPROVAL_REQUIRED = True
    override(other, page.public_hash())
    assert why(page) == Why.NOT_APPROVED
    override(page, page.public_hash())
    assert why(page) is None
    draft = rewrite(page, "<p>Other words.</p>").get_latest_revision_as_object()
    assert why(draft) == Why.NOT_APPROVED
