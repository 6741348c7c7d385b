"""Wagtail's hooks on the roads to publication: several pages at once, and what its history calls a refusal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from publication import gate
from publication.mixins import AboutPerson
from publication.refusals import REFUSED, tell


@hooks.register("before_bulk_action")
def leave_out_refused(request: HttpRequest, action_type: str, objects: list[Any], _action: Any) -> None:
    """Of several pages those are published that may be; of each other one all reasons are shown."""
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
            tell(request, refusal)


@hooks.register("register_log_actions")
def register_refusal(actions: Any) -> None:
    @actions.register_action(REFUSED)
    class Refused(LogFormatter):
        label = _("Not published")

        def format_message(self, log_entry: Any) -> str:
            reasons = [str(reason.get("text", "")) for reason in log_entry.data.get("reasons", [])]
            return " ".join([str(_("At its hour it was not published, and stays a draft.")), *reasons])
