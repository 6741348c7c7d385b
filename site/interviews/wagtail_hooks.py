"""Puts interviews into the admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from interviews.admin.import_view import ImportView
from interviews.admin.recording_view import recording
from interviews.admin.viewset import InterviewViewSet, TopicViewSet
from interviews.workbench import hooks as workbench_hooks  # noqa: F401  # registers the workbench's addresses

register_snippet(InterviewViewSet)
register_snippet(TopicViewSet)


@hooks.register("register_admin_urls")
def interview_urls() -> list[URLPattern]:
    return [
        path("interviews/<int:pk>/import/", ImportView.as_view(), name="interviews_import"),
        path("interviews/<int:pk>/recording/", recording, name="interviews_recording"),
    ]
