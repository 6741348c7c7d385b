"""Pages of this room on which nobody is met whose consent is kept."""

from __future__ import annotations

from withdrawal.surfaces import exempt

exempt(
    "Answers to questions, prices and forms. What somebody sends by a form is not public.",
    "information.FAQPage",
    "information.FinancingPage",
    "information.FormPage",
)
