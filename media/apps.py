from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    name = "media"
    verbose_name = _("Media")
    default_auto_field = "django.db.models.BigAutoField"
    follows_rows = True  # changes.tables

    def ready(self) -> None:
        # Django: models cannot be imported before the apps are loaded.
        from media.signals import connect_signals

        connect_signals()
