from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from queries.sqlite import keep_rewritten_statements


class SiteConfig(AppConfig):
    """Settings, URLs, roles and commands. It has no tables: its only migration creates the roles."""

    name = "config"
    label = "config"
    verbose_name = _("Configuration")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        keep_rewritten_statements()
