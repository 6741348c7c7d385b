from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_delete

        from pages import checks, signals  # noqa: F401  # the checks register themselves

        signals.connect()
        post_delete.connect(signals.page_deleted, dispatch_uid="pages.page_deleted")
