"""No person's value and no small number of people can be worked out of all that is published of a cohort.

RECONSTRUCTIONS cohorts are invented, each published in up to three versions, and attacked with integer
constraints (`reconstruction`): with the data of the versions, and with what stands on pages, in PDFs, CSV, JSON
and a filtered list (`public_outputs`). Without disclosure control the same attack finds both.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from cohorts.models import Cohort, CohortCount
from cohorts.report_versions import DraftRefused, draft_of
from cohorts.services import import_rows, read_for
from disclosure_control import configured
from disclosure_control.rules import DEFAULT, OFF, Rules
from pages.age_bands import age_band
from tests.cohorts import reconstruction
from tests.cohorts.cohorts import case, csv_of, publish_rows, rows_cohort
from tests.cohorts.public_outputs import OUTCOMES, Statement, outputs_of, statements
from tests.cohorts.test_report import pdf_text, report_page

pytestmark = pytest.mark.django_db

# Outputs without a number of people: the Phenopacket and the list are read all the same.
SAYS_NOTHING = ("case study json", "filtered list")
ALL, REPORT, DATA = "all", "report", "data"
COHORTS = int(os.environ.get("RECONSTRUCTIONS", "20"))


def people(chance: random.Random, start: int, stop: int) -> list[dict[str, Any]]:
    """Return invented people with few in some groups: number, age, sex, value before and change (None: lost)."""
    return [
        {
            "number": number,
            "age": chance.choices([1, 4, 8, 14, 40, 70], weights=[1, 6, 8, 4, 1, 1])[0],
            "sex": chance.choices(["female", "male", "other"], weights=[8, 8, 1])[0],
            "before": chance.randint(60, 140) / 2,
            "change": chance.choice([-8.5, -3, 0, 0.5, 2, 4.5, 7, 9]) if chance.random() < 0.85 else None,
        }
        for number in range(start, stop)
    ]


def rows(of: list[dict[str, Any]]) -> bytes:
    return csv_of(
        *(
            row
            for one in of
            for row in case(
                one["number"],
                before=one["before"],
                after=None if one["change"] is None else one["before"] + one["change"],
                age=one["age"],
                sex=one["sex"],
            )
        )
    )


def cells(of: list[dict[str, Any]]) -> dict[Any, int]:
    """Return the real table: what the attack looks for."""
    ends = Counter(
        "lost" if one["change"] is None else "improved" if one["change"] >= 2 else "worse" if one["change"] <= -2
        else "unchanged"
        for one in of
    )  # fmt: skip
    return {
        ("treated",): len(of),
        **{("outcome", name): number for name, number in ends.items()},
        **{("ages", name): number for name, number in Counter(age_band(one["age"]) for one in of).items()},
        **{("sexes", name): number for name, number in Counter(one["sex"] for one in of).items()},
    }


@dataclass
class Published:
    """What became public of a cohort, version by version: the data, what texts say, and who was in it."""

    versions: list[Any] = field(default_factory=list)
    texts: list[set[Statement]] = field(default_factory=list)
    people: list[list[dict[str, Any]]] = field(default_factory=list)


def published(made: Cohort, chance: random.Random, *, reading: str = ALL) -> Published:
    """Import a cohort three times, publish what may be published, and read what is public each time.

    `reading`: ALL outputs, those of the REPORT, or only the DATA of the versions.
    """
    outputs = outputs_of(made, with_case=reading == ALL) if reading != DATA else None
    client = Client()
    known = people(chance, 0, chance.randint(8, 90))
    done = Published()
    for more in (0, chance.randint(1, 4), chance.randint(10, 25)):
        known = [*known, *people(chance, len(known), len(known) + more)]
        import_rows(cohort=made, read=read_for(made, rows(known)), by=None)
        try:
            report = publish_rows(made)
        except DraftRefused:
            continue
        if report.data["treated"] is not None:
            done.versions.append(report.data)
            done.people.append(known)
            said: set[Statement] = set()
            for name, text in outputs.texts(client) if outputs else ():
                read = statements(text)
                assert read or name in SAYS_NOTHING, (name, text)
                said |= read
            done.texts.append(said)
    return done


def attack(rules: Rules, seed: int) -> tuple[list[Any], list[Any], list[float], int]:
    chance = random.Random(seed)
    reading = ALL if seed % 10 == 0 else REPORT if COHORTS > 20 else DATA
    done = published(rows_cohort(live=True, treated_at_least=False), chance, reading=reading)
    if not done.versions:
        return [], [], [], 0
    truth = [cells(known) for known in done.people]
    reconstruction.assert_true(done.versions, rules, truth, done.texts)
    values = [
        {
            0: [one["before"] for one in known],
            12: [one["before"] + one["change"] for one in known if one["change"] is not None],
        }
        for known in done.people
    ]
    return (
        reconstruction.small_cells_found(done.versions, rules, DEFAULT.smallest, done.texts),
        list(reconstruction.values_found(done.versions, values, DEFAULT.smallest)),
        list(reconstruction.newcomers_changes(done.versions, rules)),
        len(done.versions),
    )


def test_nothing_is_found_in_what_is_published(home: Any) -> None:
    versions = 0
    for seed in range(COHORTS):
        small, values, changes, number = attack(DEFAULT, seed)
        versions += number
        assert (small, values, changes) == ([], [], []), f"cohort {seed}"
    assert versions > 1.5 * COHORTS


def test_without_disclosure_control_the_attack_finds_people(
    home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configured, "rules", lambda: OFF)
    found = [attack(OFF, seed) for seed in range(max(3, COHORTS // 10))]
    assert all(small for small, *_rest in found)
    assert any(values for _small, values, *_rest in found)
    assert {change for _s, _v, changes, _n in found for change in changes} <= {-8.5, -3, 0, 0.5, 2, 4.5, 7, 9}
    monkeypatch.setattr("tests.cohorts.test_reconstruction.people", one_more)
    done = published(rows_cohort(live=True, treated_at_least=False), random.Random(1), reading=DATA)
    assert -8.5 in list(reconstruction.newcomers_changes(done.versions, OFF))


def test_an_exact_number_in_one_output_is_found(home: Any) -> None:
    done = published(rows_cohort(live=True, treated_at_least=False), random.Random(0), reading=DATA)
    assert reconstruction.small_cells_found(done.versions, DEFAULT, DEFAULT.smallest, done.texts) == []
    real = cells(done.people[-1])
    ends = {key: count for key, count in real.items() if key[0] == "outcome"}
    said = "A PDF says: " + ", ".join(
        f"{ends.get(('outcome', name), 0)} {word}" for word, name in OUTCOMES.items()
    )
    done.texts[-1] |= statements(f"{said}.")
    made, _cells = reconstruction.system_of(done.versions, DEFAULT, done.texts)
    last = len(done.versions) - 1
    for key, count in ends.items():
        if count % DEFAULT.base:
            assert made.range_of({(last, *key): 1}) == (count, count)


def one_more(chance: random.Random, start: int, stop: int) -> list[dict[str, Any]]:
    """Return twenty people, then one newcomer at a time who got worse by 8.5."""
    change = 4.5 if start == 0 else -8.5
    numbers = range(20) if start == 0 else range(start, start + 1)
    return [
        {"number": number, "age": 8, "sex": "female", "before": 50 + number % 7, "change": change + number % 3 * (start == 0)}
        for number in numbers
    ]  # fmt: skip


def test_page_and_pdf_say_no_count_that_is_not_in_the_published_data(client: Any) -> None:
    """The attack reads the data of each version; page and PDF hold no other numbers of people."""
    made = rows_cohort(live=True, treated_at_least=False)
    page = report_page(made)
    known = people(random.Random(7), 0, 63)
    import_rows(cohort=made, read=read_for(made, rows(known)), by=None)
    data = publish_rows(made).data
    (measure,) = data["measures"]
    (time,) = measure["times"]
    counts = {data["treated"], time["followed_up"], time["seen"], data["treated"] - (time["seen"] or 0)}
    counts |= {count for _names, count in time["groups"]} | {row["n"] for row in measure["values"]}
    counts |= {count for kind in ("ages", "sexes") for _name, count in data[kind]}
    html = BeautifulSoup(client.get(page.url).content.decode(), "html.parser")
    tables = [cell.text for cell in html.select("table.data td")]
    shown = {int(found.group()) for cell in tables if (found := re.match(r"\d+(?=$| \()", cell))}
    medians = {int(float(row["median"])) for row in measure["values"] if row.get("median")}
    assert shown <= counts | medians | {0}
    exact = CohortCount.objects.get(cohort=made).data["figures"][0]
    secrets = {exact["followed_up"], exact["improved"], exact["unchanged"], 63} - counts
    sentence = re.search(r"About .*? follow-up", pdf_text(client.get(f"{page.url}pdf/").content)).group()
    assert not secrets & {int(number) for number in re.findall(r"\d+", sentence)}
    assert draft_of(Cohort.objects.get(pk=made.pk)).is_unchanged
