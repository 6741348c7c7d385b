from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SharedChangesConfig(AppConfig):
    name = "shared_changes"
    verbose_name = _("Changes that wait")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only now.
        from shared_changes import checks, signals  # noqa: F401  # the checks register themselves

        signals.connect_signals()
