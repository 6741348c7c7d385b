from __future__ import annotations

from django.urls import path

from approval import views

urlpatterns = [path("approve/<str:token>/files/<path:signed>", views.file, name="approval_file")]
