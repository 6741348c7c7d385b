"""The invented people behind the samples, and their consents. Without one in force no sample is shown."""

from __future__ import annotations

from datetime import datetime, time
from functools import partial
from typing import cast

from django.utils import timezone

from consent.models import Consent, ConsentForm, Person
from consent.uses import UNDERSTOOD, Use, field_of
from demo.site_builder import REVIEWED, SiteBuilder

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
        display_name=name[:80] or "Sample patient",
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


def make_quoted(builder: SiteBuilder) -> None:
    """Make the people of the sample stories whom pages about no one quote: those pages come first."""
    texts = (*builder.content.pages, *builder.content.news)
    for key in dict.fromkeys(piece.person for text in texts for piece in text.pieces if piece.person):
        story = next(text for text in builder.content.stories if text.head["key"] == key)
        if builder.find(key) is None or builder.has_made(f"person-{key}"):
            builder.once(f"person-{key}", partial(person_of, key, story.head["patient"]))


def person_quoted(key: str, builder: SiteBuilder) -> Person:
    """Return the person of the sample story `key` (a demo loaded earlier has only the story)."""
    return cast(Person, builder.find(f"person-{key}") or builder.find(key).person)


def consent_form() -> ConsentForm:
    form, _made = ConsentForm.objects.get_or_create(
        name="Patient experience", language="en", version="2026-09", defaults={"text": FORM_TEXT}
    )
    return form
