"""The families' notes for editors, each with links to the passage it is about."""

from __future__ import annotations

from dataclasses import dataclass

from wagtail.models import Page

from approval.models import ApprovalNote
from deidentification.passages import Passage, passages
from publication import admin_urls
from publication.drafts import draft_of


@dataclass(frozen=True)
class Written:
    """One note. `label`: the passage's name; `url`: the passage in the page's editor; `workbench`: the
    passage in the interview, or '' if it does not quote one."""

    note: ApprovalNote
    label: str
    url: str
    workbench: str = ""

    @property
    def is_late(self) -> bool:
        """Return True if the note came after the link had expired."""
        return self.note.part.startswith("late:")


def notes_on(page: Page, *, open_only: bool = False) -> list[Written]:
    """Return the notes on a page, unanswered ones first."""
    rows = ApprovalNote.objects.filter(link__page=page.pk).select_related("link__person")
    if open_only:
        rows = rows.filter(settled_at=None)
    listed = sorted(rows, key=lambda note: (note.settled_at is not None, note.at))
    if not listed:
        return []
    by_part = {passage.part: passage for passage in passages(draft_of(page))}
    return [_written(note, by_part, page) for note in listed]


def _written(note: ApprovalNote, by_part: dict[str, Passage], page: Page) -> Written:
    part = note.part.removeprefix("late:")
    passage = by_part.get(part)
    label = passage.label if passage else part.partition(":")[2].replace("-", " ")
    url = admin_urls.edit_url(page)
    if part.startswith("block:") and passage:
        url = f"{url}#block-{part.removeprefix('block:')}-section"
    return Written(note, label, url, page.fix_url(passage) if passage else "")
