"""A case study as a Phenopacket: reads the page for `casestudies.phenopackets.writing`."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from wagtail.models import Site

from casestudies.downloads.disclosures import newer_version, statements
from casestudies.downloads.report import CaseReport
from casestudies.phenopackets.facts import CaseFacts, Event, Given, Measured
from casestudies.phenopackets.writing import public, whole
from figures.relative_time import TimeFrom

# In which system a condition is named, the more exact first.
SYSTEMS = {"doid": "", "orpha": "ORPHA:", "mesh": "MESH:", "icd10cm": "ICD10CM:"}
_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
# Columns of a child table that are no content.
_KEYS = {"id", "page", "page_id", "sort_order", "translation_key", "locale"}


def rows_of(page: Model, table: str) -> list[dict[str, Any]]:
    """A table of the page as plain values, in its order: as an import writes it and compares it."""
    rows = []
    for row in getattr(page, table).all():
        names = [field.name for field in row._meta.concrete_fields if field.name not in _KEYS]
        rows.append({name: getattr(row, name) for name in names})
    return rows


def current_values(page: Model, imported: dict[str, Any]) -> dict[str, Any]:
    """What stands on the page where an import wrote: by field, and by table the columns it wrote."""
    now: dict[str, Any] = {}
    for name, value in imported.items():
        if isinstance(value, list):
            wanted = set(value[0]) if value else set()
            now[name] = [{key: row[key] for key in row if key in wanted} for row in rows_of(page, name)]
            if not value:
                now[name] = [{} for _row in now[name]]
        else:
            now[name] = _plain(getattr(page, name))
    return now


def _plain(value: Any) -> Any:
    """A value as JSON keeps it.

    The editor numbers the paragraphs of rich text when it saves: that is not a change.
    """
    if isinstance(value, str):
        return _BLOCK_KEY.sub("", value)
    return value if value is None or isinstance(value, int) else str(value)


def facts_of(
    page: CaseReport, site_url: str, site_name: str, told: Sequence[tuple[str, str]] = ()
) -> CaseFacts:
    """Everything a Phenopacket has a place for.

    `site_url`: of the page, for terms that only this site has. `told`: what stands next to its text.
    """
    origin = getattr(page, "imported_case", None)
    if origin is not None and origin.format != "phenopacket":
        origin = None
    published = page.published or dt.date(1970, 1, 1)
    return CaseFacts(
        # Random, made with the page, and the same in all its versions: nothing of the source is in it.
        id=f"case-{page.translation_key}",
        created=f"{published.isoformat()}T12:00:00Z",
        created_by=site_name,
        site_url=site_url,
        sex=page.sex,
        age=page.age_at_report if page.age_at_report is not None else page.age_at_treatment,
        from_birth=page.timeline_from == TimeFrom.BIRTH,
        diagnosis=page.diagnosis,
        conditions=[(_curie(condition), condition.name) for condition in page.conditions.all()],
        timeline=[
            Event(one.months, one.kind, one.text) for one in page.in_order_of_time(list(page.timeline.all()))
        ],
        treatments=[
            Given(one.kind, one.day, one.dose, one.route, one.side_effects)
            for one in page.treatments_given.all()
        ],
        observations=[
            Measured(one.series, one.months, str(one.value), one.unit) for one in page.observations.all()
        ],
        references=[
            (f"PMID:{one.pmid}" if one.pmid else f"DOI:{one.doi}", one.text)
            for one in page.references.all()
            if one.pmid or one.doi
        ],
        statements=told,
        record=origin.source_record if origin else {},
        imported=origin.imported if origin else {},
        now=current_values(origin.page, origin.imported) if origin else {},
    )


def _curie(condition: Any) -> str:
    codes = {code.system: code.code for code in condition.codes.all()}
    for system, prefix in SYSTEMS.items():
        if system in codes:
            return f"{prefix}{codes[system]}"
    return f"FIRSTHAND:condition-{condition.slug}"


def packet_of(
    page: CaseReport,
    *,
    site_url: str,
    site_name: str,
    told: Sequence[tuple[str, str]] = (),
    private: bool = False,
) -> dict[str, Any]:
    """The public packet; with `private` the complete record, for the site's staff only."""
    facts = facts_of(page, site_url, site_name, told)
    return whole(facts) if private else public(facts)


def make(page: CaseReport, request: HttpRequest) -> bytes:
    site = Site.find_for_request(request)
    told = [("version", newer_version(page, request))]
    told += [
        (f"disclosure-{number}-{mark}", f"{term}: {words}")
        for number, (term, words, mark) in enumerate(
            statements(page, page.get_context(request), request), start=1
        )
    ]
    packet = packet_of(
        page,
        site_url=page.get_full_url(request) or "",
        site_name=site.site_name if site else "",
        told=told,
    )
    return json.dumps(packet, ensure_ascii=False, indent=2).encode()
