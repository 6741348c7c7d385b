from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    """The frame around the rooms: it has commands, and one table, the record of what the demo has made."""

    name = "config"
    label = "config"
    verbose_name = _("Configuration")
    default_auto_field = "django.db.models.BigAutoField"
