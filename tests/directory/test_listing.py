"""The filters of the hospitals and doctors, as a listing: what each choice keeps and how many it counts."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from directory.languages import SPOKEN, names
from directory.listing import directory_listing
from tests.factories import ConditionFactory, TreatmentFactory

pytestmark = pytest.mark.django_db


class Terms(list[Any]):
    """Prefetched terms."""

    def all(self) -> Terms:
        return self


def entry(title: str, **fields: Any) -> Any:
    """What the listing reads of a hospital or a doctor."""
    given = {"country": "", "languages": [], "conditions": (), "treatments": (), **fields}
    given |= {name: Terms(given[name]) for name in ("conditions", "treatments")}
    return SimpleNamespace(title=title, own_words=lambda: title, **given)


@pytest.fixture
def entries() -> list[Any]:
    palsy = ConditionFactory(name="Cerebral palsy", names=["CP"])
    diplegia = ConditionFactory(name="Spastic diplegia", parent=palsy)
    cells = TreatmentFactory(name="Cord blood cells", names=["stem cells"])
    return [
        entry("East", country="CN", languages=["zh", "en"], conditions=[diplegia], treatments=[cells]),
        entry("West", country="DE", languages=["de"], conditions=[palsy]),
        entry("Doctor", country="DE", countries={"CN", "FR"}, languages=None),
        entry("Nowhere"),
    ]


def shown(entries: list[Any], **params: list[str]) -> list[str]:
    return [found.title for found in directory_listing(entries, params).results]


@pytest.mark.parametrize(
    ("params", "titles"),
    [
        ({}, ["East", "West", "Doctor", "Nowhere"]),
        ({"country": ["CN"]}, ["East", "Doctor"]),
        ({"country": ["DE"]}, ["West", "Doctor"]),
        ({"country": ["CN", "DE"]}, ["East", "West", "Doctor"]),
        ({"country": ["FR"], "language": ["zh"]}, []),
        ({"condition": ["cerebral-palsy"]}, ["East", "West"]),
        ({"condition": ["spastic-diplegia"]}, ["East"]),
        ({"treatment": ["cord-blood-cells"], "country": ["CN"]}, ["East"]),
        ({"language": ["en", "de"]}, ["East", "West"]),
        (
            {"country": ["US"], "condition": ["no-such"], "language": ["xx"]},
            ["East", "West", "Doctor", "Nowhere"],
        ),
        ({"q": ["cp"]}, ["East", "West"]),
        ({"q": ["STEM cell"]}, ["East"]),
        ({"q": ["cp west"]}, ["West"]),
        ({"q": ["est"]}, []),
    ],
)
def test_each_choice_keeps_what_it_says(
    entries: Any, params: dict[str, list[str]], titles: list[str]
) -> None:
    assert shown(entries, **params) == titles


def options(entries: list[Any], facet_name: str, **params: list[str]) -> dict[str, int]:
    for facet, found in directory_listing(entries, params).groups:
        if facet.name == facet_name:
            return {str(option.label): option.count for option in found}
    return {}


def test_options_are_counted_with_the_other_choices(entries: Any) -> None:
    assert options(entries, "country") == {"China": 2, "France": 1, "Germany": 2}
    assert options(entries, "country", condition=["cerebral-palsy"]) == {"China": 1, "Germany": 1}
    assert options(entries, "country", country=["CN"]) == {"China": 2, "France": 1, "Germany": 2}
    assert options(entries, "condition") == {"Cerebral palsy": 2, "Spastic diplegia": 1}
    assert list(options(entries, "language")) == ["Chinese", "English", "German"], (
        "in the order of their names"
    )


def test_an_empty_directory_has_no_choices(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert directory_listing([], {"country": ["CN"]}).groups == []


def test_the_vocabulary_takes_four_queries(entries: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):
        assert shown(entries * 5, q=["cp"], condition=["cerebral-palsy"]) == ["East", "West"] * 5


def test_languages_are_named_in_the_order_given() -> None:
    assert names(["zh", "xx", "en"]) == ["Chinese", "English"]
    assert names([]) == []
    assert all(len(code) == 2 for code in SPOKEN)
