from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError

from tests import factories as make
from treatments.matching import lineages, page_covering
from treatments.models import TreatmentPage
from treatments.templatetags.treatments_tags import lower_first


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, None),
        ({"worse": None}, "followed_up"),
        ({"worse": 21}, "followed_up"),
        ({"patients_treated": 100}, "followed_up"),
        ({"follow_up_source": ""}, "follow_up_source"),
        ({"patients_treated_source": ""}, "patients_treated_source"),
    ],
)
def test_a_share_is_never_told_without_its_denominator_and_source(
    fields: dict[str, Any], wrong: str | None
) -> None:
    known = {
        "patients_treated": 1240, "patients_treated_source": "A", "follow_up_source": "B", "followed_up": 380,
        "improved": 210, "unchanged": 150, "worse": 20,
    }  # fmt: skip
    page = TreatmentPage(**{**known, **fields})
    if wrong is None:
        page.clean_figures()
    else:
        with pytest.raises(ValidationError) as refused:
            page.clean_figures()
        assert set(refused.value.message_dict) == {wrong}


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("Cerebral palsy", "cerebral palsy"),
        ("ADHD", "ADHD"),
        ("Bell’s palsy", "Bell’s palsy"),
        ("Guillain-Barré syndrome", "Guillain-Barré syndrome"),
        ("", ""),
    ],
)
def test_a_term_within_a_sentence(name: str, within: str) -> None:
    assert lower_first(name) == within


@pytest.mark.django_db
def test_the_narrowest_page_that_covers_a_person_is_found() -> None:
    wide = make.ConditionFactory(name="Wide")
    narrow = make.ConditionFactory(name="Narrow", parent=wide)
    cells = make.TreatmentFactory(name="Cells")
    other = make.TreatmentFactory(name="Other")
    about_wide = make.TreatmentPageFactory(condition=wide, treatment=cells)
    about_narrow = make.TreatmentPageFactory(condition=narrow, treatment=cells)
    assert page_covering([narrow.path], [cells.path]).pk == about_narrow.pk
    assert page_covering([wide.path], [cells.path]).pk == about_wide.pk
    assert page_covering([narrow.path], []).pk == about_narrow.pk
    assert page_covering([narrow.path], [other.path]) is None
    assert page_covering([], [cells.path]) is None
    assert lineages([narrow.path]) == {wide.path, narrow.path}


@pytest.mark.django_db
def test_a_treatment_page_tells_what_is_known_and_what_is_not(client: Any) -> None:
    unknown = make.TreatmentPageFactory(title="Unknown", evidence_level="")
    page = client.get(unknown.url).content.decode()
    assert "has not been assessed" in page
    assert "Not known" in page
    known = make.TreatmentPageFactory(title="Known", known=True, evidence_level="2")
    html = BeautifulSoup(client.get(known.url).content, "html.parser")
    assert "more than 1,240" in " ".join(html.select_one("dd.huge").text.split())
    assert html.select_one("ol.rungs [aria-current]").text.strip().startswith("Looking back")
    assert len(html.select("h1")) == 1
    index = client.get(make.treatment_index().url).content.decode()
    assert known.url in index
    assert unknown.url in index
