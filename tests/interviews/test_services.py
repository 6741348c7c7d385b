"""How editors make and change excerpts, by the services.

Each refusal says why in a sentence, and leaves everything as it was.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from interviews import services
from interviews.models import Excerpt, Interview
from interviews.services import ChangedMeanwhile, Refused
from tests.interviews.workbench_samples import LINES, make_interview

pytestmark = pytest.mark.django_db
TAKEN = ("start_cue_id", "start_offset", "end_cue_id", "end_offset", "verbatim", "asked", "speaker",
         "clip_in", "clip_out", "placed")  # fmt: skip
GONE = "The selected words are no longer in this transcript. Reload the page and select them again."


@pytest.fixture
def interview(db: None) -> Interview:
    return make_interview()


@pytest.fixture
def by(db: None) -> User:
    return User.objects.create_user("editor")


def place(
    interview: Interview, position: int, offset: int | str = 0, *, after: bool = False
) -> tuple[int, int]:
    cue = interview.cues.get(position=position)
    if isinstance(offset, str):
        offset = cue.text.index(offset) + (len(offset) if after else 0)
    return cue.pk, int(offset)


def excerpt(interview: Interview, by: User, position: int, section: str = "before") -> Excerpt:
    return services.make_excerpt(
        interview=interview,
        start=place(interview, position),
        end=place(interview, position, len(LINES[position][1])),
        section=section,
        by=by,
    )


@pytest.mark.parametrize(
    ("start", "end", "speaker", "verbatim", "asked"),
    [
        ((1, 0), (1, 19), "Mother", "It started, um, on", "Hello. How did it begin?"),
        (
            (3, "every"),
            (4, 4),
            "Mother",
            "every day. It was, um, hard for all of us. Then",
            "And the treatment?",
        ),
        ((2, 0), (3, 15), "Mother", "He had seizures", "And the treatment?"),
        ((4, "would"), (6, 4), "Mother", "would not say cured. Now", ""),
        ((0, 7), (0, 11), "Doctor", "How", ""),
    ],
)
def test_the_same_words_give_the_same_excerpt_however_it_is_made(
    interview: Interview, by: User, start: Any, end: Any, speaker: str, verbatim: str, asked: str
) -> None:
    places: dict[str, Any] = {"start": place(interview, *start), "end": place(interview, *end)}
    made = services.make_excerpt(interview=interview, section="before", by=by, **places)
    once = services.make_excerpt_once(interview=interview, section="after", by=by, **places)
    lost = excerpt(interview, by, 6)
    Excerpt.objects.filter(pk=lost.pk).update(start_cue=None, end_cue=None, placed=False)
    placed = services.place_excerpt(excerpt=lost, rev=1, by=by, **places)
    assert (made.speaker, made.verbatim, made.asked) == (speaker, verbatim, asked)
    for other in (once, placed):
        assert {name: getattr(other, name) for name in TAKEN} == {name: getattr(made, name) for name in TAKEN}
    assert (placed.rev, placed.text) == (2, LINES[6][1])


def test_a_request_sent_again_makes_no_second_excerpt_but_another_editors_does(
    interview: Interview, by: User
) -> None:
    places: dict[str, Any] = {"start": place(interview, 6), "end": place(interview, 6, 9), "section": "after"}
    first = services.make_excerpt_once(interview=interview, by=by, **places)
    assert services.make_excerpt_once(interview=interview, by=by, **places) == first
    other = services.make_excerpt_once(interview=interview, by=User.objects.create_user("other"), **places)
    assert other != first
    assert [first.order, other.order] == [1, 2]
    services.remove_excerpt(excerpt=first, by=by)
    assert services.make_excerpt_once(interview=interview, by=by, **places) != first


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ((3, 0), (1, 4), "Select the words from first to last."),
        ((2, 0), (1, 4), "Select the words from first to last."),
        (
            (1, 5),
            (1, 2),
            "The selected words are not in this transcript. Reload the page and select them again.",
        ),
        ((1, 2), (1, 3), "The selection has no words. Select some words."),
        (None, (1, 3), GONE),
        ((1, 2), None, GONE),
    ],
)
def test_a_selection_without_words_is_refused_by_all_three(
    interview: Interview, by: User, start: Any, end: Any, says: str
) -> None:
    foreign = place(make_interview(), 0)
    places: dict[str, Any] = {
        "start": place(interview, *start) if start else foreign,
        "end": place(interview, *end) if end else foreign,
    }
    known = excerpt(interview, by, 6)
    for attempt in (
        lambda: services.make_excerpt(interview=interview, section="before", by=by, **places),
        lambda: services.make_excerpt_once(interview=interview, section="before", by=by, **places),
        lambda: services.place_excerpt(excerpt=known, rev=1, by=by, **places),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert str(refused.value) == says
    assert list(Excerpt.objects.values_list("pk", "rev", "verbatim")) == [(known.pk, 1, LINES[6][1])]


def test_more_than_a_thousand_words_are_refused(by: User) -> None:
    interview = make_interview([("Mother", "word " * 1001)])
    with pytest.raises(Refused, match=r"at most 1,000 words. Select less, and make two excerpts"):
        services.make_excerpt(
            interview=interview,
            start=place(interview, 0),
            end=place(interview, 0, 5005),
            section="before",
            by=by,
        )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"section": "middle"}, "‘middle’ is not a section. Choose before, treatment or after."),
        ({"text": "x" * 20_001}, "A quote can have at most 20,000 characters."),
        ({"text": "a\0b"}, "A quote can have at most 20,000 characters."),
        (
            {"clip_in": 9.0, "clip_out": 8.0},
            "The clip must start before it ends. It would run from 9.0 to 8.0 s.",
        ),
        ({"clip_in": -1.0}, "The clip must start before it ends. It would run from -1.0 to 27.5 s."),
    ],
)
def test_changes_that_cannot_be_are_refused(
    interview: Interview, by: User, changes: dict[str, Any], says: str
) -> None:
    made = excerpt(interview, by, 6)
    with pytest.raises(Refused) as refused:
        services.change_excerpt(excerpt=made, rev=1, by=by, **changes)
    assert str(refused.value) == says
    assert Excerpt.objects.get(pk=made.pk).rev == 1


def test_a_change_of_an_old_revision_gets_the_saved_excerpt_instead(interview: Interview, by: User) -> None:
    made = excerpt(interview, by, 6)
    services.change_excerpt(excerpt=made, rev=1, by=by, text="Now he walks.", clip_in=24.06)
    for attempt in (
        lambda: services.change_excerpt(excerpt=made, rev=1, by=by, text="lost"),
        lambda: services.place_excerpt(
            excerpt=made, rev=1, by=by, start=place(interview, 1), end=place(interview, 1, 5)
        ),
    ):
        with pytest.raises(ChangedMeanwhile) as changed:
            attempt()
        assert (changed.value.current.text, changed.value.current.clip_in) == ("Now he walks.", 24.1)
