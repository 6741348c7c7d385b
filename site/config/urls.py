from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config.files import uploaded_file
from media.private_files import private_file
from media.views import save_document

urlpatterns: list[URLPattern | URLResolver] = [
    # Before the admin, whose own addresses send those who are not logged in to the login.
    path("admin/private/<str:kind>/<int:pk>/", private_file, name="private_file"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/<int:document_id>/save/", save_document, name="save_document"),
    path("documents/", include(wagtaildocs_urls)),
    path(f"{settings.MEDIA_URL.lstrip('/')}<path:path>", uploaded_file, name="uploaded_file"),
    path("", include("approval.urls")),
    path("", include("withdrawal.urls")),
    path("", include("search.urls")),
    path("", include(wagtail_urls)),
]
