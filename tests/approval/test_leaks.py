"""An approval link reveals nothing to anyone but the person who has it."""

from __future__ import annotations

import io
import logging
import re
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from approval import limits, services
from approval.log_filter import WithoutTokens
from approval.models import Approval, ApprovalLink, ApprovalNote
from approval.tokens import hash_of, new_token, proof_of
from audit.actors import Actor
from tests import factories as make
from tests.approval.approving import Family, files_of, sent, story

pytestmark = pytest.mark.django_db
CLOSED = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}


@pytest.fixture
def client() -> Client:
    return Family()


@pytest.fixture
def page(home: Any) -> Any:
    return story()


def closed(response: Any) -> bool:
    return "no-store" in response["Cache-Control"] and all(response[name] == CLOSED[name] for name in CLOSED)


def test_every_answer_is_closed_to_caches_robots_and_referrers(page: Any, client: Client) -> None:
    _link, path = sent(page)
    file = files_of(client.get(path).content.decode())[0]
    answers = [
        client.get(path),
        client.head(path),
        client.get(file),
        client.get("/approve/nothing/"),
        client.post(path, {"do": "yes"}),
        client.post(path, {"do": "take-back"}),
        client.post(path, {"do": "no"}),
        client.put(path),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 422, 200, 200, 405]
    assert all(closed(answer) for answer in answers)


def test_wrong_expired_and_revoked_links_answer_alike(page: Any, client: Client) -> None:
    expired, path_expired = sent(page)
    ApprovalLink.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    revoked, path_revoked = sent(page)
    services.revoke(link=revoked, by=Actor.system("test"))
    answers = [client.get(path) for path in ("/approve/" + new_token() + "/", path_expired, path_revoked)]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.content for answer in answers}) == 1
    assert page.title not in answers[0].content.decode()
    assert "ask the person who sent it" in answers[0].content.decode()


def test_no_address_on_the_page_leads_out_with_the_token(page: Any, client: Client) -> None:
    _link, path = sent(page)
    token = path.split("/")[2]
    html = client.get(path).content.decode()
    with_token = {
        address for address in re.findall(r'(?:href|src|action|poster)="([^"]*)"', html) if token in address
    }
    assert with_token
    assert all(address.startswith(f"/approve/{token}/files/") for address in with_token)
    assert settings.MEDIA_URL not in re.sub(r"/approve/[^\"\s]+", "", html), "no public address of a file"
    assert 'name="referrer" content="no-referrer"' in html


