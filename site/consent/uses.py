"""The uses for which a person can consent.

Sources: BMJ patient consent form (2019); ICMJE, protection of research participants; GMC, making and using
visual and audio recordings of patients.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Use(models.TextChoices):
    """One use of what a person told or gave. Each is asked and answered separately."""

    TEXT = "text", _("their story or case in words")
    QUOTES = "quotes", _("their own words, quoted")
    PHOTO = "photo", _("pictures of them")
    FACE = "face", _("a recognisable face")
    VOICE = "voice", _("their voice")
    VIDEO = "video", _("video of them")
    REAL_NAME = "real_name", _("their real first name")
    FULL_TRANSCRIPT = "full_transcript", _("the whole conversation in writing")
    SOCIAL_MEDIA = "social_media", _("social media")
    PRESS = "press", _("press")
    TRANSLATION = "translation", _("translation into other languages")
    TEACHING = "teaching", _("teaching")
    MARKETING = "marketing", _("advertising")


def field_of(use: Use | str) -> str:
    """Return the name of the consent's field for a use: 'use_text' for Use.TEXT."""
    return f"use_{Use(use).value}"


# What the signer must have understood for a consent to be valid (BMJ form, points 1 to 6; CAP code 3.46).
UNDERSTOOD = {
    "understood_not_anonymous": _("that being anonymous cannot be guaranteed"),
    "understood_health_shown": _("that the condition, the treatment and how it went are shown"),
    "understood_worldwide": _("that anyone in the world can read it"),
    "understood_edited": _("that the words may be shortened and ordered, and how that is shown"),
    "understood_taken_up": _("that it may be translated, and that the press and social media may report it"),
    "understood_no_advertising": _("that nothing is used in advertising without separate consent"),
    "understood_no_payment": _("that nothing is paid for it, and treatment does not depend on it"),
}
