from __future__ import annotations

from django.urls import URLPattern, path

from search.sitemap import index, part, robots
from search.views import search

urlpatterns: list[URLPattern] = [
    path("search/", search, name="search"),
    path("sitemap.xml", index, name="sitemap"),
    path("sitemap-<int:number>.xml", part, name="sitemap_part"),
    path("robots.txt", robots, name="robots"),
]
