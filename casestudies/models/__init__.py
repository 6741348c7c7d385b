from __future__ import annotations

from casestudies.models.case import CaseStudyPage, Sex
from casestudies.models.entries import (
    CaseAuthor,
    CaseDocument,
    Reference,
    TimelineEntry,
    TreatmentGiven,
)
from casestudies.models.imported import ImportedCase
from casestudies.models.index import CaseStudyIndexPage
from casestudies.models.observation import Observation
from casestudies.models.versions import CaseVersion

__all__ = [
    "CaseAuthor",
    "CaseDocument",
    "CaseStudyIndexPage",
    "CaseStudyPage",
    "CaseVersion",
    "ImportedCase",
    "Observation",
    "Reference",
    "Sex",
    "TimelineEntry",
    "TreatmentGiven",
]
