"""What a withdrawal found without being sure: on the receipt, on a screen, and decided one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from django.utils import timezone

from audit.actors import Actor
from audit.models import AuditEntry
from mentions import undecided
from mentions.models import OpenMention
from mentions.summary import summary
from tests import factories as make
from withdrawal import receipts
from withdrawal.models import Withdrawal
from withdrawal.services import withdraw_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("names_not_asked_about")]
BY = Actor.system("test")


@pytest.fixture
def withdrawal(home: Any) -> Withdrawal:
    """Two passages on one page, one on another and one in a title are not certain."""
    story = make.StoryPageFactory(
        person=make.consenting(display_name="Aarav", private_name="Rohan Iyer"), patient_name="Aarav"
    )
    make.StandardPageFactory(
        title="Thanks",
        body=[("text", "<p>We thank Dr Aarav.</p>"), ("text", "<p>We met Aaravovi.</p><p>Stays.</p>")],
    )
    make.StandardPageFactory(
        title="Dr Aarav’s clinic", slug="clinic", body=[("text", "<p>Aarav told us.</p>")]
    )
    return withdraw_person(person=story.person, by=BY, channel="editor")


def test_the_receipt_says_how_many_and_where_and_not_which_words(withdrawal: Withdrawal) -> None:
    receipt = receipts.receipt(withdrawal)
    # The page "Dr Aarav's clinic" stays public without the passage that is certain.
    assert (
        receipt["undecided"]["open"] == OpenMention.objects.filter(withdrawal=withdrawal.number).count() >= 3
    )
    assert receipt["undecided"]["where"] == [{"where": "pages", "count": receipt["undecided"]["open"]}]
    assert receipt["completed_at"] is None
    assert any("still to decide about" in sentence for sentence in receipt["remains"])
    written = json.dumps(receipt, cls=DjangoJSONEncoder)
    stored = json.dumps(list(OpenMention.objects.values()), cls=DjangoJSONEncoder)
    for word in ("Aarav", "clinic", "thank"):
        assert word not in written
        assert word not in stored


def test_each_is_decided_once_and_then_the_receipt_is_complete(withdrawal: Withdrawal) -> None:
    Withdrawal.objects.filter(pk=withdrawal.pk).update(finished_at=timezone.now())
    withdrawal.refresh_from_db()
    thanks = next(one for one in undecided.listed(withdrawal.number) if "Dr Aarav." in one.text)
    met = next(one for one in undecided.listed(withdrawal.number) if "Aaravovi" in one.text)
    undecided.decide(withdrawal=withdrawal.number, key_hash=met.row.key_hash, is_person=True, by=BY)
    undecided.decide(withdrawal=withdrawal.number, key_hash=thanks.row.key_hash, is_person=False, by=BY)
    page = make.StandardPageFactory._meta.model.objects.get(title="Thanks")
    stored = json.dumps(page.body.get_prep_value())
    assert "Aaravovi" not in stored
    assert "We thank Dr Aarav." in stored
    assert "Stays." in stored
    with pytest.raises(undecided.NotDecided, match="test has decided"):
        undecided.decide(withdrawal=withdrawal.number, key_hash=met.row.key_hash, is_person=False, by=BY)
    assert receipts.receipt(withdrawal)["completed_at"] is None
    undecided.decide_all_other(withdrawal=withdrawal.number, by=BY)
    receipt = receipts.receipt(withdrawal)
    assert receipt["completed_at"] == receipt["undecided"]["decided_at"]
    assert receipt["undecided"]["removed"] == 1
    assert any("1 removed" in sentence for sentence in receipt["remains"])
    assert AuditEntry.objects.filter(action="mention.decided").count() >= 3


def test_a_title_is_changed_by_hand_first(withdrawal: Withdrawal) -> None:
    (title,) = [
        one
        for one in undecided.listed(withdrawal.number)
        if "clinic" in one.text and one.row.label == "Title"
    ]
    key = title.row.key_hash
    with pytest.raises(undecided.NotDecided, match="must not be empty"):
        undecided.decide(withdrawal=withdrawal.number, key_hash=key, is_person=True, by=BY)
    page = make.StandardPageFactory._meta.model.objects.get(pk=title.row.number)
    assert page.live
    page.title = "A clinic"
    page.save_revision().publish()
    undecided.decide(withdrawal=withdrawal.number, key_hash=key, is_person=True, by=BY)
    assert OpenMention.objects.get(key_hash=key).state == OpenMention.State.REMOVED


def test_the_screen_decides_and_is_for_officers(withdrawal: Withdrawal, editor_client: Client) -> None:
    address = f"/admin/withdrawals/{withdrawal.number}/passages/"
    assert Client().get(address).status_code == 302
    text = editor_client.get(address).content.decode()
    assert "We met Aaravovi." in text
    receipt = editor_client.get(f"/admin/withdrawals/{withdrawal.number}/").content.decode()
    assert address in receipt
    assert "Everything has been removed." not in receipt
    key = OpenMention.objects.filter(withdrawal=withdrawal.number).first().key_hash
    answer = editor_client.post(address, {"passage": key, "decision": "other"}, follow=True)
    assert "Recorded: about someone else" in answer.content.decode()
    answer = editor_client.post(address, {"others": "1"}, follow=True)
    assert "Everything is decided" in answer.content.decode()
    assert (
        editor_client.get("/admin/withdrawals/3f2a91c0-0000-4000-8000-000000000000/passages/").status_code
        == 404
    )


def test_nothing_to_decide_changes_no_receipt(home: Any) -> None:
    person = make.consenting(display_name="Aarav")
    make.StoryPageFactory(person=person, patient_name="Aarav")
    done = withdraw_person(person=person, by=BY, channel="editor")
    assert summary(done.number).sentence == ""
    assert receipts.receipt(done)["undecided"]["open"] == 0
