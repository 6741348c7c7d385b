"""The CARE guideline for case reports: its 13 items as data, and which of them a text still lacks. Pure.

Sources: Gagnier JJ and others, The CARE guidelines: consensus-based clinical case reporting guideline
development, 2013 (the items); Riley DS and others, CARE guidelines for case reports: explanation and
elaboration document, J Clin Epidemiol 2017;89:218-235, doi 10.1016/j.jclinepi.2017.04.026 (what each asks).
The wording is our own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Values = Mapping[str, object]

SOURCE = "https://doi.org/10.1016/j.jclinepi.2017.04.026"
_TAGS = re.compile(r"<[^>]*>|&nbsp;")


def is_filled(value: object) -> bool:
    """Return whether there is anything to read: markup and spaces alone do not count, a 0 does."""
    if value is None:
        return False
    if isinstance(value, str):
        return bool(_TAGS.sub("", value).strip())
    try:
        return len(value) > 0  # type: ignore[arg-type]  # anything with a length: lists, tuples, streams
    except TypeError:
        return True


def _says_case_study(values: Values) -> bool:
    title = str(values.get("title") or "").casefold()
    return any(words in title for words in ("case report", "case study", "case series"))


def _two_to_five(values: Values) -> bool:
    words = [word for word in str(values.get("keywords") or "").split(",") if word.strip()]
    return 2 <= len(words) <= 5


@dataclass(frozen=True)
class CareItem:
    """One item, or sub-item, of the checklist.

    `fields`: the fields that answer it; with `any_of` one of them is enough, else all are needed. `rule`: a
    check beyond 'is there something'. `optional`: the guideline says 'when appropriate' or 'where
    applicable'. `excusable`: whether a stated reason may stand in for the answer; none can stand in for
    consent.
    """

    number: str
    name: Words
    asks: Words
    fields: tuple[str, ...]
    any_of: bool = False
    optional: bool = False
    excusable: bool = True
    rule: Callable[[Values], bool] | None = None
    source: str = SOURCE

    @property
    def item(self) -> int:
        """The number of the item it belongs to, 1 to 13."""
        return int(self.number.rstrip("abcd"))

    def missing(self, values: Values) -> tuple[str, ...]:
        """The fields that are still empty, or that break the rule."""
        empty = tuple(name for name in self.fields if not is_filled(values.get(name)))
        if empty and not (self.any_of and len(empty) < len(self.fields)):
            return empty
        return self.fields if self.rule and not self.rule(values) else ()


@dataclass(frozen=True)
class ItemStatus:
    """One item as a text answers it."""

    item: CareItem
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.missing


CHECKLIST: tuple[CareItem, ...] = (
    CareItem(
        "1",
        _("Title"),
        _("Says ‘case report’ or ‘case study’, and what it is about."),
        ("title",),
        rule=_says_case_study,
    ),
    CareItem(
        "2", _("Key words"), _("Two to five words for what matters here."), ("keywords",), rule=_two_to_five
    ),
    CareItem("3a", _("Abstract: introduction"), _("What does this case add?"), ("abstract_adds",)),
    CareItem(
        "3b", _("Abstract: findings"), _("The main symptoms and clinical findings."), ("abstract_findings",)
    ),
    CareItem(
        "3c",
        _("Abstract: treatment and outcomes"),
        _("The main diagnoses, interventions and outcomes."),
        ("abstract_interventions",),
    ),
    CareItem("3d", _("Abstract: conclusion"), _("What can be learned from it?"), ("abstract_conclusion",)),
    CareItem(
        "4",
        _("Introduction"),
        _("A short background, with references to what is already published."),
        ("introduction", "references"),
    ),
    CareItem(
        "5a",
        _("Patient: who"),
        _("Age, sex and other demographic facts, without anything that identifies."),
        ("age_at_treatment", "age_at_report", "demographics"),
        any_of=True,
    ),
    CareItem(
        "5b",
        _("Patient: symptoms"),
        _("The main symptoms, as the patient described them."),
        ("main_symptoms",),
    ),
    CareItem(
        "5c",
        _("Patient: history"),
        _("Medical, family and psychosocial history, genes included."),
        ("history",),
    ),
    CareItem(
        "5d",
        _("Patient: past treatment"),
        _("Earlier interventions and their results."),
        ("past_interventions",),
    ),
    CareItem(
        "6",
        _("Clinical findings"),
        _("What the examination showed that matters here."),
        ("clinical_findings",),
    ),
    CareItem("7", _("Timeline"), _("What happened when, as a table or figure."), ("timeline",)),
    CareItem(
        "8a",
        _("Tests"),
        _("How it was diagnosed: examination, laboratory, pictures, scales."),
        ("diagnostic_methods",),
    ),
    CareItem(
        "8b",
        _("Difficulties of diagnosis"),
        _("What made it difficult: money, language, access."),
        ("diagnostic_challenges",),
        optional=True,
    ),
    CareItem(
        "8c",
        _("Diagnosis and why"),
        _("The diagnosis, the reasoning, and what else was considered."),
        ("diagnostic_reasoning",),
    ),
    CareItem(
        "8d",
        _("Prognosis"),
        _("What was to be expected, e.g. the stage, where this applies."),
        ("prognosis",),
        optional=True,
    ),
    CareItem("9a", _("Treatment: kinds"), _("Which interventions were given."), ("intervention",)),
    CareItem(
        "9b",
        _("Treatment: doses"),
        _("How much, how strong, for how long: the treatment table."),
        ("treatments_given",),
    ),
    CareItem(
        "9c",
        _("Treatment: changes"),
        _("What was changed, and why; or that nothing was."),
        ("intervention_changes",),
    ),
    CareItem(
        "10a",
        _("Outcomes"),
        _("As the clinician and as the patient judged them, measured where possible."),
        ("outcomes", "observations"),
        any_of=True,
    ),
    CareItem(
        "10b", _("Tests at follow-up"), _("Results that matter, the bad ones too."), ("follow_up_tests",)
    ),
    CareItem(
        "10c",
        _("Adherence"),
        _("Was the treatment followed and tolerated? How is this known?"),
        ("adherence",),
    ),
    CareItem(
        "10d",
        _("Side effects"),
        _("Unwanted and unexpected effects, or that there were none."),
        ("adverse_events",),
    ),
    CareItem(
        "11a",
        _("Strengths and limits"),
        _("Of this report, and of how the case was handled."),
        ("strengths_limits",),
    ),
    CareItem("11b", _("Literature"), _("What others have found."), ("literature",)),
    CareItem(
        "11c",
        _("Reasons for the conclusions"),
        _("Why they follow, and what else could explain the course."),
        ("rationale",),
    ),
    CareItem("11d", _("Take-away"), _("The one thing to remember."), ("take_away",)),
    CareItem(
        "12", _("Patient perspective"), _("In the patient's or the family's own words."), ("perspective",)
    ),
    CareItem(
        "13",
        _("Informed consent"),
        _("Who agreed to publication, and how."),
        ("consent_statement",),
        excusable=False,
    ),
)


def completeness(values: Values) -> list[ItemStatus]:
    """Every item with what it still lacks. `values`: a case study's fields by name, its tables as lists."""
    return [ItemStatus(item, item.missing(values)) for item in CHECKLIST]


def field_names() -> list[str]:
    """All fields the checklist asks about, each once, in its order."""
    return list(dict.fromkeys(name for item in CHECKLIST for name in item.fields))


def answered(statuses: Iterable[ItemStatus]) -> tuple[int, int]:
    """Return (answered, asked for) of the items that are not optional."""
    asked_for = [status for status in statuses if not status.item.optional]
    return len([status for status in asked_for if status.complete]), len(asked_for)
