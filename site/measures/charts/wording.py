"""The words of a chart: its heading, captions, text alternative and table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from figures import relative_time
from figures.charts.axes import Axis
from figures.charts.data import Band, Ceiling, Line
from measures.scales import Scale, plain

COUNTABLE = {"interval", "score", "count"}


def assessor(value: str) -> str:
    """Return 'Clinician', or '' where it is not stated."""
    return {
        "clinician": _("Clinician"),
        "patient": _("Patient"),
        "parent": _("Parent"),
        "independent": _("Independent assessor"),
    }.get(value, "")


def line_name(part: str, side: str, assessed_by: str) -> str:
    """Return what sets one line of a chart apart: 'calf, right', 'Parent', or '' for the only one."""
    sides = {"left": _("left"), "right": _("right"), "both": _("both sides")}
    return ", ".join(word for word in (part, sides.get(side, ""), assessor(assessed_by)) if word)


def heading(scale: Scale, names: Sequence[str]) -> str:
    """Return 'GMFM-66', or 'Modified Ashworth Scale: calf, right' where there is one line with a name."""
    if len(names) == 1 and names[0]:
        return _("%(measure)s: %(what)s") % {"measure": scale.name, "what": names[0]}
    return scale.name


def way(scale: Scale) -> str:
    """Return 'Higher is better, 0 to 100 points': the direction in words, and the range."""
    said = {"higher": _("Higher is better"), "lower": _("Lower is better")}.get(
        scale.better, _("Neither higher nor lower is better")
    )
    if scale.kind == "yes_no":
        return {"higher": _("Yes is better"), "lower": _("No is better")}.get(scale.better, said)
    reach = scale.range_in_words if scale.kind != "count" else ""
    # 'grade 0 to 4', but '0 to 100 points'.
    measured = " ".join(
        part for part in ((scale.unit, reach) if scale.levels else (reach, scale.unit)) if part
    )
    return ", ".join(part for part in (said, measured) if part)


def title(scale: Scale, names: Sequence[str]) -> str:
    return _("%(measure)s over time") % {"measure": heading(scale, names)}


def description(scale: Scale, lines: Iterable[Line]) -> str:
    """Return every value of the picture: '3 months before: 50.8. Treatment: 51.2.'"""
    said = [f"{way(scale)}."]
    for line in lines:
        values = ". ".join(
            f"{relative_time.months_in_words(point.months)}: {point.shown}" for point in line.points
        )
        said.append(f"{line.name}: {values}." if line.name else f"{values}.")
    return " ".join(said)


def captions(
    scale: Scale, lines: Sequence[Line], axis: Axis, band: Band | None, ceiling: Ceiling | None
) -> list[str]:
    """Return the sentences under a chart, each a fact that the picture alone does not tell."""
    said = [_("Months from treatment, which is the dotted line.")]
    if axis.is_cut:
        said.append(
            _("Only part of the scale is shown, %(low)s to %(high)s.")
            % {"low": plain(axis.low), "high": plain(axis.high)}
        )
    if scale.difference and not scale.levels:
        rule = (
            _(
                "Inside the grey band the change from baseline is less than %(difference)s, the least that "
                "is known to matter to patients."
            )
            if band
            else _("The least change known to matter to patients is %(difference)s.")
        )
        said.append(rule % {"difference": " ".join((plain(scale.difference), scale.unit)).strip()})
    elif scale.key and scale.kind in {"interval", "score", "level"}:
        said.append(_("We do not know how large a change must be to matter to patients."))
    if ceiling:
        said.append(_natural_course(lines, ceiling))
    return said


def sources(scale: Scale, ceiling: Ceiling | None) -> list[str]:
    """Return the sources of the figures of a chart that are not the patient's own."""
    found = []
    if scale.difference and not scale.levels:
        found.append(
            _("The least change that matters: %(source)s.") % {"source": scale.difference_source.rstrip(".")}
        )
    if ceiling:
        found.append(_("The natural course: %(source)s.") % {"source": scale.ceilings_source.rstrip(".")})
    return found


def _natural_course(lines: Sequence[Line], ceiling: Ceiling) -> str:
    facts = {
        "classification": ceiling.classification,
        "level": ceiling.level,
        "value": plain(ceiling.y),
    }
    said = _(
        "Children at %(classification)s level %(level)s come to about %(value)s on average as they grow up, "
        "with usual care: growth alone raises the figure."
    )
    if ceiling.is_drawn:
        where = _("That is the dashed line.")
    elif ceiling.y > max(point.y for line in lines for point in line.points):
        where = _("That lies above what is shown here.")
    else:
        where = _("That lies below what is shown here.")
    return f"{said} {where}" % facts


def table_head(scale: Scale, several: bool) -> tuple[str, ...]:
    return (
        _("When"),
        *((_("What"),) if several else ()),
        _("Value"),
        *((_("Change from baseline"),) if scale.kind in COUNTABLE else ()),
        _("Assessed by"),
        _("Note"),
    )


def table(scale: Scale, lines: Iterable[Line], several: bool) -> list[tuple[str, ...]]:
    """Return a row for each value, first to last in each line. '–' stands for an empty cell."""
    rows = []
    for line in lines:
        for point in line.points:
            start = line.baseline
            change = (
                signed(point.y - start.y, point.shown, start.shown) if start and not point.is_baseline else ""
            )
            cells = [relative_time.months_in_words(point.months)]
            cells += [line.name] if several else []
            cells.append(point.shown)
            cells += [change] if scale.kind in COUNTABLE else []
            cells += [assessor(line.assessed_by) or _("not stated"), point.note]
            rows.append(tuple(cell or "–" for cell in cells))
    return rows


def signed(change: float, *as_typed: str) -> str:
    """Return '+4.4', '−1.0' or '0', with as many decimals as the values were given with."""
    decimals = max((len(text.partition(".")[2]) for text in as_typed), default=0)
    text = f"{abs(change):.{decimals}f}"
    if not float(text):
        return "0"
    return f"+{text}" if change > 0 else f"−{text}"
