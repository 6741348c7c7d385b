from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from conditions.chooser import terms
from conditions.term_admin import keep_used_terms

# The menu entry is registered in treatments, an app above, which knows both vocabularies.
hooks.register("before_delete_snippet", keep_used_terms)


@hooks.register("register_admin_urls")
def chooser_address() -> list[URLPattern]:
    """Wagtail lets only those who may use the admin ask it."""
    return [path("terms/<slug:app>/<slug:model>/", terms, name="terms")]
