"""What an interview says of a story beside its quotes: who tells it, who asked, who edited, of what condition.

Each fact is a short string under a name: a field of StoryPage, or 'condition:12' for an accepted condition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext

from conditions.models import Condition
from consent.models import Person
from interviews.models import Interview, InterviewContributor
from interviews.models.interview import Role

FIELDS = ("patient_name", "country", "person", "teller_name", "relation", "interviewed_by", "edited_by")
TELLERS = (Role.PATIENT, Role.PARENT, Role.PARTNER, Role.RELATIVE, Role.CARER)
CONDITION = "condition:"


def facts_of(interview: Interview, by: User | None) -> dict[str, str]:
    """What the interview offers; '' for what it does not know. Real names never stand in it."""
    contributors = list(interview.contributors.select_related("person"))
    tellers = _tellers(interview, contributors)
    patient = next((one for one in contributors if one.role == Role.PATIENT), None)
    person = next(
        (one.person for one in [patient, *tellers] if one is not None and one.person is not None), None
    )
    facts = {
        "patient_name": patient.person.display_name[:60] if patient and patient.person else "",
        "country": str(person.country) if person and person.country else "",
        "person": str(person.pk) if person else "",
        "teller_name": _names(tellers)[:120],
        "relation": str(tellers[0].role) if tellers else "",
        "interviewed_by": ", ".join(
            part for part in (interview.interviewer, interview.interviewer_employer) if part
        )[:200],
        "edited_by": _editor(interview, by)[:200],
    }
    accepted = interview.condition_decisions.filter(accepted=True).order_by("decided_at", "pk")
    return facts | {f"{CONDITION}{pk}": str(pk) for pk in accepted.values_list("condition_id", flat=True)}


def _tellers(interview: Interview, contributors: list[InterviewContributor]) -> list[InterviewContributor]:
    """Those who tell it, who says most first; those quoted nowhere only where nobody is."""
    said: Counter[str] = Counter()
    for speaker, text in interview.excerpts.kept().values_list("speaker", "text"):
        said[speaker] += len(text)
    telling = [one for one in contributors if one.role in TELLERS]
    quoted = [one for one in telling if said[one.speaker] or said[one.public_label]]
    return sorted(
        quoted or telling,
        key=lambda one: -(said[one.speaker] + (said[one.public_label] if one.public_label else 0)),
    )


def _names(tellers: list[InterviewContributor]) -> str:
    """'Marta and Ines': display names, else what stands before the comma of how the story names them."""
    names = [
        one.person.display_name if one.person else one.public_label.split(",")[0].strip() for one in tellers
    ]
    names = list(dict.fromkeys(name for name in names if name))
    if len(names) < 2:
        return "".join(names)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _editor(interview: Interview, by: User | None) -> str:
    """The full name of who edits it. A user name is for logging in, and is not published."""
    for user in (interview.editor, by):
        if user is not None and (name := user.get_full_name().strip()):
            return name
    return ""


def standing(page: Any, wanted: Mapping[str, str]) -> dict[str, str]:
    """The same facts as they stand on a StoryPage."""
    facts = {
        name: str((page.person_id if name == "person" else getattr(page, name)) or "") for name in FIELDS
    }
    conditions = {condition.pk for condition in page.conditions.all()}
    return facts | {
        name: (pk if int(pk) in conditions else "")
        for name, pk in wanted.items()
        if name.startswith(CONDITION)
    }


def put(page: Any, facts: Mapping[str, str]) -> None:
    """Set the facts on a StoryPage, unsaved; empty ones are left as they are."""
    conditions = []
    for name, value in facts.items():
        if not value:
            continue
        if name.startswith(CONDITION):
            conditions.append(int(value))
        elif name == "person":
            page.person = Person.objects.filter(pk=int(value)).first()
        else:
            setattr(page, name, value)
    if conditions:
        known = list(page.conditions.all()) if page.pk else []
        keys = {condition.pk for condition in known}
        page.conditions = [
            *known,
            *Condition.objects.filter(pk__in=[pk for pk in conditions if pk not in keys]),
        ]


def label_of(page: Any, name: str) -> str:
    """A fact's name as the editor's form has it."""
    if name.startswith(CONDITION):
        return gettext("Condition")
    return str(page._meta.get_field(name).verbose_name).capitalize()


def words_of(page: Any, name: str, value: str) -> str:
    """A fact's value as a person reads it."""
    if not value:
        return ""
    if name.startswith(CONDITION):
        return str(Condition.objects.filter(pk=int(value)).values_list("name", flat=True).first() or "")
    if name == "person":
        return str(Person.objects.filter(pk=int(value)).first() or "")
    field = page._meta.get_field(name)
    return str(dict(field.flatchoices).get(value, value))
