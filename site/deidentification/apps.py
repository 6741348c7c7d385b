from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeidentificationConfig(AppConfig):
    name = "deidentification"
    verbose_name = _("De-identification")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only now.
        from deidentification import signals

        signals.connect_signals()
