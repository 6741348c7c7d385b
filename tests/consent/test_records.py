"""People and consents in the admin: states, rules, signed forms, reminders."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from consent.expiring import AHEAD, due, reminders_due, without_consent
from consent.models import Consent, ConsentForm, Person
from consent.reminders import remind
from consent.uses import UNDERSTOOD, Use, field_of
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = timezone.now
DAY = dt.timedelta(days=1)


def child(years: int, of_age_at: int = 18) -> Person:
    """Return a child born so many years and 100 days ago."""
    born = timezone.localdate() - dt.timedelta(days=int(years * 365.25) + 100)
    person: Person = make.PersonFactory(birth_date=born, of_age_at=of_age_at)
    return person


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, Consent.State.IN_FORCE),
        ({"signed_on": None}, Consent.State.UNSIGNED),
        ({"starts_at": NOW() + DAY}, Consent.State.COMING),
        ({"until": NOW() - DAY}, Consent.State.EXPIRED),
        ({"withdrawn_at": NOW() - DAY}, Consent.State.WITHDRAWN),
    ],
)
def test_the_state_of_a_consent_and_the_query_agree(fields: dict[str, Any], state: str) -> None:
    consent = make.consent(make.PersonFactory(), **fields)
    assert consent.state() == state
    assert Consent.objects.in_force().exists() == (state == Consent.State.IN_FORCE)


def test_a_consent_ends_to_the_second() -> None:
    end = NOW() + DAY
    consent = make.consent(make.PersonFactory(), until=end)
    assert consent.state(end - dt.timedelta(microseconds=1)) == Consent.State.IN_FORCE
    assert consent.state(end) == Consent.State.EXPIRED
    assert not Consent.objects.in_force(end).exists()


@pytest.mark.parametrize("age", [16, 18])
def test_a_guardians_consent_ends_when_the_child_comes_of_age(age: int) -> None:
    person = child(15, age)
    consent = make.consent(
        person, signer="guardian", guardian=make.PersonFactory(), legally_entitled=True, assent="given"
    )
    assert consent.ends_at is not None
    assert person.birth_date is not None
    assert timezone.localtime(consent.ends_at).date() == person.comes_of_age_on
    assert person.comes_of_age_on is not None
    assert person.comes_of_age_on.year == person.birth_date.year + age


def test_born_on_a_leap_day_comes_of_age_on_the_first_of_march() -> None:
    assert Person(birth_date=dt.date(2012, 2, 29), of_age_at=18).comes_of_age_on == dt.date(2030, 3, 1)
    assert Person(birth_year=2012, of_age_at=18).comes_of_age_on == dt.date(2031, 1, 1)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"signer": "self"}, "signer"),
        ({"assent": ""}, "assent"),
        ({"assent": "refused"}, "assent"),
        ({"assent": "unable"}, "assent_note"),
        ({"legally_entitled": False}, "legally_entitled"),
        ({"guardian": None}, "guardian"),
        ({"until": NOW() - 800 * DAY}, "until"),
        ({"signed_on": timezone.localdate() + 2 * DAY}, "signed_on"),
        ({"understood_worldwide": False}, "understood_not_anonymous"),
    ],
)
def test_a_childs_consent_requires_guardian_and_assent(fields: dict[str, object], where: str) -> None:
    good: dict[str, Any] = {
        "signer": "guardian",
        "guardian": make.PersonFactory(),
        "legally_entitled": True,
        "assent": "given",
    }
    consent = make.consent(child(9), **good)
    consent.full_clean()
    for name, value in fields.items():
        setattr(consent, name, value)
    with pytest.raises(ValidationError) as refused:
        consent.full_clean()
    assert where in refused.value.message_dict


def test_a_signed_form_cannot_change() -> None:
    make.consent(make.PersonFactory())
    form = ConsentForm.objects.get()
    form.text = "Something else"
    with pytest.raises(ValidationError, match="new version"):
        form.full_clean()


def posted(person: Person, **more: object) -> dict[str, object]:
    form = ConsentForm.objects.get_or_create(
        name="Story", language="en", version="1", defaults={"text": "Yes"}
    )[0]
    return {
        "person": person.pk,
        "form": form.pk,
        "signer": "self",
        "starts_at": "2026-01-01 00:00",
        "signed_on": "2026-01-01",
        field_of(Use.TEXT): "on",
        **dict.fromkeys(UNDERSTOOD, "on"),
        **more,
    }


def test_an_officer_records_a_consent_and_changes_it_with_a_reason(
    editor_client: Client, editor: User
) -> None:
    person = make.PersonFactory()
    answer = editor_client.post(reverse("wagtailsnippets_consent_consent:add"), posted(person))
    assert answer.status_code == 302, answer.context["form"].errors
    consent = Consent.objects.get()
    assert consent.uses == {Use.TEXT}
    assert consent.created_by == editor
    address = reverse("wagtailsnippets_consent_consent:edit", args=[consent.pk])
    answer = editor_client.post(address, posted(person, **{field_of(Use.VIDEO): "on"}))
    assert answer.status_code == 200
    assert "Give a reason" in answer.content.decode()
    assert Consent.objects.get().uses == {Use.TEXT}
    editor_client.post(address, posted(person, why="They asked for it", **{field_of(Use.VIDEO): "on"}))
    assert Consent.objects.get().uses == {Use.TEXT, Use.VIDEO}
    entries = list(AuditEntry.objects.order_by("pk").values_list("actor", "action", "thing", "reason"))
    assert ("editor", "consent.recorded", f"consent.consent:{consent.pk}", "") in entries
    assert ("editor", "consent.changed", f"consent.consent:{consent.pk}", "They asked for it") in entries
    changed = AuditEntry.objects.get(action="consent.changed")
    assert changed.details == {"use_video": [False, True]}


def test_a_refused_form_keeps_the_input(editor_client: Client) -> None:
    person = child(9)
    answer = editor_client.post(
        reverse("wagtailsnippets_consent_consent:add"), posted(person, witness="Anna Berg of Example Press")
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not Consent.objects.exists()
    assert "Anna Berg of Example Press" in page
    assert "A parent or guardian signs for a child" in page


def test_a_signed_consent_cannot_be_deleted(editor_client: Client) -> None:
    signed = make.consent(make.PersonFactory())
    unsigned = make.consent(make.PersonFactory(), signed_on=None)
    for one in (signed, unsigned):
        editor_client.post(reverse("wagtailsnippets_consent_consent:delete", args=[one.pk]))
    assert list(Consent.objects.all()) == [signed]


@pytest.mark.parametrize("state", ["in_force", "ending", "expired", "withdrawn", "unsigned"])
def test_the_list_is_filtered_by_state(editor_client: Client, state: str) -> None:
    consents = {
        "in_force": make.consent(make.PersonFactory(display_name="Inforce")),
        "ending": make.consent(make.PersonFactory(display_name="Ending"), until=NOW() + 30 * DAY),
        "expired": make.consent(make.PersonFactory(display_name="Expired"), until=NOW() - DAY),
        "withdrawn": make.consent(make.PersonFactory(display_name="Withdrawn"), withdrawn_at=NOW() - DAY),
        "unsigned": make.consent(make.PersonFactory(display_name="Unsigned"), signed_on=None),
    }
    answer = editor_client.get(reverse("wagtailsnippets_consent_consent:list"), {"state": state})
    shown = set(answer.context["object_list"])
    wanted = {consents[state]} | ({consents["ending"]} if state == "in_force" else set())
    assert shown == wanted


def test_people_with_a_page_but_no_consent_in_force_are_listed(editor_client: Client, home: object) -> None:
    without = make.PersonFactory(display_name="Without")
    make.StoryPageFactory(live=False, person=without)
    make.StoryPageFactory()
    assert list(without_consent()) == [without]
    answer = editor_client.get(reverse("wagtailsnippets_consent_person:list"), {"consent": "missing"})
    assert list(answer.context["object_list"]) == [without]
    assert "without a consent in force" in editor_client.get("/admin/").content.decode()


def test_everything_linked_to_a_person_is_on_one_page_and_the_trail_records_its_reading(
    editor_client: Client, home: object
) -> None:
    person = make.consenting(display_name="Ines")
    story = make.StoryPageFactory(person=person, title="Fourteen stairs")
    page = editor_client.get(reverse("consent_person_record", args=[person.pk])).content.decode()
    assert "Fourteen stairs" in page
    assert f"/admin/pages/{story.pk}/edit/" in page
    assert f"Consent #{person.consents.get().pk}: In force" in page
    assert AuditEntry.objects.filter(action="person.read", person_number=person.pk).count() == 1


def test_the_trail_records_each_download_of_a_signed_form_and_no_cache_keeps_it(
    editor_client: Client, client: Client
) -> None:
    consent = make.consent(
        make.PersonFactory(), signature=ContentFile(b"<script>signed</script>", "ines.html")
    )
    address = reverse("consent_signed_form", args=[consent.pk])
    answer = editor_client.get(address)
    assert b"".join(answer.streaming_content) == b"<script>signed</script>"  # type: ignore[attr-defined]
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert AuditEntry.objects.filter(action="consent.form_read").count() == 1
    assert Client().get(address).status_code == 302


def test_a_reminder_is_sent_once_a_day_of_the_list_and_not_for_a_renewed_consent(
    editor: User, mailoutbox: list[object]
) -> None:
    ending = make.consent(make.PersonFactory(), until=NOW() + 20 * DAY)
    renewed = make.consenting()
    Consent.objects.filter(person=renewed).update(ends_at=NOW() + 10 * DAY)
    make.consent(renewed)
    assert [item.consent for item in due()] == [ending]
    assert remind() == 1
    assert remind() == 0
    assert len(mailoutbox) == 1
    body = mailoutbox[0].body  # type: ignore[attr-defined]
    assert f"#{ending.pk}" in body
    assert ending.person.private_name not in body
    assert ending.person.display_name not in body


def test_of_several_days_reached_only_the_nearest_is_sent() -> None:
    soon = make.consent(make.PersonFactory(), until=NOW() + 5 * DAY)
    assert AHEAD == (60, 30, 7, 0)
    assert [(item.consent, days) for item, days in reminders_due(due(), set())] == [(soon, 7)]
    assert reminders_due(due(), {(soon.pk, 7)}) == []


@pytest.mark.parametrize("typed", ["samir", "quillf"])
def test_the_person_chooser_finds_people_by_either_name(editor_client: Client, typed: str) -> None:
    make.PersonFactory.create_batch(60, display_name="Aarav")
    make.PersonFactory(display_name="Samira", private_name="Ada Quillfeather")
    address = reverse("wagtailsnippetchoosers_consent_person:choose_results")
    assert "Samira" not in editor_client.get(address).content.decode()
    found = editor_client.get(address, {"q": typed}).content.decode()
    assert "Samira" in found
    assert "Aarav" not in found
    assert "Quillfeather" not in found


def test_reminders_reach_consent_officers(mailoutbox: list[Any]) -> None:
    officer = User.objects.create_user("officer", "officer@example.org", "x")
    officer.groups.add(Group.objects.get(name="Consent officer"))
    User.objects.create_user("plain", "plain@example.org", "x")
    make.consent(make.PersonFactory(), until=NOW() + 5 * DAY)
    assert remind() == 1
    assert mailoutbox[0].to == ["officer@example.org"]
