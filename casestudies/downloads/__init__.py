"""What a reader may take away from a case study: the PDF, the outcomes as CSV, the case as a Phenopacket.

Made when they are asked for, below the page's own address: no file outlives the page. Only what the page
shows goes in; times are relative, as on the page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from casestudies.downloads import exchange, outcomes, printed
from casestudies.downloads.report import CaseReport


@dataclass(frozen=True)
class Kind:
    """`make(page, request)` gives the bytes."""

    suffix: str
    type: str
    make: Callable[[CaseReport, HttpRequest], bytes]


KINDS = {
    "pdf": Kind("pdf", "application/pdf", printed.make),
    "csv": Kind("csv", "text/csv; charset=utf-8", outcomes.make),
    "json": Kind("json", "application/json", exchange.make),
}


def filename(page: CaseReport, suffix: str) -> str:
    """'rh-cs-014-version-2.pdf': by its number, or by its address where it has none."""
    stem = re.sub(r"[^a-z0-9]+", "-", (page.case_number or page.slug).lower()).strip("-") or "case-study"
    return f"{stem}-version-{page.version}.{suffix}"


def serve(page: CaseReport, request: HttpRequest, *, kind: str, save: bool) -> HttpResponse:
    """One download: shown in the browser, or saved.

    Never kept by a cache longer than the page itself would be.
    """
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    made = KINDS[kind]
    body = made.make(page, request)
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    response = HttpResponse(body, content_type=made.type)
    disposition = "attachment" if save else "inline"
    name = filename(page, made.suffix)
    response.headers["Content-Disposition"] = (
        f"{disposition}; filename=\"{name}\"; filename*=UTF-8''{quote(name)}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Requested again each time, so that a withdrawn page's downloads are gone with it; robots list the page
    # itself.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Link"] = f'<{page.get_full_url(request)}>; rel="canonical"'
    if kind != "pdf":
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["ETag"] = etag
    unchanged: HttpResponse | None = get_conditional_response(request, etag=etag, response=response)
    return unchanged or response
