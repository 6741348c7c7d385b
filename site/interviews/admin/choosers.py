"""Choosers that show interviews only to users who may see them. Wagtail's choosers check no permission."""

from __future__ import annotations

from typing import Any

from wagtail.snippets.views.chooser import SnippetChooserViewSet

from consent.admin.access import only_with
from interviews.admin.access import SEES


class PermittedChooser(SnippetChooserViewSet):
    def get_urlpatterns(self) -> list[Any]:
        return only_with(super().get_urlpatterns(), SEES)
