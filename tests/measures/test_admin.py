"""Outcome measures in the database and in the admin: refused with the rule and the form kept, warned, loaded
again.
"""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from casestudies.models import CaseStudyPage, Observation
from measures.models import Measure
from measures.starter import STARTER
from tests.casestudies.editor_form import edit_url, sent_by_the_form, with_measurements
from tests.casestudies.factories import CaseStudyPageFactory

pytestmark = pytest.mark.django_db


def load(*options: str) -> str:
    out = StringIO()
    call_command("load_measures", *options, stdout=out)
    return out.getvalue()


class TestLoading:
    def test_the_measures_are_there_after_migrating(self) -> None:
        assert set(Measure.objects.values_list("key", flat=True)) == {scale.key for scale in STARTER}
        assert [Measure.objects.get(key=scale.key).scale for scale in STARTER] == list(STARTER)

    def test_twice_changes_nothing(self) -> None:
        before = list(Measure.objects.values())
        counts = json.loads(load("--json").splitlines()[-1])
        assert counts == {"created": 0, "updated": 0, "unchanged": len(STARTER), "refused": 0}
        assert list(Measure.objects.values()) == before

    def test_an_editors_change_is_not_overwritten(self) -> None:
        Measure.objects.filter(key="gmfm-66").update(difference=2.0, note="Ours.")
        assert "2 values were changed by an editor" in load()
        measure = Measure.objects.get(key="gmfm-66")
        assert (measure.difference, measure.note) == (2.0, "Ours.")

    def test_what_a_loader_wrote_follows_a_new_release(self) -> None:
        old = Measure.objects.get(key="gmfm-66")
        old.unit = old.loaded["unit"] = "pts"
        old.save()
        assert "1 changed" in load()
        assert Measure.objects.get(key="gmfm-66").unit == "points"

    def test_a_deleted_one_comes_back_with_its_relations(self) -> None:
        Measure.objects.filter(key="gmfm-66").delete()
        assert "1 measures added" in load()
        scale = Measure.objects.get(key="gmfm-66").scale
        assert scale.ceilings_of == "gmfcs"
        assert "gmfm-88" in scale.never_with

    def test_a_name_that_an_editors_measure_has_is_not_taken(self) -> None:
        Measure.objects.filter(key="gmfm-66").update(key="ours")
        assert json.loads(load("--json").splitlines()[-1])["refused"] == 1


def test_a_measurement_keeps_its_words_when_its_measure_is_deleted() -> None:
    measure = Measure.objects.get(key="gmfm-66")
    words = {"measure": "GMFM-66", "unit": "points, 0 to 100", "better": "higher"}
    CaseStudyPageFactory(observations=[{"outcome_measure": measure, "months": 0, "value": "50", **words}])
    measure.delete()
    row = Observation.objects.get()
    assert (row.outcome_measure, row.value) == (None, "50")
    assert {name: getattr(row, name) for name in words} == words


