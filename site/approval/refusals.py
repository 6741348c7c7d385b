"""Refusals by the family, which a restored database must not undo."""

from __future__ import annotations

from wagtail.models import Page

from approval.models import Approval
from audit.trail import fingerprint
from consent.models import Person
from ledger import kinds, recording
from ledger.lines import Entry

KIND = "approval.refused"
REFUSALS = frozenset({Approval.Answer.DECLINED, Approval.Answer.CHANGE, Approval.Answer.WITHDRAWN})


def _mark(page: Page) -> str:
    return fingerprint("ledger.row", "page", str(page.pk), str(page.translation_key))


def record(given: Approval) -> None:
    """Write an answer to the ledger if it refuses approval, in the transaction that stores it."""
    if given.answer in REFUSALS:
        page, person = given.page, given.person
        payload = {
            "page": page.pk,
            "page_mark": _mark(page),
            "person": person.pk,
            "person_mark": kinds.mark(person),
            "answer": str(given.answer),
            "content_hash": given.content_hash,
        }
        recording.record(KIND, payload)


def apply(entry: Entry, _later: list[Entry]) -> None:
    """Store a refusal again that a restored database lacks. What the family wrote with it is lost."""
    said = entry.payload
    page = Page.objects.filter(pk=said["page"]).first()
    person = Person.objects.filter(pk=said["person"]).first()
    if page is None or person is None:
        return
    if _mark(page) == said["page_mark"] and kinds.mark(person) == said["person_mark"]:
        Approval.objects.create(
            page=page, person=person, answer=said["answer"], content_hash=said["content_hash"]
        )
