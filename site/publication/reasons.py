"""What a page about a person needs, and why it may not be public: the typed words of the gate."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.uses import Use


@dataclass(frozen=True)
class ConsentRequirement:
    """That a page, or a part of it, needs somebody's consent for one use.

    `person`: their number, None where the page does not say whose consent it rests on.
    `part`: '' where the whole page stands or falls with it; else what is left out without it: 'block:<id>',
    'field:<name>', 'clip:<block id>', 'transcript:<interview number>'.
    `label`: what the editor knows the part by: 'Video: First steps'.
    """

    person: int | None
    use: Use
    part: str = ""
    label: str = ""


class Why(models.TextChoices):
    """Why something may not be public."""

    NO_PERSON = "no_person", _("The page does not say whose consent it rests on.")
    NO_CONSENT = "no_consent", _("There is no signed consent.")
    NOT_YET = "not_yet", _("The consent is not in force yet.")
    EXPIRED = "expired", _("The consent has ended.")
    WITHDRAWN = "withdrawn", _("The consent was withdrawn.")
    NOT_GRANTED = "not_granted", _("The consent does not allow this use.")
    ERASED = "erased", _("The person asked to be erased.")
    NOT_APPROVED = "not_approved", _("The family has not approved it yet.")
    CHANGED = "changed", _("It was changed since the family approved it.")
    CHANGE_ASKED = "change_asked", _("The family asked for a change.")
    DECLINED = "declined", _("The family declined.")
    IDENTIFIES = "identifies", _("Something in it may identify a person, and nobody has decided about it.")
    INCOMPLETE = "incomplete", _("Something that must stand on the page is missing.")


@dataclass(frozen=True)
class Reason:
    """One reason why a page, or a part of it (`part`), may not be public.

    `text` says what, where and how to mend it; `url`: where in the admin it is mended, '' where nowhere.
    """

    why: Why
    text: str
    url: str = ""
    requirement: ConsentRequirement | None = None

    @property
    def part(self) -> str:
        return self.requirement.part if self.requirement else ""

    def as_json(self) -> dict[str, str]:
        """For APIs and commands."""
        return {
            "why": self.why.value,
            "text": self.text,
            "url": self.url,
            "use": self.requirement.use.value if self.requirement else "",
            "part": self.part,
        }
