from __future__ import annotations

from django.urls import path

from people.approving import views

urlpatterns = [
    path("approve/<str:token>/", views.read, name="people_approve"),
    path("approve/<str:token>/files/<path:signed>", views.file, name="people_approve_file"),
]
