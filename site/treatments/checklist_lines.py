"""The disclosures on the publication checklist: what is shown next to the page, and what no one has stated
yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from pages.disclosures import DISCLOSURES, FROM_SITE, FROM_TREATMENT
from pages.models import BasePage, SiteSettings
from publication.checklist import Group, Line, State, edit_url
from treatments.matching import page_covering
from treatments.models import TreatmentPage
from treatments.typical import typical_of

# What the publication gate answers for, and what is counted or switched: none of these can be left empty.
NEVER_EMPTY = frozenset(
    {"person", "clearance_now", "is_sample", "own_quotes", "own_share", "own_omissions", "origin"}
)
# Of the treatment's page and of the site: the fields that answer a disclosure.
TREATMENT_FIELDS = {"D8": ("approval_status", "trial_numbers", "risks", "cost_bearer")}
SITE_FIELDS = ("publisher", "publisher_ties")


def disclosure_lines(page: Page) -> Iterator[Line]:
    """Yield one line for each of the twelve: done, or ‘look at this’ with what is not stated."""
    sources: Mapping[str, str] = getattr(page, "disclosures", {})
    if not sources:
        return
    treatment = page_covering(
        [term.path for term in page.conditions.all()], [term.path for term in page.treatments.all()]
    )
    for disclosure in DISCLOSURES:
        source = sources.get(disclosure.id, "")
        missing = [
            words for name in source.split() for words in _missing(name, disclosure.id, page, treatment)
        ]
        why = _("Not stated: %(what)s. The page says so.") % {"what": ", ".join(missing)} if missing else ""
        is_from_page = source not in ("", FROM_TREATMENT, FROM_SITE)
        url = edit_url(page if is_from_page else treatment) if missing and (is_from_page or treatment) else ""
        state = State.LOOK if missing else State.DONE
        yield Line(Group.DISCLOSURES, state, str(disclosure.what), why, url, _("Fill it in"))


def _missing(name: str, id_: str, page: BasePage, treatment: TreatmentPage | None) -> Iterable[str]:
    """Return what is not stated of one source of a disclosure."""
    if name == FROM_TREATMENT:
        return _missing_of_treatment(id_, treatment)
    if name == FROM_SITE:
        site = page.get_site() or Site.objects.filter(is_default_site=True).first()
        return _empty(SiteSettings.for_site(site), SITE_FIELDS) if site is not None else ()
    if name in NEVER_EMPTY:
        return ()
    value: Any = getattr(page, name, None)
    if hasattr(value, "exists"):
        value = value.exists()
    return [_label(page, name)] if value in (None, "", False) else ()


def _missing_of_treatment(id_: str, treatment: TreatmentPage | None) -> Iterable[str]:
    if treatment is None:
        return [_("a page of its treatment and condition")]
    if id_ == "D1" and typical_of(treatment).treated is None:
        return [_("figures of everyone treated")]
    return _empty(treatment, TREATMENT_FIELDS.get(id_, ()))


def _empty(holder: Model, names: Iterable[str]) -> list[str]:
    return [_label(holder, name) for name in names if not getattr(holder, name, "")]


def _label(holder: Model, name: str) -> str:
    field = holder._meta.get_field(name)
    return str(capfirst(getattr(field, "verbose_name", "") or name.replace("_", " ")))
