"""What the plan of a corrected transcript says: which cues change, and where excerpts and decisions go."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from interviews import services
from interviews.import_plan import plan_import, speakers_in
from interviews.models import Cue, Excerpt, IdentifierDecision, Interview
from tests.interviews.workbench_samples import LINES, make_interview
from transcripts import TranscriptRead
from transcripts.cues import Cue as Said


def as_read(lines: list[tuple[str, str]], shift: float = 0.0) -> TranscriptRead:
    """Lines in the form of a file, with the times that `make_interview` gives them, moved by `shift`."""
    return TranscriptRead(
        "webvtt",
        [Said(at * 4.0 + shift, at * 4.0 + 3.5 + shift, *line) for at, line in enumerate(lines)],
    )


@pytest.fixture
def interview(db: None) -> Interview:
    return make_interview()


def mark(interview: Interview, position: int, words: str) -> Any:
    by, _made = User.objects.get_or_create(username="marker")
    cue = interview.cues.get(position=position)
    at = cue.text.index(words)
    return services.make_excerpt(
        interview=interview, start=(cue.pk, at), end=(cue.pk, at + len(words)), section="before", by=by
    )


def test_the_same_file_changes_nothing(interview: Interview) -> None:
    made = mark(interview, 3, "had seizures")
    plan = plan_import(interview, as_read(LINES))
    assert (plan.added, plan.removed, plan.changed, plan.retimed, plan.lost) == ([], [], [], [], [])
    assert (plan.share_kept, plan.attached) == (1.0, 1)
    placed = plan.excerpts[made.pk]
    assert placed
    assert (placed.run.verbatim, placed.clip_in, placed.clip_out) == (
        "had seizures",
        made.clip_in,
        made.clip_out,
    )


def test_a_first_file_adds_every_cue(db: None) -> None:
    plan = plan_import(Interview.objects.create(title="No transcript yet"), as_read(LINES))
    assert plan.added == list(range(len(LINES)))
    assert (plan.share_kept, plan.excerpts, plan.decisions) == (1.0, {}, {})


def test_corrected_removed_added_and_moved_cues_are_told_apart(interview: Interview) -> None:
    lines = [
        LINES[0],
        ("Mother", LINES[1][1].replace("March", "April")),
        *LINES[3:],
        ("Doctor", "Thank you both."),
    ]
    plan = plan_import(interview, as_read(lines))
    assert plan.changed == [(1, 1)]
    assert plan.removed == [2]
    assert plan.added == [6]
    assert plan.retimed == [(3, 2), (4, 3), (5, 4), (6, 5)]


def test_the_clip_moves_with_its_words_and_keeps_an_editors_tuning(interview: Interview) -> None:
    made = mark(interview, 3, "every day")
    services.change_excerpt(excerpt=made, rev=1, by=made.created_by, clip_in=made.clip_in - 0.4)
    placed = plan_import(interview, as_read(LINES, shift=10.0)).excerpts[made.pk]
    assert placed
    assert placed.clip_in == pytest.approx(made.clip_in + 9.6)
    assert placed.clip_out == pytest.approx(made.clip_out + 10.0)


def test_an_excerpt_whose_words_are_gone_is_lost_and_a_removed_one_does_not_count(
    interview: Interview,
) -> None:
    made, removed = mark(interview, 3, "every day"), mark(interview, 3, "seizures")
    services.remove_excerpt(excerpt=removed, by=made.created_by)
    plan = plan_import(interview, as_read(LINES[:3] + LINES[4:]))
    assert plan.lost == plan.newly_lost == [made]
    assert plan.attached == 0
    Excerpt.objects.filter(pk=made.pk).update(placed=False)
    plan = plan_import(interview, as_read(LINES[:3] + LINES[4:]))
    assert (plan.lost, plan.newly_lost) == ([made], [])


@pytest.mark.parametrize(("times", "found"), [(0, False), (1, True), (2, False)])
def test_a_lost_excerpt_is_found_again_where_its_words_occur_exactly_once(
    interview: Interview, times: int, found: bool
) -> None:
    made = mark(interview, 3, "every day")
    Excerpt.objects.filter(pk=made.pk).update(start_cue=None, end_cue=None, placed=False)
    lines = [line for line in LINES if "every day" not in line[1]] + [("Mother", "Yes, Every day.")] * times
    placed = plan_import(interview, as_read(lines)).excerpts[made.pk]
    assert (placed.run.verbatim if placed else None) == ("Every day." if found else None)


def test_a_decision_follows_its_words_and_is_dropped_without_them(interview: Interview) -> None:
    cue = interview.cues.get(position=1)
    at = cue.text.index("Hannah")
    decision = IdentifierDecision.objects.create(
        interview=interview, cue=cue, at=at, end=at + 6, text="Hannah", kind="name", state="replaced"
    )
    longer = [("Doctor", "Welcome."), *LINES[:1], ("Mother", "Well, " + LINES[1][1]), *LINES[2:]]
    assert plan_import(interview, as_read(longer)).decisions == {decision.pk: (2, at + 6, at + 12)}
    without = [LINES[0], ("Mother", LINES[1][1].replace("Hannah", "Joanna")), *LINES[2:]]
    assert plan_import(interview, as_read(without)).decisions == {decision.pk: None}


def test_speakers_keep_the_names_that_an_editor_gave_them(interview: Interview) -> None:
    again = as_read([("S2" if speaker == "Mother" else "S1", text) for speaker, text in LINES])
    plan = plan_import(interview, again, names_before={"S1", "S2"})
    assert plan.names == {"S1": "Doctor", "S2": "Mother"}
    assert (plan.changed, speakers_in(plan.read)) == ([], ["Doctor", "Mother"])
    # A label that was not in the previous file is new.
    assert plan_import(interview, again, names_before={"S1"}).names == {"S1": "Doctor", "S2": "S2"}
    chosen = plan_import(interview, again, names={"S2": "  Marta   Lind " + "x" * 200})
    assert chosen.names["S1"] == "S1"
    assert chosen.names["S2"].startswith("Marta Lind xxx")
    assert len(chosen.names["S2"]) == 120


def test_the_stamp_changes_with_the_words_and_with_what_would_be_lost(interview: Interview) -> None:
    same, shorter = as_read(LINES), as_read(LINES[:3] + LINES[4:])
    stamp = plan_import(interview, same).stamp
    assert plan_import(interview, shorter).stamp == stamp
    mark(interview, 3, "every day")
    assert plan_import(interview, same).stamp == stamp
    assert plan_import(interview, shorter).stamp != stamp
    Cue.objects.filter(interview=interview, position=0).update(text="Hello.")
    assert plan_import(interview, same).stamp != stamp


words = st.sampled_from(["she", "climbs", "the", "stairs", "now", "again"])
spoken = st.lists(
    st.tuples(st.sampled_from(["Mother", "Doctor"]), st.lists(words, min_size=1, max_size=4).map(" ".join)),
    min_size=1,
    max_size=5,
)


class AnyCorrection(TestCase):
    """Whatever the two files say."""

    @settings(max_examples=25)
    @given(spoken, spoken)
    def test_each_old_and_new_cue_is_counted_once(
        self, before: list[tuple[str, str]], after: list[tuple[str, str]]
    ) -> None:
        interview = make_interview(before)
        plan = plan_import(interview, as_read(after))
        paired = plan.alignment.cues
        assert sorted([*paired, *plan.removed]) == list(range(len(before)))
        assert sorted([*paired.values(), *plan.added]) == list(range(len(after)))
        assert set(plan.changed).isdisjoint(plan.retimed)
        assert set(plan.changed) == {(old, new) for old, new in paired.items() if before[old] != after[new]}
        assert 0.0 <= plan.share_kept <= 1.0
        assert plan_import(interview, as_read(before)).share_kept == 1.0
