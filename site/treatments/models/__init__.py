from __future__ import annotations

from treatments.models.balance import StoryBalance
from treatments.models.index import TreatmentIndexPage
from treatments.models.page import ProtocolDocument, TreatmentPage
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
