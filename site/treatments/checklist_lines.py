"""D1 to D12 on the publication checklist: what stands beside the page, and what nobody stated yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Site

from pages.beside import BESIDE, FROM_SITE, FROM_TREATMENT
from pages.models import SiteSettings
from publication.checklist import Group, Line, State, edit_url, register
from treatments.matching import page_covering
from treatments.models import TreatmentPage
from treatments.typical import typical_of

# What the gate answers for (D6, D9), and what is counted or switched: nobody can leave it unsaid.
NEVER_EMPTY = frozenset(
    {"person", "clearance_now", "is_sample", "own_quotes", "own_share", "own_omissions", "origin"}
)
# Of the treatment's page and of the site: the fields that answer a requirement.
TREATMENT_FIELDS = {"D8": ("approval_status", "trial_numbers", "risks", "cost_bearer")}
SITE_FIELDS = ("publisher", "publisher_ties")


def connect() -> None:
    """Once, when the site starts."""
    register(beside_lines)


def beside_lines(page: Any) -> Iterator[Line]:
    """One line for each of the twelve: done, or ‘look at this’ with what is not stated."""
    beside = getattr(page, "beside", None)
    if not beside:
        return
    treatment = page_covering(
        [term.path for term in page.conditions.all()], [term.path for term in page.treatments.all()]
    )
    for requirement in BESIDE:
        missing = [
            words
            for name in str(beside.get(requirement.id, "")).split()
            for words in _missing(name, requirement.id, page, treatment)
        ]
        why = _("Not stated: %(what)s. The page says so.") % {"what": ", ".join(missing)} if missing else ""
        from_page = requirement.id in beside and beside[requirement.id] not in (FROM_TREATMENT, FROM_SITE)
        url = edit_url(page if from_page else treatment) if missing and (from_page or treatment) else ""
        state = State.LOOK if missing else State.DONE
        yield Line(Group.DISCLOSURES, state, str(requirement.what), why, url, _("Fill it in"), code=requirement.id)


def _missing(name: str, id_: str, page: Any, treatment: TreatmentPage | None) -> Iterator[str]:
    if name == FROM_TREATMENT:
        if treatment is None:
            yield _("a page of its treatment and condition")
        elif id_ == "D1" and typical_of(treatment).treated is None:
            yield _("figures of everybody treated")
        else:
            yield from _empty(treatment, TREATMENT_FIELDS.get(id_, ()))
    elif name == FROM_SITE:
        site = page.get_site() or Site.objects.filter(is_default_site=True).first()
        if site is not None:
            yield from _empty(SiteSettings.for_site(site), SITE_FIELDS)
    elif name not in NEVER_EMPTY:
        value: Any = getattr(page, name, None)
        if hasattr(value, "exists"):
            value = value.exists()
        if value in (None, "", False):
            yield _label(page, name)


def _empty(holder: Any, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if not getattr(holder, name, ""):
            yield _label(holder, name)


def _label(holder: Any, name: str) -> str:
    field = holder._meta.get_field(name)
    return str(capfirst(getattr(field, "verbose_name", "") or name.replace("_", " ")))
