"""Hospitals and doctors."""

from __future__ import annotations

from functools import partial
from typing import Any

from config.demo.build import streams
from config.demo.build.workshop import Workshop, review
from config.demo.prose import as_html, parse
from directory.models import DoctorIndexPage, DoctorPage, HospitalIndexPage, HospitalPage

INDEXES: dict[str, tuple[str, type[HospitalIndexPage] | type[DoctorIndexPage]]] = {
    "hospitals": ("hospital_index", HospitalIndexPage),
    "doctors": ("doctor_index", DoctorIndexPage),
}


def make_directory_indexes(workshop: Workshop) -> None:
    for key in INDEXES:
        workshop.publish(key, "home", partial(index, key, workshop))


def index(key: str, workshop: Workshop) -> HospitalIndexPage | DoctorIndexPage:
    name, model = INDEXES[key]
    entry = workshop.content.directory[name]
    advice = as_html(tuple(entry["advice"].splitlines()), workshop.address)
    return model(
        title=entry["title"],
        slug=entry["slug"],
        lede=entry["lede"],
        search_description=entry["description"],
        advice=streams.stored([streams.block("text", advice)]),
        tone="sky",
        **review(),
    )


def listed(entry: dict[str, Any], workshop: Workshop) -> dict[str, Any]:
    """What a hospital and a doctor share."""
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
        "body": streams.body(parse(entry.get("body", "")).pieces, workshop),
        **review(),
    }


def make_directory(workshop: Workshop) -> None:
    for entry in workshop.content.directory["hospitals"]:
        workshop.publish(entry["key"], "hospitals", partial(hospital, entry, workshop))
    for entry in workshop.content.directory["doctors"]:
        workshop.publish(entry["key"], "doctors", partial(doctor, entry, workshop))


def hospital(entry: dict[str, Any], workshop: Workshop) -> HospitalPage:
    page = HospitalPage(
        **listed(entry, workshop),
        picture=workshop.find(f"picture-{entry['picture']}"),
        patients_treated=entry["treated"],
        patients_treated_for=entry["treated_for"],
        patients_treated_source=entry["treated_source"],
        patients_treated_on=entry["treated_on"],
    )
    page.conditions = workshop.conditions(entry["conditions"])
    page.treatments = workshop.treatments(entry["treatments"])
    return page


def doctor(entry: dict[str, Any], workshop: Workshop) -> DoctorPage:
    page = DoctorPage(
        **listed(entry, workshop),
        specialty=entry["specialty"],
        appointments=entry["appointments"],
        licence_checked_on=entry["licence_checked_on"],
        licence_register=entry["licence_register"],
    )
    page.conditions = workshop.conditions(entry["conditions"])
    page.treatments = workshop.treatments(entry["treatments"])
    page.hospitals = [found for key in entry["hospitals"] if (found := workshop.find(key))]
    return page
