"""The small parts of approval: tokens, limits, the log filter, notes, and what the family's page states."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from approval import limits, tokens
from approval.family_page import Reading, changes_since_approval, last_approval, what_is_seen
from approval.log_filter import WithoutTokens
from approval.models import Approval, ApprovalNote
from approval.notes import notes_on
from approval.services import answer
from consent.models import Depiction
from consent.uses import Use
from publication.drafts import draft_of
from tests.approval.approving import AFTER, BEFORE, rewrite, sent, story
from tests.factories import consent, consenting


@pytest.fixture
def page(home: Any) -> Any:
    return story()


# Tokens and the log -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_token_opens_its_own_link_only(page: Any) -> None:
    link, path = sent(page)
    token = path.split("/")[2]
    assert len(token) == 43
    assert tokens.link_of(token) == link
    for wrong in ("", token[:-1], token.swapcase(), token + "x", link.token_hash, "\0", "é" * 100):
        assert tokens.link_of(wrong) is None, wrong


@pytest.mark.django_db
def test_a_proof_is_for_one_link(page: Any) -> None:
    link, _path = sent(page)
    other, _path = sent(story(person=consenting()))
    assert tokens.is_proof(link, tokens.proof_of(link))
    for wrong in ("", tokens.proof_of(other), link.token_hash, "é"):
        assert not tokens.is_proof(link, wrong)


def test_tokens_do_not_repeat() -> None:
    assert len({tokens.new_token() for _number in range(200)}) == 200


def logged(message: object, *args: object) -> str:
    record = logging.LogRecord("django", logging.WARNING, "file", 1, message, args, None)
    assert WithoutTokens().filter(record), "every record is logged"
    return record.getMessage()


@given(
    token=st.from_regex(r"[A-Za-z0-9_-]{20,64}", fullmatch=True),
    rest=st.sampled_from(["", "/", "/files/a?b=1"]),
)
def test_no_token_reaches_the_log(token: str, rest: str) -> None:
    assert logged("%s %s", "Not Found:", f"/approve/{token}{rest}") == f"Not Found: /approve/…{rest}"
    assert logged(f"/approve/{token} and /approve/{token}") == "/approve/… and /approve/…"


def test_other_messages_are_logged_as_they_are() -> None:
    assert logged("Not Found: %s", "/experiences/") == "Not Found: /experiences/"
    record = logging.LogRecord("django", logging.WARNING, "file", 1, "%d %d", ("x",), None)
    assert WithoutTokens().filter(record)
    assert record.args == ("x",)


# Limits -------------------------------------------------------------------------------------------


def test_failures_count_for_an_address_and_for_a_beginning(rf: Any) -> None:
    here, elsewhere = rf.get("/", REMOTE_ADDR="10.0.0.1"), rf.get("/", REMOTE_ADDR="10.0.0.2")
    for number in range(limits.MOST_FAILURES):
        assert not limits.is_limited(here, f"{number:06}-tail")
        limits.count_failure(here, f"{number:06}-tail")
    assert limits.is_limited(here, "a token never tried")
    assert not limits.is_limited(elsewhere, "a token never tried")
    for number in range(limits.MOST_FAILURES):
        limits.count_failure(rf.get("/", REMOTE_ADDR=f"10.1.0.{number}"), f"guess-{number}")
    assert limits.is_limited(elsewhere, "guess-another"), "the same beginning, from anywhere"
    assert not limits.is_limited(elsewhere, "gues5-another")


def test_messages_are_counted_by_link_and_without_a_cache_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = [limits.may_send("one link") for _number in range(limits.MOST_SENT + 1)]
    assert allowed == [True] * limits.MOST_SENT + [False]
    assert limits.may_send("another link")

    def down(*_args: Any) -> None:
        raise OSError("the cache is down")

    monkeypatch.setattr(cache, "add", down)
    assert limits.may_send("one link")


# Notes --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_notes_lead_to_their_passages_and_open_ones_come_first(page: Any) -> None:
    link, _path = sent(page)
    settled = timezone.now()
    parts = [(f"block:{BEFORE}", settled), (f"late:block:{AFTER}", None), ("field:no-such-field", None)]
    for part, settled_at in parts:
        ApprovalNote.objects.create(link=link, part=part, text="Please change.", settled_at=settled_at)
    late, gone, done = notes_on(page)
    assert [entry.note.settled_at for entry in (late, gone, done)] == [None, None, settled]
    assert (late.is_late, gone.is_late) == (True, False)
    assert late.url.endswith(f"#block-{AFTER}-section")
    assert gone.label == "no such field", "a passage that is gone has the name it was stored under"
    assert "#" not in gone.url
    assert [entry.note for entry in notes_on(page, open_only=True)] == [late.note, gone.note]
    assert notes_on(story(person=consenting())) == []


# What the family's page states --------------------------------------------------------------------


def seen(page: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in what_is_seen(draft_of(page)):
        found.setdefault(line.term, []).append(line.text)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("allows_photo", [True, False])
def test_pictures_without_consent_are_not_counted_as_shown(page: Any, allows_photo: bool) -> None:
    Depiction.objects.create(picture=page.picture, person=page.person)
    agreed = page.person.consents.get()
    if not allows_photo:
        agreed.delete()
        consent(page.person, set(Use) - {Use.PHOTO})
    lines = seen(page)
    photo = str(Use.PHOTO.label)
    assert lines["Name"] == ["Ines"]
    assert lines["Recordings"] == ["none"]
    assert lines["Pictures"] == (["1"] if allows_photo else ["none"])
    assert (photo in lines.get("Also shown", [])) == allows_photo
    assert (photo in lines["Not shown"][0]) != allows_photo
    assert str(Use.VIDEO.label) in lines["Not shown"][0], "the page has no video"


@pytest.mark.django_db
def test_changes_are_counted_from_the_last_approval(page: Any) -> None:
    link, _path = sent(page)
    assert changes_since_approval(link, draft_of(page)) is None, "nothing was approved yet"
    approved = answer(link=link, answer=Approval.Answer.APPROVED)
    assert changes_since_approval(link, draft_of(page)) is None, "this version was approved"
    page = rewrite(page, "<p>For seven weeks nothing happened.</p>")
    newer, _path = sent(page)
    assert last_approval(newer) == approved
    found = changes_since_approval(newer, draft_of(page))
    assert found is not None
    assert len(found) == 1
    assert "seven" in str(found[0])
    link.revision.delete()
    assert changes_since_approval(newer, draft_of(page)) == [], "the earlier version was deleted"


@pytest.mark.django_db
def test_a_reading_knows_its_answer_and_how_long_it_takes(page: Any) -> None:
    link, _path = sent(page)
    reading = Reading(link, draft_of(page), "ar")
    assert reading.answered is None
    assert reading.approved is None
    assert reading.minutes == 1
    assert (reading.content_language, reading.content_direction) == ("en", "ltr")
    answer(link=link, answer=Approval.Answer.CHANGE)
    later = answer(link=link, answer=Approval.Answer.APPROVED)
    Approval.objects.filter(pk=later.pk).update(at=timezone.now() + dt.timedelta(seconds=1))
    assert Reading(link, draft_of(page), "ar").answered == later
    long = rewrite(page, f"<p>{'word ' * 900}</p>")
    assert Reading(link, draft_of(long), "en").minutes == 5
