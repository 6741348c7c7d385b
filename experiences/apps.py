from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExperiencesConfig(AppConfig):
    name = "experiences"
    verbose_name = _("Experiences")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Receivers need the models loaded.
        import_module("experiences.signals")
        import_module("experiences.approval_hooks").connect_signals()
