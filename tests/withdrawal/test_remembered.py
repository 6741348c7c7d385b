"""Withdrawn words are not published under anyone else's consent."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from audit.actors import Actor
from audit.models import AuditEntry
from consent.models import Consent
from publication import gate
from publication.reasons import Why
from publication.reassess import reassess_people
from tests import factories as make
from tests.experiences import interviews as talks
from withdrawal import remembered, words
from withdrawal.erasure.services import erase_person
from withdrawal.expiry import expire
from withdrawal.models import WithdrawnWords
from withdrawal.services import withdraw_person

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
HERS = (
    "We had counted the stairs every evening since the accident, fourteen of them, and that winter she climbed "
    "three alone while I held the rail and said nothing at all."
)
# The same words as an editor may write them: other case, punctuation, accents and breaks.
RETYPED = (
    "<p>WE had counted the stairs - every evening, since the áccident: fourteen of them;</p><p>and that winter "
    "she climbed three, alone, while I held the rail (and said nothing at all)!</p>"
)


def told_by(person: Any, **fields: Any) -> Any:
    return make.StoryPageFactory(person=person, patient_name="Ilse", lede="A lede.", **fields)


def story_of(person: Any) -> Any:
    return told_by(person, before=[("text", f"<p>{HERS}</p>")])


def publish(page: Any) -> Any:
    page.save_revision().publish()
    page.refresh_from_db()
    return page


@pytest.fixture
def withdrawn(home: Any) -> Any:
    person = make.consenting()
    story = story_of(person)
    withdraw_person(person=person, by=BY, channel="editor")
    story.refresh_from_db()
    assert not story.live
    return story


def refused(page: Any) -> list[str]:
    with pytest.raises(gate.NotPublic) as refusal:
        publish(page)
    return [reason.why for reason in refusal.value.reasons]


def test_another_persons_consent_does_not_publish_withdrawn_words(withdrawn: Any) -> None:
    withdrawn.person = make.consenting()
    assert refused(withdrawn) == [Why.WORDS]
    assert Client().get(withdrawn.url).status_code in {404, 410}


def test_a_quote_of_the_person_does_not_open_the_rest_of_the_page(home: Any) -> None:
    """The quote is shown only with her consent, and left out without it. That says nothing of her other words."""
    talk = talks.interview(kind="")
    mother, other = talk.contributors.get(role="parent").person, make.consenting()
    hers = [{"type": "text", "value": f"<p>{HERS}</p>"}, talks.quote(talks.excerpt(talk, 2))]
    story = talks.publish(talks.story(*hers, person=mother, patient_name="Ilse", lede="A lede."))
    withdraw_person(person=mother, by=BY, channel="editor")
    story.refresh_from_db()
    story.person = other
    assert refused(story) == [Why.WORDS]
    # Without them, the other person's page is published, and shows nothing of the quote.
    story.before = json.dumps([hers[1]])
    publish(story)
    assert "No one had promised us" not in Client().get(story.url).content.decode()


def test_a_new_page_with_the_same_words_is_refused_however_they_are_typed(withdrawn: Any) -> None:
    page = told_by(make.consenting(), live=False, before=[("text", RETYPED)])
    assert refused(page) == [Why.WORDS]


def test_a_part_of_the_text_is_recognised_and_other_words_are_not(withdrawn: Any) -> None:
    part = " ".join(HERS.split()[6:24])
    page = told_by(make.consenting(), live=False, before=[("text", f"<p>She told us this. {part}. So.</p>")])
    assert refused(page) == [Why.WORDS]
    other = told_by(
        make.consenting(),
        live=False,
        before=[("text", "<p>We had never counted the stairs, nor the days.</p>")],
    )
    assert publish(other).live


def test_a_page_about_nobody_is_refused(withdrawn: Any) -> None:
    page = make.StandardPageFactory(title="How it went", live=False, body=[("text", f"<p>{HERS}</p>")])
    assert refused(page) == [Why.WORDS]
    page.refresh_from_db()
    assert not page.live


def test_the_person_may_publish_the_words_again_with_a_new_consent(withdrawn: Any) -> None:
    assert Why.WITHDRAWN in refused(withdrawn)
    make.consent(withdrawn.person)
    assert publish(withdrawn).live


def test_words_of_a_draft_and_of_an_erased_person_are_remembered(home: Any) -> None:
    person = make.consenting()
    story = told_by(person)
    story.before = [("text", f"<p>{HERS}</p>")]
    story.save_revision()
    erase_person(person=person, by=BY)
    assert refused(told_by(make.consenting(), live=False, before=[("text", HERS)])) == [Why.WORDS]


def test_words_that_others_publish_too_are_not_hers_alone(home: Any) -> None:
    person, other = make.consenting(), make.consenting()
    story_of(other)
    story_of(person)
    withdraw_person(person=person, by=BY, channel="editor")
    assert publish(told_by(make.consenting(), live=False, before=[("text", HERS)])).live


def test_nothing_is_stored_in_clear_and_an_officer_may_release_words(withdrawn: Any, editor: Any) -> None:
    assert WithdrawnWords.objects.count() > 3
    page = told_by(make.consenting(), live=False, before=[("text", HERS)])
    call_command("release_words", page.pk, reason="a poem that both quote", user=editor.username)
    assert AuditEntry.objects.get(action="words.released").actor == editor.username
    assert publish(page).live


def test_a_run_of_words_does_not_cross_from_one_field_into_the_next(home: Any) -> None:
    person = make.consenting()
    halves = HERS.split()
    one, two = " ".join(halves[:9]), " ".join(halves[9:18])
    told_by(person, before=[("text", f"<p>{one}</p>"), ("text", f"<p>{two}</p>")])
    withdraw_person(person=person, by=BY, channel="editor")
    assert publish(told_by(make.consenting(), live=False, before=[("text", f"<p>{one} {two}</p>")])).live


FACT = (
    "Epidural stimulation sends small currents through electrodes that a surgeon places below the bones of the "
    "spine, and a physiotherapist sets them for each exercise."
)


def test_a_fact_of_a_page_or_term_that_a_withdrawn_story_quotes_stays_publishable(home: Any) -> None:
    page = make.StandardPageFactory(title="About it", body=[("text", f"<p>{FACT}</p>")])
    page.save_revision()
    term = make.TreatmentFactory(name="A drug", description=FACT.replace("Epidural", "Cortical"))
    person = make.consenting()
    quoted = f"<p>{FACT}</p><p>{term.description}</p>"
    told_by(person, before=[("text", quoted), ("text", f"<p>{HERS}</p>")])
    withdraw_person(person=person, by=BY, channel="editor")
    page = type(page).objects.get(pk=page.pk)
    assert FACT in str(page.body.get_prep_value()), "the page had these words before the story"
    assert publish(page).live
    term.refresh_from_db()
    assert term.description.startswith("Cortical stimulation sends")
    assert refused(told_by(make.consenting(), live=False, before=[("text", HERS)])) == [Why.WORDS]


def test_words_of_an_expired_consent_are_remembered_until_it_is_renewed(home: Any) -> None:
    person = make.consenting()
    story = story_of(person)
    Consent.objects.filter(person=person).update(ends_at=timezone.now() + dt.timedelta(minutes=1))
    reassess_people([person.pk])
    done = expire(timezone.now() + dt.timedelta(minutes=2))
    assert done.unpublished == [story.pk]
    Consent.objects.filter(person=person).update(ends_at=timezone.now() - dt.timedelta(seconds=1))
    assert refused(told_by(make.consenting(), live=False, before=[("text", HERS)])) == [Why.WORDS]
    quoting = make.StandardPageFactory(title="How it went", live=False, body=[("text", f"<p>{HERS}</p>")])
    assert refused(quoting) == [Why.WORDS]
    make.consent(person)
    assert publish(quoting).live


def test_no_text_is_compared_while_nothing_was_withdrawn(home: Any, django_assert_num_queries: Any) -> None:
    page = told_by(make.consenting())
    with django_assert_num_queries(1):
        assert remembered.people_whose_words(page) == set()


def test_hashes_survive_packing_and_are_bounded() -> None:
    numbers = words.hashes(HERS, b"k" * 32)
    assert words.unpacked(words.packed(sorted(numbers))) == sorted(numbers)
    assert len(words.bounded(range(30_000))) == words.MOST
    assert words.hashes(RETYPED.replace("<p>", "").replace("</p>", " "), b"k" * 32) == numbers
    assert words.hashes(HERS, b"other" * 6) & numbers == set()
    assert words.hashes("Too short a text.", b"k" * 32) == set()
