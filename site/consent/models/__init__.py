from __future__ import annotations

from consent.models.consent import Consent
from consent.models.consent_form import ConsentForm
from consent.models.depiction import Depiction
from consent.models.person import Guardianship, Person, Republication

__all__ = [
    "Consent",
    "ConsentForm",
    "Depiction",
    "Guardianship",
    "Person",
    "Republication",
]
