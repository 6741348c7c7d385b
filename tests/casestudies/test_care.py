"""The checklist, what it asks for at publication, and the other parts that need no browser."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.actions.publish_page_revision import PublishPageRevisionAction

from casestudies import references, relative
from casestudies.care import CHECKLIST, completeness, field_names, gaps_in, is_filled
from casestudies.listing import AGES, age_band
from casestudies.measurements import tabulate
from casestudies.panels import missing_in_words
from casestudies.perspective import offered
from casestudies.publication import GapsUnexplained
from casestudies.reading import contents
from interviews.models import Excerpt, Interview, InterviewContributor
from people.gate import NotPublic, reasons_not_public
from tests.casestudies.factories import CaseStudyPageFactory
from tests.factories import consenting

WHOLE = dict.fromkeys(field_names(), "said") | {
    "title": "Case study: stiff legs",
    "keywords": "cerebral palsy, case report",
}


def missing(values: Mapping[str, object]) -> list[str]:
    return [status.item.number for status in completeness(values) if not status.complete]


class TestChecklist:
    def test_has_the_13_items_of_care_2013(self) -> None:
        assert sorted({item.item for item in CHECKLIST}) == list(range(1, 14))
        numbers = [item.number for item in CHECKLIST]
        assert len(numbers) == len(set(numbers)) == 30
        by_item = {
            item: sum(number.rstrip("abcd") == str(item) for number in numbers)
            for item in (3, 5, 8, 9, 10, 11)
        }
        assert by_item == {3: 4, 5: 4, 8: 4, 9: 3, 10: 4, 11: 4}

    def test_every_item_says_what_it_asks_and_where_that_is_written(self) -> None:
        for item in CHECKLIST:
            assert str(item.asks)
            assert item.source.startswith("https://doi.org/")
            assert item.fields

    def test_its_fields_are_the_page_s(self) -> None:
        from casestudies.models import CaseStudyPage

        for name in field_names():
            assert hasattr(CaseStudyPage, name), name

    def test_nothing_is_missing_from_a_whole_one_and_all_from_an_empty_one(self) -> None:
        assert missing(WHOLE) == []
        assert missing({}) == [item.number for item in CHECKLIST]

    @pytest.mark.parametrize(
        "name",
        sorted(
            set(field_names())
            - {"age_at_treatment", "age_at_report", "demographics", "outcomes", "observations"}
        ),
    )
    def test_one_empty_field_is_noticed(self, name: str) -> None:
        named = [status for status in completeness({**WHOLE, name: ""}) if not status.complete]
        assert len(named) == 1
        assert named[0].missing == (name,)

    def test_one_answer_is_enough_where_there_are_several_ways(self) -> None:
        without = {**WHOLE, "age_at_treatment": None, "age_at_report": None, "demographics": ""}
        assert missing(without) == ["5a"]
        assert missing({**without, "age_at_report": 0}) == []
        assert missing({**WHOLE, "outcomes": "<p></p>", "observations": []}) == ["10a"]
        assert missing({**WHOLE, "outcomes": "<p></p>", "observations": ["one"]}) == []

    @pytest.mark.parametrize("title", ["Stiff legs at seven", "", "A case of stiff legs"])
    def test_a_title_says_that_it_is_a_case_study(self, title: str) -> None:
        assert missing({**WHOLE, "title": title}) == ["1"]

    @pytest.mark.parametrize("words", ["one", "one, ", "a, b, c, d, e, f"])
    def test_there_are_two_to_five_key_words(self, words: str) -> None:
        assert missing({**WHOLE, "keywords": words}) == ["2"]

    def test_what_is_missing_is_said_without_what_is_optional(self) -> None:
        assert missing_in_words(completeness({**WHOLE, "prognosis": ""})) == "Nothing is missing."
        said = missing_in_words(completeness({**WHOLE, "timeline": [], "prognosis": ""}))
        assert said == "1 of 28 items are missing: 7 Timeline"

    @pytest.mark.parametrize(
        ("value", "filled"),
        [
            ("<p> </p>", False),
            ("<p>&nbsp;</p>", False),
            (None, False),
            ([], False),
            (0, True),
            ("<p>0</p>", True),
        ],
    )
    def test_markup_alone_is_nothing_and_zero_is_something(self, value: object, filled: bool) -> None:
        assert is_filled(value) is filled


class TestContents:
    def test_leaves_out_what_is_empty_but_never_the_harms(self) -> None:
        assert list(contents({})) == ["harms", "consent", "save"]
        assert list(contents({"history": "<p>Born early.</p>"})) == ["patient", "harms", "consent", "save"]


class TestReferences:
    def test_links_markers_in_text_only(self) -> None:
        html = '<p title="[1]">Few [1, 2] and <a href="/">a note [1]</a> [2–3] [9]</p>'
        linked = references.link_markers(html, 3)
        assert linked.count('href="#r1"') == 1
        assert linked.count('href="#r2"') == 2
        assert linked.count('href="#r3"') == 1
        assert '<p title="[1]">' in linked
        assert "a note [1]</a>" in linked
        assert "[9]" in linked

    @given(st.text(alphabet='a[]1 2,-<>&/p"', max_size=60), st.integers(0, 3))
    def test_changes_nothing_but_markers(self, html: str, count: int) -> None:
        linked = references.link_markers(html, count)
        assert re.sub(r'<a href="#r\d+" aria-label="Reference \d+">(\d+)</a>', r"\1", linked) == html

    def test_is_cited_without_what_is_not_known(self) -> None:
        assert references.citation(authors=[], title="Stiff legs?", site="Returning Hope") == (
            "Stiff legs? Returning Hope case study, version 1."
        )


class TestRelative:
    @pytest.mark.parametrize(
        ("months", "words"),
        [
            (-66, "5 years and 6 months before"),
            (-24, "2 years before"),
            (-1, "1 month before"),
            (0, "Treatment"),
            (12, "12 months after"),
            (36, "3 years after"),
        ],
    )
    def test_says_times_in_words(self, months: int, words: str) -> None:
        assert relative.months_in_words(months) == words

    @given(st.integers(0, 150))
    def test_no_age_over_89_is_said(self, years: int) -> None:
        assert all(int(number) <= 90 for number in re.findall(r"\d+", relative.age_in_words(years)))

    @given(st.integers(0, 90))
    def test_every_age_has_one_band(self, years: int) -> None:
        band = age_band(years)
        low, _, _high = band.partition("-")
        assert int(low) <= years <= AGES[band]


class TestMeasurements:
    @staticmethod
    def one(measure: str, months: int, value: str, unit: str = "", better: str = "") -> SimpleNamespace:
        return SimpleNamespace(
            series=measure, months=months, shown_value=value, unit=unit, better=better, assessed_by=""
        )

    def test_different_units_are_never_on_one_row(self) -> None:
        table = tabulate([self.one("GMFM", 0, "51", "points"), self.one("GMFM", 3, "60", "%")])
        assert [(row.unit, row.values) for row in table.rows] == [("points", ("51", "")), ("%", ("", "60"))]

    def test_two_values_at_one_time_are_both_shown(self) -> None:
        assert tabulate([self.one("A", 0, "1"), self.one("A", 0, "2")]).rows[0].values == ("1 / 2",)

    @given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(-5, 5), st.sampled_from(["x", "y"]))))
    def test_no_value_is_lost(self, given_: list[tuple[str, int, str]]) -> None:
        table = tabulate([self.one(*entry) for entry in given_])
        shown = [value for row in table.rows for cell in row.values for value in cell.split(" / ") if value]
        assert sorted(shown) == sorted(value for _, _, value in given_)
        assert list(table.months) == sorted(set(table.months))


class TestGaps:
    def test_a_gap_with_a_reason_is_explained(self) -> None:
        values = {**WHOLE, "timeline": [], "perspective": ""}
        found = gaps_in(values, {"7": "The records of the first hospital were lost."})
        assert [(gap.item.number, gap.explained) for gap in found] == [("7", True), ("12", False)]

    def test_what_is_optional_is_no_gap(self) -> None:
        assert gaps_in({**WHOLE, "prognosis": "", "diagnostic_challenges": ""}, {}) == []

    @pytest.mark.parametrize("reason", ["", "   ", "n/a", "none", "not done"])
    def test_a_word_is_no_reason(self, reason: str) -> None:
        (gap,) = gaps_in({**WHOLE, "timeline": []}, {"7": reason})
        assert not gap.explained

    def test_no_reason_stands_in_for_consent(self) -> None:
        (gap,) = gaps_in({**WHOLE, "consent_statement": ""}, {"13": "Nobody could be reached in time."})
        assert not gap.explained
        assert "13 Informed consent: write it." in str(gap)

    def test_every_gap_says_what_to_do(self) -> None:
        for gap in gaps_in({}, {}):
            assert str(gap).startswith(gap.item.number)
            assert len(str(gap)) > 20


def editor_form(page: Any) -> dict[str, Any]:
    """What the editor's page would send, unchanged."""
    draft = page.get_latest_revision_as_object()
    form = (
        type(page)
        .get_edit_handler()
        .get_form_class()(instance=draft, for_user=User.objects.filter(is_superuser=True).first())
    )
    sent: dict[str, Any] = {}
    forms = [form, *(one for formset in form.formsets.values() for one in formset.forms)]
    for one in [*forms, *(formset.management_form for formset in form.formsets.values())]:
        for bound in one:
            value = bound.value()
            if hasattr(value, "stream_block"):
                sent |= {f"{bound.html_name}-count": "0"}
            elif value is not None and value is not False:
                sent[bound.html_name] = (
                    bound.field.widget.format_value(value) if isinstance(value, str) else value
                )
    for name in ("conditions", "treatments", "comment_notifications"):
        sent.pop(name, None)
    return {name: value for name, value in sent.items() if value not in (None, [])}


