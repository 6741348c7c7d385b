"""What must be known next to a report, on its page and in its PDF: evidence, approval, risks, publisher."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pages.models import BasePage, SiteSettings
from treatments.disclosure_rows import Rows, review_words, site_rows, treatment_rows
from treatments.models import TreatmentPage


def beside_rows(page: BasePage) -> Rows:
    """Return the disclosures of the report's treatment and of the site: (term, value, mark)."""
    treatment = TreatmentPage.objects.parent_of(page).first()
    level = treatment.evidence_name if treatment else _("Not known")
    site = page.get_site()
    return [
        (_("Strongest kind of study"), level, "D2"),
        *treatment_rows(treatment),
        (_("Last checked"), review_words(page), "D11"),
        *site_rows(SiteSettings.for_site(site) if site else None),
    ]
