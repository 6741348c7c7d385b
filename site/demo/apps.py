from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The sample site Returning Hope: its content, its loader, and the record of what was loaded."""

    name = "demo"
    verbose_name = _("Demo site")
    default_auto_field = "django.db.models.BigAutoField"
