from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories as make


@pytest.fixture
def terms(db: None) -> SimpleNamespace:
    """A small vocabulary: two branches of conditions, two of treatments."""
    nervous = make.ConditionFactory(name="Conditions of the nervous system")
    palsy = make.ConditionFactory(name="Cerebral palsy", parent=nervous, names=["CP"])
    diplegia = make.ConditionFactory(name="Spastic diplegia", parent=palsy)
    injury = make.ConditionFactory(name="Spinal cord injury", parent=nervous, names=["SCI"])
    cells = make.TreatmentFactory(name="Stem cell therapy")
    blood = make.TreatmentFactory(name="Umbilical cord blood cells", parent=cells)
    walking = make.TreatmentFactory(name="Physiotherapy")
    return SimpleNamespace(
        nervous=nervous,
        palsy=palsy,
        diplegia=diplegia,
        injury=injury,
        cells=cells,
        blood=blood,
        walking=walking,
    )


@pytest.fixture
def body() -> Any:
    """`body(quotes=3, pictures=[...])` -> the stored form of a part."""

    def stored(texts: int = 1, quotes: int = 0, pictures: Any = ()) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = [
            {"type": "text", "value": f"<p>Our flat is on floor {number}.</p>"} for number in range(texts)
        ]
        blocks += [
            {"type": "quote", "value": {"text": f"Stair {number} is the wobbly one.", "speaker": "Ines"}}
            for number in range(quotes)
        ]
        return blocks + [
            {"type": "figure", "value": {"picture": picture.pk, "caption": "The stairs."}}
            for picture in pictures
        ]

    return stored
