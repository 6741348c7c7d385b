from __future__ import annotations

from django.urls import URLPattern, path

from search.sitemap import robots, sitemap
from search.views import search

urlpatterns: list[URLPattern] = [
    path("search/", search, name="search"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", robots, name="robots"),
]
