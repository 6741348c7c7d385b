"""What the publication checklist says about words that may identify a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.models import Page

from deidentification import identifier_rule, unread_documents
from deidentification.unread_documents import UnreadDocument
from media.file_urls import staff_url
from media.models import Document
from publication.checklist import Group, Line, State, edit_url
from publication.shown_files import shown_files


def identifier_lines(page: Page) -> Iterator[Line]:
    """Yield the identifiers that stop publication, those that an editor kept, and what was searched."""
    files = shown_files(page)
    found = identifier_rule.findings(page, files)
    yield from _open_lines(page, [each for each in found if not each.kept])
    yield from _kept_lines(found)
    unread = {one.document.pk: one for one in unread_documents.unread_documents(files)}
    for file in files:
        if isinstance(file, Document):
            yield _document_line(file, unread.get(file.pk))


def _document_line(document: Document, unread: UnreadDocument | None) -> Line:
    """Return what was and was not searched of one document."""
    title, url = unread_documents.label_of(document), staff_url(document, "document")
    if unread is None:
        why = _("Its whole text and its hidden data were searched. Pictures in it were not.")
        return Line(Group.IDENTIFIERS, State.DONE, title, why)
    if unread.read_by is not None:
        why = _("Not searched: %(parts)s Read by %(name)s on %(day)s.") % {
            "parts": unread.parts,
            "name": unread.read_by.by_name,
            "day": date_format(localtime(unread.read_by.at), "SHORT_DATE_FORMAT"),
        }
        return Line(Group.IDENTIFIERS, State.DONE, title, why, url, _("Open it"), unread=unread)
    why = " ".join(
        filter(
            None,
            (
                _("Not searched: %(parts)s") % {"parts": unread.parts},
                unread.recognition_in_words,
                _("Read all of it yourself, and confirm that you have."),
            ),
        )
    )
    return Line(Group.IDENTIFIERS, State.STOPS, title, why, url, _("Open it"), unread=unread)


def _open_lines(page: Page, found: list[identifier_rule.FoundIdentifier]) -> Iterator[Line]:
    for one in {each.key: each for each in reversed(found)}.values():
        title = f"“{one.finding.text}”: {one.finding.reason}"
        why = _("%(where)s. Write %(neutral)s instead, or keep it with a reason.") % {
            "where": one.passage.label,
            "neutral": one.finding.neutral,
        }
        url = page.fix_url(one.passage) or edit_url(page, one.passage.part)
        yield Line(Group.IDENTIFIERS, State.STOPS, title, why, url, _("Go there"), found=one)


def _kept_lines(found: list[identifier_rule.FoundIdentifier]) -> Iterator[Line]:
    for one in {each.key: each for each in found if each.kept}.values():
        why = _("Kept: %(reason)s") % {"reason": one.kept}
        yield Line(Group.IDENTIFIERS, State.DONE, f"“{one.finding.text}”", why, found=one)
    if not found:
        why = _(
            "The text, alternative texts, captions, file names and hidden data of pictures were searched; "
            "lines below say what was searched of each document. The search can miss identifiers, so read "
            "the page yourself, too."
        )
        yield Line(Group.IDENTIFIERS, State.DONE, _("No identifiers found"), why)