def test_the_log_never_holds_the_token(page: Any, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    logging_settings: Any = settings.LOGGING
    handlers = logging_settings["handlers"].values()
    assert all("without_tokens" in handler["filters"] for handler in handlers)
    token = new_token()
    record = logging.LogRecord(
        "x", logging.INFO, "", 0, "%s: /approve/%s/files/a~b", ("Not Found", token), None
    )
    WithoutTokens().filter(record)
    assert record.getMessage() == "Not Found: /approve/…/files/a~b"
    plain = logging.LogRecord("x", logging.INFO, "", 0, "%d things", (3,), None)
    WithoutTokens().filter(plain)
    assert plain.getMessage() == "3 things"


def test_guessing_is_stopped_for_an_address_and_for_a_beginning(page: Any, client: Client) -> None:
    _link, path = sent(page)
    token = path.split("/")[2]
    for _number in range(limits.MOST_FAILURES):
        client.get(f"/approve/{new_token()}/", REMOTE_ADDR="192.0.2.9")
    assert client.get(path, REMOTE_ADDR="192.0.2.9").status_code == 404
    assert client.get(path, REMOTE_ADDR="192.0.2.10").status_code == 200
    for number in range(limits.MOST_FAILURES):
        client.get(f"/approve/{token[: limits.PREFIX]}{new_token()[6:]}/", REMOTE_ADDR=f"198.51.100.{number}")
    assert client.get(path, REMOTE_ADDR="192.0.2.11").status_code == 404
    cache.clear()
    assert client.get(path, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_a_cache_that_is_down_keeps_no_family_out(
    page: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Down:
        def __getattr__(self, name: str) -> Any:
            raise ConnectionError("the cache is gone")

    _link, path = sent(page)
    monkeypatch.setattr(limits, "cache", Down())
    assert client.get(path).status_code == 200
    assert client.get("/approve/nothing/").status_code == 404
    assert client.post(path, {"do": "no"}).status_code == 200


def test_links_never_cross(home: Any, client: Client) -> None:
    (one, path), (_other, elsewhere) = sent(story()), sent(story(title="Another family’s story"))
    file = files_of(client.get(path).content.decode())[0]
    stolen = file.replace(path.split("/")[2], elsewhere.split("/")[2])
    assert client.get(file).status_code == 200
    assert client.get(stolen).status_code == 404
    assert "Another family’s story" not in client.get(path).content.decode().split('id="related"')[0]
    client.post(elsewhere, {"do": "no", "note:opening": "Ours"})
    assert not Approval.objects.filter(link=one).exists()
    assert not ApprovalNote.objects.filter(link=one).exists()


def test_an_unsigned_name_gives_no_file(page: Any, client: Client) -> None:
    _link, path = sent(page)
    client.get(path)
    name = page.picture.file.name
    for tried in (name, f"{name}~abc", "../db.sqlite3~x", "document:1"):
        assert client.get(f"{path}files/{tried}").status_code == 404


def test_a_document_comes_without_what_is_hidden_in_it(home: Any, client: Client) -> None:
    """The family was sent the original, with the names in its comments and hidden parts."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": "Quillon Abernathyson"})
    original = io.BytesIO()
    writer.write(original)
    document = make.DocumentFactory(file=ContentFile(original.getvalue(), name="report.pdf"))
    page = story(
        after=[{"type": "document", "value": {"document": document.pk, "title": "", "description": ""}}]
    )
    _link, path = sent(page)
    file = next(one for one in files_of(client.get(path).content.decode()) if "document" in one)
    sent_file: Any = client.get(file)
    content = b"".join(sent_file.streaming_content)
    assert (sent_file.status_code, sent_file["Content-Type"]) == (200, "application/pdf")
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 1
    assert b"Abernathyson" in original.getvalue()
    assert b"Abernathyson" not in content


def test_files_come_in_ranges_and_end_with_the_link(page: Any, client: Client) -> None:
    link, path = sent(page)
    file = files_of(client.get(path).content.decode())[0]
    part: Any = client.get(file, headers={"range": "bytes=0-9"})
    assert part.status_code == 206
    assert len(b"".join(part.streaming_content)) == 10
    assert part["X-Content-Type-Options"] == "nosniff"
    services.revoke(link=link, by=Actor.system("test"))
    assert client.get(file).status_code == 404


def test_sending_needs_the_page_s_own_proof(page: Any) -> None:
    (_link, path), (other, _elsewhere) = sent(page), sent(story())
    strict = Client(enforce_csrf_checks=True)
    for proof in ("", "made up", proof_of(other)):
        refused = strict.post(path, {"do": "no", "proof": proof, "message": "My words"})
        assert refused.status_code == 403
        assert "My words" in refused.content.decode()
    assert not Approval.objects.exists()
    html = strict.get(path).content.decode()
    found = re.search(r'name="proof" value="([^"]+)"', html)
    assert found
    # As browsers send it from a page that gives no referrer, without a cookie.
    strict.cookies.clear()
    answer = strict.post(path, {"do": "no", "proof": found.group(1)}, headers={"origin": "null"}, secure=True)
    assert answer.status_code == 200
    assert not answer.cookies
    assert Approval.objects.get().answer == "declined"


def test_the_hash_is_keyed(page: Any, settings: Any) -> None:
    token = new_token()
    first = hash_of(token)
    settings.SECRET_KEY = "another-key-" + "y" * 40
    assert hash_of(token) != first


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "9.9.9.9", "10.0.0.1"),
        (1, "9.9.9.9", "9.9.9.9"),
        (1, "1.1.1.1, 9.9.9.9", "9.9.9.9"),  # the first was written by the visitor
        (2, "1.1.1.1, 9.9.9.9, 10.0.0.2", "9.9.9.9"),
        (2, "9.9.9.9", "10.0.0.1"),
    ],
)
def test_visitors_behind_our_proxies_are_told_apart(
    proxies: int, forwarded: str, seen: str, settings: Any, rf: Any
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    assert limits.address_of(request) == seen
