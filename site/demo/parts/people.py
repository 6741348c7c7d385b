"""The invented people behind the samples, and their consents. Without one in force no sample is shown."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

from consent.models import Consent, ConsentForm, Person
from consent.uses import UNDERSTOOD, Use, field_of
from demo.site_builder import REVIEWED

# What the invented families did not agree to.
NOT_AGREED = {Use.MARKETING, Use.PRESS}

FORM_TEXT = """I have been told what is published and have seen it.
I know that being anonymous cannot be guaranteed.
I may withdraw this consent at any time, without giving a reason. It has no effect on any treatment."""


def person_of(key: str, name: str) -> Person:
    """Return a new invented person for the sample `key`, with a consent. Called once per sample."""
    person = Person.objects.create(
        # Not a word of the sample: a pseudonym must not be part of the real name.
        private_name="invented for the demo",
        display_name=name[:80] or "Sample",
        notes=f"The person of the sample ‘{key}’.",
    )
    Consent.objects.create(
        person=person,
        form=consent_form(),
        material="Invented: sample content of the demo.",
        starts_at=timezone.make_aware(datetime.combine(REVIEWED, time.min)),
        signed_on=REVIEWED,
        collected_by="The demo",
        **{field_of(use): use not in NOT_AGREED for use in Use},
        **dict.fromkeys(UNDERSTOOD, True),
    )
    return person


def consent_form() -> ConsentForm:
    form, _made = ConsentForm.objects.get_or_create(
        name="Patient experience", language="en", version="2026-09", defaults={"text": FORM_TEXT}
    )
    return form
