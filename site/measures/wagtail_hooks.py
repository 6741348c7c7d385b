"""Outcome measures in the admin."""

from __future__ import annotations

from wagtail.snippets.models import register_snippet

from measures.admin import MeasureViewSet

register_snippet(MeasureViewSet)
