"""What editors decide about an interview, by its services: identifiers, conditions, topics and speakers.

Each refusal says why in a sentence, and leaves everything as it was.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from deidentification.identifiers import Finding
from interviews import services
from interviews.models import Cue, Excerpt, IdentifierDecision, Interview, InterviewContributor, Topic
from interviews.services import Refused
from tests.interviews.workbench_samples import LINES, make_epilepsy, make_interview

pytestmark = pytest.mark.django_db


@pytest.fixture
def interview(db: None) -> Interview:
    return make_interview()


@pytest.fixture
def by(db: None) -> User:
    return User.objects.create_user("editor")


def excerpt(interview: Interview, by: User, position: int, section: str = "before") -> Excerpt:
    """The whole of a cue as an excerpt."""
    cue = interview.cues.get(position=position)
    return services.make_excerpt(
        interview=interview, start=(cue.pk, 0), end=(cue.pk, len(cue.text)), section=section, by=by
    )


def finding(position: int, words: str, neutral: str = "[my sister]") -> Finding:
    at = LINES[position][1].index(words)
    return Finding(at, at + len(words), words, "name", "A private name", neutral)


def decide(interview: Interview, by: User, found: Finding, **how: Any) -> IdentifierDecision:
    cue = interview.cues.get(position=1)
    return services.decide_identifier(
        interview=interview, cue=cue, finding=found, by=by, **{"state": "replaced", **how}
    )


def test_a_replaced_name_is_replaced_in_excerpts_of_before_and_after_and_shown_again(
    interview: Interview, by: User
) -> None:
    early = excerpt(interview, by, 1)
    decision = decide(interview, by, finding(1, "Hannah"), neutral=" [my aunt] ", reason="said twice ")
    late = excerpt(interview, by, 1, "after")
    early.refresh_from_db()
    assert "My sister [my aunt] was" in early.text
    assert early.text == late.text
    assert (early.rev, early.edited_by, late.rev) == (2, by, 1)
    assert (decision.neutral, decision.reason, decision.by) == ("[my aunt]", "said twice", by)
    assert interview.cues.get(position=1).text == early.verbatim == LINES[1][1]
    services.undecide_identifier(
        interview=interview, cue=decision.cue, at=decision.at, end=decision.end, by=by
    )
    early.refresh_from_db()
    assert (early.text, early.rev) == (LINES[1][1], 3)
    assert not IdentifierDecision.objects.exists()
    services.undecide_identifier(
        interview=interview, cue=decision.cue, at=decision.at, end=decision.end, by=by
    )
    early.refresh_from_db()
    assert early.rev == 3


@pytest.mark.parametrize(
    ("second", "shown", "revs"),
    [
        ({"state": "dismissed", "reason": "A character in a book"}, "Hannah", 1),
        ({"neutral": "[a nurse]"}, "[a nurse]", 2),
        ({}, "[my sister]", 0),
    ],
)
def test_a_changed_decision_reaches_the_excerpts_too(
    interview: Interview, by: User, second: dict[str, str], shown: str, revs: int
) -> None:
    made = excerpt(interview, by, 1)
    decide(interview, by, finding(1, "Hannah"))
    decide(interview, by, finding(1, "Hannah"), **second)
    made.refresh_from_db()
    assert f"My sister {shown} was" in made.text
    assert made.rev == 2 + revs
    [decision] = interview.identifier_decisions.all()
    assert decision.neutral == ("" if second.get("state") else shown)


def test_two_names_with_the_same_form_are_not_told_apart(interview: Interview, by: User) -> None:
    made = excerpt(interview, by, 1)
    decide(interview, by, finding(1, "Hannah", "[name]"))
    march = decide(interview, by, finding(1, "March", "[name]"))
    services.undecide_identifier(interview=interview, cue=march.cue, at=march.at, end=march.end, by=by)
    made.refresh_from_db()
    assert made.text.count("[name]") == 2


@pytest.mark.parametrize(
    ("found", "how", "says"),
    [
        (finding(1, "Hannah"), {"state": "hidden"}, "‘hidden’ is not a decision. Replace the words, or keep them with a reason."),
        (finding(1, "Hannah"), {"state": "dismissed", "reason": " "}, "Say why the words can stay, such as ‘a character in a book’."),
        (Finding(0, 6, "Hannah", "name", "", ""), {}, "The transcript has changed. Reload the page."),
    ],
)  # fmt: skip
def test_decisions_that_cannot_be_are_refused(
    interview: Interview, by: User, found: Finding, how: dict[str, str], says: str
) -> None:
    with pytest.raises(Refused) as refused:
        decide(interview, by, found, **how)
    assert str(refused.value) == says
    assert not IdentifierDecision.objects.exists()


def test_a_condition_is_decided_once_and_undone(interview: Interview, by: User) -> None:
    epilepsy = make_epilepsy()
    for accepted in (True, False):
        services.decide_condition(interview=interview, condition=epilepsy, accepted=accepted, by=by)
        assert [one.accepted for one in interview.condition_decisions.all()] == [accepted]
    services.undecide_condition(interview=interview, condition=epilepsy.pk)
    assert not interview.condition_decisions.exists()


def test_topics_are_found_in_any_case_and_named_once(db: None) -> None:
    first, second = services.topics_named(["Side  effects", "Cost!"])
    assert services.topics_named(["SIDE EFFECTS", "side effects"]) == [first]
    assert services.topics_named(["Cost?"])[0].slug == "cost-2"
    assert (second.slug, first.name) == ("cost", "Side effects")


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"3": "Cost"}, "Topics can be on the keys 4 to 9, not on ‘3’."),
        ({"4": 7}, "The topic on key 4 must be a name."),
        ({"4": "Cost", "5": "cost"}, "‘Cost’ is on two keys. Choose one key for each topic."),
        ({"9": "x" * 81}, "The name of a topic must have 1 to 80 characters, such as ‘Side effects’."),
    ],
)
def test_keys_that_cannot_be_are_refused(interview: Interview, keys: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused) as refused:
        services.pin_topics(interview=interview, keys=keys)
    assert str(refused.value) == says
    assert [pinned.key for pinned in interview.pinned_topics.all()] == [4, 5]
    assert not Topic.objects.filter(name__iexact="cost").exists()


def test_a_key_left_out_or_empty_has_no_topic(interview: Interview) -> None:
    services.pin_topics(interview=interview, keys={"4": " ", "9": "Daily life"})
    assert [(pinned.key, pinned.topic.name) for pinned in interview.pinned_topics.all()] == [
        (9, "Daily life")
    ]


def test_a_speaker_is_renamed_everywhere_or_not_at_all(interview: Interview, by: User) -> None:
    made, asked = excerpt(interview, by, 6), excerpt(interview, by, 5)
    with pytest.raises(Refused, match="Give the speaker a name, such as ‘Mother’"):
        services.rename_speaker(interview=interview, old="Mother", new=" ")
    assert services.rename_speaker(interview=interview, old="Mother", new=" Marta  Lind ") == 4
    made.refresh_from_db()
    asked.refresh_from_db()
    assert (made.speaker, asked.speaker) == ("Marta Lind", "Doctor")
    assert InterviewContributor.objects.filter(interview=interview, speaker="Marta Lind").count() == 1
    assert not Cue.objects.filter(speaker="Mother").exists()
    assert services.interviewers(interview) == {"Doctor"}


def test_only_whole_words_are_replaced() -> None:
    assert (
        services.replace_words("Ana went to Anatolia with Ana’s bag", "Ana", "[she]")
        == "[she] went to Anatolia with [she]’s bag"
    )
    assert services.replace_words("a\\1 (x)", "(x)", r"\1") == r"a\1 \1"
    assert services.replace_words("unchanged", "", "x") == "unchanged"
