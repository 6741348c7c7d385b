"""Forms: stored first, then mailed; nothing typed is lost; robots are recognised without a third party."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from information import received
from information.forms import LONGEST_TEXT
from information.models import FormPage, Submission
from tests.information.factories import FormPageFactory

pytestmark = pytest.mark.django_db

GOOD = {
    "your_name": "Marta",
    "your_e_mail": "marta@example.org",
    "message": "She counts the stairs.\nThank you.",
}


class BrokenMail:
    """A mail server that is not there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("[Errno 111] Connection refused")


@pytest.fixture
def page() -> FormPage:
    return FormPageFactory.create()


@pytest.fixture
def no_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenMail"


def opened(page: FormPage, seconds: float = 30) -> dict[str, str]:
    """The hidden field of a form that was opened some seconds ago."""
    import time_machine

    with time_machine.travel(timezone.now() - timedelta(seconds=seconds), tick=False):
        return {received.STAMP: received.stamp(page.pk)}


def soup_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def test_what_is_sent_is_stored_and_mailed_and_thanked_for(client: Client, page: FormPage) -> None:
    response = client.post(page.url, {**GOOD, **opened(page)})
    assert response.status_code == 302
    assert "Thank you" in client.get(response["Location"]).content.decode()
    stored = Submission.objects.get()
    assert stored.form_data == GOOD
    assert stored.mailed_at is not None
    assert [(sent.subject, sent.to, sent.reply_to) for sent in mail.outbox] == [
        ("A message", ["desk@example.org"], ["marta@example.org"])
    ]
    assert "She counts the stairs.\nThank you." in mail.outbox[0].body


@pytest.mark.usefixtures("no_mail")
def test_a_mail_that_fails_loses_nothing_and_shows_in_the_admin(
    client: Client, editor_client: Client, page: FormPage, settings: Any
) -> None:
    response = Client().post(page.url, {**GOOD, **opened(page)})
    assert response.status_code == 302, "the visitor is not troubled with our mail"
    stored = Submission.objects.get()
    assert stored.form_data["message"] == GOOD["message"]
    assert stored.mail_failed_at is not None
    assert "Connection refused" in stored.mail_error
    listing = editor_client.get(f"/admin/forms/submissions/{page.pk}/").content.decode()
    assert "FAILED" in listing
    assert "Connection refused" in listing
    assert "1 message from a visitor could not be mailed" in editor_client.get("/admin/").content.decode()

    with pytest.raises(CommandError, match="Connection refused"):
        call_command("resend_form_mail", stdout=StringIO())
    again = editor_client.post("/admin/information/resend/", follow=True)
    assert "could still not be sent" in again.content.decode()

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    editor_client.post("/admin/information/resend/")
    stored.refresh_from_db()
    assert stored.mailed_at is not None
    assert stored.mail_error == ""
    assert len(mail.outbox) == 1
    assert "could not be mailed" not in editor_client.get("/admin/").content.decode()
    call_command("resend_form_mail", stdout=StringIO())
    assert len(mail.outbox) == 1, "nothing is mailed twice"


def test_a_mail_that_no_worker_sends_shows_in_the_admin(editor_client: Client, page: FormPage) -> None:
    waiting = Submission.objects.create(page=page, form_data=GOOD, fingerprint="x", mail_wanted=True)
    assert "could not be mailed" not in editor_client.get("/admin/").content.decode()
    Submission.objects.filter(pk=waiting.pk).update(submit_time=timezone.now() - timedelta(hours=1))
    assert "could not be mailed" in editor_client.get("/admin/").content.decode()


def test_a_form_without_an_address_stores_and_mails_nothing(client: Client) -> None:
    page = FormPageFactory.create(to_address="")
    client.post(page.url, {**GOOD, **opened(page)})
    assert Submission.objects.get().mail_words == "Not asked for"
    assert mail.outbox == []


def test_trying_again_needs_a_login_and_a_post(client: Client, editor_client: Client, page: FormPage) -> None:
    assert "/login/" in Client().post("/admin/information/resend/")["Location"]
    assert editor_client.get("/admin/information/resend/").status_code == 405


def test_mistakes_are_named_and_what_was_typed_is_kept(client: Client, page: FormPage) -> None:
    response = client.post(page.url, {"your_e_mail": "marta@", "message": "Long <b>text</b>", **opened(page)})
    soup = soup_of(response)
    assert Submission.objects.count() == 0
    assert soup.title is not None
    assert soup.title.text.strip().startswith("Error:")
    assert {str(link["href"]) for link in soup.select(".oops a")} == {"#id_your_name", "#id_your_e_mail"}
    assert soup.select_one("#id_message").text.strip() == "Long <b>text</b>"
    field = soup.select_one("#id_your_e_mail")
    assert field is not None
    assert field["value"] == "marta@"
    assert field["aria-invalid"] == "true"
    for name in str(field["aria-describedby"]).split():
        assert soup.select_one(f"#{name}") is not None, name


def test_a_robot_in_the_trap_stores_nothing_and_a_person_in_it_sends_again(
    client: Client, page: FormPage
) -> None:
    stamped = opened(page)
    response = client.post(page.url, {**GOOD, **stamped, received.TRAP: "https://spam.example"})
    soup = soup_of(response)
    assert Submission.objects.count() == 0
    assert "send the form again" in soup.select_one(".oops").text
    assert "spam.example" not in response.content.decode()
    again = {
        str(one["name"]): str(one.get("value", "")) for one in soup.select("main form[method=post] input")
    }
    client.post(page.url, {**again, "message": soup.select_one("#id_message").text.strip()})
    assert Submission.objects.count() == 1


