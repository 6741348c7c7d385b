from __future__ import annotations

from publication.models.clearance import Clearance
from publication.models.dependency import PageDependency
from publication.models.first_language import FirstLanguage
from publication.models.restriction import RestrictedPage

__all__ = ["Clearance", "FirstLanguage", "PageDependency", "RestrictedPage"]
