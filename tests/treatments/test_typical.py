"""The typical result: who was followed up, who was lost, and that the two are never mixed."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.choices import Outcome
from pages.outcome_counts import FOLLOWED_UP, OutcomeCounts, OutcomeGroup
from treatments import typical
from treatments.balance import balance_sentence
from treatments.models import TreatmentPage
from treatments.typical import Typical, typical_of

people = st.integers(0, 3000)
counts_strategy = st.builds(OutcomeCounts, people, people, people, people)
# How outcomes may be combined for publication; people lost to follow-up always stay apart.
merges = st.sampled_from(
    [
        (("improved",), ("unchanged",), ("worse",)),
        (("improved",), ("unchanged", "worse")),
        (("improved", "unchanged"), ("worse",)),
        (("improved", "unchanged", "worse"),),
    ]
)


def published(counts: OutcomeCounts, merged: Any, *, is_shown: bool = True, **more: Any) -> Typical:
    groups = [OutcomeGroup(names, sum(counts.of(name) for name in names)) for names in merged]
    return Typical(
        treated=counts.treated,
        followed_up=counts.followed_up if is_shown else None,
        groups=(*groups, OutcomeGroup(("lost",), counts.lost)),
        **more,
    )


def treatment_page(**fields: Any) -> TreatmentPage:
    """A page that is not stored; its content type is named so that it is not looked up."""
    return TreatmentPage(content_type_id=1, **fields)


def numbers_in(sentence: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", sentence)]


@given(counts_strategy, merges, st.booleans(), st.booleans())
def test_people_lost_to_follow_up_are_never_among_those_followed_up(
    counts: OutcomeCounts, merged: Any, over: bool, is_shown: bool
) -> None:
    sentences = typical.sentence(
        published(counts, merged, over=over, months=24, is_shown=is_shown), "autism"
    ).split(". ")
    assert numbers_in(sentences[0]) == [counts.treated]
    if is_shown and not counts.followed_up:
        assert sentences[1] == "We do not know how any of them are today."
        assert len(sentences) == 2
        return
    seen = sentences[1]
    assert "lost" not in seen
    parts = [sum(counts.of(name) for name in names) for names in merged]
    told = numbers_in(seen.replace("2 years", ""))
    assert told == ([counts.followed_up, *parts] if is_shown else parts)
    assert sum(parts) == counts.followed_up
    lost = [said for said in sentences if "lost to follow-up" in said]
    assert [numbers_in(said) for said in lost] == ([[counts.lost]] if is_shown and counts.lost else [])
    assert sum("are combined" in said for said in sentences) == any(len(names) > 1 for names in merged)


@given(counts_strategy, merges)
def test_the_bar_has_everyone_treated_and_ends_with_those_who_were_lost(
    counts: OutcomeCounts, merged: Any
) -> None:
    parts = typical.bar(published(counts, merged))
    assert sum(part.count for part in parts) == counts.treated
    assert sum(round(10 * float(part.width)) for part in parts) == (1000 if counts.treated else 0)
    assert [part.count for part in parts if "lost to follow-up" in part.words] == (
        [counts.lost] if counts.lost else []
    )
    for part in parts:
        assert numbers_in(part.words) == [part.count]
    assert not counts.lost or parts[-1].shape == "none"


def test_without_a_number_treated_nothing_is_known() -> None:
    for page in (None, treatment_page(), treatment_page(patients_treated=0, followed_up=3)):
        found = typical_of(page)
        assert found == Typical()
        assert typical.sentence(found, "autism") == (
            "We do not know how many people were treated, or how they are today."
        )
        assert typical.bar(found) == []


KNOWN = {"patients_treated": 1240, "followed_up": 380, "improved": 210, "unchanged": 150, "worse": 20}


def test_figures_of_a_page_are_told_as_they_were_typed() -> None:
    found = typical_of(treatment_page(**KNOWN, patients_treated_at_least=True, follow_up_months=6))
    assert (found.treated, found.followed_up, found.over, found.months) == (1240, 380, True, 6)
    assert [found.count(name) for name in (*FOLLOWED_UP, "lost")] == [210, 150, 20, 860]
    assert not found.merged


def test_figures_that_contradict_each_other_leave_only_the_number_treated() -> None:
    found = typical_of(treatment_page(**{**KNOWN, "worse": 21}))
    assert (found.treated, found.followed_up, found.groups) == (1240, None, ())
    assert typical.sentence(found, "").endswith("We do not know how any of them are today.")


def test_published_groups_go_before_typed_figures() -> None:
    groups = [[["improved"], 12], [["unchanged", "worse"], 29], [["lost"], 55]]
    page = treatment_page(
        **{**KNOWN, "patients_treated": 96}, shown_outcomes={"followed_up": 41, "groups": groups}
    )
    found = typical_of(page)
    assert (found.followed_up, found.merged, found.count("worse")) == (41, True, None)
    assert [part.words for part in typical.bar(found)] == [
        "12 improved",
        "29 no change or worse",
        "55 lost to follow-up",
    ]


# Stories beside everyone treated --------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from(Outcome.values), st.integers(0, 40)))
def test_every_story_is_counted_by_how_it_ended(counts: dict[str, int]) -> None:
    said = balance_sentence(counts, Typical())
    total = sum(counts.values())
    if not total:
        assert said == ""
        return
    assert numbers_in(said) == [total, *(counts[ending] for ending in Outcome.values if counts.get(ending))]
    assert said.endswith("How this compares with everyone treated is not known.")


@pytest.mark.parametrize(
    ("fields", "end"),
    [
        (KNOWN, "Of 380 people followed up, 210 improved."),
        ({"patients_treated": 1240}, "How this compares with everyone treated is not known."),
        (
            {"patients_treated": 4, "followed_up": 0, "improved": 0, "unchanged": 0, "worse": 0},
            "How this compares with everyone treated is not known.",
        ),
    ],
)
def test_stories_are_compared_with_those_followed_up_only(fields: dict[str, int], end: str) -> None:
    said = balance_sentence({"good": 1}, typical_of(treatment_page(**fields)))
    assert said.startswith("1 story of this treatment is told here: 1 some improvement.")
    assert said.endswith(end)


def test_a_published_number_that_is_withheld_is_not_worked_out() -> None:
    withheld = SimpleNamespace(
        patients_treated=96,
        patients_treated_at_least=False,
        follow_up_months=6,
        shown_outcomes={
            "followed_up": None,
            "groups": [[["improved", "unchanged", "worse"], 41], [["lost"], 55]],
        },
    )
    found = typical_of(withheld)  # type: ignore[arg-type]  # only what is read
    assert balance_sentence({"good": 2}, found).endswith("is not known.")
    assert "followed up for" not in typical.sentence(found, "autism")
