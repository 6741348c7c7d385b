"""Parts of a page that may not be shown are redacted everywhere; the rest of the page is public."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page

from audit.actors import Actor
from consent import services
from consent.models import Depiction
from consent.uses import Use
from experiences.clips import read_interviews
from experiences.models import StoryClip, StoryInterview, StoryPage
from experiences.story_audio import audio_for
from publication import gate, visibility
from publication.events import shown_changed
from publication.models import Clearance, PageDependency
from publication.reasons import Why
from publication.redaction import RedactedPageSaved
from tests import factories as make
from tests.casestudies.factories import CaseStudyPageFactory
from tests.experiences import interviews as talks
from withdrawal import expiry
from withdrawal.services import withdraw_person

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
QUOTED, WORDS = "quokkaberry", "wobblewort"


def person_who_allows(*uses: Use) -> Any:
    person = make.PersonFactory()
    make.consent(person, uses=uses)
    return person


def story(person: Any, **fields: Any) -> Any:
    return make.StoryPageFactory(
        person=person,
        conditions=[make.ConditionFactory()],
        before=[
            ("text", f"<p>A {WORDS} on the sill.</p>"),
            ("quote", {"text": f"{QUOTED}, she said.", "speaker": ""}),
        ],
        **fields,
    )


def read(url: str, **query: str) -> str:
    response = Client().get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def test_quotes_are_redacted_in_page_and_search_if_only_the_text_is_allowed() -> None:
    page = story(person_who_allows(Use.TEXT))
    html = read(page.url)
    assert WORDS in html
    assert QUOTED not in html
    assert page.title in read("/search/", q=WORDS)
    assert page.title not in read("/search/", q=QUOTED)


def test_a_quote_allowed_later_is_shown_and_found_at_once() -> None:
    person = person_who_allows(Use.TEXT)
    page = story(person)
    heard: list[Any] = []
    shown_changed.connect(lambda pages, **_rest: heard.extend(pages), weak=False, dispatch_uid="test")
    try:
        services.change(consent=person.consents.get(), by=BY, uses=[Use.TEXT, Use.QUOTES])
    finally:
        shown_changed.disconnect(dispatch_uid="test")
    assert [one.pk for one in heard] == [page.pk]
    assert QUOTED in read(page.url)
    assert page.title in read("/search/", q=QUOTED)
    services.change(consent=person.consents.get(), by=BY, uses=[Use.TEXT])
    assert QUOTED not in read(page.url)
    assert page.title not in read("/search/", q=QUOTED)


def test_a_picture_of_a_person_without_consent_is_redacted_in_page_card_and_sharing() -> None:
    page = story(make.consenting(), picture=make.PictureFactory(alt_text="A woman on the stairs"))
    assert "A woman on the stairs" in read(page.url)
    Depiction.objects.create(person=person_who_allows(Use.TEXT), picture=page.picture)
    assert Clearance.objects.get(page=page.pk).redacted() == {"field:picture"}
    html = read(page.url)
    assert "A woman on the stairs" not in html
    assert "og:image" not in html
    assert "/files/" not in re.sub(r"/static/\S*", "", read(make.story_index().url))
    fresh = StoryPage.objects.get(pk=page.pk)
    assert fresh.shown_picture is None
    assert fresh.shared_picture is None


def test_a_picture_is_not_sent_to_social_media_without_consent() -> None:
    page = story(person_who_allows(Use.TEXT, Use.QUOTES), picture=make.PictureFactory(alt_text="A bowl"))
    html = read(page.url)
    assert "A bowl" in html
    assert "og:image" not in html
    assert "og:image" in read(story(make.consenting(), picture=make.PictureFactory()).url)


def test_a_video_page_requires_consent_to_its_recording() -> None:
    with pytest.raises(gate.NotPublic) as refusal:
        make.VideoPageFactory(person=person_who_allows(Use.TEXT, Use.VOICE))
    assert {reason.requirement.use for reason in refusal.value.reasons if reason.requirement} == {Use.VIDEO}
    assert make.VideoPageFactory(person=person_who_allows(Use.TEXT, Use.VOICE, Use.VIDEO)).live


def test_the_patient_perspective_of_a_case_is_a_quote() -> None:
    page = CaseStudyPageFactory(person=person_who_allows(Use.TEXT), perspective=f"{QUOTED}, we said.")
    assert QUOTED not in read(page.url)
    services.change(consent=page.person.consents.get(), by=BY, uses=[Use.TEXT, Use.QUOTES])
    assert QUOTED in read(page.url)


def test_a_page_in_another_language_needs_consent_to_translation() -> None:
    page = story(person_who_allows(Use.TEXT))
    other = Locale.objects.get_or_create(language_code="fr")[0]
    translated = StoryPage(
        title="Traduit",
        slug="traduit",
        person=page.person,
        locale=other,
        translation_key=page.translation_key,
    )
    assert [
        (reason.why, reason.requirement.use)
        for reason in gate.reasons_not_public(translated)
        if reason.requirement
    ] == [(Why.NOT_GRANTED, Use.TRANSLATION)]
    services.change(consent=page.person.consents.get(), by=BY, uses=[Use.TEXT, Use.TRANSLATION])
    assert gate.reasons_not_public(translated) == []


def test_a_translation_stays_one_when_its_original_is_deleted() -> None:
    """Found by a walk of random events: the translation counted as the first page, and stayed public."""
    person = person_who_allows(Use.TEXT, Use.TRANSLATION)
    page = story(person)
    other = Locale.objects.get_or_create(language_code="fr")[0]
    translated = story(person, slug="traduit", locale=other, translation_key=page.translation_key)
    assert translated.live
    page.delete()
    services.change(consent=person.consents.get(), by=BY, uses=[Use.TEXT])
    translated.refresh_from_db()
    assert not translated.live


def test_the_real_first_name_requires_separate_consent() -> None:
    person = make.PersonFactory(private_name="Inês Oliveira", display_name="Ines")
    make.consent(person, uses=[Use.TEXT])
    with pytest.raises(gate.NotPublic):
        story(person, patient_name="Ines")
    assert story(person, patient_name="Marta").live


# Interviews -------------------------------------------------------------------------------------------------


@pytest.fixture
def quoted(files_of_interviews: None) -> Any:
    """A story with a clip and its whole transcript; the mother is another person than the patient."""
    talk = talks.interview(full_transcript_allowed=True)
    page = talks.publish(talks.story(talks.quote(talks.excerpt(talk, 2))))
    return page, talk.contributors.get(speaker="Mother").person


@pytest.fixture
def files_of_interviews(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "public"


def test_quote_clip_and_conversation_each_require_consent_of_the_speaker(quoted: Any) -> None:
    page, mother = quoted
    assert StoryClip.objects.filter(page=page).exists()
    assert StoryInterview.objects.get(page=page).lines
    consent = mother.consents.get()

    services.change(consent=consent, by=BY, uses=[Use.QUOTES, Use.FULL_TRANSCRIPT])
    assert not StoryClip.objects.filter(page=page).exists()
    assert "No one had promised us anything." in read(page.url)

    services.change(consent=consent, by=BY, uses=[Use.QUOTES])
    assert StoryInterview.objects.get(page=page).lines == []

    services.change(consent=consent, by=BY, uses=[Use.PRESS])
    assert "No one had promised us anything." not in read(page.url)
    assert Page.objects.get(pk=page.pk).live


def test_no_clip_is_cut_without_consent(quoted: Any) -> None:
    page, mother = quoted
    mother.consents.update(use_voice=False)  # without any signal
    read_interviews(page.pk)
    assert not StoryClip.objects.filter(page=page).exists()


def test_a_clip_ends_with_the_consent_to_the_voice_to_the_second(quoted: Any) -> None:
    page, mother = quoted
    consent = mother.consents.get()
    services.change(consent=consent, by=BY, uses=[Use.QUOTES, Use.FULL_TRANSCRIPT])
    make.consent(mother, uses=[Use.VOICE], until=timezone.now() + timedelta(hours=1))
    read_interviews(page.pk)
    links = StoryClip.objects.filter(page=page)
    links.update(clip=links.get().clip)
    links.get().clip.__class__.objects.update(state="ready")

    def heard() -> bool:
        return audio_for(StoryPage.objects.get(pk=page.pk)).has_clips

    assert heard()
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1), tick=False):
        assert not heard()


def test_a_changed_contributor_is_asked_at_once(quoted: Any) -> None:
    page, mother = quoted
    contributor = mother.interview_roles.get()
    contributor.person = make.PersonFactory()
    contributor.save()
    assert "No one had promised us anything." not in read(page.url)


# Time -------------------------------------------------------------------------------------------------------


def test_expiry_unpublishes_a_page_to_the_second_and_publishes_nothing() -> None:
    person = make.PersonFactory()
    end = timezone.now() + timedelta(hours=1)
    make.consent(person, until=end)
    page = story(person)
    make.consent(person, starts_at=end + timedelta(hours=1))
    with time_machine.travel(end - timedelta(seconds=30), tick=False):
        response = Client().get(page.url)
        assert response.status_code == 200
        assert "max-age=30" in response["Cache-Control"]
        assert visibility.seconds_unchanged(600) == 30
    with time_machine.travel(end, tick=False):
        assert Client().get(page.url).status_code == 410
        assert page.title not in read(make.story_index().url)
        assert page.title not in read("/search/", q=WORDS)
        assert expiry.expire().as_json()["unpublished"] == [page.pk]
        assert not Page.objects.get(pk=page.pk).live
    with time_machine.travel(end + timedelta(hours=2), tick=False):
        assert expiry.expire().as_json() == {"unpublished": [], "changed": [], "receipts": []}
        assert Client().get(page.url).status_code in {404, 410}


def test_an_earlier_address_tells_nothing_once_the_consent_has_ended() -> None:
    """The address to which it redirects may hold a name."""
    person = make.PersonFactory()
    end = timezone.now() + timedelta(hours=1)
    make.consent(person, until=end)
    page = story(person)
    Redirect.objects.create(old_path="/earlier-address", redirect_page=page)
    draft = Redirect.objects.create(
        old_path="/of-a-draft", redirect_page=make.StandardPageFactory(live=False)
    )
    assert Client().get("/earlier-address/")["Location"] == page.url
    with time_machine.travel(end, tick=False):
        response = Client().get("/earlier-address/?utm_source=mail")
        assert (response.status_code, response.get("Location")) == (410, None)
        expiry.expire()
        assert Client().get("/earlier-address/").status_code in {404, 410}
    assert Client().get(draft.old_path + "/").status_code == 404


def test_a_part_is_shown_and_redacted_to_the_second() -> None:
    person = person_who_allows(Use.TEXT)
    start = timezone.now() + timedelta(hours=1)
    make.consent(person, uses=[Use.QUOTES], starts_at=start, until=start + timedelta(hours=1))
    page = story(person)
    assert QUOTED not in read(page.url)
    with time_machine.travel(start, tick=False):
        assert QUOTED in read(page.url)
        expiry.expire()
        assert page.title in read("/search/", q=QUOTED)
    with time_machine.travel(start + timedelta(hours=1), tick=False):
        assert QUOTED not in read(page.url)
        expiry.expire()
        assert page.title not in read("/search/", q=QUOTED)
        assert Page.objects.get(pk=page.pk).live


# Everything that lists --------------------------------------------------------------------------------------


def test_the_picture_for_social_media_is_not_public_without_that_use() -> None:
    """Failed before: the page no longer named it, and its address still answered."""
    person, picture = make.consenting(), make.PictureFactory()
    page = story(person, social_picture=picture)
    picture.refresh_from_db()
    assert picture.is_published
    withdraw_person(person=person, by=BY, channel="editor", uses=[Use.SOCIAL_MEDIA])
    picture.refresh_from_db()
    assert not picture.is_published
    assert page.title in read(page.url)


def test_a_redacted_page_cannot_be_saved() -> None:
    page = story(person_who_allows(Use.TEXT))
    page.redact(page.redacted_parts)
    assert page.redacted
    with pytest.raises(RedactedPageSaved):
        page.save()


def test_a_preview_shows_everything_and_marks_what_visitors_will_not_see(editor_client: Client) -> None:
    page = story(person_who_allows(Use.TEXT))
    page.save_revision()
    html = editor_client.get(f"/admin/pages/{page.pk}/view_draft/").content.decode()
    assert QUOTED in html
    assert "Visitors do not see this part" in html
    assert str(Why.NOT_GRANTED.label) in html


def test_page_dependencies_find_drafts_too_in_one_query(django_assert_num_queries: Any) -> None:
    person = make.consenting()
    picture = make.PictureFactory()
    draft = make.StoryPageFactory(live=False, person=make.consenting(), picture=picture)
    draft.person = person
    draft.save_revision()
    with django_assert_num_queries(1):
        found = set(PageDependency.objects.filter(person=person).values_list("page", flat=True))
    assert found == {draft.pk}
    assert PageDependency.objects.filter(page=draft.pk, picture=picture).exists()


ROOT = Path(__file__).resolve().parents[2]
# Not lists for visitors: surfaces that are unpublished, lists for editors, and the gate itself.
# Mentions and withdrawn words are looked for on every page that is live, also where visitors do not see it.
NO_LISTS = {
    "surfaces",
    "/admin/",
    "site/publication",
    "site/demo",
    "site/mentions",
    "site/attribution",
    "withdrawal/remembered.py",
    # For operators: it prints numbers.
    "deidentification/counting.py",
}


def test_every_list_of_pages_asks_the_clearance() -> None:
    """Code that shows pages to visitors asks `publication.visibility.visible_pages`, not `live()` and
    `public()`.
    """
    bypassing = []
    for folder in ("site", "experiences", "casestudies", "media"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "/migrations/" in name or any(one in name for one in NO_LISTS):
                continue
            for number, line in enumerate(path.read_text().splitlines(), start=1):
                if re.search(r"\.(live|public)\(\)|filter\([^)]*\blive=True", line):
                    bypassing.append(f"{name}:{number}")
    assert bypassing == []
