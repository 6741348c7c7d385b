from __future__ import annotations

from casestudies.models.case import CaseStudyPage, Sex
from casestudies.models.cohort import (
    Basis,
    Cohort,
    CohortCase,
    CohortCount,
    CohortFigure,
    CohortMeasure,
    CohortObservation,
    SourceKind,
)
from casestudies.models.entries import (
    CaseAuthor,
    CaseDocument,
    Reference,
    TimelineEntry,
    TreatmentGiven,
)
from casestudies.models.imported import ImportedCase
from casestudies.models.index import CaseStudyIndexPage
from casestudies.models.measure import Measure
from casestudies.models.observation import Observation
from casestudies.models.report import CohortReport, CohortReportPage
from casestudies.models.versions import CaseVersion

__all__ = [
    "Basis",
    "CaseAuthor",
    "CaseDocument",
    "CaseStudyIndexPage",
    "CaseStudyPage",
    "CaseVersion",
    "Cohort",
    "CohortCase",
    "CohortCount",
    "CohortFigure",
    "CohortMeasure",
    "CohortObservation",
    "CohortReport",
    "CohortReportPage",
    "ImportedCase",
    "Measure",
    "Observation",
    "Reference",
    "Sex",
    "SourceKind",
    "TimelineEntry",
    "TreatmentGiven",
]
