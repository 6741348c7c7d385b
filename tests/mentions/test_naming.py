"""Pages about no one that name someone on record: an editor says who is meant before they are published."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from audit.actors import Actor
from audit.models import AuditEntry
from consent.models import Guardianship
from mentions import name_decisions, person_names
from mentions.finding import mentions_of
from mentions.models import NameDecision, PersonName
from publication import gate
from publication.checklist import checklist
from publication.models import PageDependency
from publication.reasons import Why
from tests import factories as make
from withdrawal.erasure.services import erase_person
from withdrawal.services import withdraw_person

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


@pytest.fixture
def aarav(home: Any) -> Any:
    return make.consenting(display_name="Aarav", private_name="Rohan Iyer")


def draft(text: str, **fields: Any) -> Any:
    return make.StandardPageFactory(
        **{"title": "How we work", "live": False, "body": [("text", text)], **fields}
    )


def publish(page: Any) -> Any:
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def refused(page: Any) -> list[str]:
    with pytest.raises(gate.NotPublic) as refusal:
        publish(page)
    assert {reason.why for reason in refusal.value.reasons} == {Why.UNATTRIBUTED}
    return [reason.text for reason in refusal.value.reasons]


def lines_of(page: Any) -> list[Any]:
    return [line for section in checklist(page).sections for line in section.lines if line.url]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<p>We met <b>Aarav</b> again in May.</p>", "Aarav"),
        ("<p>Today Aarav walks.</p>", "Aarav"),
        ("<p>Aarav’s mother told us.</p>", "Aarav"),
        ("<p>Wir sprachen mit Aaravs Mutter.</p>", "Aaravs"),
    ],
)
def test_a_first_name_is_asked_about(aarav: Any, text: str, name: str) -> None:
    (reason,) = refused(draft(text))
    assert f"“{name}” may mean a person on record: Aarav (#{aarav.pk})." in reason


@pytest.mark.parametrize(
    "text", ["<p>Rohan Iyer came.</p>", "<p>Iyer, Rohan</p>", "<p>dosar: Rohan Iyer</p>"]
)
def test_a_real_name_is_never_offered_and_its_owner_is_not_told(aarav: Any, text: str) -> None:
    (reason,) = refused(draft(text))
    assert "is the real name of a person on record" in reason
    assert "Aarav" not in reason


@pytest.mark.parametrize(
    ("real", "text"),
    [
        ("Maria da Silva", "Vimos Maria da Silva ontem."),
        ("Maria da Silva", "Vimos Maria Da Silva e outros."),
        ("Maria da Silva", "Silva, Maria"),
        ("Ludwig van der Berg", "Met Ludwig Berg, en Ludwig van der Berg."),
        ("José Núñez", "Con Jose Nunez en casa."),
        ("Łukasz Wiśniewski", "Rozmawialiśmy z Łukaszem Wiśniewskim."),
        ("Анна Петрова", "Мы говорили с Анной Петровой дома."),
        ("محمد الحسن", "تحدثنا مع محمد الحسن في البيت"),
        ("王小明", "我们采访了王小明和他的母亲。"),
        ("Anne-Marie O’Brien", "We met Anne-Marie O’Brien there."),
        ("Nguyễn Thị Hoa", "Chúng tôi gặp Nguyễn Thị Hoa ở nhà."),
    ],
)
def test_real_names_of_many_languages(home: Any, real: str, text: str) -> None:
    make.consenting(display_name="Zo", private_name=real)
    assert any("is the real name" in reason for reason in refused(draft(f"<p>{text}</p>")))


def test_a_real_name_is_asked_about_beside_a_quote_and_a_link(aarav: Any) -> None:
    quote = {"text": "The bus waited for us every morning.", "speaker": "Aarav", "said_by": aarav.pk}
    story = make.StoryPageFactory(person=aarav, patient_name="Aarav", slug="story", before=[])
    text = f'<p>Rohan Iyer, who is <a linktype="page" id="{story.pk}">Aarav</a>, says:</p>'
    (reason,) = refused(draft("", body=[("text", text), ("quote", quote)]))
    assert "“Rohan Iyer” is the real name" in reason


def test_of_several_who_bear_a_name_no_one_is_offered_whose_real_name_it_is(aarav: Any) -> None:
    other = make.consenting(display_name="Rohan Iyer", private_name="Sunil Rao")
    (reason,) = refused(draft("<p>Rohan Iyer came.</p>"))
    assert f"Rohan Iyer (#{other.pk})." in reason
    assert "Aarav" not in reason


@pytest.mark.parametrize(
    "text",
    [
        "<p>Dr Aarav will see you.</p>",
        "<p>Aarav Mehta is our nurse.</p>",
        "<p>We thank Priya Aarav for her work.</p>",
        "<p>An aarav is a small drum. Aarav is Sanskrit.</p>",
        "<p>Rohan is a name.</p>",
        "<p>Georgia and Hope are places.</p>",
    ],
    ids=["title", "surname follows", "is a surname", "ordinary word", "part of a real name", "country"],
)
def test_what_is_no_one_on_record_is_published(aarav: Any, text: str) -> None:
    make.PersonFactory(display_name="Georgia", private_name="Tamar K.")
    assert publish(draft(text)).live


@pytest.mark.parametrize(
    ("slug", "name"),
    [("we-met-aarav", "Aarav"), ("rohan-iyer-walks", "Rohan · Iyer"), ("iyer-rohan", "Iyer · Rohan")],
)
def test_a_name_in_the_address_alone_is_asked_about(aarav: Any, slug: str, name: str) -> None:
    (reason,) = refused(draft("<p>A boy walks.</p>", slug=slug))
    assert f"“{name}”" in reason


def test_in_the_address_a_word_is_what_it_is_in_the_text(aarav: Any) -> None:
    assert publish(draft("<p>Aarav Mehta is our nurse.</p>", slug="aarav-mehta")).live


def test_a_name_that_many_bear_is_anyones(aarav: Any) -> None:
    for _number in range(person_names.MOST_BEARERS):
        make.PersonFactory(display_name="Aarav", private_name="Someone Else")
    assert publish(draft("<p>Aarav is a name.</p>")).live


def test_a_name_is_covered_by_a_quote_or_a_link_to_a_public_page(aarav: Any) -> None:
    quote = {"text": "The bus waited for us every morning.", "speaker": "Aarav", "said_by": aarav.pk}
    assert publish(draft("", body=[("text", "<p>Aarav says:</p>"), ("quote", quote)], slug="q")).live
    story = make.StoryPageFactory(person=aarav, patient_name="Aarav", slug="story", before=[])
    link = f'<p>Read <a linktype="page" id="{story.pk}">Aarav’s story</a>.</p>'
    assert publish(draft(link, slug="link")).live
    story.unpublish()
    assert refused(draft(link, slug="link-2"))


def test_the_editor_says_who_is_meant(aarav: Any, editor_client: Client) -> None:
    page = draft("<p>We met Aarav again.</p>")
    refused(page)
    (line,) = [line for line in lines_of(page) if "Aarav" in line.title]
    shown = editor_client.get(line.url).content.decode()
    assert f"Aarav (#{aarav.pk})" in shown
    answer = editor_client.post(line.url, {"person": "", "reason": "typed already"})
    assert "Choose who is meant" in answer.content.decode()
    assert 'value="typed already"' in answer.content.decode()
    assert editor_client.post(line.url, {"person": str(aarav.pk)}).status_code == 302
    assert AuditEntry.objects.get(action="name.decided").person_number == aarav.pk
    assert publish(page).live
    assert PageDependency.objects.filter(page=page.pk, person=aarav).exists()
    assert editor_client.get(line.url).status_code == 302, "nothing is left to decide"


def test_the_editor_says_that_it_is_someone_else(aarav: Any, editor_client: Client) -> None:
    page = draft("<p>We met Aarav again.</p>")
    refused(page)
    (line,) = [line for line in lines_of(page) if "Aarav" in line.title]
    assert "Say whom it means" in editor_client.post(line.url, {"person": "other"}).content.decode()
    assert not NameDecision.objects.exists()
    editor_client.post(line.url, {"person": "other", "reason": "our nurse"})
    assert publish(page).live
    assert not PageDependency.objects.filter(page=page.pk, person=aarav).exists()
    assert refused(draft("<p>Aarav came.</p>", slug="other-page")), "it holds for that page"


def test_a_person_who_is_not_asked_about_cannot_be_chosen(aarav: Any, editor_client: Client) -> None:
    other = make.consenting(display_name="Ines")
    page = draft("<p>We met Aarav again.</p>")
    (line,) = [line for line in lines_of(page) if "Aarav" in line.title]
    editor_client.post(line.url, {"person": str(other.pk)})
    assert not NameDecision.objects.exists()


def test_a_person_without_consent_may_not_be_named(home: Any) -> None:
    person = make.PersonFactory(display_name="Aarav", private_name="Rohan Iyer")
    page = draft("<p>We met Aarav again.</p>")
    (line,) = [line for line in lines_of(page) if "Aarav" in line.title]
    mark = int(line.url.rstrip("/").rsplit("/", 1)[-1])
    name_decisions.decide(page=page, mark=mark, person=person.pk, by=BY)
    with pytest.raises(gate.NotPublic) as refusal:
        publish(page)
    assert {reason.why for reason in refusal.value.reasons} == {Why.NO_CONSENT}


def test_whoever_signs_for_a_child_may_be_meant_and_the_child_too(home: Any) -> None:
    child = make.consenting(display_name="Aarav", private_name="Rohan Iyer")
    mother = make.PersonFactory(display_name="Meera", private_name="Anita Iyer")
    Guardianship.objects.create(person=child, guardian=mother)
    (reason,) = refused(draft("<p>Meera told us.</p>"))
    assert f"Meera (#{mother.pk}), Aarav (#{child.pk})" in reason
    quote = {"text": "The bus waited for us every morning.", "speaker": "Aarav", "said_by": child.pk}
    assert publish(draft("", body=[("text", "<p>Meera says:</p>"), ("quote", quote)], slug="q")).live


def test_a_page_that_was_public_before_stays_until_it_is_published_again(home: Any) -> None:
    page = publish(draft("<p>We met Aarav again.</p>"))
    make.consenting(display_name="Aarav", private_name="Rohan Iyer")
    page.save()
    assert page.live
    assert refused(page)


def test_the_name_goes_with_the_consent_also_where_it_would_be_unsure(aarav: Any) -> None:
    person = make.consenting(display_name="Hope", private_name="Amara Obi")
    page = draft("<p>We met Hope again.</p>")
    (line,) = [line for line in lines_of(page) if "Hope" in line.title]
    mark = int(line.url.rstrip("/").rsplit("/", 1)[-1])
    name_decisions.decide(page=page, mark=mark, person=person.pk, by=BY)
    publish(page)
    publish(draft("<p>There is hope, and our hope is great.</p>", slug="hope", title="Notes"))
    assert {one.is_certain for one in mentions_of(person) if one.page == page.pk} == {True}
    assert {one.is_certain for one in mentions_of(person) if one.page != page.pk} == {False}
    withdraw_person(person=person, by=BY, channel="editor")
    page.refresh_from_db()
    assert "Hope" not in json.dumps(page.body.get_prep_value())


def test_a_name_that_was_withdrawn_is_said_once(aarav: Any) -> None:
    make.StoryPageFactory(person=aarav, patient_name="Aarav", slug="story", country="IN", before=[])
    withdraw_person(person=aarav, by=BY, channel="editor")
    page = draft("<p>We met Aarav in India.</p>")
    assert [line.title for line in lines_of(page) if "Aarav" in line.title] == [
        "“Aarav … India” may mean a person who withdrew their consent. Leave it out, or state that it means "
        "someone else."
    ]
    (line,) = [line for line in lines_of(draft("<p>We met Aarav.</p>", slug="b")) if "Aarav" in line.title]
    assert "may mean a person on record" in line.title


def test_names_follow_the_person_and_go_with_them(aarav: Any) -> None:
    assert refused(draft("<p>We met Aarav again.</p>"))
    aarav.display_name = "Dev"
    aarav.save()
    assert publish(draft("<p>We met Aarav again.</p>", slug="a")).live
    assert refused(draft("<p>We met Dev again.</p>", slug="d"))
    erase_person(person=aarav, by=BY)
    assert not PersonName.objects.filter(person=aarav).exists()
    assert not NameDecision.objects.filter(person=aarav).exists()


def family() -> tuple[Any, Any]:
    child = make.PersonFactory(display_name="Aarav", private_name="Rohan Iyer")
    mother = make.PersonFactory(display_name="Meera", private_name="Anita Iyer")
    Guardianship.objects.create(person=child, guardian=mother)
    return child, mother


def names_stored() -> set[tuple[int, int, int]]:
    return set(PersonName.objects.values_list("person", "first", "name"))


@pytest.mark.django_db(transaction=True)
def test_a_person_for_whom_someone_signs_can_be_deleted(home: Any) -> None:
    child, mother = family()
    child.delete()
    assert {person for person, _first, _name in names_stored()} == {mother.pk}


def test_two_names_are_of_one_family_while_one_signs_for_the_other(home: Any) -> None:
    child, _mother = family()
    together = names_stored()
    child.guardianships.all().delete()
    apart = names_stored()
    assert apart < together
    child.save()
    assert names_stored() == apart


def test_an_update_stores_the_names_of_people_on_record_already(home: Any) -> None:
    family()
    erased = make.PersonFactory(display_name="Gone", private_name="Gone Away", erased_at=timezone.now())
    stored = names_stored()
    PersonName.objects.all().delete()
    migration: Any = import_module("mentions.migrations.0004_names_on_record")
    migration.store_names(apps, None)
    assert names_stored() == stored
    assert erased.pk not in {person for person, _first, _name in stored}


def test_no_name_is_kept_in_clear(aarav: Any) -> None:
    stored = json.dumps(list(PersonName.objects.values())).lower()
    assert stored != "[]"
    assert not any(word in stored for word in ("aarav", "rohan", "iyer"))


def test_looking_up_names_does_not_grow_with_the_people(
    aarav: Any, django_assert_max_num_queries: Any
) -> None:
    texts = ["We met Aarav again, and some others came."]
    with django_assert_max_num_queries(1):
        assert [one.text for one in person_names.names_on_record(texts)] == ["Aarav"]


def test_an_alias_follows_what_was_decided_on_its_page(aarav: Any) -> None:
    page = draft("<p>We met Aarav again.</p>")
    (line,) = [line for line in lines_of(page) if "Aarav" in line.title]
    mark = int(line.url.rstrip("/").rsplit("/", 1)[-1])
    name_decisions.decide(page=page, mark=mark, person=aarav.pk, by=BY)
    publish(page)
    alias = page.create_alias(update_slug="alias")
    assert alias.live
    page.title = "How we work now"
    publish(page)
    alias.refresh_from_db()
    assert (alias.live, alias.title) == (True, "How we work now")
    assert PageDependency.objects.filter(page=alias.pk, person=aarav).exists()
    withdraw_person(person=aarav, by=BY, channel="editor")
    alias.refresh_from_db()
    assert not alias.live or "Aarav" not in json.dumps(alias.body.get_prep_value())
