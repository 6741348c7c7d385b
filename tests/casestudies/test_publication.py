"""What a case study needs to be published, on every path, and what visitors see of it afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction

from casestudies.patient_quote import offered
from casestudies.publication import GapsUnexplained
from interviews.models import Excerpt, Interview, InterviewContributor
from publication.gate import NotPublic, reasons_not_public
from tests.casestudies.factories import CaseStudyPageFactory
from tests.factories import consenting


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
    """Every way of publishing asks for the reasons."""

    def draft(self, **more: Any) -> Any:
        page = CaseStudyPageFactory(whole=True, live=False, **more)
        page.save_revision()
        return page

    def test_a_revision_is_refused_with_all_gaps_and_nothing_is_written(self) -> None:
        page = self.draft(perspective="", adherence="")
        with pytest.raises(GapsUnexplained) as refused:
            page.get_latest_revision().publish()
        assert [gap.item.number for gap in refused.value.gaps] == ["10c", "12"]
        assert all(
            "state why it is missing" in reason.text and reason.url for reason in refused.value.reasons
        )
        assert not type(page).objects.get(pk=page.pk).live

    def test_with_reasons_it_is_published_and_readers_see_them(self, client: Client) -> None:
        page = self.draft(perspective="", gap_reasons={"12": "The family did not wish to write one."})
        page.get_latest_revision().publish()
        html = client.get(page.get_url()).content.decode()
        assert "Why ‘Patient perspective’ is missing" in html
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
        assert any("Patient perspective" in reason.text for reason in refused.value.reasons)
        assert not type(page).objects.get(pk=page.pk).live

    def test_the_gate_lists_gaps_of_a_draft(self) -> None:
        said = [reason.text for reason in reasons_not_public(self.draft(perspective=""))]
        assert said == ["Patient perspective: fill it in, or state why it is missing."]

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
        assert "Adherence: fill it in, or state why it is missing." in html
        assert "Patient perspective: fill it in" not in html
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
        assert [version.note for version in page.published_versions()] == ["", "Dose corrected."]
        html = editor_client.get(f"/admin/pages/{page.pk}/edit/").content
        assert (
            not BeautifulSoup(html, "html.parser")
            .find("textarea", {"name": "change_note"})
            .get_text(strip=True)
        )

    def test_the_head_and_the_list_of_versions_agree_on_the_dates(self, client: Client) -> None:
        page = CaseStudyPageFactory(
            whole=True, live=False, version=2, published_on=dt.date(2026, 4, 8), change_note=""
        )
        page.save_revision().publish()
        soup = BeautifulSoup(client.get(page.url).content, "html.parser")
        [listed] = soup.find(id="versions").find_next("dl").find_all("time")
        [header] = soup.select("article header time")
        assert header["datetime"] == listed["datetime"] == "2026-04-08"

    def test_consent_funding_and_interests_are_shown_once(self, client: Client) -> None:
        page = CaseStudyPageFactory(
            whole=True,
            consent_statement="Both parents signed.",
            funding="A charity paid.",
            competing_interests="The authors own nothing.",
        )
        html = client.get(page.url).content.decode()
        for words in (page.consent_statement, page.funding, page.competing_interests):
            assert html.count(words) == 1
        marks = [row["data-d"] for row in BeautifulSoup(html, "html.parser").select("#consent + dl [data-d]")]
        assert marks == ["D9", "D3", "D3"]

    def test_publishing_one_revision_twice_is_one_version(self) -> None:
        page = CaseStudyPageFactory(whole=True, live=False)
        revision = page.save_revision()
        revision.publish()
        revision.publish()
        assert len(page.published_versions()) == 1


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
