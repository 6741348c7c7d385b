from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InformationConfig(AppConfig):
    name = "information"
    verbose_name = _("Information")
    default_auto_field = "django.db.models.BigAutoField"
