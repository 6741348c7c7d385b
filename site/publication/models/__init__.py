from __future__ import annotations

from publication.models.clearance import Clearance
from publication.models.dependency import PageNeed
from publication.models.restriction import RestrictedPage

__all__ = ["Clearance", "PageNeed", "RestrictedPage"]