def test_a_form_sent_at_once_is_shown_again_and_can_then_be_sent(client: Client, page: FormPage) -> None:
    response = client.post(page.url, {**GOOD, **opened(page, seconds=1)})
    assert "very quick" in soup_of(response).select_one(".oops").text
    assert Submission.objects.count() == 0
    kept = soup_of(response).select_one(f"input[name={received.STAMP}]")
    assert kept is not None
    import time_machine

    with time_machine.travel(timezone.now() + timedelta(seconds=4), tick=False):
        client.post(page.url, {**GOOD, received.STAMP: str(kept["value"])})
    assert Submission.objects.count() == 1


def test_a_stamp_that_is_old_missing_or_forged_is_made_anew(client: Client, page: FormPage) -> None:
    for stamped in (opened(page, seconds=200_000), {}, {received.STAMP: "x:y:z"}, {received.STAMP: "\0"}):
        response = client.post(page.url, {**GOOD, **stamped})
        soup = soup_of(response)
        assert "open for a long time" in soup.select_one(".oops").text
        fresh = soup.select_one(f"input[name={received.STAMP}]")
        assert fresh is not None
        assert received.haste(str(fresh["value"]), page.pk) == "quick"
    assert Submission.objects.count() == 0


def test_a_double_click_is_stored_and_mailed_once(client: Client, page: FormPage) -> None:
    sent = {**GOOD, **opened(page)}
    assert [client.post(page.url, sent).status_code for _ in range(2)] == [302, 302]
    client.post(page.url, {**sent, "message": "Something else"})
    assert Submission.objects.count() == 2
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b\x1b[31m",
        "\ufffd\u202e\u200b\U0001f469\u200d\U0001f467 e\u0301 ﷽",
        "'; DROP TABLE people; --",
        "<script>alert(1)</script>{{ 7*7 }}{% csrf_token %}",
        "%s %(x)s %",
        "x" * LONGEST_TEXT,
    ],
)
def test_whatever_can_be_typed_is_stored(client: Client, page: FormPage, text: str) -> None:
    response = client.post(page.url, {**GOOD, "message": text, **opened(page)})
    assert response.status_code == 302
    assert Submission.objects.get().form_data["message"] == received.tidied(text)


def test_bytes_that_are_no_text_are_no_error_of_ours(client: Client, page: FormPage) -> None:
    body = b"your_name=\xff\xfe%ff&message=%ed%a0%80&your_e_mail=&" + received.STAMP.encode() + b"="
    body += opened(page)[received.STAMP].encode()
    response = client.post(page.url, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 302


def test_a_text_that_is_too_long_is_kept_whole(client: Client, page: FormPage) -> None:
    text = "word " * 20_480
    response = client.post(page.url, {**GOOD, "message": text, **opened(page)})
    soup = soup_of(response)
    assert response.status_code == 200
    assert re.search(r"shorten this to 50,?000 letters", soup.select_one(".oops").text)
    area = soup.select_one("#id_message")
    assert area is not None
    assert area.text.strip() == text.strip()
    assert not area.has_attr("maxlength"), "a browser would cut a pasted text without a word"


def test_a_form_without_its_csrf_token_is_shown_again_with_what_was_typed(page: FormPage) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(page.url, {**GOOD, **opened(page)})
    soup = soup_of(response)
    assert response.status_code == 403
    assert Submission.objects.count() == 0
    assert "cookies" in soup.select_one(".oops").text
    assert soup.select_one("#id_message").text.strip().startswith("She counts the stairs.")
    token = soup.select_one("input[name=csrfmiddlewaretoken]")
    assert token is not None
    again = {**GOOD, **opened(page), "csrfmiddlewaretoken": str(token["value"])}
    assert strict.post(page.url, again).status_code == 302
    assert Submission.objects.count() == 1


def test_elsewhere_a_missing_csrf_token_says_what_to_do(home: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in ("/", "/nowhere/"):
        response = strict.post(path, {"a": "b"})
        assert response.status_code == 403
        assert "could not be sent" in response.content.decode()


def test_every_control_has_a_label_and_the_form_works_without_javascript(
    client: Client, page: FormPage
) -> None:
    soup = soup_of(client.get(page.url))
    form = soup.select_one("main form[method=post]")
    assert form is not None
    controls = [one for one in form.select("input, textarea, select") if one.get("type") != "hidden"]
    labels = {str(label["for"]) for label in form.select("label[for]")}
    assert len(controls) == 4
    assert all(one["id"] in labels for one in controls)
    assert form.select_one("#id_your_name")["autocomplete"] == "name"  # type: ignore[index]
    assert form.select_one("#id_message")["aria-describedby"] == "id_message_helptext"  # type: ignore[index]
    assert len(soup.select("h1")) == 1


def test_what_people_wrote_is_not_in_names_of_submissions() -> None:
    assert str(Submission(pk=4, form_data=GOOD)) == "#4"


def test_addresses_to_mail_to_are_checked() -> None:
    page = FormPageFactory.create()
    page.to_address = "a@example.org, not an address"
    with pytest.raises(Exception, match="not an address"):
        page.clean()


def test_an_editor_previews_the_form_and_the_thanks(page: FormPage) -> None:
    for mode, words in (("form", "Your name"), ("landing", "Thank you")):
        response = page.make_preview_request(preview_mode=mode)
        assert response.status_code == 200
        assert words in response.content.decode()
