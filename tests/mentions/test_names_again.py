"""Names that editors type again after a withdrawal are refused, without being kept in clear."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from wagtail.models import Site

from audit.actors import Actor
from mentions.models import WithdrawnName
from pages.models import SiteSettings
from publication import gate
from publication.reasons import Why
from tests import factories as make
from withdrawal.erasure.services import erase_person
from withdrawal.services import withdraw_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("names_not_asked_about")]
BY = Actor.system("test")


def told_by(person: Any, **fields: Any) -> Any:
    return make.StoryPageFactory(**{"person": person, "lede": "A lede.", "before": [], **fields})


def person(**fields: Any) -> Any:
    found = make.consenting(**{"display_name": "Марта К.", "private_name": "Марта Иванова", **fields})
    told_by(found, patient_name="Марта", title="Stairs")
    return found


@pytest.fixture
def withdrawn(home: Any) -> Any:
    found = person()
    withdraw_person(person=found, by=BY, channel="editor")
    return found


def publish(page: Any) -> Any:
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def plain(text: str, **fields: Any) -> Any:
    return make.StandardPageFactory(
        **{"title": "How we work", "live": False, "body": [("text", text)], **fields}
    )


def refused(page: Any) -> list[str]:
    with pytest.raises(gate.NotPublic) as refusal:
        publish(page)
    assert {reason.why for reason in refusal.value.reasons} == {Why.WITHDRAWN_NAME}
    return [reason.text for reason in refusal.value.reasons]


def test_a_full_name_is_refused_on_every_page_and_only_what_was_typed_is_printed(withdrawn: Any) -> None:
    (text,) = refused(plain("<p>Мы говорили с <b>Мартой</b> Ива&shy;новой.</p>"))
    assert "Мартой Ива" in text
    assert "Марта Иванова" not in text
    story = told_by(
        make.consenting(),
        patient_name="Ines",
        live=False,
        before=[("text", "<p>Марта Иванова came.</p>")],
    )
    assert len(refused(story)) == 1
    assert len(refused(plain("<p>Text.</p>", title="Марта Иванова", slug="m"))) == 1


def test_first_names_and_other_surnames_are_published(withdrawn: Any) -> None:
    assert publish(plain("<p>Марта пришла. Иванова Анна тоже. Марта Петрова — врач.</p>")).live


def test_in_the_banner_and_in_a_picture_that_is_shown(withdrawn: Any) -> None:
    settings: Any = SiteSettings.objects.create(site=Site.objects.get(is_default_site=True))
    settings.banner_text = "О Марте Ивановой"
    with pytest.raises(ValidationError, match="Марте Ивановой"):
        settings.save()
    picture: Any = make.PictureFactory()
    told_by(make.consenting(), patient_name="Ines", picture=picture)
    picture.alt_text = "Марта Иванова на лестнице"
    with pytest.raises(ValidationError, match="Марта Иванова"):
        picture.save()
    unused = make.PictureFactory(alt_text="Марта Иванова на лестнице")
    page = told_by(make.consenting(), patient_name="Ines", live=False, picture=unused)
    assert len(refused(page)) == 1


def test_with_a_new_consent_the_person_may_be_named(withdrawn: Any) -> None:
    make.consent(withdrawn)
    assert publish(plain("<p>Марта Иванова came.</p>")).live


def test_a_namesake_tells_their_own_story(withdrawn: Any) -> None:
    other = make.consenting(display_name="Марта Иванова", private_name="Марта Иванова")
    story = told_by(other, patient_name="Марта", live=False, before=[("text", "<p>Марта Иванова came.</p>")])
    with pytest.raises(gate.NotPublic) as refusal:
        publish(story)
    assert Why.WITHDRAWN_NAME not in {reason.why for reason in refusal.value.reasons}


def test_names_that_others_bear_and_descriptions_are_not_kept(home: Any) -> None:
    make.consenting(private_name="Марта Иванова")
    found = person(display_name="Mother of two")
    withdraw_person(person=found, by=BY, channel="editor")
    assert not WithdrawnName.objects.filter(person_number=found.pk).exists()


def test_an_erased_persons_name_is_known_by_its_hash_alone(home: Any) -> None:
    found = person()
    erase_person(person=found, by=BY)
    stored = json.dumps(list(WithdrawnName.objects.values()))
    assert "Марта" not in json.loads(json.dumps(stored))
    assert len(refused(plain("<p>Марта Иванова came.</p>"))) == 1


def test_two_names_of_one_family_are_refused_together(home: Any) -> None:
    found = make.consenting(display_name="Aarav", private_name="Rohan Iyer")
    told_by(
        found,
        patient_name="Aarav",
        after=[("quote", {"text": "He ran up.", "speaker": "Meera, his mother"})],
    )
    withdraw_person(person=found, by=BY, channel="editor")
    assert len(refused(plain("<p>Meera, mother of Aarav, called.</p>"))) == 1
    assert publish(plain("<p>Aarav is a name. So is Mira.</p>", slug="b")).live


def test_an_officer_lets_a_page_name_someone_else(withdrawn: Any, editor: Any) -> None:
    page = plain("<p>Марта Иванова, our new nurse.</p>")
    page.save_revision()
    call_command("release_words", page.pk, reason="a nurse of this name", user=editor.username)
    assert publish(page).live


def test_nothing_but_one_query_while_no_name_is_stored(home: Any, django_assert_num_queries: Any) -> None:
    from mentions.names_again import rule

    page = plain("<p>Марта Иванова</p>")
    with django_assert_num_queries(1):
        assert rule(page, None) == []  # type: ignore[arg-type]
