"""The editor’s form of a case study: reads the reasons for gaps, and prevents publication while one is
missing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms

from casestudies.care import CHECKLIST, field_names
from casestudies.care_gaps import Gap, gaps_in
from casestudies.observation_forms import ChecksMeasurements
from casestudies.patient_quote import in_short, offered
from pages.editing import PageForm

FIELD = "gap_reasons"
LONGEST_REASON = 400


def input_name(number: str) -> str:
    """The name of the input for the reason of one item: 'gap_reasons-5b'."""
    return f"{FIELD}-{number}"


class GapReasonsInput(forms.Widget):
    """Reads one input for each item of the checklist; `CarePanel` draws them. The value is JSON."""

    def value_from_datadict(self, data: Mapping[str, Any], _files: Any, name: str) -> str:
        typed = {item.number: str(data.get(f"{name}-{item.number}") or "") for item in CHECKLIST}
        return json.dumps({key: text.strip()[:LONGEST_REASON] for key, text in typed.items() if text.strip()})

    def value_omitted_from_data(self, data: Mapping[str, Any], _files: Any, name: str) -> bool:
        return not any(f"{name}-{item.number}" in data for item in CHECKLIST)

    def render(self, *_args: object, **_kwargs: Any) -> str:  # type: ignore[override]
        return ""


def given_reasons(form: forms.BaseModelForm[Any]) -> dict[str, str]:
    """Reasons by number of the item: as typed in a form that was sent, else as saved."""
    found = form[FIELD].value() if FIELD in form.fields else None
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            found = None
    return {str(key): str(text) for key, text in found.items()} if isinstance(found, dict) else {}


def posted_values(form: Any) -> dict[str, object]:
    """What the checklist asks about, as it stands in `form`: sent, or opened and not sent."""
    values: dict[str, object] = dict(form.instance.care_values())
    if not form.is_bound:
        return values
    cleaned = getattr(form, "cleaned_data", {})
    for name in field_names():
        if name in cleaned:
            values[name] = cleaned[name]
        elif name in form.fields and form.data.get(name):
            values[name] = form.data[name]  # filled in, with a mistake: not a gap
    for name, formset in form.formsets.items():
        if name in values:
            values[name] = [row for row in formset.forms if _is_row(row)]
    return values


def _is_row(row: Any) -> bool:
    """Return whether a row of a table is filled in and not marked for deletion."""
    deleted = row.data.get(row.add_prefix("DELETE")) in {"on", "true", "1"}
    return not deleted and bool(row.instance.pk or row.has_changed())


def is_publishing(data: Mapping[str, Any]) -> bool:
    """Whether the editor pressed a button that may end in publication."""
    return bool(data.get("action-publish")) or data.get("workflow-action-name") == "approve"


class CaseStudyForm(ChecksMeasurements, PageForm):
    """Prevents publication while an item of CARE is neither answered nor explained; a draft can be saved as
    it is.
    """

    open_gaps: list[Gap]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_gaps = []
        if excerpts := self.fields.get("perspective_excerpt"):
            excerpts.queryset = offered(self.instance.person_id, self.instance.perspective_excerpt_id)
            excerpts.label_from_instance = in_short
        told = self.instance.last_change_note() if self.instance.pk else ""
        if "change_note" in self.fields and told and self.instance.change_note == told:
            # The note of the last publication does not describe the next one.
            self.initial["change_note"] = ""

    def is_valid(self) -> bool:
        valid = bool(super().is_valid())
        if self.is_bound and is_publishing(self.data):
            found = gaps_in(posted_values(self), given_reasons(self))
            self.open_gaps = [gap for gap in found if not gap.explained]
            for gap in self.open_gaps:
                self.add_error(None, str(gap))
            valid = valid and not self.open_gaps
        return valid
