"""The list from which an editor chooses what was measured."""

from __future__ import annotations

from typing import Any

from django import forms


class MeasureSelect(forms.Select):
    """The measures that are offered, by short and full name, and the one that is chosen already."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        groups = []
        for group_name, options, index in super().optgroups(name, value, attrs):
            kept = [option for option in options if option["selected"] or _is_offered(option["value"])]
            for option in kept:
                measure = getattr(option["value"], "instance", None)
                if measure is not None and measure.full_name:
                    option["label"] = f"{measure.name}: {measure.full_name}"
            if kept:
                groups.append((group_name, kept, index))
        return groups


def _is_offered(value: Any) -> bool:
    measure = getattr(value, "instance", None)
    return measure is None or bool(measure.offered)
