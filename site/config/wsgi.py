"""The WSGI application. A request passes, until one of them answers: health, the page cache, the limits on
what Django does at once, Django.
"""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

django: Any = get_wsgi_application()

# What follows uses models, which can be imported only now.
from config.admission import Admission  # noqa: E402
from config.health import Checks, Health  # noqa: E402
from delivery.wsgi import KeptPages  # noqa: E402
from ledger import guard  # noqa: E402

if settings.LEDGER_CHECKS:
    guard.check_at_start()


def in_front_of(site: Any, checks: Checks | None = None) -> Any:
    """Return an application that answers health and kept pages, and leaves all else to `site`."""
    return Health(KeptPages(site) if settings.PAGE_CACHE_MEGABYTES else site, checks)


application = in_front_of(Admission(django))
