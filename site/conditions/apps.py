from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConditionsConfig(AppConfig):
    name = "conditions"
    verbose_name = _("Conditions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from conditions.forms import use_for_every_relation_to
        from conditions.models import Term

        use_for_every_relation_to(Term)
