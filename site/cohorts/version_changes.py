"""What a draft changes against the version that is public, line by line. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cohorts.report_parts import WITHHELD, time_words
from pages.age_bands import age_labels
from pages.numbers import figure
from pages.outcome_counts import OUTCOMES
from pages.wording import group_words


@dataclass(frozen=True)
class Change:
    """One number: as it is public ('–' where it is not), and as the draft gives it."""

    what: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def changes(before: dict[str, Any] | None, after: dict[str, Any]) -> list[Change]:
    """Return every number of either version, in the order of the report. `before` None: nothing is public."""
    old = dict(_numbers(before)) if before else {}
    new = dict(_numbers(after))
    return [Change(what, old.get(what, "–"), new.get(what, "–")) for what in {**new, **old}]


# Eurostat’s guidelines for checking output: a cell with this share of its table, or more, tells what is so of
# each person who is known to be in it (group disclosure).
NEARLY_ALL = 0.9


def alike(data: dict[str, Any]) -> list[str]:
    """Return where the figures tell nearly everyone's result: 'GMFM-66, 12 months: improved, 40 of 40'."""
    return [
        f"{measure['name']}, {time_words(time['months'])}: {group_words(names)}, "
        + _("%(count)s of %(all)s") % {"count": figure(count), "all": figure(data["treated"])}
        for measure in data["measures"]
        for time in measure["times"]
        for names, count in time["groups"]
        if data["treated"] and len(names) < len(OUTCOMES) and count >= NEARLY_ALL * data["treated"]
    ]


def _numbers(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    few = _("fewer than %(n)s people") % {"n": (data.get("rules") or [0, 0, 0])[2]}
    yield _("Treated"), few if data.get("few") else _count(data["treated"])
    for measure in data["measures"]:
        for time in measure["times"]:
            where = f"{measure['name']}, {time_words(time['months'])}"
            yield f"{where}: {_('followed up')}", _count(time["followed_up"])
            for names, count in time["groups"]:
                yield f"{where}: {group_words(names)}", _count(count)
        for value in measure["values"]:
            when = time_words(value["months"]) if value["months"] else _("before treatment")
            yield from _statistics(f"{measure['name']}, {when}", value)
    sexes = {"female": _("Female"), "male": _("Male"), "other": _("Other")}
    for table, what, labels in (("ages", _("Age"), age_labels()), ("sexes", _("Sex"), sexes)):
        for name, count in data[table]:
            yield f"{what}: {labels.get(name, _('Not known'))}", _count(count)


def _statistics(where: str, value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield f"{where}: {_('people measured')}", _count(value["n"])
    median, first, third = (value.get(name) for name in ("median", "first_quartile", "third_quartile"))
    quartiles = f" ({first}–{third})" if first else ""
    yield f"{where}: {_('median (quartiles)')}", f"{median}{quartiles}" if median else str(WITHHELD)
    if value["months"]:
        interval = f" ({value['low']} – {value['high']})" if value.get("low") else ""
        change = f"{value['change']}{interval}" if value.get("change") else str(WITHHELD)
        yield f"{where}: {_('mean change')}", change


def _count(count: int | None) -> str:
    return str(WITHHELD) if count is None else figure(count)
