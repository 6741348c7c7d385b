"""The editor's form of a case study as a browser would send it."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from wagtail.test.utils.form_data import nested_form_data, streamfield

from measures.models import Measure

EMPTY_ROW = (
    "measure",
    "observed_on",
    "phase",
    "unit",
    "better",
    "assessed_by",
    "side",
    "part",
    "note",
    "id",
    "DELETE",
)


def edit_url(page: Any) -> str:
    return f"/admin/pages/{page.pk}/edit/"


def sent_by_the_form(client: Client, page: Any) -> dict[str, Any]:
    """Every field of the open form with what stands in it.

    What scripts build (pictures and recordings) is empty.
    """
    form = BeautifulSoup(client.get(edit_url(page)).content, "html.parser").select_one("form#page-edit-form")
    data: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(field["name"]), field.get("type", "")
        if kind in {"checkbox", "radio"} and not field.has_attr("checked"):
            continue
        if kind in {"submit", "file", "button"} or "__prefix__" in name:
            continue
        if field.name == "select":
            chosen = [str(option["value"]) for option in field.select("option[selected]")]
            if field.has_attr("multiple"):
                data[name] = chosen
            elif chosen:
                data[name] = chosen[0]
        else:
            data[name] = field.get("value", "") if field.name == "input" else field.get_text()
    return data | nested_form_data({"figures": streamfield([])})


def with_measurements(data: dict[str, Any], *rows: dict[str, Any]) -> dict[str, Any]:
    """The same form with measurements added. A row names a measure of the list by its key as `of`."""
    first = int(data["observations-TOTAL_FORMS"])
    added: dict[str, Any] = {"observations-TOTAL_FORMS": str(first + len(rows))}
    for number, row in enumerate(rows, start=first):
        fields = dict.fromkeys(EMPTY_ROW, "") | {"ORDER": str(number + 1)}
        fields |= {name: str(value) for name, value in row.items() if name != "of"}
        fields["outcome_measure"] = str(Measure.objects.get(key=row["of"]).pk) if "of" in row else ""
        added |= {f"observations-{number}-{name}": value for name, value in fields.items()}
    return data | added
