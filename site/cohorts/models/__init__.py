from __future__ import annotations

from cohorts.models.case_rows import CohortCase, CohortCount, CohortObservation, WithdrawnCase
from cohorts.models.cohort import Basis, Cohort, CohortFigure, CohortMeasure, SourceKind
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
    "WithdrawnCase",
]