@pytest.mark.django_db
class TestPublication:
    """Every road asks for the reasons."""

    def draft(self, **more: Any) -> Any:
        page = CaseStudyPageFactory(whole=True, live=False, **more)
        page.save_revision()
        return page

    def test_a_revision_is_refused_with_all_gaps_and_nothing_is_written(self) -> None:
        page = self.draft(perspective="", adherence="")
        with pytest.raises(GapsUnexplained) as refused:
            page.get_latest_revision().publish()
        assert [gap.item.number for gap in refused.value.gaps] == ["10c", "12"]
        assert all("CARE 1" in reason.text and reason.url for reason in refused.value.reasons)
        assert not type(page).objects.get(pk=page.pk).live

    def test_with_reasons_it_is_published_and_readers_see_them(self, client: Client) -> None:
        page = self.draft(perspective="", gap_reasons={"12": "The family did not wish to write one."})
        page.get_latest_revision().publish()
        html = client.get(page.get_url()).content.decode()
        assert "Why 12 Patient perspective is missing" in html
        assert "The family did not wish to write one." in html

    def test_scheduling_is_refused_too(self) -> None:
        page = self.draft(perspective="")
        page.go_live_at = timezone.now() + dt.timedelta(days=2)
        with pytest.raises(GapsUnexplained):
            page.save_revision().publish()

    def test_so_is_wagtail_s_own_action(self) -> None:
        page = self.draft(perspective="")
        with pytest.raises(NotPublic) as refused:
            PublishPageRevisionAction(page.get_latest_revision()).execute(skip_permission_checks=True)
        assert any("CARE 12" in reason.text for reason in refused.value.reasons)
        assert not type(page).objects.get(pk=page.pk).live

    def test_the_gate_lists_gaps_of_a_draft(self) -> None:
        said = [reason.text for reason in reasons_not_public(self.draft(perspective=""))]
        assert said == ["CARE 12 Patient perspective: answer it, or say why it is missing."]

    def test_what_is_public_already_stays_so_when_it_is_only_saved(self) -> None:
        page = self.draft()
        page.get_latest_revision().publish()
        page = type(page).objects.get(pk=page.pk)
        page.perspective = ""
        page.save()
        assert type(page).objects.get(pk=page.pk).live

    def test_the_form_names_all_gaps_and_keeps_what_was_typed(self, editor_client: Client) -> None:
        page = self.draft(perspective="", adherence="")
        sent = editor_form(page) | {
            "action-publish": "1",
            "plain_summary": "Typed just now.",
            "gap_reasons-12": "They did not wish to.",
        }
        response = editor_client.post(f"/admin/pages/{page.pk}/edit/", sent)
        html = response.content.decode()
        assert response.status_code == 200
        assert "10c Adherence: answer it, or say why it is missing." in html
        assert "12 Patient perspective: answer" not in html
        assert "Typed just now." in html
        assert "They did not wish to.</textarea>" in html
        assert not type(page).objects.get(pk=page.pk).live

    def test_the_form_publishes_with_reasons(self, editor_client: Client) -> None:
        page = self.draft(perspective="")
        sent = editor_form(page) | {"action-publish": "1", "gap_reasons-12": "They did not wish to write."}
        assert editor_client.post(f"/admin/pages/{page.pk}/edit/", sent).status_code == 302
        published = type(page).objects.get(pk=page.pk)
        assert published.live
        assert published.gap_reasons == {"12": "They did not wish to write."}

    def test_a_draft_is_saved_as_it_is(self, editor_client: Client) -> None:
        page = self.draft(perspective="")
        sent = editor_form(page) | {"adherence": "null"}
        assert editor_client.post(f"/admin/pages/{page.pk}/edit/", sent).status_code == 302


