"""Withdrawing in the admin: preview, second question, receipt, mail, republications, and the warning on the
dashboard."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.test import Client
from django.urls import reverse

from consent.models import Consent, Republication
from publication import visibility
from tests import factories as make
from withdrawal.models import TakedownStep, Withdrawal

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERS = {"scope": "all", "how": "telephone", "reason": "She would rather not", "send": "on"}


def officer(client: Client, *permissions: str) -> Client:
    user = User.objects.create_user("officer", password="x")
    names = ["access_admin", *permissions]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return client


@pytest.fixture
def story() -> Any:
    return make.StoryPageFactory(
        title="Fourteen stairs",
        person=make.consenting(email="marta@example.org", private_name="Secretson", language="en"),
    )


def address(story: Any) -> str:
    return reverse("withdraw_consent", args=[story.person.consents.get().pk])


def text(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def test_the_preview_counts_and_changes_nothing(client: Client, story: Any) -> None:
    officer(client, "add_withdrawal")
    page = client.get(address(story))
    assert page.status_code == 200
    rows = {
        row.find("th").get_text(): int(row.find("td").get_text())
        for row in BeautifulSoup(page.content, "html.parser").select(".surfaces tbody tr")
    }
    assert rows["Pages"] == 1
    assert "Search results" in rows
    assert "Fourteen stairs" in text(page)
    narrower = client.get(address(story), {"scope": "some", "uses": "video", "how": "telephone"})
    assert "Nothing that is public depends on this consent" in text(narrower)
    assert visibility.is_visible(story)


def test_it_is_asked_twice_and_ends_with_a_receipt(client: Client, story: Any) -> None:
    officer(client, "add_withdrawal", "view_withdrawal")
    again = client.post(address(story), ANSWERS)
    assert again.status_code == 200
    assert "cannot be undone" in text(again)
    assert visibility.is_visible(story)
    assert not Withdrawal.objects.exists()

    done = client.post(address(story), {**ANSWERS, "sure": "1"})

    withdrawal = Withdrawal.objects.get()
    assert done.headers["Location"] == reverse("withdrawal_receipt", args=[withdrawal.number])
    assert not visibility.is_visible(story)
    assert (withdrawal.by_name, withdrawal.channel) == ("officer", "editor")
    assert withdrawal.reason == "By telephone. She would rather not"
    receipt = client.get(done.headers["Location"])
    words = text(receipt)
    assert "Everything has been removed." in words
    assert "What remains, and why" in words
    assert 'http-equiv="refresh"' not in receipt.content.decode()
    for name in ("Fourteen", "Secretson", "Ines"):
        assert name not in words
    data = client.get(reverse("withdrawal_receipt_json", args=[withdrawal.number])).json()
    assert data["items"] == data["items_removed"]
    listed = client.get(reverse("withdrawals"))
    assert data["receipt"] in text(listed)

    message: Any = mail.outbox[0]
    assert len(mail.outbox) == 1
    assert message.to == ["marta@example.org"]
    assert data["receipt"] in message.subject
    assert "Backups, until" in message.body
    assert "Search results" in str(message.alternatives[0][0])
    for name in ("Fourteen", "Secretson"):
        assert name not in message.body


def test_the_mail_speaks_the_persons_language_where_the_site_does(client: Client, story: Any) -> None:
    story.person.language = "ar"
    story.person.save()
    officer(client, "add_withdrawal", "view_withdrawal")
    client.post(address(story), {**ANSWERS, "sure": "1"})
    message: Any = mail.outbox[0]
    assert len(mail.outbox) == 1
    assert '<html lang="ar" dir="rtl">' in str(message.alternatives[0][0])


def test_some_uses_requires_at_least_one(client: Client, story: Any) -> None:
    officer(client, "add_withdrawal")
    answer = client.post(address(story), {**ANSWERS, "scope": "some", "sure": "1"})
    assert "Tick at least one use" in text(answer)
    assert "She would rather not" in answer.content.decode()
    assert not Withdrawal.objects.exists()


def test_failed_steps_are_shown_on_dashboard_and_receipt(client: Client, story: Any) -> None:
    officer(client, "add_withdrawal", "view_withdrawal")
    client.post(address(story), {**ANSWERS, "sure": "1"})
    withdrawal = Withdrawal.objects.get()
    home = reverse("wagtailadmin_home")
    assert "not been removed everywhere" not in text(client.get(home))

    Withdrawal.objects.update(finished_at=None)
    withdrawal.steps.filter(surface="sitemap").update(
        state=TakedownStep.State.FAILED, tries=3, error="OSError: it does not answer"
    )
    assert "The content of a withdrawal has not been removed everywhere" in text(client.get(home))
    receipt = client.get(reverse("withdrawal_receipt", args=[withdrawal.number]))
    assert "Tried 3 times" in text(receipt)
    assert "it does not answer" in text(receipt)
    assert 'http-equiv="refresh"' in receipt.content.decode()

    tried = client.post(reverse("withdrawal_receipt_try", args=[withdrawal.number]), follow=True)
    assert "Everything has been removed." in text(tried)
    assert "not been removed everywhere" not in text(client.get(home))


def test_republications_are_marked_as_told_once(client: Client, story: Any) -> None:
    place = Republication.objects.create(person=story.person, place="The Evening Paper")
    officer(client, "add_withdrawal", "view_withdrawal")
    client.post(address(story), {**ANSWERS, "sure": "1"})
    withdrawal = Withdrawal.objects.get()
    receipt = reverse("withdrawal_receipt", args=[withdrawal.number])
    assert "Mark as told" in text(client.get(receipt))
    client.post(reverse("withdrawal_receipt_told", args=[withdrawal.number, place.pk]))
    place.refresh_from_db()
    first = place.told_at
    assert first
    client.post(reverse("withdrawal_receipt_told", args=[withdrawal.number, place.pk]))
    place.refresh_from_db()
    assert place.told_at == first
    other = Republication.objects.create(person=make.PersonFactory(), place="Elsewhere")
    refused = client.post(reverse("withdrawal_receipt_told", args=[withdrawal.number, other.pk]))
    assert refused.status_code == 404


def test_the_permission_is_required(client: Client, story: Any) -> None:
    officer(client, "add_withdrawal", "view_withdrawal")
    client.post(address(story), {**ANSWERS, "sure": "1"})
    number = Withdrawal.objects.get().number
    other = Client()
    other.force_login(User.objects.create_user("tagger", password="x"))
    User.objects.get(username="tagger").user_permissions.add(Permission.objects.get(codename="access_admin"))
    pages = ("withdrawal_receipt", "withdrawal_receipt_json")
    actions = ("withdrawal_receipt_try", "withdrawal_receipt_send")
    assert other.get(address(story)).status_code in {302, 403}
    assert other.get(reverse("withdrawals")).status_code in {302, 403}
    for name in pages:
        assert other.get(reverse(name, args=[number])).status_code in {302, 403}
    for name in actions:
        assert other.post(reverse(name, args=[number])).status_code in {302, 403}
    assert Client().get(reverse("withdrawal_receipt", args=[number])).status_code == 302


def test_a_consent_that_is_withdrawn_has_nothing_to_withdraw(client: Client, story: Any) -> None:
    officer(client, "add_withdrawal", "view_withdrawal")
    where = address(story)
    client.post(where, {**ANSWERS, "sure": "1"})
    assert "There is no consent in force" in text(client.get(where))
    assert client.post(where, {**ANSWERS, "sure": "1"}).status_code == 200
    assert Withdrawal.objects.count() == 1
    assert Consent.objects.get().withdrawn_at


def test_consent_and_person_lead_to_the_withdrawal(editor_client: Client, story: Any) -> None:
    consent = story.person.consents.get()
    of_consent = editor_client.get(reverse("wagtailsnippets_consent_consent:edit", args=[consent.pk]))
    assert reverse("withdraw_consent", args=[consent.pk]) in of_consent.content.decode()
    of_person = editor_client.get(reverse("wagtailsnippets_consent_person:edit", args=[story.person.pk]))
    assert reverse("withdraw_person", args=[story.person.pk]) in of_person.content.decode()
