"""How often one address, or one beginning of a token, may try: counted in the cache, so that it needs no table.

Only what fails counts, and what is sent. A family that reads never meets the limit; where the cache is down nobody
is kept out, since a token cannot be guessed anyway.
"""

from __future__ import annotations

import logging

from django.core.cache import cache
from django.http import HttpRequest

from people.audit import fingerprint

logger = logging.getLogger(__name__)

WITHIN = 600  # seconds
MOST_FAILURES = 20
MOST_SENT = 120
PREFIX = 6


def is_limited(request: HttpRequest, token: str) -> bool:
    """Whether this visitor, or whoever tries tokens that begin like this one, has failed too often."""
    return any(_count(key) >= MOST_FAILURES for key in _keys("failed", request, token))


def count_failure(request: HttpRequest, token: str) -> None:
    for key in _keys("failed", request, token):
        _add(key)


def may_send(token: str) -> bool:
    """Whether something more may be sent through this link now; counts it."""
    return _add(f"approve:sent:{fingerprint('sent', token)[:32]}") <= MOST_SENT


def _keys(what: str, request: HttpRequest, token: str) -> tuple[str, str]:
    # Neither an address nor a token is readable in the cache.
    visitor = fingerprint("visitor", str(request.META.get("REMOTE_ADDR", "")))[:32]
    beginning = fingerprint("beginning", token[:PREFIX])[:32]
    return f"approve:{what}:from:{visitor}", f"approve:{what}:like:{beginning}"


def _count(key: str) -> int:
    try:
        return int(cache.get(key, 0))
    except Exception:  # whatever the cache's client raises when its server is gone
        logger.warning("The cache cannot be read: attempts at approval links are not counted.")
        return 0


def _add(key: str) -> int:
    try:
        cache.add(key, 0, WITHIN)
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two
        return 1
    except Exception:
        logger.warning("The cache cannot be written: attempts at approval links are not counted.")
        return 0