@pytest.mark.django_db
class TestLiveState:
    def test_says_what_is_answered_and_saves_nothing(self, editor_client: Client) -> None:
        page = CaseStudyPageFactory(whole=True, perspective="", adherence="")
        before = page.revisions.count()
        sent = editor_form(page)
        url = f"/admin/case_studies/care/{page.pk}/"
        assert editor_client.post(url, sent).json() == {"done": 26, "total": 28, "open": ["10c", "12"]}
        sent["perspective"] = "She climbs the stairs."
        assert editor_client.post(url, sent).json()["open"] == ["10c"]
        sent["title"] = "Stiff legs"
        assert editor_client.post(url, sent).json()["open"] == ["1", "10c"]
        assert page.revisions.count() == before
        assert type(page).objects.get(pk=page.pk).perspective == ""

    def test_a_row_taken_out_is_noticed(self, editor_client: Client) -> None:
        page = CaseStudyPageFactory(whole=True, timeline=[{"months": 0, "text": "Treated."}])
        sent = editor_form(page) | {"timeline-0-DELETE": "on"}
        assert editor_client.post(f"/admin/case_studies/care/{page.pk}/", sent).json()["open"] == ["7"]

    def test_of_a_new_one(self, editor_client: Client) -> None:
        sent = {"title": "Case study: legs", "figures-count": "0"}
        answer = editor_client.post("/admin/case_studies/care/0/", sent).json()
        assert "1" not in answer["open"]
        assert answer["done"] == 1

    def test_half_a_form_is_refused(self, editor_client: Client) -> None:
        assert editor_client.post("/admin/case_studies/care/0/", {"title": "x"}).status_code == 400

    def test_is_for_editors(self, client: Client) -> None:
        page = CaseStudyPageFactory(whole=True)
        assert client.post(f"/admin/case_studies/care/{page.pk}/").status_code in {302, 403}
        client.force_login(User.objects.create_user("reader"))
        assert client.post(f"/admin/case_studies/care/{page.pk}/").status_code in {302, 403}


