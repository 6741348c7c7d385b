"""What stands next to a case study on its page, for the files made of it: which are passed on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from casestudies.downloads.report import CaseReport
from casestudies.provenance import interest_rows, provenance_rows
from pages.models import SiteSettings
from treatments.disclosure_rows import in_text
from treatments.templatetags.treatments_tags import typical_result

Statements = list[tuple[str, str, str]]


def statements(page: CaseReport, context: dict[str, Any], request: HttpRequest) -> Statements:
    """Return every disclosure of the page as text: (term, words, mark). The typical result comes first.

    `context`: of the page, from `get_context`.
    """
    address = page.get_full_url(request) or ""
    treatment = context["cohort_page"]
    rows = [
        (_("All people treated"), typical_result(treatment), "D1"),
        *interest_rows(page),
        *provenance_rows(page, context["authors"], treatment, SiteSettings.for_request(request)),
    ]
    return in_text(rows, address)


def newer_version(page: CaseReport, request: HttpRequest) -> str:
    """Return the version of a file, its date, and where a newer one would be."""
    words = {"version": page.version, "address": page.get_full_url(request) or ""}
    if page.published is None:
        return _("Version %(version)s. For a newer version see %(address)s") % words
    words["day"] = date_format(page.published, "DATE_FORMAT")
    return _("Version %(version)s, published %(day)s. For a newer version see %(address)s") % words
