"""Page types of this app that never show a person with a recorded consent."""

from __future__ import annotations

from withdrawal.surfaces import exempt

exempt(
    "Hospitals and doctors, who are named as those who treat.",
    "directory.DoctorPage",
    "directory.HospitalPage",
    "directory.HospitalIndexPage",
    "directory.DoctorIndexPage",
)
