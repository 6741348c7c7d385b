"""Which consents are due, which were renewed, and when a reminder is sent and to whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User

from audit.models import AuditEntry
from consent.expiring import AHEAD, Due, due, reminders_due, without_consent
from consent.models import Consent, Person
from consent.reminders import already_sent, officer_addresses, remind
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def ending(after: timedelta, person: Person | None = None, **fields: Any) -> Consent:
    given = {"starts_at": NOW - 300 * DAY, "signed_on": NOW.date() - 300 * DAY, **fields}
    return make.consent(person or make.PersonFactory(), until=NOW + after, **given)


def found(within_days: int = 60, **more: Any) -> list[tuple[Consent, int]]:
    return [(one.consent, one.days) for one in due(within_days, NOW, **more)]


def test_the_consents_that_end_soon_come_soonest_first() -> None:
    late, soon = ending(60 * DAY), ending(2 * DAY)
    ending(60 * DAY + timedelta(seconds=1))
    past = ending(-DAY)
    make.consenting()
    assert found() == [(soon, 2), (late, 60)]
    assert found(2) == [(soon, 2)]
    assert found(2, since_days=1) == [(past, -1), (soon, 2)]


@pytest.mark.parametrize("fields", [{"signed_on": None}, {"withdrawn_at": NOW - DAY}])
def test_what_is_not_in_force_is_not_due(fields: dict[str, Any]) -> None:
    ending(5 * DAY, **fields)
    assert found() == []


def test_a_consent_of_an_erased_person_is_not_due() -> None:
    consent = ending(5 * DAY)
    assert found() == [(consent, 5)]
    Person.objects.update(erased_at=NOW)
    assert found() == []


@pytest.mark.parametrize(
    ("fields", "is_renewed"),
    [
        ({}, True),
        ({"until": NOW + 6 * DAY}, True),
        ({"starts_at": NOW + 5 * DAY}, True),
        ({"until": NOW + 5 * DAY - timedelta(seconds=1)}, False),
        ({"starts_at": NOW + 5 * DAY + timedelta(seconds=1)}, False),
        ({"signed_on": None}, False),
        ({"withdrawn_at": NOW}, False),
        ({"for_one_page": True}, False),
    ],
)
def test_only_a_consent_in_force_at_the_end_renews_it(fields: dict[str, Any], is_renewed: bool) -> None:
    consent = ending(5 * DAY)
    make.consent(consent.person, **{"starts_at": NOW - DAY, **fields})
    make.consenting()
    assert (consent not in [one for one, _days in found()]) == is_renewed


def test_the_reason_is_the_term_or_the_age() -> None:
    child = make.PersonFactory(birth_date=(NOW + 5 * DAY).date().replace(year=2008))
    guarded: dict[str, Any] = {
        "signer": "guardian",
        "guardian": make.PersonFactory(),
        "legally_entitled": True,
    }
    make.consent(child, **guarded, assent="given")
    ending(9 * DAY)
    ending(7 * DAY, child, **guarded)  # ends with the age, before its term
    assert [(one.day, one.days, "comes of age" in one.why) for one in due(60, NOW)] == [
        ((NOW + 5 * DAY).date(), 5, True),
        ((NOW + 5 * DAY).date(), 5, True),
        ((NOW + 9 * DAY).date(), 9, False),
    ]


@pytest.mark.parametrize(
    ("days", "expected"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0), (-1, 0)]
)
def test_a_reminder_is_for_the_nearest_day_that_was_reached(days: int, expected: int | None) -> None:
    item = Due(Consent(pk=1), NOW.date(), days, "the term of the consent ends")
    assert reminders_due([item], set()) == ([(item, expected)] if expected is not None else [])
    assert reminders_due([item], {(1, number) for number in AHEAD if number != expected}) == reminders_due(
        [item], set()
    )
    assert reminders_due([item], {(1, number) for number in AHEAD}) == []


def test_each_day_has_its_reminder_and_its_entry(editor: User, mailoutbox: list[Any]) -> None:
    consent = ending(61 * DAY)
    with time_machine.travel(NOW, tick=False) as clock:
        for expected in (0, 1, 0):
            assert remind() == expected
            clock.shift(DAY)
        clock.shift(28 * DAY)
        assert remind() == 1
    assert already_sent() == {(consent.pk, 60), (consent.pk, 30)}
    entry = AuditEntry.objects.earliest("pk")
    assert (entry.actor, entry.person_number) == ("remind_consents", consent.person_id)
    assert [mail.subject for mail in mailoutbox] == ["Consents to renew: 1"] * 2
    assert "unpublished at that time" in mailoutbox[0].body
    assert f"/edit/{consent.pk}/" in mailoutbox[0].body


def test_without_an_address_nothing_counts_as_sent() -> None:
    ending(5 * DAY)
    with time_machine.travel(NOW, tick=False):
        assert remind() == 0
    assert already_sent() == set()


def test_mails_go_to_active_users_who_may_change_consents() -> None:
    may_change = Permission.objects.get(content_type__app_label="consent", codename="change_consent")
    for name, address in [("one", "one@example.org"), ("two", "one@example.org"), ("three", "")]:
        User.objects.create_user(name, address).user_permissions.add(may_change)
    User.objects.create_user("left", "left@example.org", is_active=False).user_permissions.add(may_change)
    User.objects.create_user("plain", "plain@example.org")
    User.objects.create_superuser("root", "root@example.org")
    assert officer_addresses() == ["one@example.org", "root@example.org"]


def test_people_with_pages_need_a_consent_in_force_at_that_moment(home: Any) -> None:
    person = make.PersonFactory()
    consent = make.consent(person, starts_at=NOW, until=NOW + DAY)
    make.StoryPageFactory(person=person, live=False)
    make.PersonFactory()
    assert list(without_consent(on=NOW - DAY)) == [person]
    assert list(without_consent(on=NOW)) == []
    assert list(without_consent(on=NOW + DAY)) == [person]
    assert list(without_consent(Person.objects.exclude(pk=person.pk), on=NOW + DAY)) == []
    Person.objects.filter(pk=person.pk).update(erased_at=NOW)
    assert consent.person_id == person.pk
    assert list(without_consent(on=NOW + DAY)) == []


def test_the_last_reminder_is_sent_also_within_a_day_after_the_end(editor: User) -> None:
    ending(-3 * DAY / 24)
    ending(-DAY - timedelta(hours=1))
    with time_machine.travel(NOW, tick=False):
        assert remind() == 1
