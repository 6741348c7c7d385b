from __future__ import annotations

from pages.models.base import BasePage
from pages.models.home import HomePage
from pages.models.patient import PatientPage
from pages.models.settings import SiteSettings
from pages.models.standard import StandardPage

__all__ = ["BasePage", "HomePage", "PatientPage", "SiteSettings", "StandardPage"]
