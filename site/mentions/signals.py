"""Has the gate refuse names of people who withdrew, and pages about no one that name people on record."""

from __future__ import annotations

from django.db.models.signals import post_delete, post_save, pre_save

from attribution import rules
from consent.models import Guardianship, Person
from mentions import names_again, naming, person_names
from mentions.checklist_lines import name_lines
from publication import checklist, gate


def connect_signals() -> None:
    """Add the rules for names, keep names on record, and judge pages about no one when they are saved."""
    pre_save.connect(names_again.plain_page_is_saved, dispatch_uid="mentions.names_again")
    for sender in (Person, Guardianship):
        uid = f"mentions.person_names.{sender.__name__}"
        post_save.connect(person_names.person_saved, sender=sender, dispatch_uid=uid)
    post_delete.connect(
        person_names.guardianship_ended, sender=Guardianship, dispatch_uid="mentions.person_names.ended"
    )
    if names_again.rule not in gate.rules:
        gate.rules.append(names_again.rule)
        rules.namings.append(rules.Naming(naming.people_meant, naming.reasons))
    checklist.register(name_lines, about_person=False)
