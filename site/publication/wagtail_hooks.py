"""Wagtail hooks for publication: publishing several pages at once, and the name of a refusal in a page's
history.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from publication import gate
from publication.mixins import AboutPerson
from publication.refusals import REFUSED, show_refusal


@hooks.register("before_bulk_action")
def skip_refused(request: HttpRequest, action_type: str, objects: list[Any], _action: Any) -> None:
    """Publish the pages that may be public, and show the reasons for each of the others."""
    if action_type != "publish" or request.method != "POST":
        return
    for page in list(objects):
        draft = (
            page.get_latest_revision_as_object() if hasattr(page, "get_latest_revision_as_object") else page
        )
        if not isinstance(draft, AboutPerson):
            continue
        try:
            gate.require_consent(draft)
        except gate.NotPublic as refusal:
            objects.remove(page)
            show_refusal(request, refusal)


@hooks.register("register_log_actions")
def register_refusal(actions: Any) -> None:
    @actions.register_action(REFUSED)
    class Refused(LogFormatter):
        label = _("Not published")

        def format_message(self, log_entry: Any) -> str:
            reasons = [str(reason.get("text", "")) for reason in log_entry.data.get("reasons", [])]
            return " ".join(
                [str(_("It was not published at the scheduled time and is still a draft.")), *reasons]
            )
