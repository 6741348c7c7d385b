"""Made-up cohorts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from cohorts.models import Cohort, CohortFigure, CohortMeasure, CohortReport
from cohorts.report_versions import draft_of, publish_draft
from tests import factories as make

# Months, followed up, improved, no change, worse.
SEED = ((1, 610, 300, 290, 20), (3, 520, 270, 230, 20), (6, 450, 240, 190, 20), (12, 380, 210, 150, 20))


def cohort(
    *, live: bool = True, lines: Any = SEED, measure: str = "Doctor’s judgement", **fields: Any
) -> Cohort:
    """A cohort of 1,240 with typed figures, published through Wagtail if `live`."""
    given: dict[str, Any] = {
        "title": "Descriptive statistical report",
        "treated": 1240,
        "treated_at_least": True,
        "source_kind": "partner",
        "source": "The partner’s count",
        "method": "Records were read after the event.\n\nNothing was planned before.",
        "limits": "No other group was compared.\nSeven in ten were not seen again.",
        **fields,
    }
    given.setdefault("condition", None) or given.update(
        condition=make.ConditionFactory(name="Cerebral palsy")
    )
    given.setdefault("treatment", None) or given.update(
        treatment=make.TreatmentFactory(name="Stem cell therapy")
    )
    given["measures"] = [CohortMeasure(name=measure, definition="As the doctor wrote it down.", sort_order=0)]
    given["figures"] = [
        CohortFigure(
            measure=measure,
            months=months,
            followed_up=followed,
            improved=improved,
            unchanged=unchanged,
            worse=worse,
            sort_order=number,
        )
        for number, (months, followed, improved, unchanged, worse) in enumerate(lines)
    ]
    made = Cohort(live=False, **given)
    made.save()
    return publish(made) if live else made


def publish(made: Cohort) -> Cohort:
    made.save_revision().publish()
    return Cohort.objects.get(pk=made.pk)


def rows_cohort(*, live: bool = False, **fields: Any) -> Cohort:
    """One whose figures are counted from case rows: GMFM-66, higher is better, two points count."""
    made = cohort(live=False, lines=(), measure="GMFM-66", basis="rows", treated=None, **fields)
    measure = made.measures.get()
    measure.better, measure.least_change = "higher", 2
    measure.save()
    made = Cohort.objects.get(pk=made.pk)
    return publish(made) if live else made


def editor() -> Any:
    return get_user_model().objects.get_or_create(username="evidence-editor")[0]


def publish_rows(made: Cohort, by: Any = None) -> CohortReport:
    """Publish what was counted of the cohort, as a person does who has seen the draft."""
    made = Cohort.objects.get(pk=made.pk)
    return publish_draft(cohort=made, digest=draft_of(made).digest, by=by or editor())


def csv_of(*rows: dict[str, Any]) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(names), *(",".join(str(row.get(name, "")) for name in names) for row in rows)]
    return "\n".join(lines).encode()


def case(
    number: int, *, before: float = 50, after: float | None = 55, months: int = 12, **more: Any
) -> list[dict[str, Any]]:
    """Two rows of one case, baseline and follow-up; one row without `after`."""
    first = {"case_id": f"H-{number}", "measure": "GMFM-66", "months": 0, "value": before, **more}
    if after is None:
        return [first]
    return [first, {"case_id": f"H-{number}", "measure": "GMFM-66", "months": months, "value": after}]
