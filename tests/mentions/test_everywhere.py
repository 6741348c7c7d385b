"""Mentions in what pages share, and on pages about other people."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, Revision, Site

from approval.models import Approval, ApprovalOverride
from audit.actors import Actor
from conditions.models import Condition
from media.models import Document, Picture, Recording
from mentions.finding import mentions_of
from mentions.models import OpenMention
from pages.models import SiteSettings
from publication import gate
from tests import factories as make
from withdrawal import receipts
from withdrawal.erasure.services import erase_person
from withdrawal.services import withdraw_person

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


def of_ines(**fields: Any) -> Any:
    return make.StoryPageFactory(
        **{
            "person": make.consenting(display_name="Ines"),
            "patient_name": "Ines",
            "title": "Fourteen stairs",
            "before": [
                ("text", "<p>We walked for hours. Aarav’s family walked too.</p><p>It rained.</p>"),
                ("quote", {"text": SAID, "speaker": "Meera, Aarav’s mother"}),
            ],
            **fields,
        }
    )


def withdraw(story: Any, **options: Any) -> Any:
    return withdraw_person(person=story.person, by=BY, channel="editor", **options)


def html(page: Page) -> str:
    answer = Client().get(page.get_url())
    assert answer.status_code == 200
    return answer.content.decode()


# What every page shows --------------------------------------------------------------------------------------


def test_banner_footer_and_menu_lose_the_words_and_the_link(story: Any) -> None:
    site = Site.objects.get(is_default_site=True)
    settings = SiteSettings.objects.create(
        site=site,
        banner_text="Read what Aarav’s family tells us!",
        care_text="As Rohan Iyer’s mother said: ask your doctor.",
        menu=[("link", {"label": "Aarav’s second year", "page": story, "address": "", "hint": ""})],
    )
    page = make.StandardPageFactory(title="How we work", body=[("text", "<p>Work.</p>")])
    assert "Aarav" in html(page)
    withdrawal = withdraw(story)
    shown = html(page)
    assert "Aarav" not in shown
    assert "Iyer" not in shown
    assert "ask your doctor" in shown
    settings.refresh_from_db()
    assert settings.banner_text == "Read what […]’s family tells us!"
    assert "Aarav" not in json.dumps(settings.resolved_links)
    assert next(line["count"] for line in receipts.lines(withdrawal) if line["surface"] == "mentions") >= 3


def test_alternative_text_title_and_credit_of_files_that_others_show(story: Any) -> None:
    picture = make.PictureFactory(
        title="Aarav and Ines", alt_text="Ines beside Aarav on the stairs", credit="Photo: Rohan Iyer"
    )
    unseen = make.PictureFactory(alt_text="Aarav on his own stairs")
    document = make.DocumentFactory(title="What Aarav’s doctors say")
    other = of_ines(picture=picture, before=[("text", "<p>It rained.</p>")])
    page = make.StandardPageFactory(
        title="Forms", body=[("text", f'<p><a linktype="document" id="{document.pk}">It</a></p>')]
    )
    assert "beside Aarav" in html(other)
    withdraw(story)
    assert "Aarav" not in html(other)
    assert "Iyer" not in html(other)
    fresh = Picture.objects.get(pk=picture.pk)
    assert fresh.alt_text == "Ines beside […] on the stairs"
    assert fresh.credit == "Photo: […]"
    assert "Aarav" not in fresh.title
    assert "Aarav" not in Document.objects.get(pk=document.pk).title
    assert page.pk
    assert Picture.objects.get(pk=unseen.pk).alt_text == "Aarav on his own stairs", "no one sees it"


def test_captions_are_listed_and_left_to_a_person(story: Any) -> None:
    recording = make.RecordingFactory(title="A walk")
    track = make.CaptionTrackFactory(recording=recording)
    type(track).objects.filter(pk=track.pk).update(
        stored_cues=[{"start": 0, "end": 4, "speaker": "", "text": "Then Aarav came in."}]
    )
    make.VideoPageFactory(person=make.consenting(display_name="Ines"), recording=recording)
    (found,) = [one for one in mentions_of(story.person) if one.place]
    assert found.by_hand
    assert not found.is_certain
    withdrawal = withdraw(story)
    assert OpenMention.objects.get(withdrawal=withdrawal.number).place == "media.captiontrack"
    assert Recording.objects.get(pk=recording.pk).title == "A walk"


def test_terms_lose_full_names_and_quotes_but_no_eponym(story: Any) -> None:
    term = make.ConditionFactory(
        name="Iyer syndrome", description="Rohan Iyer has it. Described by Iyer, 1950."
    )
    withdraw(story)
    fresh = Condition.objects.get(pk=term.pk)
    assert fresh.name == "Iyer syndrome"
    assert fresh.description == "[…] has it. Described by Iyer, 1950."


# Pages about others -----------------------------------------------------------------------------------------


def test_another_familys_page_keeps_everything_but_the_words(story: Any) -> None:
    other = of_ines()
    assert "Aarav" in html(other)
    withdraw(story)
    shown = html(other)
    assert "Aarav" not in shown
    assert "Meera" not in shown
    assert "happy year" not in shown
    assert "We walked for hours." in shown
    assert "It rained." in shown
    fresh = Page.objects.get(pk=other.pk)
    assert fresh.live
    assert fresh.latest_revision_id == fresh.live_revision_id
    assert "Aarav" not in json.dumps(fresh.latest_revision.content)


def test_its_own_version_stays_in_its_history_and_its_draft_is_cleaned(story: Any) -> None:
    other = of_ines()
    other.save_revision().publish()
    other = type(other).objects.get(pk=other.pk)
    other.before = [("text", "<p>Aarav left.</p><p>Drafted words.</p>")]
    other.save_revision()
    withdraw(story)
    fresh = Page.objects.get(pk=other.pk)
    latest = json.dumps(fresh.latest_revision.content)
    assert "Drafted words." in latest
    assert "Aarav" not in latest
    assert any("Aarav" in json.dumps(revision.content) for revision in fresh.revisions.all())
    assert "Drafted words." not in html(other)


def test_the_other_familys_approval_covers_what_is_left(story: Any) -> None:
    other = of_ines()
    Approval.objects.create(
        page=other, person=other.person, answer=Approval.Answer.APPROVED, content_hash=other.public_hash()
    )
    withdraw(story)
    fresh = type(other).objects.get(pk=other.pk)
    assert gate.all_reasons(fresh) == []
    assert ApprovalOverride.objects.get(page=other.pk).content_hash == fresh.public_hash()


def test_a_namesake_of_the_other_page_and_a_speakers_first_name_are_left_to_a_person(story: Any) -> None:
    other = of_ines(
        patient_name="Ines",
        before=[
            ("text", "<p>Meera, our nurse, came.</p>"),
            ("quote", {"text": "He ran.", "speaker": "Aarav, Ines’s brother"}),
        ],
    )
    assert {one.is_certain for one in mentions_of(story.person)} == {False}
    withdrawal = withdraw(story)
    assert "Meera, our nurse" in html(other)
    assert OpenMention.objects.filter(withdrawal=withdrawal.number, number=other.pk).count() == 2


def test_what_is_redacted_with_the_consent_is_not_removed_for_good(story: Any) -> None:
    other = of_ines(before=[("text", "<p>It rained.</p>")])
    story.refresh_from_db()
    withdraw(story)
    before = Revision.objects.filter(object_id=str(other.pk)).count()
    assert "It rained." in html(other)
    assert before == Revision.objects.filter(object_id=str(other.pk)).count()


# Erasure ----------------------------------------------------------------------------------------------------


def test_an_erasure_cleans_shared_things_and_every_version_of_others_pages(story: Any) -> None:
    picture = make.PictureFactory(alt_text="Aarav, unseen by anyone")
    other = of_ines()
    other.save_revision().publish()
    draft = of_ines(title="Not yet", slug="not-yet", live=False, before=[("text", "<p>Rohan Iyer came.</p>")])
    draft.save_revision()
    erase_person(person=story.person, by=BY)
    assert "Aarav" not in Picture.objects.get(pk=picture.pk).alt_text
    for page in (other, draft):
        fresh = type(page).objects.get(pk=page.pk)
        stored = json.dumps(fresh.serializable_data(), default=str)
        stored += "".join(json.dumps(revision.content) for revision in fresh.revisions.all())
        for word in ("Aarav", "Iyer", "happy year"):
            assert word not in stored, (page.title, word)
    assert "It rained." in html(other)
