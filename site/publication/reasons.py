"""The types of the gate: what a page about a person requires, and why it may not be public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.uses import Use
from queries import kept


@dataclass(frozen=True)
class ConsentRequirement:
    """A page, or a part of it, requires the consent of one person for one use.

    `person`: the person's id, None if the page names no one.
    `part`: '' if the whole page depends on it, else the part that is redacted without consent: 'block:<id>',
    'field:<name>', 'clip:<block id>', 'transcript:<interview id>'.
    `label`: the editor's name for the part: 'Video: First steps'.
    """

    person: int | None
    use: Use
    part: str = ""
    label: str = ""


def requirements_of(page: Any) -> list[ConsentRequirement]:
    """Return what a page about a person requires, each once. While it is published, it is collected once."""
    return kept.once(page, "requirements", lambda: list(dict.fromkeys(page.consent_requirements())))


class Why(models.TextChoices):
    """Why a page or a part of it may not be public."""

    NO_PERSON = "no_person", _("No person is linked to this page.")
    NO_CONSENT = "no_consent", _("There is no signed consent.")
    NOT_YET = "not_yet", _("The consent is not in force yet.")
    EXPIRED = "expired", _("The consent has ended.")
    WITHDRAWN = "withdrawn", _("The consent was withdrawn.")
    NOT_GRANTED = "not_granted", _("The consent does not allow this use.")
    ERASED = "erased", _("The person asked for their data to be erased.")
    NOT_APPROVED = "not_approved", _("The family has not approved this page yet.")
    CHANGED = "changed", _("The page has changed since the family approved it.")
    CHANGE_ASKED = "change_asked", _("The family asked for a change.")
    DECLINED = "declined", _("The family declined.")
    IDENTIFIES = "identifies", _("The page has words that may identify a person. Decide about them first.")
    WORDS = "words", _("This text was withdrawn by the person who gave it.")
    WITHDRAWN_NAME = "withdrawn_name", _("The page names a person who withdrew their consent.")
    PLACEHOLDER = "placeholder", _("The page has words that stand for something that is still to be written.")
    NOT_SEARCHED = "not_searched", _("A document has parts that could not be searched. Read them first.")
    UNATTRIBUTED = "unattributed", _("No one has said whose words these are, or who is shown.")
    INCOMPLETE = "incomplete", _("The page lacks information that it must show.")


@dataclass(frozen=True)
class Reason:
    """A reason why a page, or a part of it (`part`), may not be public.

    `text` says what is wrong, where, and how to fix it; `url`: where in the admin to fix it, '' if nowhere.
    """

    why: Why
    text: str
    url: str = ""
    requirement: ConsentRequirement | None = None

    @property
    def part(self) -> str:
        """The part of the page that the reason concerns, '' for the whole page."""
        return self.requirement.part if self.requirement else ""

    def as_json(self) -> dict[str, str]:
        """Return the reason for APIs and commands."""
        return {
            "why": self.why.value,
            "text": self.text,
            "url": self.url,
            "use": self.requirement.use.value if self.requirement else "",
            "part": self.part,
        }
