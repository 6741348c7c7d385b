"""The lines of the publication checklist about the family's approval."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from approval.models import Approval, ApprovalLink, ApprovalNote
from publication.checklist import Group, Line, State


def approval_lines(page: Page) -> Iterator[Line]:
    """Yield who approved this version, who was asked and has not answered, and the open notes."""
    now, content = timezone.now(), page.public_hash()
    for answer in Approval.objects.filter(
        page=page.pk, content_hash=content, answer=Approval.Answer.APPROVED
    ):
        why = date_format(timezone.localtime(answer.at), "DATETIME_FORMAT")
        yield Line(
            Group.APPROVAL,
            State.DONE,
            _("%(person)s approved this version") % {"person": answer.person},
            why,
        )
    links = ApprovalLink.objects.filter(page=page.pk, revoked_at=None, expires_at__gt=now)
    for link in links.exclude(answers__content_hash=content).select_related("person"):
        why = _("The link works until %(day)s.") % {"day": date_format(timezone.localtime(link.expires_at))}
        title = _("Waiting for %(person)s") % {"person": link.person}
        yield Line(Group.APPROVAL, State.LOOK, title, why, "#family", _("See the link"))
    open_notes = ApprovalNote.objects.filter(link__page=page.pk, settled_at=None).count()
    if open_notes:
        title = ngettext("%(n)d note is not answered", "%(n)d notes are not answered", open_notes) % {
            "n": open_notes
        }
        yield Line(Group.APPROVAL, State.LOOK, title, "", "#notes", _("Read them"))
