from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeasuresConfig(AppConfig):
    name = "measures"
    verbose_name = _("Outcome measures")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only now.
        from measures.models import Measure
        from shared_changes.registry import share

        share(Measure, "name", "full_name", "unit", "levels", "difference_source", "note", "source")
