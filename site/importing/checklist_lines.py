"""Lines of the checklist about what an import could not put on the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from experiences.models import StoryPage
from importing.models import ImportedStory
from publication.admin_urls import edit_url
from publication.checklist import Group, Line, State

LONGEST = 300  # characters shown of a cell


def import_lines(page: Any) -> Iterator[Line]:
    """Yield a line for each term that is not in the vocabulary, for what was kept, and for a conflict."""
    imported = ImportedStory.objects.filter(page=page.pk).first() if isinstance(page, StoryPage) else None
    if imported is None:
        return
    note, url, link = imported.note, edit_url(page), _("Edit the page")
    for column, names in note.get("unmatched", {}).items():
        yield Line(
            Group.FIELDS,
            State.LOOK,
            _("From the import: %(names)s") % {"names": ", ".join(names)},
            _("Not in the vocabulary (%(column)s). Add the term, or choose another one on the page.")
            % {"column": column},
            url,
            link,
        )
    for remark in note.get("remarks", []):
        yield Line(Group.FIELDS, State.ADVICE, _("From the import"), remark, url, link)
    for heading, value in note.get("kept", {}).items():
        words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        title = _("From the import, without a field: %(heading)s") % {"heading": heading}
        yield Line(Group.FIELDS, State.ADVICE, title, words[:LONGEST], url, link)
    if imported.conflict_id:
        yield Line(
            Group.FIELDS,
            State.LOOK,
            _("The archive has another version of this story"),
            _("It changed there after an editor changed it here. Compare the two in its history."),
            reverse("wagtailadmin_pages:history", args=[page.pk]),
            _("History"),
        )
