"""Limits on attempts per visitor address and per beginning of a token, counted in the cache.

Only failures and sent messages count, so reading never reaches the limit. If the cache is down, there is no
limit: a token cannot be guessed anyway.
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
    """Return True if this visitor failed too often, or tokens with the same beginning were tried too
    often."""
    return any(_count(key) >= MOST_FAILURES for key in _keys("failed", request, token))


def count_failure(request: HttpRequest, token: str) -> None:
    """Count a token that opened no link."""
    for key in _keys("failed", request, token):
        _add(key)


def may_send(token: str) -> bool:
    """Count a message sent through this link. Return True if it is within the limit."""
    return _add(f"approve:sent:{fingerprint('sent', token)[:32]}") <= MOST_SENT


def _keys(what: str, request: HttpRequest, token: str) -> tuple[str, str]:
    # Neither an address nor a token is readable in the cache.
    visitor = fingerprint("visitor", address_of(request))[:32]
    beginning = fingerprint("beginning", token[:PREFIX])[:32]
    return f"approve:{what}:from:{visitor}", f"approve:{what}:like:{beginning}"


def address_of(request: HttpRequest) -> str:
    """Return the visitor's address. Behind TRUSTED_PROXIES proxies it is the address that the outermost of
    them saw.

    Entries that the visitor adds to the header are further left and are not read.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    hops = settings.TRUSTED_PROXIES
    if hops:
        header = request.META.get("HTTP_X_FORWARDED_FOR", "")
        forwarded = [address.strip() for address in header.split(",") if address.strip()]
        if len(forwarded) >= hops:
            return str(forwarded[-hops])
    return seen


def _count(key: str) -> int:
    try:
        return int(cache.get(key, 0))
    except Exception:  # the client of a cache may raise anything when its server is down
        logger.warning("The cache cannot be read: attempts at approval links are not counted.")
        return 0


def _add(key: str) -> int:
    try:
        cache.add(key, 0, WITHIN)
        return int(cache.incr(key))
    except ValueError:  # it expired between the two calls
        return 1
    except Exception:
        logger.warning("The cache cannot be written: attempts at approval links are not counted.")
        return 0
