from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConditionsConfig(AppConfig):
    name = "conditions"
    verbose_name = _("Conditions")
    default_auto_field = "django.db.models.BigAutoField"
    follows_rows = True  # changes.tables

    def ready(self) -> None:
        # Django: models cannot be imported before the apps are loaded.
        from conditions.forms import register_term_fields
        from conditions.models import Term

        register_term_fields(Term)
