from __future__ import annotations

from directory.models.doctor import DoctorPage
from directory.models.hospital import HospitalPage
from directory.models.index import DoctorIndexPage, HospitalIndexPage

__all__ = ["DoctorIndexPage", "DoctorPage", "HospitalIndexPage", "HospitalPage"]