@pytest.mark.django_db
class TestVersions:
    def test_readers_see_what_changed_and_when(self, client: Client) -> None:
        page = CaseStudyPageFactory(whole=True, live=False, version=1)
        with time_machine.travel("2026-04-08 10:00Z", tick=False):
            page.save_revision().publish()
        page = type(page).objects.get(pk=page.pk)
        page.version, page.change_note = 2, "Values at 12 months added."
        with time_machine.travel("2026-09-01 10:00Z", tick=False):
            page.save_revision().publish()
        html = client.get(page.url).content.decode()
        told = (
            BeautifulSoup(html, "html.parser").find(id="versions").find_next("dl").get_text(" ", strip=True)
        )
        assert "Version 2, " in told
        assert "2026-09-01" in html
        assert "Values at 12 months added." in told
        assert "First published." in told

    def test_a_note_is_told_once_and_the_field_is_empty_the_next_time(self, editor_client: Client) -> None:
        page = CaseStudyPageFactory(whole=True, live=False, change_note="Dose corrected.")
        page.save_revision().publish()
        page = type(page).objects.get(pk=page.pk)
        page.save_revision().publish()
        assert [version.note for version in page.told_versions()] == ["", "Dose corrected."]
        html = editor_client.get(f"/admin/pages/{page.pk}/edit/").content
        assert (
            not BeautifulSoup(html, "html.parser")
            .find("textarea", {"name": "change_note"})
            .get_text(strip=True)
        )

    def test_publishing_one_revision_twice_is_one_version(self) -> None:
        page = CaseStudyPageFactory(whole=True, live=False)
        revision = page.save_revision()
        revision.publish()
        revision.publish()
        assert len(page.told_versions()) == 1


