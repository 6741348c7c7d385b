"""The safety net under the services: however a consent, a person or who is shown in a picture is changed, pages follow."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from people import reconsidering
from people.models import Consent, Depiction, PageNeed, Person


@receiver(post_save, sender=Consent)
@receiver(post_delete, sender=Consent)
def consent_changed(instance: Consent, **rest: Any) -> None:
    if not rest.get("raw") and not reconsidering.is_by_hand():
        reconsidering.of_people([instance.person_id])


@receiver(post_save, sender=Person)
def person_changed(instance: Person, created: bool, raw: bool = False, **_rest: Any) -> None:
    """Another birth ends a guardian's consent on another day; another name may be the one a page uses."""
    if created or raw or reconsidering.is_by_hand():
        return
    for consent in Consent.objects.filter(person=instance).exclude(signer=Consent.Signer.SELF):
        consent.person = instance
        if consent.end() != consent.ends_at:
            with reconsidering.by_hand():
                consent.save(update_fields=["ends_at"])
    reconsidering.of_people([instance.pk])


@receiver(post_save, sender=Depiction)
@receiver(post_delete, sender=Depiction)
def depiction_changed(instance: Depiction, **rest: Any) -> None:
    """Somebody is now known to be seen or heard in it, or not to be: wherever it is shown."""
    if rest.get("raw"):
        return
    thing = Q(picture=instance.picture_id) if instance.picture_id else Q(recording=instance.recording_id)
    reconsidering.of_pages(PageNeed.objects.filter(thing).values_list("page", flat=True))
