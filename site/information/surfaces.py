"""Page types of this app that never show a person with a recorded consent."""

from __future__ import annotations

from withdrawal.surfaces import exempt

exempt(
    "Answers to questions, prices and forms. What visitors send with a form is not public.",
    "information.FAQPage",
    "information.FinancingPage",
    "information.FormPage",
)
