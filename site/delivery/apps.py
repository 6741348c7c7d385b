from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = _("Delivery")
    default_auto_field = "django.db.models.BigAutoField"
    follows_rows = True  # changes.tables

    def ready(self) -> None:
        # Models can be imported only now.
        from delivery import signals

        signals.connect_signals()
