from __future__ import annotations

from django.urls import path

from interviews.workbench import api, views

_AT = "interviews/<int:pk>/workbench/"
_EXCERPT = f"{_AT}excerpts/<int:excerpt>/"

urlpatterns = [
    path(_AT, views.workbench, name="interviews_workbench"),
    path(f"{_AT}data/", api.data, name="interviews_workbench_data"),
    path(f"{_AT}found/", api.found, name="interviews_workbench_found"),
    path(f"{_AT}decisions/", api.decisions, name="interviews_workbench_decisions"),
    path(f"{_AT}excerpts/", api.make, name="interviews_workbench_excerpts"),
    path(_EXCERPT, api.change, name="interviews_workbench_excerpt"),
    path(f"{_EXCERPT}move/", api.move, name="interviews_workbench_move"),
    path(f"{_EXCERPT}remove/", api.remove, name="interviews_workbench_remove"),
    path(f"{_EXCERPT}restore/", api.restore, name="interviews_workbench_restore"),
    path(f"{_EXCERPT}place/", api.place, name="interviews_workbench_place"),
    path(f"{_AT}identifier/", api.identifier, name="interviews_workbench_identifier"),
    path(f"{_AT}condition/", api.condition, name="interviews_workbench_condition"),
    path(f"{_AT}speaker/", api.speaker, name="interviews_workbench_speaker"),
    path(f"{_AT}topics/", api.topics, name="interviews_workbench_topics"),
    path(f"{_AT}here/", api.here, name="interviews_workbench_here"),
]
