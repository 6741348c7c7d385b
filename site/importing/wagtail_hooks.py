"""Names the log actions of imports in the history of pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from importing.updating import CONFLICT


@hooks.register("register_log_actions")
def name_actions(actions: Any) -> None:
    actions.register_action(
        CONFLICT,
        _("Imported version not used"),
        _("The archive has another version of fields that an editor changed"),
    )
