from __future__ import annotations

from consent.models.consent import Consent, ConsentForm, Depiction
from consent.models.person import Guardianship, Person, Republication

__all__ = [
    "Consent",
    "ConsentForm",
    "Depiction",
    "Guardianship",
    "Person",
    "Republication",
]
