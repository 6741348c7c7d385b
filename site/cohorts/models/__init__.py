from __future__ import annotations

from cohorts.models.cohort import (
    Basis,
    Cohort,
    CohortCase,
    CohortCount,
    CohortFigure,
    CohortMeasure,
    CohortObservation,
    SourceKind,
)
from cohorts.models.report import CohortReport, CohortReportPage

__all__ = [
    "Basis",
    "Cohort",
    "CohortCase",
    "CohortCount",
    "CohortFigure",
    "CohortMeasure",
    "CohortObservation",
    "CohortReport",
    "CohortReportPage",
    "SourceKind",
]
