"""Mentions on pages about no one: found, shown, removed at withdrawal, kept for the editors, and erased."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Revision

from audit.actors import Actor
from audit.models import AuditEntry
from consent.uses import Use
from information.models import FAQPage, FinancingPage
from mentions.finding import mentions_of
from tests import factories as make
from withdrawal import receipts
from withdrawal.erasure.services import erase_person
from withdrawal.services import preview, withdraw_person
from withdrawal.surfaces.mentions import found_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("names_not_asked_about")]
BY = Actor.system("test")
SAID = "You published my happy year. Now please publish this one."


@pytest.fixture
def story(home: Any) -> Any:
    return make.StoryPageFactory(
        person=make.consenting(display_name="Aarav", private_name="Rohan Iyer"),
        patient_name="Aarav",
        title="The second year",
        slug="the-second-year",
        after=[("quote", {"text": SAID, "speaker": "Meera, Aarav’s mother"})],
    )


# The quotes of these tests carry a reason, so that their words, and no choice of an editor, lead to the person.
NO_ONE = {"unnamed_because": "permitted", "unnamed_note": "A test."}


def plain_page(**fields: Any) -> Any:
    return make.StandardPageFactory(**{"title": "How we work", **fields})


def withdraw(story: Any, **options: Any) -> Any:
    return withdraw_person(person=story.person, by=BY, channel="editor", **options)


def html(page: Page) -> str:
    return Client().get(page.get_url()).content.decode()


def body_of(page: Any) -> str:
    return json.dumps(type(page).objects.get(pk=page.pk).body.get_prep_value(), ensure_ascii=False)


def test_only_the_paragraph_that_names_the_person_is_removed(story: Any) -> None:
    page = plain_page(body=[("text", "<p>We ask twice.</p><p>Aarav told us to.</p><p>That is all.</p>")])
    withdraw(story)
    assert "Aarav" not in html(page)
    assert "We ask twice." in html(page)
    assert "That is all." in html(page)


def test_a_link_alone_is_removed_and_its_words_stay(story: Any) -> None:
    link = f'<a linktype="page" id="{story.pk}">one story</a>'
    plain_link = f'<a href="https://example.org{story.get_url_parts()[2]}">the other</a>'
    page = plain_page(body=[("text", f"<p>We know only {link} of it, or {plain_link}.</p>")])
    assert {one.kind for one in mentions_of(story.person)} == {"link"}
    withdraw(story)
    text = body_of(page)
    assert "We know only one story of it, or the other." in text
    assert "the-second-year" not in html(page)


def test_a_quote_with_its_speaker_and_words_in_running_text_are_removed(story: Any) -> None:
    page = plain_page(
        body=[
            ("quote", {"text": SAID, "speaker": "A mother", **NO_ONE}),
            ("text", f"<p>One mother wrote: “{SAID.upper()}”</p><p>We did.</p>"),
            ("quote", {"text": "He laughs more.", "speaker": "Meera, mother of Aarav", **NO_ONE}),
        ]
    )
    withdraw(story)
    assert json.loads(body_of(page))[0]["value"] == "<p>We did.</p>"
    assert len(json.loads(body_of(page))) == 1


def test_one_question_and_one_row_of_a_table_are_removed(story: Any) -> None:
    parent = make.home()
    question = {"question": "How long?", "answer": "<p>We have only stories, such as Aarav’s.</p>"}
    other = {"question": "Will it help?", "answer": "<p>No one can know.</p>"}
    page = FAQPage(
        title="Questions", body=[("group", {"heading": "Results", "questions": [question, other]})]
    )
    parent.add_child(instance=page)
    table = {
        "columns": [{"type": "text", "heading": "Family"}, {"type": "text", "heading": "How"}],
        "rows": [{"values": ["Aarav", "Land"]}, {"values": ["Linh", "Savings"]}],
    }
    paying = FinancingPage(title="Paying", who_bears_the_cost="The family.")
    paying.body = paying._meta.get_field("body").stream_block.to_python(
        [{"type": "table", "value": {"caption": "How families paid", "table": table}, "id": "t"}]
    )
    make.home().add_child(instance=paying)
    withdraw(story)
    assert "Aarav" not in html(page)
    assert "Will it help?" in html(page)
    assert "How long?" not in html(page)
    assert "Aarav" not in html(paying)
    assert "Linh" in html(paying)


def test_a_page_with_the_name_in_its_title_is_unpublished_and_a_draft_is_prepared(story: Any) -> None:
    page = plain_page(title="Aarav visits us", body=[("text", "<p>He came.</p><p>Aarav left.</p>")])
    scope = preview(person=story.person_id, consents=story.person.consents.all())
    rows = [row for one in found_for(scope).pages for row in one.rows]
    assert "unpublished" in rows[0]["outcome"]
    withdraw(story)
    fresh = Page.objects.get(pk=page.pk)
    assert not fresh.live
    assert Client().get(page.get_url()).status_code == 410
    draft = fresh.get_latest_revision_as_object()
    assert "Aarav" not in json.dumps(draft.body.get_prep_value())
    assert "He came." in json.dumps(draft.body.get_prep_value())


def test_what_editors_wrote_is_kept_in_the_history_and_their_draft_is_cleaned(story: Any) -> None:
    page = plain_page(body=[("text", "<p>Aarav told us.</p><p>Live.</p>")])
    page.save_revision().publish()
    page = type(page).objects.get(pk=page.pk)
    page.body = [("text", "<p>Aarav told us.</p><p>Drafted words.</p>")]
    page.save_revision()
    withdraw(story)
    fresh = Page.objects.get(pk=page.pk)
    assert fresh.has_unpublished_changes
    assert "Live." in html(page)
    assert "Drafted words." not in html(page)
    latest = json.dumps(fresh.latest_revision.content)
    assert "Drafted words." in latest
    assert "Aarav" not in latest
    assert "Aarav" not in json.dumps(fresh.live_revision.content)
    assert any("Aarav" in json.dumps(revision.content) for revision in fresh.revisions.all())


def test_a_scheduled_version_is_published_without_the_passage(story: Any) -> None:
    page = plain_page(body=[("text", "<p>Aarav told us.</p><p>Live.</p>")])
    page.body = [("text", "<p>Aarav will tell us.</p><p>Soon.</p>")]
    page.save_revision(approved_go_live_at=timezone.now() + dt.timedelta(days=1))
    withdraw(story)
    scheduled = Revision.objects.get(approved_go_live_at__isnull=False)
    assert "Soon." in json.dumps(scheduled.content)
    assert "Aarav" not in json.dumps(scheduled.content)


@pytest.mark.parametrize(
    ("words", "shared"),
    [("Aarav was here.", True), ("We thank Dr Aarav.", False), ("We met Aaravovi there.", False)],
)
def test_a_name_that_may_be_someone_elses_is_listed_and_removed_only_if_chosen(
    story: Any, words: str, shared: bool
) -> None:
    if shared:
        make.consenting(display_name="Aarav")
    page = plain_page(body=[("text", f"<p>{words}</p><p>The rest.</p>")])
    (found,) = mentions_of(story.person)
    assert not found.is_certain
    done = withdraw(story)
    assert words in html(page)
    assert AuditEntry.objects.get(action="consent.withdrawn").details["undecided"] == [page.pk]
    assert "mentions" not in {line["surface"] for line in receipts.lines(done)}


def test_a_chosen_mention_is_removed(story: Any) -> None:
    make.consenting(display_name="Aarav")
    page = plain_page(body=[("text", "<p>Aarav was here.</p><p>The rest.</p>")])
    (found,) = mentions_of(story.person)
    done = withdraw(story, also=[found.key])
    assert "Aarav" not in html(page)
    assert {line["surface"]: line["count"] for line in receipts.lines(done)}["mentions"] == 1


def test_a_name_that_is_an_ordinary_word_on_the_site_is_not_removed(home: Any) -> None:
    story = make.StoryPageFactory(person=make.consenting(display_name="Hope"), patient_name="Hope")
    page = plain_page(body=[("text", "<p>Hope is hard.</p><p>We hope so.</p>")])
    withdraw(story)
    assert "Hope is hard." in html(page)


def test_a_withdrawal_for_one_use_leaves_what_is_still_agreed_to(story: Any) -> None:
    page = plain_page(
        body=[("quote", {"text": SAID, "speaker": "", **NO_ONE}), ("text", "<p>Aarav told us.</p>")]
    )
    withdraw(story, uses=[Use.VOICE])
    assert SAID in html(page)
    assert "Aarav" in html(page)
    withdraw(story, uses=[Use.QUOTES])
    assert SAID not in html(page)
    assert "Aarav" in html(page)


def test_the_preview_lists_them_and_asks_about_ambiguous_ones(story: Any, editor_client: Client) -> None:
    plain_page(body=[("text", "<p>Aarav told us.</p><p>We thank Dr Aarav.</p>")])
    text = editor_client.get(f"/admin/withdrawals/person/{story.person_id}/").content.decode()
    assert "Aarav told us." in text
    assert "This passage is removed." in text
    assert text.count('name="also"') == 1


def test_nothing_is_changed_by_a_preview(story: Any) -> None:
    page = plain_page(body=[("text", "<p>Aarav told us.</p>")])
    before = Revision.objects.count()
    found_for(preview(person=story.person_id, consents=story.person.consents.all()))
    assert "Aarav told us." in html(page)
    assert Revision.objects.count() == before


def test_an_erasure_removes_name_and_words_from_drafts_versions_and_logs(story: Any) -> None:
    public = plain_page(body=[("text", "<p>Aarav told us.</p><p>Rohan Iyer came.</p><p>Live.</p>")])
    public.save_revision(log_action=True).publish()
    draft = plain_page(
        title="Aarav and we", slug="aarav-and-we", live=False, body=[("quote", {"text": SAID})]
    )
    draft.save_revision(log_action=True)
    erase_person(person=story.person, by=BY)
    for page in Page.objects.filter(depth__gte=2).specific():
        stored = json.dumps(page.serializable_data(), default=str).lower()
        assert "aarav" not in stored
        assert "iyer" not in stored
        assert "happy year" not in stored
    for revision in Revision.objects.all():
        stored = (json.dumps(revision.content) + revision.object_str).lower()
        assert "aarav" not in stored
        assert "iyer" not in stored
        assert "happy year" not in stored
    assert "Live." in html(public)


def test_an_erasure_takes_the_name_out_of_the_title_of_a_draft(story: Any) -> None:
    page = plain_page(body=[("text", "<p>Aarav told us.</p><p>Live.</p>")])
    page.save_revision().publish()
    page = type(page).objects.get(pk=page.pk)
    page.title = "Aarav writes to us"
    page.save_revision(log_action=True)
    erase_person(person=story.person, by=BY)
    fresh = type(page).objects.get(pk=page.pk)
    assert fresh.live
    assert "Aarav" not in json.dumps(fresh.serializable_data(), default=str)
    for revision in Revision.objects.all():
        assert "Aarav" not in json.dumps(revision.content) + revision.object_str
    assert fresh.get_latest_revision_as_object().title == "[…] writes to us"


def test_searching_a_site_reads_stored_text_only(story: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        plain_page(title=f"Page {number}", body=[("text", "<p>Nothing about anyone here.</p>")])
    with django_assert_max_num_queries(62):
        assert mentions_of(story.person) == []


def unreadable(page: Any, **content: Any) -> Revision:
    """Return a version of a page as an older version of the software stored it: this one cannot read it."""
    revision = page.save_revision()
    revision.content |= {"last_published_at": "long ago", **content}
    revision.save(update_fields=["content"])
    with pytest.raises(Exception):  # noqa: B017
        revision.as_object()
    return revision


def test_an_erasure_keeps_versions_that_it_cannot_read_and_that_mention_no_one(story: Any) -> None:
    page = plain_page(body=[("text", "<p>What an editor typed.</p>")])
    revision = unreadable(page)
    before = Revision.objects.get(pk=revision.pk).content
    erase_person(person=story.person, by=BY)
    assert Revision.objects.get(pk=revision.pk).content == before


def test_an_erasure_cleans_a_version_that_it_cannot_read_as_it_is_stored(story: Any) -> None:
    link = f'<a linktype="page" id="{story.pk}">one story</a>'
    page = plain_page(
        title="Aarav visits",
        body=[
            ("text", f"<p>Typed by an editor.</p><p>Then <b>Aarav</b> told us of {link}.</p>"),
            ("quote", {"text": SAID, "speaker": "Meera, mother of Aarav", **NO_ONE}),
        ],
    )
    revision = unreadable(page, rows_of_old=[{"told_by": "Rohan Iyer", "how": "by telephone"}])
    other = make.StoryPageFactory(person=make.consenting(display_name="Ines"), title="Other", slug="other")
    theirs = unreadable(other, lede="Ines and Aarav met on the stairs.")
    erase_person(person=story.person, by=BY)
    stored = Revision.objects.get(pk=revision.pk)
    text = json.dumps(stored.content, ensure_ascii=False)
    for word in ("Aarav", "Iyer", "happy year", f'id=\\\\"{story.pk}'):
        assert word not in text + stored.object_str
    assert "aarav" not in text.lower()
    assert "Typed by an editor." in text
    assert "told us of one story." in text
    assert "by telephone" in text
    assert Revision.objects.get(pk=theirs.pk).content["lede"] == "Ines and […] met on the stairs."


def test_an_erasure_removes_a_chosen_quote_from_a_version_that_it_cannot_read(story: Any) -> None:
    said = {"text": "Words no page has.", "speaker": "A boy", "said_by": story.person_id}
    revision = unreadable(plain_page(body=[("text", "<p>Stays.</p>"), ("quote", said)]))
    erase_person(person=story.person, by=BY)
    text = json.dumps(Revision.objects.get(pk=revision.pk).content)
    assert "Words no page has" not in text
    assert "Stays." in text
