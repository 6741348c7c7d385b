from __future__ import annotations

from publication.models.clearance import Clearance
from publication.models.dependency import PageDependency
from publication.models.restriction import RestrictedPage

__all__ = ["Clearance", "PageDependency", "RestrictedPage"]
