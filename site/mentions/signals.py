"""Has the gate refuse names of people who withdrew."""

from __future__ import annotations

from django.db.models.signals import pre_save

from mentions import names_again
from mentions.checklist_lines import name_lines
from publication import checklist, gate


def connect_signals() -> None:
    """Add the rule for names, and judge pages about no one when they are saved."""
    pre_save.connect(names_again.plain_page_is_saved, dispatch_uid="mentions.names_again")
    if names_again.rule not in gate.rules:
        gate.rules.append(names_again.rule)
    checklist.register(name_lines, about_person=False)
