"""The order in which a case study is read: its headings, each only where there is something under it.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casestudies.care import is_filled

# (id, heading, the fields that stand under it); no fields: always there.
PARTS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    (
        "abstract",
        _("Abstract"),
        ("abstract_adds", "abstract_findings", "abstract_interventions", "abstract_conclusion", "keywords"),
    ),
    ("intro", _("Introduction"), ("introduction",)),
    ("patient", _("Patient information"), ("demographics", "main_symptoms", "history", "past_interventions")),
    ("findings", _("Clinical findings"), ("clinical_findings",)),
    ("timeline", _("Timeline"), ("timeline",)),
    (
        "tests",
        _("Tests and diagnosis"),
        ("diagnostic_methods", "diagnostic_challenges", "diagnostic_reasoning", "prognosis"),
    ),
    ("treatment", _("Treatment given"), ("intervention", "treatments_given", "intervention_changes")),
    ("outcomes", _("Follow-up and outcomes"), ("outcomes", "observations", "follow_up_tests", "adherence")),
    ("harms", _("Side effects"), ()),
    ("figures", _("Pictures and recordings"), ("figures",)),
    ("discussion", _("Discussion"), ("strengths_limits", "literature", "rationale", "take_away")),
    ("perspective", _("Patient perspective"), ("perspective",)),
    ("consent", _("Consent and interests"), ()),
    ("refs", _("References"), ("references",)),
    ("save", _("Save and cite"), ()),
)


def contents(values: Mapping[str, object]) -> dict[str, str]:
    """Headings by id, in reading order.

    Side effects, consent and interests are always said, if only as 'not stated'.
    """
    return {
        id_: str(heading)
        for id_, heading, fields in PARTS
        if not fields or any(is_filled(values.get(name)) for name in fields)
    }
