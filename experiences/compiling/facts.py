"""Facts that a story takes from its interview: who tells it, who asked, who edited it, which condition.

Each fact is a short string under a name: a field of StoryPage, or 'condition:12' for an accepted condition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.contrib.auth.models import User
from django.utils.translation import gettext
from wagtail.models import Page

from conditions.models import Condition
from consent.models import Person
from interviews.models import Interview, InterviewContributor
from interviews.models.interview import Role

FIELDS = ("patient_name", "country", "person", "teller_name", "relation", "interviewed_by", "edited_by")
TELLERS = (Role.PATIENT, Role.PARENT, Role.PARTNER, Role.RELATIVE, Role.CARER)
CONDITION = "condition:"


def facts_of(interview: Interview, by: User | None) -> dict[str, str]:
    """Return the facts of an interview; '' for unknown ones. Never a real name."""
    contributors = list(interview.contributors.select_related("person"))
    tellers = _tellers(interview, contributors)
    patient = next((contributor for contributor in contributors if contributor.role == Role.PATIENT), None)
    person = next(
        (teller.person for teller in [patient, *tellers] if teller and teller.person is not None), None
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
    """Return the contributors who tell the story, the most quoted first.

    Unquoted ones only if none is quoted.
    """
    said: Counter[str] = Counter()
    for speaker, text in interview.excerpts.kept().values_list("speaker", "text"):
        said[speaker] += len(text)
    telling = [contributor for contributor in contributors if contributor.role in TELLERS]
    quoted = [teller for teller in telling if said[teller.speaker] or said[teller.public_label]]
    return sorted(
        quoted or telling,
        key=lambda teller: (
            -(said[teller.speaker] + (said[teller.public_label] if teller.public_label else 0))
        ),
    )


def _names(tellers: list[InterviewContributor]) -> str:
    """Return 'Marta and Ines': display names, else the public labels up to their comma."""
    names = [
        teller.person.display_name if teller.person else teller.public_label.split(",")[0].strip()
        for teller in tellers
    ]
    names = list(dict.fromkeys(name for name in names if name))
    if len(names) < 2:
        return "".join(names)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _editor(interview: Interview, by: User | None) -> str:
    """Return the editor's full name. A user name is for logging in and is not published."""
    for user in (interview.editor, by):
        if user is not None and (name := user.get_full_name().strip()):
            return name
    return ""


def current_facts(page: Page, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the same facts as a StoryPage has them."""
    facts = {
        name: str((page.person_id if name == "person" else getattr(page, name)) or "") for name in FIELDS
    }
    conditions = {condition.pk for condition in page.conditions.all()}
    return facts | {
        name: (pk if int(pk) in conditions else "")
        for name, pk in wanted.items()
        if name.startswith(CONDITION)
    }


def apply_facts(page: Page, facts: Mapping[str, str]) -> None:
    """Set facts on a StoryPage without saving it. Empty facts change nothing."""
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


def label_of(page: Page, name: str) -> str:
    """Return the label of a fact in the editor's form."""
    if name.startswith(CONDITION):
        return gettext("Condition")
    return str(page._meta.get_field(name).verbose_name).capitalize()


def words_of(page: Page, name: str, value: str) -> str:
    """Return the value of a fact in words."""
    if not value:
        return ""
    if name.startswith(CONDITION):
        return str(Condition.objects.filter(pk=int(value)).values_list("name", flat=True).first() or "")
    if name == "person":
        return str(Person.objects.filter(pk=int(value)).first() or "")
    field = page._meta.get_field(name)
    return str(dict(field.flatchoices).get(value, value))
