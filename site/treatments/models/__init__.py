from __future__ import annotations

from treatments.models.balance import StoryBalance
from treatments.models.page import ProtocolDocument, TreatmentIndexPage, TreatmentPage
from treatments.models.vocabulary import Treatment, TreatmentCode, TreatmentName

__all__ = [
    "ProtocolDocument",
    "StoryBalance",
    "Treatment",
    "TreatmentCode",
    "TreatmentIndexPage",
    "TreatmentName",
    "TreatmentPage",
]
