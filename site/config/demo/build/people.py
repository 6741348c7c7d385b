"""The people behind the samples, who are invented, and their consents: without one in force nothing is shown."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

from config.demo.build.workshop import REVIEWED
from consent.models import Consent, ConsentForm, Person
from consent.uses import UNDERSTOOD, Use, field_of

# What the invented families did not agree to: no advertising, no press.
NOT_AGREED = {Use.MARKETING, Use.PRESS}

FORM_TEXT = """I have been told what is published and have seen it. I know that being anonymous cannot be guaranteed.
I may take this consent back at any time, without giving a reason, and it has no effect on any treatment."""


def person_of(key: str, name: str) -> Person:
    """The invented person behind the sample `key`, with a consent. Made with the sample, and so no more than once."""
    person = Person.objects.create(
        # Not the sample's own words: a pseudonym may be no part of the real name.
        private_name="nobody, invented for the demo",
        display_name=name[:80] or "Sample",
        notes=f"Behind the sample {key}.",
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
