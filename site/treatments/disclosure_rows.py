"""The disclosures that every page about a person shares: from its treatment's page, the site,
its own dates.
"""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urljoin

from django.utils.formats import date_format
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from treatments.balance import balance_sentence
from treatments.typical import typical_of

if TYPE_CHECKING:
    from treatments.models import TreatmentPage

# (term, value, the id of the disclosure it answers).
Rows = list[tuple[str, Any, str]]


class DisclosingPage(Protocol):
    """What a page about a person has, as far as these rows read it."""

    is_sample: bool
    last_reviewed: date | None
    next_review_due: date | None
    person_id: int | None

    @property
    def clearance_now(self) -> Any: ...


def shared_rows(page: DisclosingPage, treatment: TreatmentPage | None, site: Any) -> Rows:
    """Return D2, D5, D7, D8, D11 and D12 of a page about a person. D1 is a box of its own (`{% typical_box
    %}`).

    `site`: what `{% site_menu %}` gives, or None. What no one has stated is shown as not stated.
    """
    return [
        (_("What it can show"), evidence_words(treatment), "D2"),
        (_("Real people or actors"), sample_words(page), "D5"),
        (_("How stories ended"), balance_words(treatment), "D7"),
        *treatment_rows(treatment),
        (_("Last checked"), review_words(page), "D11"),
        *site_rows(site),
    ]


def in_text(rows: Rows, address: str) -> list[tuple[str, str, str]]:
    """Return rows as they stand in a file: without markup, links as whole addresses in brackets.

    `address`: of the page, to which relative links are added.
    """
    made = []
    for term, value, mark in rows:
        links = re.findall(r'href="([^"]+)"', str(value)) if isinstance(value, SafeString) else []
        words = unescape(strip_tags(str(value))) if isinstance(value, SafeString) else str(value)
        ends = [f"({urljoin(address, unescape(link))})" for link in links]
        made.append((str(term), " ".join([" ".join(words.split()), *ends]), mark))
    return made


def evidence_words(treatment: TreatmentPage | None) -> str:
    """Return that one person is not evidence, and what evidence there is."""
    known = treatment.evidence_name if treatment else _("Not known")
    words = _(
        "One person’s experience, not evidence. Strongest kind of study of this treatment: %(level)s."
    ) % {"level": known.lower() if treatment else known}
    if treatment is None:
        return words
    return format_html(
        '{} <a class="go" href="{}#evidence">{}</a>', words, treatment.url or "", _("How sure can we be?")
    )


def balance_words(treatment: TreatmentPage | None) -> str:
    words = balance_sentence(treatment.story_counts, typical_of(treatment)) if treatment else ""
    return words or _("Not known")


def sample_words(page: DisclosingPage) -> str:
    if page.is_sample:
        return _("Sample content: the people and what they say are invented.")
    return _("Not marked as invented or acted.")


def treatment_rows(treatment: TreatmentPage | None) -> Rows:
    """Return approval, trials, side effects and cost of a treatment."""
    empty = _("Not stated") if treatment else _("Not known")

    def stated(name: str) -> str:
        return str(getattr(treatment, name, "") or empty)

    return [
        (_("Approved?"), stated("approval_status"), "D8"),
        (_("Trial numbers"), stated("trial_numbers"), "D8"),
        (_("Side effects"), stated("risks"), "D8"),
        (_("Who bears the cost"), stated("cost_bearer"), "D8"),
    ]


def review_words(page: DisclosingPage) -> str:
    if not page.last_reviewed:
        return _("Not stated")
    day = date_format(page.last_reviewed, "DATE_FORMAT")
    if not page.next_review_due:
        return _("%(day)s. Next check: not stated.") % {"day": day}
    return _("%(day)s. Next check by: %(due)s.") % {
        "day": day,
        "due": date_format(page.next_review_due, "DATE_FORMAT"),
    }


def site_rows(site: Any) -> Rows:
    """Return who publishes, what they gain, and where to object."""
    link = getattr(site, "feedback_link", "")
    invited = _("Is something wrong or missing? Tell us.")
    return [
        (_("Published by"), getattr(site, "publisher", "") or _("Not stated"), "D12"),
        (_("The publisher’s interests"), getattr(site, "publisher_ties", "") or _("Not stated"), "D12"),
        (
            _("Your view"),
            format_html('<a class="go" href="{}">{}</a>', link, invited) if link else _("Not stated"),
            "D12",
        ),
    ]


def consent_words(page: DisclosingPage) -> str:
    """Return whose consent there is. A page with a person's record is public only while it is in force."""
    if page.person_id and page.clearance_now:
        return _(
            "Given in writing by the person, or by someone who may sign for them. It can be withdrawn at any "
            "time."
        )
    return _("Not stated")


def original_words(page: DisclosingPage) -> str:
    """Return whether the signed and dated consent is on file."""
    if page.person_id and page.clearance_now:
        return _("On file, signed and dated; private.")
    return _("Not stated")
