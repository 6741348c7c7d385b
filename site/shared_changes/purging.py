"""Has the caches in front of the site ask again for the pages that show something that changed.

The site's own cache needs no telling: it notes what each page shows (docs/performance.md).
"""

from __future__ import annotations

from django.conf import settings
from wagtail.contrib.frontend_cache.utils import PurgeBatch
from wagtail.models import Page

from publication.visibility import visible_pages
from shared_changes.usage import Usage


def purge(usage: Usage) -> None:
    """Purge the addresses of the pages. Call it after the commit."""
    if not getattr(settings, "WAGTAILFRONTENDCACHE", None):
        return
    everywhere = visible_pages(Page.objects.all()) if usage.everywhere else None
    pages = Page.objects.filter(pk__in=usage.pages) if everywhere is None else everywhere
    batch = PurgeBatch()
    batch.add_urls([url for page in pages.order_by().iterator() if (url := page.full_url)])
    batch.purge()
