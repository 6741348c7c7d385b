from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class WithdrawalConfig(AppConfig):
    name = "withdrawal"
    verbose_name = _("Withdrawal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only now.
        from withdrawal import signals
        from withdrawal.surfaces import caches, erasure_steps, files, mentions, pages  # noqa: F401  # they register themselves

        # Each app says for itself where its pages are shown, and what it keeps about a person.
        autodiscover_modules("surfaces")
        autodiscover_modules("personal_data")
        signals.connect_signals()
