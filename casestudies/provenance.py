"""How a case study was made, and what must be known next to it: for its page and the files made of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from treatments.disclosure_rows import Rows, consent_words, original_words, shared_rows


def provenance_rows(page: Any, authors: Iterable[Any], treatment: Any, site: Any) -> Rows:
    """Return how a case study was made, with its disclosures: (term, value, mark).

    Consent, funding and interests (D3, D9) are in the text, under a heading of their own: `interest_rows`.
    """
    not_stated = _("Not stated")
    by = "; ".join(
        ", ".join(part for part in (author.name, author.role, author.institution) if part)
        for author in authors
    )
    quoted = (
        _("The patient’s own words stand between quotation marks.")
        if page.perspective
        else _("No one is quoted.")
    )
    return [
        (_("Written by"), by or not_stated, "D10"),
        (_("In their own words"), quoted, "D4"),
        (_("Signed original"), original_words(page), "D6"),
        *shared_rows(page, treatment, site),
    ]


def interest_rows(page: Any) -> Rows:
    """Return consent, competing interests and funding: (term, value, mark of the disclosure)."""
    not_stated = _("Not stated.")
    return [
        (_("Consent to publish"), page.consent_statement or consent_words(page), "D9"),
        (_("Competing interests"), page.competing_interests or not_stated, "D3"),
        (_("Who paid"), page.funding or not_stated, "D3"),
    ]
