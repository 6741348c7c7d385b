from __future__ import annotations

from casestudies.models.case import CaseStudyPage, Sex
from casestudies.models.entries import (
    CaseAuthor,
    CaseDocument,
    Observation,
    Reference,
    TimelineEntry,
    TreatmentGiven,
)
from casestudies.models.index import CaseStudyIndexPage

__all__ = [
    "CaseAuthor",
    "CaseDocument",
    "CaseStudyIndexPage",
    "CaseStudyPage",
    "Observation",
    "Reference",
    "Sex",
    "TimelineEntry",
    "TreatmentGiven",
]
