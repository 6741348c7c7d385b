"""How often one address, or one beginning of a token, may try: counted in the cache, so that it needs no table.

Only what fails counts, and what is sent. A family that reads never meets the limit; where the cache is down nobody
is kept out, since a token cannot be guessed anyway.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from audit.trail import fingerprint

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
    visitor = fingerprint("visitor", address_of(request))[:32]
    beginning = fingerprint("beginning", token[:PREFIX])[:32]
    return f"approve:{what}:from:{visitor}", f"approve:{what}:like:{beginning}"


def address_of(request: HttpRequest) -> str:
    """The visitor's address. Behind proxies (TRUSTED_PROXIES of them) it is what the outermost of ours has seen.

    Whatever a visitor writes into the header himself stands further left, and is not read.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    hops = settings.TRUSTED_PROXIES
    if hops:
        forwarded = [
            one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if one.strip()
        ]
        if len(forwarded) >= hops:
            return str(forwarded[-hops])
    return seen


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
