"""Page types of this app that show no contributor."""

from __future__ import annotations

from withdrawal.surfaces import exempt

exempt(
    "Answers to questions, prices and forms. What a visitor sends by a form is not public. What names a "
    "person is found by the surface of mentions.",
    "information.FAQPage",
    "information.FinancingPage",
    "information.FormPage",
)
