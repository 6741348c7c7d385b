from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExperiencesConfig(AppConfig):
    name = "experiences"
    verbose_name = _("Experiences")
    default_auto_field = "django.db.models.BigAutoField"
    follows_rows = True  # changes.tables

    def ready(self) -> None:
        # Django: models can be imported only now.
        from experiences import approval_hooks, signals

        signals.connect_signals()
        approval_hooks.connect_signals()
