"""The family's link from end to end, without a browser: reading, notes, answers, and what the gate makes of
them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from approval import services
from approval.models import Approval, ApprovalLink, ApprovalNote, ApprovalOverride
from audit import trail
from audit.actors import Actor
from audit.models import AuditEntry
from publication import gate
from publication.drafts import draft_of
from publication.reasons import Why
from tests.approval.approving import AFTER, BEFORE, Family, rewrite, sent, story
from tests.factories import consenting
from withdrawal.models import Withdrawal

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def client() -> Client:
    return Family()


@pytest.fixture
def page(home: Any) -> Any:
    return story()


def whys(page: Any) -> set[Why]:
    return {reason.why for reason in gate.reasons_not_public(draft_of(page))}


def publish(page: Any) -> None:
    type(page).objects.get(pk=page.pk).get_latest_revision().publish()


# The link -----------------------------------------------------------------------------------------


def test_the_token_is_stored_nowhere(page: Any) -> None:
    link, path = sent(page)
    token = path.split("/")[2]
    assert len(token) == 43
    row = ApprovalLink.objects.filter(pk=link.pk).values().get()
    assert token not in repr(row)
    assert token not in repr(list(AuditEntry.objects.values()))
    assert AuditEntry.objects.filter(action="approval.send", person_number=page.person_id).exists()


def test_the_link_is_mailed_in_the_person_s_language_and_names_nothing(
    page: Any, django_capture_on_commit_callbacks: Any
) -> None:
    page.person.language = "ar"
    page.person.save()
    with django_capture_on_commit_callbacks(execute=True):
        link, path = sent(page)
    letter: Any = mail.outbox[0]
    html = str(letter.alternatives[0][0])
    assert link.language == "ar"
    assert letter.to == ["marta@example.org"]
    assert path in letter.body
    assert path in html
    assert 'dir="rtl"' in html
    assert page.title not in letter.subject + letter.body + html
    assert not re.search(r"<img|src=", html)


def test_somebody_without_mail_gets_none(home: Any, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sent(story(person=consenting(display_name="Marta")))
    assert mail.outbox == []


def test_a_mail_that_fails_is_written_down_and_the_link_stands(
    page: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = "no.such.Backend"
    with django_capture_on_commit_callbacks(execute=True):
        link, _path = sent(page)
    assert link.is_open()
    assert AuditEntry.objects.filter(action="approval.mail_failed").exists()


def test_nobody_else_is_asked(page: Any) -> None:
    with pytest.raises(services.ApprovalError):
        sent(page, consenting())


def test_a_newer_link_closes_the_older(page: Any, client: Client) -> None:
    _old, old = sent(page)
    _new, new = sent(page)
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


# Reading ------------------------------------------------------------------------------------------


def test_the_page_is_what_will_be_public(page: Any, client: Client) -> None:
    _link, path = sent(page)
    html = client.get(path).content.decode()
    assert "There are fourteen stairs and no lift." in html
    assert page.title in html
    assert f'id="p-block-{BEFORE}"' in html
    assert page.person.private_name not in html
    client.post(path, {"do": "yes", "read": "1"})
    publish(page)
    public = client.get(page.url).content.decode()
    for words in (
        "There are fourteen stairs and no lift.",
        "For six weeks nothing happened.",
        'id="everyone"',
    ):
        assert words in html
        assert words in public


def test_reading_changes_nothing(page: Any, client: Client) -> None:
    link, path = sent(page)
    before = ApprovalLink.objects.filter(pk=link.pk).values().get()
    entries = AuditEntry.objects.count()
    for ask in (client.head, client.get):
        assert ask(path, headers={"purpose": "prefetch"}).status_code == 200
    assert ApprovalLink.objects.filter(pk=link.pk).values().get() == before
    assert AuditEntry.objects.count() == entries
    assert not Approval.objects.exists()


def test_it_is_read_in_another_language_and_direction(page: Any, client: Client) -> None:
    _link, path = sent(page, language="ar")
    assert '<html lang="ar" dir="rtl"' in client.get(path).content.decode()
    assert '<html lang="es" dir="ltr"' in client.get(f"{path}?language=es").content.decode()


def test_what_consent_leaves_out_is_not_shown_to_the_family_either(home: Any, client: Client) -> None:
    from consent.models import Depiction
    from tests.factories import PersonFactory, PictureFactory

    picture = PictureFactory(alt_text="A secret grandfather on the stairs.")
    block = {"type": "figure", "id": AFTER, "value": {"picture": picture.pk, "alt": "", "caption": "Grandpa"}}
    Depiction.objects.create(person=PersonFactory(), picture=picture)
    page = story(after=[block])
    _link, path = sent(page)
    html = client.get(path).content.decode()
    assert "fourteen stairs" in html
    assert "secret grandfather" not in html
    assert f"p-block-{AFTER}" not in html


# Notes --------------------------------------------------------------------------------------------


def test_every_note_on_the_page_is_kept_whichever_button_is_pressed(page: Any, client: Client) -> None:
    _link, path = sent(page)
    typed = {f"note:block:{BEFORE}": "We moved.", f"note:block:{AFTER}": "It was seven."}
    answer = client.post(path, {**typed, "do": f"note:block:{AFTER}"})
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#p-block-{AFTER}")
    assert set(ApprovalNote.objects.values_list("part", "text")) == {
        (f"block:{BEFORE}", "We moved."),
        (f"block:{AFTER}", "It was seven."),
    }
    note = ApprovalNote.objects.get(part=f"block:{AFTER}")
    assert note.passage == "For six weeks nothing happened."
    assert not Approval.objects.exists()
    client.post(path, {**typed, "do": "note"})
    assert ApprovalNote.objects.count() == 2, "sent twice, kept once"
    assert "It was seven." in client.get(path).content.decode()


def test_a_note_is_taken_back_by_who_wrote_it(page: Any, client: Client) -> None:
    link, path = sent(page)
    [note] = services.keep_notes(link=link, notes=[("opening", "Not so.")])
    other, elsewhere = sent(story())
    client.post(elsewhere, {"do": f"back:{note.pk}"})
    assert ApprovalNote.objects.filter(pk=note.pk).exists()
    client.post(path, {"do": f"back:{note.pk}"})
    assert not ApprovalNote.objects.exists()
    assert other.pk != link.pk


def test_what_was_typed_survives_a_link_that_ran_out(page: Any, client: Client) -> None:
    link, path = sent(page)
    ApprovalLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.post(path, {"note:opening": "Please <b>wait</b>", "message": "And this.", "do": "change"})
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "Please &lt;b&gt;wait&lt;/b&gt;" in html
    assert "And this." in html
    assert set(ApprovalNote.objects.values_list("part", flat=True)) == {"late:opening", "late:message"}
    assert not Approval.objects.exists()


# Answers ------------------------------------------------------------------------------------------


def test_yes_needs_the_tick_and_keeps_what_was_typed(page: Any, client: Client) -> None:
    _link, path = sent(page)
    answer = client.post(path, {"do": "yes", "message": "Well done", "note:opening": "Nice"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'role="alert"' in html
    assert "Well done" in html
    assert ApprovalNote.objects.get().text == "Nice"
    assert not Approval.objects.exists()


@pytest.mark.parametrize(
    ("pressed", "given", "why"),
    [
        ({"do": "yes", "read": "1"}, "approved", None),
        ({"do": "change", "message": "Seven weeks"}, "change", Why.CHANGE_ASKED),
        ({"do": "no"}, "declined", Why.DECLINED),
    ],
)
def test_an_answer_is_what_the_gate_goes_by(
    page: Any, client: Client, pressed: dict[str, str], given: str, why: Why | None
) -> None:
    _link, path = sent(page)
    assert Why.NOT_APPROVED in whys(page)
    answer = client.post(path, pressed)
    assert answer.status_code == 200
    kept = Approval.objects.get()
    assert (kept.answer, kept.message) == (given, pressed.get("message", ""))
    assert whys(page) == ({why} if why else set())
    assert AuditEntry.objects.filter(action=f"approval.{given}", actor=f"person {page.person_id}").exists()
    assert not list(trail.broken())


def test_one_changed_word_needs_a_new_yes_and_shows_the_word(page: Any, client: Client) -> None:
    _link, path = sent(page)
    client.post(path, {"do": "yes", "read": "1"})
    publish(page)
    page = rewrite(page, "<p>For seven weeks nothing happened.</p>")
    assert whys(page) == {Why.CHANGED}
    with pytest.raises(gate.NotPublic):
        publish(page)
    _link, path = sent(page)
    html = client.get(path).content.decode()
    assert re.search(r"<del>.{,200}six</del>\s+<ins>.{,200}seven</ins>", html, re.S)
    assert html.index("<ins>") < html.index('id="story"'), "what changed comes first"
    client.post(path, {"do": "yes", "read": "1"})
    assert whys(page) == set()
    publish(page)


def test_a_yes_counts_for_the_version_that_was_shown(page: Any, client: Client) -> None:
    _link, path = sent(page)
    page = rewrite(page, "<p>Something else.</p>")
    assert "For six weeks" in client.get(path).content.decode()
    client.post(path, {"do": "yes", "read": "1"})
    assert whys(page) == {Why.CHANGED}


def test_another_picture_in_the_old_one_s_place_is_no_longer_what_was_sent(page: Any, client: Client) -> None:
    from tests.factories import png

    _link, path = sent(page)
    picture = page.picture
    picture.file = png(colour="red")
    picture.save()
    answer = client.post(path, {"do": "yes", "read": "1", "message": "My words"})
    assert answer.status_code == 409
    assert "My words" in answer.content.decode()
    assert not Approval.objects.exists()


def test_taking_everything_back_is_asked_twice(
    page: Any, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    _link, path = sent(page)
    client.post(path, {"do": "yes", "read": "1"})
    publish(page)
    first = client.post(path, {"do": "take-back", "erase": "1"})
    assert 'name="sure"' in first.content.decode()
    assert not Withdrawal.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        last = client.post(path, {"do": "take-back", "sure": "1", "erase": "1", "message": "Enough."})
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.channel, withdrawal.reason) == ("link", "Enough.")
    assert "receipt" in last.content.decode()
    assert AuditEntry.objects.filter(action="erasure.asked").exists()
    page.refresh_from_db()
    assert not page.live
    again = client.get(path).content.decode()
    assert "receipt" in again
    assert "fourteen stairs" not in again


# Editors ------------------------------------------------------------------------------------------


def test_an_override_needs_the_right_and_a_reason_and_is_logged(
    page: Any, editor: Any, client: Client
) -> None:
    from django.contrib.auth.models import User

    sent(page)
    by = Actor.of(editor)
    plain = Actor.of(User.objects.create_user("plain"))
    for who, reason in ((plain, "The family is at sea for a month."), (by, "short")):
        with pytest.raises(services.ApprovalError):
            services.override(page=page, by=who, reason=reason)
    services.override(page=page, by=by, reason="The family is at sea for a month.")
    assert ApprovalOverride.objects.get().by == editor
    assert AuditEntry.objects.get(action="approval.override").reason == "The family is at sea for a month."
    assert whys(page) == set()
    assert Why.NOT_APPROVED in whys(rewrite(page, "<p>Other words.</p>")), "it holds for one version"


def test_no_override_goes_over_a_no(page: Any, editor: Any, client: Client) -> None:
    _link, path = sent(page)
    client.post(path, {"do": "no"})
    services.override(page=page, by=Actor.of(editor), reason="An editor thinks they know better.")
    assert whys(page) == {Why.DECLINED}


def test_an_answer_by_telephone_is_written_down_with_how_it_came(page: Any, editor: Any) -> None:
    sent(page)
    by = Actor.of(editor)
    with pytest.raises(services.ApprovalError):
        services.record_answer(
            page=page, person=page.person, answer=Approval.Answer.APPROVED, by=by, message=" "
        )
    services.record_answer(
        page=page, person=page.person, answer=Approval.Answer.APPROVED, by=by, message="Marta, by telephone"
    )
    assert Approval.objects.get().recorded_by == editor
    assert whys(page) == set()
