from __future__ import annotations

from information.models.faq import FAQPage
from information.models.financing import FinancingPage
from information.models.form import FormField, FormPage
from information.models.submission import Submission

__all__ = ["FAQPage", "FinancingPage", "FormField", "FormPage", "Submission"]
