"""Who is quoted, heard and part of a conversation: the people whose consent a story needs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User

from consent.uses import Use
from experiences.consent_requirements import story_requirements
from experiences.interview_identifiers import InterviewIdentifiers
from interviews import services
from interviews.models import Excerpt, Interview, InterviewContributor
from interviews.speaker_consent import ExcerptSpeakers, contributors_of
from interviews.speaker_roles import role_by_name, suggested_roles
from tests.factories import PersonFactory
from tests.interviews.workbench_samples import make_interview
from transcripts import Cue

TELLER = 7_000_001


@pytest.fixture
def interview(db: None) -> Interview:
    """Four seconds for each line: a doctor asks; a mother, her son and a neighbour answer."""
    made = make_interview(
        [
            ("Doctor", "How was it?"),
            ("Mother", "Hard at first."),
            ("Son", "I was tired."),
            ("Neighbour", "He was."),
            ("Mother", "Then better."),
        ]
    )
    made.contributors.filter(speaker="Mother").update(person=PersonFactory(), public_label="Marta")
    InterviewContributor.objects.create(interview=made, role="patient", speaker="Son")
    return made


@pytest.fixture
def mother(interview: Interview) -> Any:
    return interview.contributors.get(speaker="Mother").person_id


def mark(interview: Interview, first: int, last: int, **fields: Any) -> Excerpt:
    """An excerpt from the start of one cue to the end of another."""
    by, _made = User.objects.get_or_create(username="marker")
    start, end = interview.cues.get(position=first), interview.cues.get(position=last)
    made = services.make_excerpt(
        interview=interview, start=(start.pk, 0), end=(end.pk, len(end.text)), section="before", by=by
    )
    Excerpt.objects.filter(pk=made.pk).update(**fields or {"rev": 1})
    return Excerpt.objects.get(pk=made.pk)


def quoted(made: Excerpt, teller: int | None = TELLER) -> set[int | None]:
    return ExcerptSpeakers([made.pk]).quoted(made, teller)


def test_all_who_speak_between_the_first_and_the_last_word_are_quoted_but_not_the_interviewer(
    interview: Interview, mother: int
) -> None:
    assert quoted(mark(interview, 0, 1)) == {mother}
    assert quoted(mark(interview, 1, 4)) == {mother, TELLER}
    assert quoted(mark(interview, 1, 2)) == {mother}, "the words of the mother end before her son speaks"
    assert quoted(mark(interview, 3, 3)) == {TELLER}, "a speaker without an entry is the storyteller"
    assert quoted(mark(interview, 0, 0), None) == {None}, "a quote always needs a consent"


def test_the_name_in_the_story_names_the_same_person(interview: Interview, mother: int) -> None:
    assert quoted(mark(interview, 1, 1, speaker="Marta")) == {mother}
    assert quoted(mark(interview, 1, 1, speaker="Unknown label")) == {mother, TELLER}


def test_an_excerpt_without_a_place_quotes_its_speaker(interview: Interview, mother: int) -> None:
    assert quoted(mark(interview, 1, 4, start_cue=None, speaker="Mother")) == {mother}


@pytest.mark.parametrize(
    ("start", "end", "who"),
    [
        (4.0, 7.5, {"mother"}),
        (4.0, 8.1, {"mother"}),
        (4.0, 8.3, {"mother", "teller"}),
        (0.0, 3.5, {"mother"}),
        (100.0, 101.0, {"mother"}),
    ],
    ids=["own words", "a touch", "more than a touch", "the interviewer", "after the end"],
)
def test_people_who_speak_during_the_clip_are_heard(
    interview: Interview, mother: int, start: float, end: float, who: set[str]
) -> None:
    made = mark(interview, 1, 1)
    heard = ExcerptSpeakers([made.pk]).heard(made, start, end, TELLER)
    assert heard == {{"mother": mother, "teller": TELLER}[one] for one in who}


def test_words_without_times_may_be_in_any_clip(interview: Interview, mother: int) -> None:
    made = mark(interview, 1, 1)
    interview.cues.filter(position=2).update(start=None, end=None)
    assert ExcerptSpeakers([made.pk]).heard(made, 4.0, 5.0, TELLER) == {mother, TELLER}


def test_any_number_of_excerpts_takes_four_queries(
    interview: Interview, django_assert_max_num_queries: Any
) -> None:
    made = [mark(interview, number, number) for number in (1, 2, 3)]
    with django_assert_max_num_queries(4):
        speaking = ExcerptSpeakers([one.pk for one in made])
        for one in made:
            speaking.quoted(speaking.excerpts[one.pk], TELLER)
            speaking.heard(speaking.excerpts[one.pk], 0, 16, TELLER)


def test_the_whole_conversation_needs_all_who_take_part(interview: Interview, mother: int) -> None:
    assert contributors_of(interview, TELLER) == [mother, TELLER]
    InterviewContributor.objects.create(interview=interview, role="carer", speaker="Neighbour")
    assert contributors_of(Interview.objects.get(pk=interview.pk), TELLER) == [mother, TELLER, None]
    assert contributors_of(Interview.objects.create(title="No contributors yet"), TELLER) == [None]


# What a story needs ----------------------------------------------------------------------------------------


def needs(*items: dict[str, Any], pk: int | None = None) -> list[tuple[int | None, str, str]]:
    page = SimpleNamespace(pk=pk, streams=(SimpleNamespace(raw_data=list(items)),), contributor=TELLER)
    page.quoted_interviews = lambda: InterviewIdentifiers._read_quoted_interviews(page)  # type: ignore[arg-type]
    return [(need.person, need.use, need.part) for need in story_requirements(page)]


def block(excerpt: Any, **value: Any) -> dict[str, Any]:
    return {"type": "excerpt_quote", "id": "q", "value": {"excerpt": excerpt, "text": "Hard", **value}}


@pytest.mark.parametrize(
    "item",
    [
        {"type": "quote", "id": "q", "value": {"text": "Hard"}},
        {"type": "quote", "id": "q", "value": None},
        block(None),
        block("12"),
        block(999_999_999, start=1, end=2),
    ],
    ids=["typed", "empty", "no excerpt", "not a key", "deleted excerpt"],
)
def test_a_quote_of_unknown_origin_needs_the_storytellers_consent(db: None, item: dict[str, Any]) -> None:
    assert needs(item, {"type": "text", "id": "t", "value": "prose"}) == [(TELLER, Use.QUOTES, "block:q")]


@pytest.mark.parametrize(("kind", "uses"), [("audio", [Use.VOICE]), ("video", [Use.VOICE, Use.VIDEO])])
def test_a_quote_with_a_clip_needs_voice_and_video(
    interview: Interview, mother: int, kind: str, uses: list[str]
) -> None:
    made = mark(interview, 1, 1)
    quote = [(mother, Use.QUOTES, "block:q")]
    assert needs(block(made.pk, start=4.0, end=7.0)) == quote, "without a recording there is no clip"
    Interview.objects.filter(pk=interview.pk).update(recording="interviews/talk", recording_kind=kind)
    assert needs(block(made.pk, start=4.0)) == quote
    assert needs(block(made.pk, start=4.0, end=7.0)) == quote + [(mother, use, "clip:q") for use in uses]


def test_a_public_conversation_needs_everyones_consent_whether_quoted_or_only_linked(
    interview: Interview, mother: int
) -> None:
    made = mark(interview, 1, 1)
    whole = [(person, Use.FULL_TRANSCRIPT, f"transcript:{interview.pk}") for person in (mother, TELLER)]
    assert needs(block(made.pk))[1:] == []
    Interview.objects.filter(pk=interview.pk).update(full_transcript_allowed=True)
    assert needs(block(made.pk))[1:] == whole
    assert needs(pk=1) == []
    Interview.objects.filter(pk=interview.pk).update(story=1)
    assert needs(pk=1) == whole


def test_a_new_story_without_quotes_takes_no_query(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        assert needs({"type": "text", "id": "t", "value": "prose"}) == []


# Suggested roles -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Mother 2:", "parent"),
        ("DR. LEE", "clinician"),
        ("Q", "interviewer"),
        ("Мама Ольги", "parent"),
        ("الأم", "parent"),
        ("mamá", "parent"),
        ("Motherwell", ""),
        ("Speaker 1", ""),
        ("", ""),
    ],
)
def test_a_role_is_read_from_a_whole_word_of_the_name(name: str, role: str) -> None:
    assert role_by_name(name) == role


@pytest.mark.parametrize(
    ("lines", "interviewer", "roles"),
    [
        ([("A", "How?"), ("B", "So."), ("A", "I see."), ("A", "Hm.")], "", {"A": "", "B": ""}),
        ([("A", "متى؟"), ("B", "ثم."), ("C", "نعم.")], "", {"A": "interviewer", "B": "", "C": ""}),
        ([("A", "How?")], "", {"A": ""}),
        (
            [("Anna B.", "Yes."), ("Berg", "So.")],
            "anna berg",
            {"Anna B.": "interviewer", "Berg": "interviewer"},
        ),
        ([("Mother", "How?"), ("B", "So.")], "", {"Mother": "parent", "B": "patient"}),
        ([], "", {}),
    ],
    ids=["few questions", "Arabic question mark", "alone", "by name", "a parent asks", "nothing"],
)
def test_roles_are_suggested_only_where_the_words_show_them(
    lines: list[tuple[str, str]], interviewer: str, roles: dict[str, str]
) -> None:
    assert suggested_roles([Cue(None, None, *line) for line in lines], interviewer) == roles
