from __future__ import annotations

from django.urls import path

from withdrawal import views

urlpatterns = [path("approve/<str:token>/", views.read_link, name="approval_link")]