@pytest.mark.django_db
class TestPerspective:
    def test_words_of_an_interview_are_taken_over_and_rated(self, client: Client) -> None:
        person = consenting()
        interview = Interview.objects.create(title="One", language="en")
        InterviewContributor.objects.create(interview=interview, person=person)
        said = "well she climbs the stairs now and I am so proud of her"
        excerpt = Excerpt.objects.create(
            interview=interview, verbatim=said, text=said, asked="What changed?", clip_in=61.0
        )
        page = CaseStudyPageFactory(whole=True, person=person, perspective="", perspective_excerpt=excerpt)
        assert page.perspective == said
        html = client.get(page.url).content.decode()
        assert f"<blockquote><p>{said}</p></blockquote>" in html
        assert "What changed?" in html
        page.perspective = "Everything is wonderful thanks to the treatment."
        page.save()
        assert "In other words:" in client.get(page.url).content.decode()
        Excerpt.objects.filter(pk=excerpt.pk).update(text="changed later")
        assert "changed later" not in client.get(page.url).content.decode()

    def test_only_interviews_with_the_person_are_offered(self) -> None:
        mine, other = consenting(), consenting()
        for person in (mine, other):
            interview = Interview.objects.create(title="One", language="en")
            InterviewContributor.objects.create(interview=interview, person=person)
            Excerpt.objects.create(interview=interview, verbatim="said", text=f"said by {person.pk}")
        assert [one.text for one in offered(mine.pk, None)] == [f"said by {mine.pk}"]
        assert not offered(None, None).exists()


class TestTimeFromBirth:
    @pytest.mark.parametrize(
        ("months", "words"),
        [
            (-2, "Before birth"),
            (0, "Birth"),
            (15, "At 15 months"),
            (27, "At 2 years and 3 months"),
            (1150, "At 90 years or over"),
        ],
    )
    def test_is_an_age(self, months: int, words: str) -> None:
        assert relative.age_in_months_in_words(months) == words

    @given(st.integers(-1200, 1200))
    def test_no_age_over_89_is_said(self, months: int) -> None:
        assert all(
            int(number) <= 90 for number in re.findall(r"\d+", relative.age_in_months_in_words(months))
        )
