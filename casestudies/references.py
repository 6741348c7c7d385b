"""References: the identifiers in them, the links from the text to them, and how the page itself is cited.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.html import escape
from django.utils.translation import gettext as _

# Crossref's recommended pattern for DOIs, a little wider at the end; spaces never occur.
DOI = re.compile(r"^10\.[0-9]{4,9}/\S+$")
DOI_BEFORE = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
PMID = re.compile(r"^[0-9]{1,9}$")
PMID_BEFORE = re.compile(r"^(?:https?://pubmed\.ncbi\.nlm\.nih\.gov/|pmid:?\s*)", re.IGNORECASE)

# A tag, a whole link with its text, or a marker such as [3], [1, 4] or [2-5].
_PIECES = re.compile(
    r"<a\b.*?</a\s*>|<[^>]*>|\[(\d{1,3}(?:\s*[,–-]\s*\d{1,3})*)\]", re.DOTALL | re.IGNORECASE
)
_NUMBER = re.compile(r"\d{1,3}")


def plain_doi(text: str) -> str:
    """Return the DOI alone, out of a DOI, 'doi:...' or its address. Raises ValueError for any other text."""
    doi = DOI_BEFORE.sub("", text.strip())
    if not DOI.match(doi):
        raise ValueError(
            f"‘{text}’ is not a DOI. A DOI starts with 10. and a number, e.g. 10.1016/j.jclinepi.2017.04.026"
        )
    return doi


def plain_pmid(text: str) -> str:
    """Return the PubMed number alone, out of the number, 'PMID: ...' or its address.

    Raises ValueError for any other text.
    """
    pmid = PMID_BEFORE.sub("", text.strip()).rstrip("/")
    if not PMID.match(pmid):
        raise ValueError(f"‘{text}’ is not a PubMed number. It has one to nine digits, e.g. 28529185")
    return pmid


def link_markers(html: str, count: int) -> str:
    """`html` with markers such as [3] turned into links to the `count` references of the page (#r3).

    Markers inside a link, and numbers that no reference has, stay as they are.
    """

    def linked(found: re.Match[str]) -> str:
        inside = found.group(1)
        if inside is None:
            return found.group(0)
        return f"[{_NUMBER.sub(link, inside)}]"

    def link(found: re.Match[str]) -> str:
        number = int(found.group(0))
        if not 1 <= number <= count:
            return found.group(0)
        label = escape(_("Reference %(n)s") % {"n": number})
        return f'<a href="#r{number}" aria-label="{label}">{number}</a>'

    return _PIECES.sub(linked, html)


def citation(
    *,
    authors: Sequence[str],
    title: str,
    site: str,
    number: str = "",
    version: int = 1,
    year: int | None = None,
) -> str:
    """How the page is cited: 'Example A, Example B. Title. Site case study RH-CS-014, version 2. 2026.'"""
    named = _("%(site)s case study %(number)s") % {"site": site, "number": number}
    where = _("%(named)s, version %(version)s") % {"named": named.strip(), "version": version}
    parts = [", ".join(authors), title, where, str(year) if year else ""]
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
