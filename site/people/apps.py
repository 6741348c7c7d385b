from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for own in ("pages", "files", "caches", "erased"):
            import_module(f"people.surfaces.{own}")
        # Each room says for itself where its pages are met.
        autodiscover_modules("surfaces")
        autodiscover_modules("holdings")
        import_module("people.returning").connect()
        # Receivers and system checks need the models loaded.
        for listening in ("people.following", "people.plain_pages", "people.checks"):
            import_module(listening)
        import_module("people.showing_signals").connect()
        import_module("people.depicting").connect()
        import_module("people.expiry").connect()
        import_module("people.identifying").connect()
        import_module("people.approving.services").connect()
        import_module("people.reading").connect()
