"""A first name with something else that is known of a person who withdrew, and a title: an editor decides."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from audit.actors import Actor
from audit.models import AuditEntry
from mentions import names_again
from mentions.models import NameDecision, WithdrawnName
from publication import gate
from publication.checklist import checklist
from publication.reasons import Why
from tests import factories as make
from treatments.models import Treatment
from withdrawal.services import withdraw_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("names_not_asked_about")]
BY = Actor.system("test")


@pytest.fixture
def withdrawn(home: Any) -> Any:
    person = make.consenting(display_name="Aarav", private_name="Rohan Iyer")
    story = make.StoryPageFactory(
        person=person,
        patient_name="Aarav",
        title="Fourteen red stairs",
        slug="stairs",
        country="IN",
        before=[],
    )
    story.treatments.add(Treatment.add_root(name="Gene therapy", slug="gene-therapy"))
    story.save()
    withdraw_person(person=person, by=BY, channel="editor")
    return person


def plain(text: str, **fields: Any) -> Any:
    return make.StandardPageFactory(
        **{"title": "How we work", "live": False, "body": [("text", text)], **fields}
    )


def publish(page: Any) -> Any:
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def refused(page: Any) -> list[Any]:
    with pytest.raises(gate.NotPublic) as refusal:
        publish(page)
    assert {reason.why for reason in refusal.value.reasons} == {Why.WITHDRAWN_NAME}
    return list(refusal.value.reasons)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>In India we met <b>Aarav</b> again.</p>", "Aarav … India"),
        ("<p>Aarav had gene therapy.</p>", "Aarav … gene therapy"),
        ("<p>Fourteen red stairs, by Aarav.</p>", "Aarav … Fourteen red stairs"),
    ],
)
def test_a_first_name_with_a_known_fact_is_a_finding(withdrawn: Any, text: str, words: str) -> None:
    (reason,) = refused(plain(text))
    assert f"“{words}” may mean a person who withdrew" in reason.text


def test_the_title_of_a_withdrawn_page_is_a_finding_under_anyone_elses_name(withdrawn: Any) -> None:
    assert len(refused(plain("<p>Text.</p>", title="Fourteen Red Stairs!", slug="a"))) == 1
    other = make.StoryPageFactory(
        person=make.consenting(display_name="Ines"),
        patient_name="Ines",
        title="Fourteen red stairs",
        slug="b",
        live=False,
        before=[],
    )
    with pytest.raises(gate.NotPublic) as refusal:
        publish(other)
    found = [reason.text for reason in refusal.value.reasons if reason.why == Why.WITHDRAWN_NAME]
    assert len(found) == 1
    assert "“Fourteen red stairs” may mean" in found[0]


def test_a_first_name_or_a_fact_alone_is_published(withdrawn: Any) -> None:
    text = "<p>Aarav is a name.</p>"
    other = [("text", "<p>Gene therapy in India.</p>"), ("text", text), ("text", "<p>Red stairs.</p>")]
    assert publish(plain(text, body=other, title="Red stairs", slug="red")).live


def test_nothing_is_kept_in_clear(withdrawn: Any) -> None:
    stored = json.dumps(list(WithdrawnName.objects.values())).lower()
    for word in ("aarav", "india", "therapy", "stairs"):
        assert word not in stored


def test_a_name_that_others_on_record_bear_is_not_kept(home: Any) -> None:
    make.consenting(display_name="Aarav")
    person = make.consenting(display_name="Aarav")
    make.StoryPageFactory(
        person=person, patient_name="Aarav", title="Steps", slug="s", country="IN", before=[]
    )
    withdraw_person(person=person, by=BY, channel="editor")
    assert publish(plain("<p>In India we met Aarav again.</p>")).live


def test_an_editor_decides_that_it_means_someone_else(withdrawn: Any, editor_client: Client) -> None:
    page = plain("<p>Aarav, our nurse, trained in India.</p>")
    (reason,) = refused(page)
    lines = [line for section in checklist(page).sections for line in section.lines if line.url == reason.url]
    assert [line.link for line in lines] == ["Decide"]
    assert "may mean a person" in editor_client.get(reason.url).content.decode()
    editor_client.post(reason.url, {"reason": " "})
    assert not NameDecision.objects.exists()
    answer = editor_client.post(reason.url, {"reason": "a nurse of this name"})
    assert answer.status_code == 302
    assert AuditEntry.objects.get(action="name.decided").details == {}
    assert publish(page).live
    assert len(refused(plain("<p>Aarav is in India.</p>", slug="other"))) == 1


def test_only_who_may_publish_the_page_decides(
    withdrawn: Any, client: Client, django_user_model: Any
) -> None:
    page = plain("<p>Aarav, our nurse, trained in India.</p>")
    (reason,) = names_again.rule(page, None)  # type: ignore[arg-type]
    client.force_login(django_user_model.objects.create_user("visitor", "v@example.org", "x"))
    assert client.post(reason.url, {"reason": "a nurse"}).status_code in {302, 403}
    assert not NameDecision.objects.exists()


def test_with_a_new_consent_the_person_may_be_told_of(withdrawn: Any) -> None:
    make.consent(withdrawn)
    assert publish(plain("<p>In India we met Aarav again.</p>")).live
