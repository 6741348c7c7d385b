from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicationConfig(AppConfig):
    name = "publication"
    verbose_name = _("Publication")
    default_auto_field = "django.db.models.BigAutoField"
    follows_rows = True  # changes.tables

    def ready(self) -> None:
        # Models can be imported only now.
        from publication import checks, signals  # noqa: F401  # the checks register themselves

        signals.connect_signals()
