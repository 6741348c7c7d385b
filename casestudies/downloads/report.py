"""What the downloads read of a case study. They know no models, so that the model can serve them."""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol

from django.http import HttpRequest


class CaseReport(Protocol):
    """A case study page. Tables are managers of their rows; prose fields are read by name."""

    pk: Any
    translation_key: Any
    slug: str
    title: str
    case_number: str
    version: int
    keywords: str
    plain_summary: str
    is_sample: bool
    abstract_adds: str
    abstract_findings: str
    abstract_interventions: str
    abstract_conclusion: str
    perspective_by: str
    consent_statement: str
    competing_interests: str
    funding: str
    sex: str
    diagnosis: str
    age_at_treatment: int | None
    age_at_report: int | None
    timeline_from: str
    conditions: Any
    timeline: Any
    treatments_given: Any
    observations: Any
    references: Any
    shown_conditions: list[Any]

    @property
    def published(self) -> dt.date | None: ...
    @property
    def description(self) -> str: ...
    @property
    def outcome_words(self) -> str: ...
    @property
    def key_facts(self) -> list[tuple[Any, str]]: ...
    def in_order_of_time(self, entries: list[Any]) -> list[Any]: ...
    def get_context(self, request: HttpRequest) -> dict[str, Any]: ...
    def get_full_url(self, request: HttpRequest | None = None) -> str | None: ...
