"""The vocabulary of treatments: the same machinery as the conditions', with a starter set of its own."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from conditions.models import Condition
from treatments.models import Treatment, TreatmentCode, TreatmentName

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("load_treatments", *arguments, "--json", stdout=out)
    last: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return last


def test_the_starter_treatments_load_and_load_again() -> None:
    assert run("--dry-run")["created"] >= 25
    assert not Treatment.objects.exists()
    first, second = run(), run()
    assert first["refused"] == 0
    assert first["left_out"] == []
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, first["created"])
    assert not any(Treatment.find_problems())
    assert not Condition.objects.exists()


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("stem cells", "stem-cell-therapy"),
        ("cord blood", "umbilical-cord-blood-stem-cells"),
        ("Botox", "botulinum-toxin"),
        ("physio", "physiotherapy"),
        ("CIMT", "constraint-induced-movement-therapy"),
        ("SDR", "selective-dorsal-rhizotomy"),
        ("HBOT", "hyperbaric-oxygen"),
        ("células madre", "stem-cell-therapy"),
        ("الخلايا الجذعية", "stem-cell-therapy"),
    ],
)
def test_what_people_type_finds_the_treatment(typed: str, slug: str) -> None:
    run()
    assert slug in Treatment.objects.matching(typed).values_list("slug", flat=True)


def test_the_ways_of_giving_cord_blood_lie_below_stem_cell_therapy() -> None:
    run()
    therapy = Treatment.objects.get(slug="stem-cell-therapy")
    below = set(Treatment.objects.with_descendants(therapy).values_list("slug", flat=True))
    assert {"cord-blood-iv", "cord-blood-iv-lp", "cord-blood-stereotactic"} < below
    assert "stem cells" in Treatment.objects.get(slug="cord-blood-iv").all_words()


def test_names_and_codes_belong_to_treatments() -> None:
    treatment = Treatment.add_root(name="Botulinum toxin")
    TreatmentName.objects.create(term=treatment, name="Botox")
    TreatmentCode.objects.create(term=treatment, system="mesh", code="D001905")
    assert (
        list(Treatment.objects.matching("botox"))
        == list(Treatment.objects.matching("D001905"))
        == [treatment]
    )
