"""Pages about no one: who is quoted and shown is chosen, must consent, and is removed without consent."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.blocks import StructBlockValidationError
from wagtail.models import Page, PageLogEntry

from attribution import rules
from attribution.blocks import QuoteBlock
from attribution.services import Contradiction, state_who_is_shown
from audit.actors import Actor
from consent import services as consent_services
from consent.models import Consent, Depiction
from consent.uses import Use
from mentions.finding import mentions_of
from publication.checklist import checklist
from publication.gate import NotPublic
from publication.models import PageDependency
from publication.reasons import Why
from tests import factories as make
from tests.directory.factories import DoctorPageFactory, HospitalPageFactory
from tests.information.factories import FAQPageFactory, FinancingPageFactory
from tests.news.factories import NewsPageFactory
from withdrawal import expiry, receipts
from withdrawal.erasure.services import erase_person
from withdrawal.services import preview, withdraw_person
from withdrawal.surfaces.mentions import found_for

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
SAID = "The bus driver waited for us every single morning."
NUMBERS = itertools.count(1)
REASONS = [
    {"unnamed_because": "published", "source_url": "https://example.org/talk"},
    {"unnamed_because": "permitted", "unnamed_note": "Mail of 9 May."},
    {"unnamed_because": "staff", "unnamed_note": "Our press officer."},
    {"unnamed_because": "invented", "unnamed_note": "An example."},
]
# Page types with a stream of prose: the factory and the stream.
WITH_QUOTES = {
    "news": (NewsPageFactory, "body"),
    "standard": (make.StandardPageFactory, "body"),
    "financing": (FinancingPageFactory, "body"),
    "treatment": (make.TreatmentPageFactory, "expectations"),
    "hospital": (HospitalPageFactory, "body"),
    "doctor": (DoctorPageFactory, "body"),
}
WITH_PICTURES = {**WITH_QUOTES, "faq": (FAQPageFactory, ""), "home": (None, "")}


@pytest.fixture
def speaker(home: Any) -> Any:
    return make.consenting(display_name="Oana", private_name="Private Oanason")


def new_page(kind: str) -> Any:
    factory = WITH_PICTURES[kind][0]
    return make.home() if factory is None else factory(slug=f"page-{next(NUMBERS)}")


def draft_with_quote(kind: str, **who: Any) -> Any:
    """Return the revision of a live page to which a quote was added."""
    page = new_page(kind)
    name = WITH_QUOTES[kind][1]
    value = {"text": SAID, "speaker": "A mother", **who}
    stored = [*getattr(page, name).get_prep_value(), {"type": "quote", "value": value, "id": "q"}]
    setattr(page, name, page._meta.get_field(name).stream_block.to_python(stored))
    return page.save_revision()


def draft_with_picture(kind: str, picture: Any) -> Any:
    page = new_page(kind)
    page.picture = picture
    return page.save_revision()


def html(page: Page) -> str:
    response = Client().get(Page.objects.get(pk=page.pk).get_url())
    return response.content.decode()


def words_of(revision: Any) -> str:
    page = Page.objects.get(pk=revision.object_id).specific
    return str(page.serializable_data())


def withdraw(person: Any, **options: Any) -> Any:
    return withdraw_person(person=person, by=BY, channel="editor", **options)


# Quotes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", WITH_QUOTES)
def test_a_quote_without_person_and_reason_is_refused_and_leads_to_its_block(kind: str) -> None:
    revision = draft_with_quote(kind)
    with pytest.raises(NotPublic) as refused:
        revision.publish()
    [reason] = refused.value.reasons
    assert reason.why == Why.UNATTRIBUTED
    assert reason.url.endswith("#block-q-section")
    assert SAID not in html(revision.content_object)


@pytest.mark.parametrize("kind", WITH_QUOTES)
def test_the_person_must_consent_to_be_quoted(kind: str, speaker: Any) -> None:
    other = make.PersonFactory(display_name="Silent")
    make.consent(other, [Use.TEXT])
    with pytest.raises(NotPublic, match="their own words, quoted"):
        draft_with_quote(kind, said_by=other.pk).publish()
    revision = draft_with_quote(kind, said_by=speaker.pk)
    revision.publish()
    assert SAID in words_of(revision)


@pytest.mark.parametrize("kind", WITH_QUOTES)
def test_a_withdrawal_removes_the_quote_and_preview_and_receipt_list_it(kind: str, speaker: Any) -> None:
    revision = draft_with_quote(kind, said_by=speaker.pk)
    revision.publish()
    scope = preview(person=speaker.pk, consents=speaker.consents.all())
    rows = [row for on_page in found_for(scope).pages for row in on_page.rows]
    assert [row["found"].text for row in rows] == [SAID]
    assert "chose the person" in rows[0]["outcome"]
    done = withdraw(speaker)
    assert SAID not in words_of(revision)
    assert SAID not in html(revision.content_object)
    assert {line["surface"]: line["count"] for line in receipts.lines(done)}["mentions"] == 1
    assert mentions_of(speaker) == []


def test_the_editors_form_which_does_not_call_the_page_is_refused_too(home: Any) -> None:
    revision = draft_with_quote("news")
    with pytest.raises(NotPublic, match="choose the person"):
        PublishPageRevisionAction(revision).execute(skip_permission_checks=True)
    assert SAID not in html(revision.content_object)


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason["unnamed_because"])
def test_a_reason_is_accepted_and_only_a_published_source_is_shown(home: Any, reason: dict[str, str]) -> None:
    revision = draft_with_quote("news", **reason)
    revision.publish()
    shown = html(revision.content_object)
    assert SAID in shown
    assert ("https://example.org/talk" in shown) == (reason["unnamed_because"] == "published")
    assert reason.get("unnamed_note", "no note") not in shown


def test_an_expired_consent_removes_the_quote(speaker: Any) -> None:
    revision = draft_with_quote("news", said_by=speaker.pk)
    revision.publish()
    assert expiry.expire().withdrawals == []
    Consent.objects.filter(person=speaker).update(ends_at=timezone.now() - dt.timedelta(seconds=1))
    [done] = expiry.expire().withdrawals
    assert done.person_id == speaker.pk
    assert SAID not in words_of(revision)
    assert expiry.expire().withdrawals == []


def test_a_consent_that_is_narrowed_removes_the_quote_at_once(speaker: Any) -> None:
    revision = draft_with_quote("news", said_by=speaker.pk)
    revision.publish()
    [consent] = speaker.consents.all()
    consent_services.change(consent=consent, uses=[Use.TEXT, Use.PHOTO], by=BY)
    assert SAID not in words_of(revision)


def test_a_withdrawal_of_another_use_leaves_the_quote(speaker: Any) -> None:
    revision = draft_with_quote("news", said_by=speaker.pk)
    revision.publish()
    withdraw(speaker, uses=[Use.PHOTO])
    assert SAID in html(revision.content_object)


def test_an_erasure_removes_the_quote_from_drafts_and_earlier_versions(speaker: Any) -> None:
    draft_with_quote("news", said_by=speaker.pk).publish()
    waiting = draft_with_quote("standard", said_by=speaker.pk)
    erase_person(person=speaker, by=BY)
    waiting.refresh_from_db()
    assert SAID not in str(waiting.content)


def test_a_page_from_before_stays_public_is_listed_and_must_be_completed_to_be_published(
    home: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    page = NewsPageFactory(body=[("quote", {"text": SAID, **REASONS[2]})])
    stored = page.body.get_prep_value()
    stored[0]["value"] = {"text": SAID, "speaker": "A mother"}
    page.body = page._meta.get_field("body").stream_block.to_python(stored)
    page.save()  # as a migration or another program, not as an editor
    assert SAID in html(page)
    call_command("unattributed")
    assert "choose the person who said it" in capsys.readouterr().out
    with pytest.raises(NotPublic):
        page.save_revision().publish()
    assert SAID in html(page)


def test_a_new_page_that_lacks_a_person_is_kept_as_a_draft(home: Any) -> None:
    page = NewsPageFactory(body=[("quote", {"text": SAID, "speaker": "A mother"})])
    assert not page.live
    assert page.body[0].value["text"] == SAID


def test_a_scheduled_page_that_is_refused_stays_a_draft_and_says_why(speaker: Any) -> None:
    page = NewsPageFactory(live=False)
    stored = [{"type": "quote", "value": {"text": SAID, "said_by": speaker.pk}, "id": "q"}]
    page.body = page._meta.get_field("body").stream_block.to_python(stored)
    page.go_live_at = timezone.now() + dt.timedelta(hours=1)
    page.save_revision().publish()
    withdraw(speaker)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        call_command("publish_scheduled")
    assert not Page.objects.get(pk=page.pk).live
    assert PageLogEntry.objects.filter(page=page.pk, action="publication.refused").exists()


def test_on_a_story_the_person_of_the_page_is_meant_and_another_can_be_chosen(speaker: Any) -> None:
    quotes = [
        ("quote", {"text": "Mine.", "speaker": ""}),
        ("quote", {"text": "Hers.", "speaker": "", "said_by": speaker.pk}),
        ("quote", {"text": "A nurse’s.", "speaker": "", **REASONS[1]}),
    ]
    story = make.StoryPageFactory(after=quotes)
    needs = [need.person for need in story.consent_requirements() if need.use == Use.QUOTES]
    assert needs == [story.person_id, speaker.pk]
    withdraw(speaker)
    shown = html(story)
    assert "Mine." in shown
    assert "Hers." not in shown


def test_what_is_stated_about_a_quote_is_not_part_of_what_a_family_approves(speaker: Any) -> None:
    story = make.StoryPageFactory(after=[("quote", {"text": "Mine.", "speaker": "Ana"})])
    before = story.public_hash()
    stored = [{"type": "quote", "value": {"text": "Mine.", "speaker": "Ana"}, "id": story.after[0].id}]
    story.after = story._meta.get_field("after").stream_block.to_python(stored)
    assert story.public_hash() == before
    stored[0]["value"] |= REASONS[0]
    story.after = story._meta.get_field("after").stream_block.to_python(stored)
    assert story.public_hash() != before


def test_the_home_page_quotes_the_person_of_the_story(home: Any) -> None:
    story = make.StoryPageFactory(after=[("quote", {"text": SAID, "speaker": "Ana"})])
    page = make.home()
    page.quote, page.quote_story = SAID, story
    page.save_revision().publish()
    assert SAID in html(page)
    assert PageDependency.objects.filter(page=page.pk, person=story.person).exists()
    withdraw(story.person, uses=[Use.QUOTES])
    assert SAID not in html(page)
    page = make.home()
    page.quote = SAID
    with pytest.raises(NotPublic, match="choose the person"):
        page.save_revision().publish()


# Pictures ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", WITH_PICTURES)
def test_a_picture_says_who_is_in_it_or_that_no_one_is(kind: str, speaker: Any) -> None:
    picture = make.PictureFactory(shows_no_one=False)
    with pytest.raises(NotPublic, match="say who is in it"):
        draft_with_picture(kind, picture).publish()
    state_who_is_shown(file=picture, people={}, no_one=True, by=BY)
    draft_with_picture(kind, picture).publish()
    silent = make.PersonFactory()
    make.consent(silent, [Use.PHOTO])
    other = make.PictureFactory(shows_no_one=False)
    state_who_is_shown(file=other, people={silent.pk: True}, by=BY)
    with pytest.raises(NotPublic, match="recognisable face"):
        draft_with_picture(kind, other).publish()
    state_who_is_shown(file=other, people={silent.pk: False}, by=BY)
    draft_with_picture(kind, other).publish()


def test_a_withdrawal_removes_figure_and_picture_of_the_page(speaker: Any) -> None:
    picture = make.PictureFactory(shows_no_one=False, alt_text="Oana waves from the bus.")
    state_who_is_shown(file=picture, people={speaker.pk: True}, by=BY)
    page = NewsPageFactory(
        picture=picture,
        body=[("figure", {"picture": picture, "caption": "On the bus."}), ("text", "<p>x</p>")],
    )
    assert page.live
    withdraw(speaker, uses=[Use.FACE])
    fresh = type(page).objects.get(pk=page.pk)
    assert fresh.picture is None
    assert [child.block_type for child in fresh.body] == ["text"]
    assert "On the bus." not in html(page)


def test_naming_a_person_hides_a_picture_without_consent_and_is_audited(home: Any) -> None:
    picture = make.PictureFactory()
    page = NewsPageFactory(picture=picture)
    picture.refresh_from_db()
    assert picture.is_published
    silent = make.PersonFactory()
    state_who_is_shown(file=picture, people={silent.pk: True}, by=BY)
    picture.refresh_from_db()
    assert not picture.is_published
    assert PageDependency.objects.filter(page=page.pk, person=silent).exists()
    assert rules.reasons(page)
    with pytest.raises(Contradiction):
        state_who_is_shown(file=picture, people={silent.pk: True}, no_one=True, by=BY)


# In the admin -----------------------------------------------------------------------------------------------


def test_the_checklist_of_a_page_about_no_one_names_the_block(home: Any, editor_client: Client) -> None:
    revision = draft_with_quote("news")
    page = revision.content_object
    [line] = checklist(revision.as_object()).stopping
    assert "choose the person" in line.title
    response = editor_client.get(f"/admin/people/checklist/{page.pk}/")
    assert response.status_code == 200
    assert "#block-q-section" in response.content.decode()
    assert "Approval by the family" not in response.content.decode()
    published = editor_client.post(f"/admin/people/checklist/{page.pk}/act/", {"do": "publish"}, follow=True)
    assert "cannot be published yet" in published.content.decode()
    assert editor_client.post(f"/admin/people/checklist/{page.pk}/act/", {"do": "send"}).status_code == 404


def test_the_form_about_a_picture_stores_people_and_reports_errors_at_the_field(
    speaker: Any, editor_client: Client
) -> None:
    picture = make.PictureFactory(shows_no_one=False)
    url = f"/admin/people/shown/picture/{picture.pk}/"
    assert editor_client.get(url).status_code == 200
    rows = {"people-TOTAL_FORMS": "2", "people-INITIAL_FORMS": "0"}
    empty = editor_client.post(url, rows)
    assert "Choose a person below, or tick this." in empty.content.decode()
    both = editor_client.post(url, {**rows, "people-0-person": speaker.pk, "no_one": "on"})
    assert "A person is chosen below." in both.content.decode()
    twice = {"people-0-person": speaker.pk, "people-1-person": speaker.pk}
    assert "chosen twice" in editor_client.post(url, {**rows, **twice}).content.decode()
    assert not Depiction.objects.exists()
    stored = editor_client.post(
        url, {**rows, "people-0-person": speaker.pk, "people-0-is_recognisable": "on"}
    )
    assert stored.status_code == 302
    [row] = Depiction.objects.all()
    assert (row.person, row.picture, row.is_recognisable) == (speaker, picture, True)


@pytest.mark.parametrize(
    ("who", "field"),
    [
        ({"unnamed_because": "published"}, "source_url"),
        ({"unnamed_because": "staff"}, "unnamed_note"),
        ({"said_by": 1, "unnamed_because": "staff", "unnamed_note": "x"}, "unnamed_because"),
    ],
)
def test_the_quote_reports_what_is_missing_at_its_field(home: Any, who: dict[str, Any], field: str) -> None:
    if who.get("said_by"):
        who = {**who, "said_by": make.consenting().pk}
    block = QuoteBlock()
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python({"text": SAID, "speaker": "", **who}))
    assert list(refused.value.block_errors) == [field]


def test_a_public_page_reads_no_record_of_the_person(speaker: Any) -> None:
    plain = NewsPageFactory(body=[("text", "<p>x</p>")])
    quoting = NewsPageFactory(body=[("quote", {"text": SAID, "speaker": "", "said_by": speaker.pk})])
    counts = []
    for page in (plain, plain, quoting):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            html(page)
        counts.append(len(queries))
        assert not any("consent_person" in query["sql"] for query in queries)
    assert counts[2] <= counts[1] + 1


def test_a_page_that_quotes_and_shows_no_one_asks_for_no_consent(home: Any) -> None:
    page = NewsPageFactory(body=[("text", "<p>x</p>")])
    with CaptureQueriesContext(connection) as queries:
        page.save()
    about_people = [query for query in queries if "publication_pagedependency" in query["sql"]]
    assert len(about_people) == 1
    assert not any("consent_consent" in query["sql"] for query in queries)
