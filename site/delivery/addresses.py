"""The address under which a page is kept. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

# Added to links by newsletters, advertisements and social networks. They change nothing on the page.
TRACKING = frozenset(
    {"_ga", "_gl", "dclid", "fbclid", "gad_source", "gbraid", "gclid", "igsh", "igshid", "li_fat_id"}
    | {"mc_cid", "mc_eid", "mkt_tok", "msclkid", "oly_anon_id", "oly_enc_id", "ref_src", "si", "srsltid"}
    | {"ttclid", "twclid", "vero_id", "wbraid", "yclid", "_hsenc", "_hsmi", "__s"}
)
LONGEST_QUERY = 1000
# A visitor with one of these cookies, or with a session, may see something else than the others.
PERSONAL_COOKIES = ("messages",)


def is_tracking(name: str) -> bool:
    """Return whether a parameter of an address only says where the visitor came from."""
    return name in TRACKING or name.startswith(("utm_", "mtm_", "pk_", "piwik_", "matomo_"))


def clean_query(query: str) -> str:
    """Return a query string without tracking parameters, its names in order; values of a name stay in theirs.

    Two query strings that give a page the same lists of values become one.
    """
    if not query:
        return ""
    pairs = [pair for pair in parse_qsl(query, keep_blank_values=True) if not is_tracking(pair[0])]
    return urlencode(sorted(pairs, key=lambda pair: pair[0]))


def scheme_of(environ: Mapping[str, Any], secure_header: tuple[str, str] | None) -> str:
    """Return 'https' or 'http', as Django's request would: from the proxy's header where one is trusted."""
    if secure_header is not None and (sent := environ.get(secure_header[0])) is not None:
        return "https" if str(sent).split(",")[0].strip() == secure_header[1] else "http"
    return str(environ.get("wsgi.url_scheme", "http"))


def is_personal(environ: Mapping[str, Any], cookies: tuple[str, ...]) -> bool:
    """Return whether the visitor may see something of their own, for which they have one of these cookies."""
    sent = str(environ.get("HTTP_COOKIE") or "")
    return bool(sent) and any(f"{name}=" in sent for name in cookies)


def address_of(environ: Mapping[str, Any], secure_header: tuple[str, str] | None = None) -> str | None:
    """Return the address under which a response to this request may be kept; None where it may not be.

    Only scheme, host, path and query count. Other headers do not, so they cannot fill the cache.
    """
    query = environ.get("QUERY_STRING", "")
    host = environ.get("HTTP_HOST", "")
    if len(query) > LONGEST_QUERY or not host or len(host) > 255:
        return None
    # The path is decoded: a question mark in it must not look like the beginning of a query.
    path = environ.get("PATH_INFO", "/").replace("%", "%25").replace("?", "%3F")
    kept = clean_query(query)
    return f"{scheme_of(environ, secure_header)}://{host.lower()}{path}{'?' + kept if kept else ''}"
