"""While nothing about people is shown, and after the text was changed, a family can withdraw and write by its
link: nothing that a family sent is ever lost.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from approval.models import Approval, ApprovalNote
from ledger import guard, recording
from ledger.models import LedgerEntry
from tests.approval.approving import Family, sent, story
from tests.factories import png
from tests.ledger.conftest import ledger_file
from withdrawal.models import Withdrawal

__all__ = ["ledger_file"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def family() -> Family:
    return Family()


@pytest.fixture
def page(home: Any) -> Any:
    return story()


@pytest.fixture
def closed(ledger_file: Path) -> bytes:
    """Close the guard as a lost ledger does; return what the ledger was."""
    assert guard.check().problems == ()
    was = ledger_file.read_bytes()
    ledger_file.unlink()
    guard.check()
    assert not guard.is_open()
    return was


def test_a_family_withdraws_while_nothing_is_shown(
    page: Any, ledger_file: Path, family: Family, django_capture_on_commit_callbacks: Any
) -> None:
    guard.check()
    _link, path = sent(page)
    was = ledger_file.read_bytes()
    ledger_file.unlink()
    guard.check()

    shown = family.get(path)
    assert (shown.status_code, shown["Retry-After"]) == (503, "60")
    assert "no-store" in shown["Cache-Control"]
    html = shown.content.decode()
    assert "fourteen stairs" not in html
    assert 'value="take-back"' in html
    assert 'name="sure"' in family.post(path, {"do": "take-back"}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        done = family.post(path, {"do": "take-back", "sure": "1", "message": "Enough."})
    assert done.status_code == 200
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.channel, withdrawal.reason) == ("link", "Enough.")
    assert not page.person.consents.in_force().exists()
    # As right before a commit, which a test does not have: the ledger cannot be written now.
    assert recording.write_ahead(list(LedgerEntry.objects.values_list("pk", flat=True))) == []
    assert not LedgerEntry.objects.get(pk=withdrawal.number).is_written
    # The ledger is put back: what was decided meanwhile is written, and the site opens.
    ledger_file.write_bytes(was)
    assert guard.check().written >= 1
    assert guard.is_open()
    assert str(withdrawal.number) in ledger_file.read_text()


def test_what_a_family_writes_is_kept_and_the_draft_is_not_shown(
    page: Any, ledger_file: Path, family: Family
) -> None:
    guard.check()
    _link, path = sent(page)
    ledger_file.unlink()
    guard.check()
    after = family.post(path, {"do": "note", "note:late:message": "Please wait with it."}, follow=True)
    assert after.status_code == 503
    assert "1 note of yours is saved" in after.content.decode()
    assert ApprovalNote.objects.get().text == "Please wait with it."
    # An answer from a page that was open already.
    answer = family.post(path, {"do": "no", "message": "We would rather not."})
    assert answer.status_code == 200
    assert "fourteen stairs" not in answer.content.decode()
    assert Approval.objects.get().message == "We would rather not."
    forged = Family().post(path, {"do": "take-back", "sure": "1", "proof": "forged"})
    assert forged.status_code == 403
    assert not Withdrawal.objects.exists()


def test_a_link_that_an_older_database_does_not_know_is_not_called_wrong(
    home: Any, closed: bytes, family: Family
) -> None:
    answer = family.post("/approve/" + "x" * 43 + "/", {"do": "take-back", "message": "Remove it."})
    assert answer.status_code == 503
    html = answer.content.decode()
    assert "Remove it." in html
    assert "does not work" not in html
    assert family.get("/approve/" + "x" * 43 + "/files/y").status_code == 503


def test_a_family_withdraws_also_after_the_text_was_changed(
    page: Any, family: Family, django_capture_on_commit_callbacks: Any
) -> None:
    _link, path = sent(page)
    picture = page.picture
    picture.file = png(colour="red")
    picture.save()
    shown = family.get(path)
    assert shown.status_code == 409
    assert 'value="take-back"' in shown.content.decode()
    family.post(path, {"do": "change", "message": "The name of the street is wrong."})
    assert ApprovalNote.objects.get().text == "The name of the street is wrong."
    with django_capture_on_commit_callbacks(execute=True):
        family.post(path, {"do": "take-back", "sure": "1"})
    assert Withdrawal.objects.get().channel == "link"
    assert not page.person.consents.in_force().exists()
