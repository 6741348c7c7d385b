"""Hospitals and doctors."""

from __future__ import annotations

from functools import partial
from typing import Any

from demo.parts import streams
from demo.prose import as_html, parse
from demo.site_builder import SiteBuilder, review
from directory.models import DoctorIndexPage, DoctorPage, HospitalIndexPage, HospitalPage

INDEXES: dict[str, tuple[str, type[HospitalIndexPage] | type[DoctorIndexPage]]] = {
    "hospitals": ("hospital_index", HospitalIndexPage),
    "doctors": ("doctor_index", DoctorIndexPage),
}


def make_directory_indexes(builder: SiteBuilder) -> None:
    for key in INDEXES:
        builder.publish(key, "home", partial(index, key, builder))


def index(key: str, builder: SiteBuilder) -> HospitalIndexPage | DoctorIndexPage:
    name, model = INDEXES[key]
    entry = builder.content.directory[name]
    advice = as_html(tuple(entry["advice"].splitlines()), builder.address)
    return model(
        title=entry["title"],
        slug=entry["slug"],
        lede=entry["lede"],
        search_description=entry["description"],
        advice=streams.stored([streams.block("text", advice)]),
        tone="sky",
        **review(),
    )


def shared_fields(entry: dict[str, Any], builder: SiteBuilder) -> dict[str, Any]:
    """Return the fields that hospitals and doctors share."""
    return {
        "title": entry["title"],
        "slug": entry["slug"],
        "lede": entry["lede"],
        "search_description": entry["lede"],
        "city": entry["city"],
        "country": entry["country"],
        "languages": entry["languages"],
        "is_partner": entry["is_partner"],
        "pays_for_site": entry.get("pays_for_site", False),
        "ties": entry.get("ties", ""),
        "tone": entry["tone"],
        "body": streams.body(parse(entry.get("body", "")).pieces, builder),
        **review(),
    }


def make_directory(builder: SiteBuilder) -> None:
    for entry in builder.content.directory["hospitals"]:
        builder.publish(entry["key"], "hospitals", partial(hospital, entry, builder))
    for entry in builder.content.directory["doctors"]:
        builder.publish(entry["key"], "doctors", partial(doctor, entry, builder))


def hospital(entry: dict[str, Any], builder: SiteBuilder) -> HospitalPage:
    page = HospitalPage(
        **shared_fields(entry, builder),
        picture=builder.find(f"picture-{entry['picture']}"),
        patients_treated=entry["treated"],
        patients_treated_for=entry["treated_for"],
        patients_treated_source=entry["treated_source"],
        patients_treated_on=entry["treated_on"],
    )
    page.conditions = builder.conditions(entry["conditions"])
    page.treatments = builder.treatments(entry["treatments"])
    return page


def doctor(entry: dict[str, Any], builder: SiteBuilder) -> DoctorPage:
    page = DoctorPage(
        **shared_fields(entry, builder),
        specialty=entry["specialty"],
        appointments=entry["appointments"],
        licence_checked_on=entry["licence_checked_on"],
        licence_register=entry["licence_register"],
    )
    page.conditions = builder.conditions(entry["conditions"])
    page.treatments = builder.treatments(entry["treatments"])
    page.hospitals = [found for key in entry["hospitals"] if (found := builder.find(key))]
    return page
