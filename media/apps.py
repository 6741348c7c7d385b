from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    name = "media"
    verbose_name = _("Media")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Django: models cannot be imported before the apps are loaded.
        from media.renditions import encode_avif_fast
        from media.signals import connect_signals

        connect_signals()
        encode_avif_fast()