class TestEditor:
    @pytest.mark.parametrize(
        ("row", "rule"),
        [
            ({"of": "gmfcs", "value": "0"}, "GMFCS runs from I to V"),
            ({"of": "gmfm-66", "value": "101"}, "GMFM-66 runs from 0 to 100: 101 is outside."),
            (
                {"of": "modified-ashworth", "value": "5", "side": "left", "part": "calf"},
                "Modified Ashworth Scale runs from 0 to 4",
            ),
            (
                {"of": "modified-ashworth", "value": "2"},
                "Modified Ashworth Scale is measured on each side: state which side this is.",
            ),
            (
                {"of": "gmfm-66", "value": "50", "months": "-3", "phase": "follow_up"},
                "A follow-up comes after the baseline",
            ),
            ({"of": "macs", "value": "II"}, "MACS is for ages 4 to 18. This patient was about 3"),
            (
                {"of": "family-rating", "value": "small", "part": "speech", "assessed_by": "clinician"},
                "own rating",
            ),
            ({"measure": "GMFCS", "value": "0"}, "GMFCS runs from I to V"),
            ({"value": "3"}, "Choose a measure, or name one that is not in the list."),
        ],
    )
    def test_an_impossible_value_is_refused_with_the_rule_and_what_was_typed_stays(
        self, editor_client: Client, row: dict[str, Any], rule: str
    ) -> None:
        page = CaseStudyPageFactory(title="Case study: stiff legs", age_at_treatment=3)
        typed = {"months": "0", "note": "typed in the evening", **row}
        data = with_measurements(sent_by_the_form(editor_client, page), typed) | {
            "plain_summary": "A sentence that must not be lost."
        }
        response = editor_client.post(edit_url(page), data)
        assert response.status_code == 200
        soup = BeautifulSoup(response.content, "html.parser")
        assert rule in soup.get_text(" ", strip=True)
        [value], [note] = (
            soup.select("[name=observations-0-value]"),
            soup.select("[name=observations-0-note]"),
        )
        assert (value["value"], note["value"]) == (row["value"], "typed in the evening")
        assert (
            soup.select_one("[name=plain_summary]").get_text().strip() == "A sentence that must not be lost."
        )
        assert not Observation.objects.exists()
        assert not CaseStudyPage.objects.get().has_unpublished_changes

    def test_a_follow_up_dated_before_baseline_is_refused(self, editor_client: Client) -> None:
        page = CaseStudyPageFactory()
        rows = [
            {"of": "gmfm-66", "months": 0, "value": "50", "observed_on": "2024-06-01"},
            {"of": "gmfm-66", "months": 12, "value": "54", "observed_on": "2024-01-05"},
        ]
        data = with_measurements(sent_by_the_form(editor_client, page), *rows)
        response = editor_client.post(edit_url(page), data)
        assert "is dated before the baseline" in response.content.decode()

    def test_a_changed_classification_is_saved_and_warned_of(self, editor_client: Client) -> None:
        page = CaseStudyPageFactory()
        rows = [
            {"of": "gmfcs", "months": months, "value": value} for months, value in ((0, "iii"), (12, "II"))
        ]
        data = with_measurements(sent_by_the_form(editor_client, page), *rows)
        response = editor_client.post(edit_url(page), data, follow=True)
        text = BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)
        assert "GMFCS changes from III (Treatment) to II (12 months after)." in text
        draft = CaseStudyPage.objects.get().get_latest_revision_as_object()
        assert [row.value for row in draft.observations.all()] == ["III", "II"]

    def test_what_is_right_is_kept_in_the_measures_own_words(self, editor_client: Client) -> None:
        page = CaseStudyPageFactory(age_at_treatment=7)
        rows = [
            {"of": "gmfm-66", "months": 0, "value": "51,2", "unit": "apples", "better": "lower"},
            {"measure": "modified ashworth, left calf", "months": 3, "value": "1+"},
            {"measure": "Words in a phrase", "months": 3, "value": "2", "unit": "words"},
        ]
        data = with_measurements(sent_by_the_form(editor_client, page), *rows)
        response = editor_client.post(edit_url(page), data)
        assert response.status_code == 302
        kept = CaseStudyPage.objects.get().get_latest_revision_as_object().observations.all()
        assert [(row.series, row.value, row.unit, row.better) for row in kept] == [
            ("GMFM-66", "51.2", "points, 0 to 100", "higher"),
            ("Modified Ashworth Scale, calf, left", "1+", "grade, 0 to 4", "lower"),
            ("Words in a phrase", "2", "words", ""),
        ]

    def test_rows_sent_again_before_the_form_knew_they_were_saved_are_there_once(
        self, editor_client: Client
    ) -> None:
        # Wagtail saves as one types; 'Publish' or 'Save' pressed meanwhile sends new rows without their
        # numbers.
        page = CaseStudyPageFactory(live=False)
        page.save_revision()
        rows = [{"of": "gmfm-66", "months": months, "value": "50"} for months in (0, 12)]
        data = with_measurements(sent_by_the_form(editor_client, page), *rows)
        answer = editor_client.post(edit_url(page), data, headers={"accept": "application/json"}).json()
        assert answer["success"]
        assert Observation.objects.count() == 2
        assert editor_client.post(edit_url(page), data).status_code == 302
        assert [row.months for row in CaseStudyPage.objects.get().observations.all()] == [0, 12]
        # What the open form has learnt is kept: rows with their numbers stay the same rows.
        numbers = set(Observation.objects.values_list("pk", flat=True))
        reopened = sent_by_the_form(editor_client, page)
        assert editor_client.post(edit_url(page), reopened).status_code == 302
        assert set(Observation.objects.values_list("pk", flat=True)) == numbers

    def test_the_list_offers_what_is_offered_and_keeps_what_is_chosen(self, editor_client: Client) -> None:
        measure = Measure.objects.get(key="gmfm-66")
        CaseStudyPageFactory(
            observations=[{"outcome_measure": measure, "measure": "GMFM-66", "months": 0, "value": "50"}]
        )
        Measure.objects.filter(key__in=["gmfm-66", "barthel"]).update(offered=False)
        form = BeautifulSoup(editor_client.get(edit_url(CaseStudyPage.objects.get())).content, "html.parser")
        labels = [option.get_text() for option in form.select("[name=observations-0-outcome_measure] option")]
        assert "GMFM-66: Gross Motor Function Measure, 66 items" in labels
        assert "Barthel Index" not in labels
        [words] = form.select("[name=observations-0-measure]")
        assert words.get("value", "") == "", "a copy of the measure's own name is not another measure"

    def test_saved_as_it_was_opened_it_stays_as_it_was(self, editor_client: Client) -> None:
        row = {
            "measure": "GMFM-66",
            "unit": "points, 0 to 100",
            "better": "higher",
            "months": 0,
            "value": "50",
        }
        page = CaseStudyPageFactory(
            observations=[{**row, "outcome_measure": Measure.objects.get(key="gmfm-66")}]
        )
        before = Observation.objects.values().get()
        assert editor_client.post(edit_url(page), sent_by_the_form(editor_client, page)).status_code == 302
        CaseStudyPage.objects.get().get_latest_revision_as_object().save()
        assert Observation.objects.values().get() == before

    def test_opens_with_many_rows_as_fast_as_with_few(
        self, editor_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        measure = Measure.objects.get(key="gmfm-66")
        row = {"outcome_measure": measure, "measure": "GMFM-66", "value": "50"}
        few = CaseStudyPageFactory(observations=[{**row, "months": 0}])
        many = CaseStudyPageFactory(observations=[{**row, "months": month} for month in range(30)])
        editor_client.get(edit_url(few))
        with CaptureQueriesContext(connection) as asked:
            editor_client.get(edit_url(few))
        with django_assert_max_num_queries(len(asked) + 3):
            editor_client.get(edit_url(many))

    def test_an_exact_date_is_never_shown(self, client: Client) -> None:
        page = CaseStudyPageFactory(
            observations=[
                {"measure": "GMFM-66", "months": month, "value": "50", "observed_on": "2024-03-17"}
                for month in (0, 3)
            ]
        )
        html = client.get(page.url).content.decode()
        assert "2024-03-17" not in html
        assert "March" not in html


class TestMeasureAdmin:
    def test_the_list_says_range_and_direction(self, editor_client: Client) -> None:
        text = editor_client.get("/admin/snippets/measures/measure/").content.decode()
        assert "points, 0 to 100" in text
        assert "Modified Ashworth Scale" in text

    def test_a_measure_opens(self, editor_client: Client) -> None:
        measure = Measure.objects.get(key="gmfcs")
        html = editor_client.get(f"/admin/snippets/measures/measure/edit/{measure.pk}/").content.decode()
        assert "III: walks with a hand-held aid" in html

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"difference": 1.5, "difference_source": " "}, "difference_source"),
            ({"low": 100.0, "high": 0.0}, "high"),
            ({"kind": "level", "levels": "I"}, "levels"),
            ({"kind": "level", "levels": "I\ni"}, "levels"),
            ({"ceilings": "III 54"}, "ceilings"),
            ({"ceilings": "III: 54", "ceilings_source": ""}, "ceilings_source"),
            ({"least_age": 9, "greatest_age": 4}, "greatest_age"),
            ({"by_clinician": False, "by_independent": False}, "by_clinician"),
            ({"kind": "rating"}, "kind"),
        ],
    )
    def test_a_measure_that_cannot_be_is_refused(self, change: dict[str, Any], field: str) -> None:
        measure = Measure.objects.get(key="gmfm-66")
        for name, value in change.items():
            setattr(measure, name, value)
        with pytest.raises(ValidationError) as refused:
            measure.full_clean()
        assert set(refused.value.message_dict) == {field}
