"""The one place where it is written who is in a picture or recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from attribution.models import ShowsNoOne
from audit import trail
from audit.actors import Actor
from consent.models import Depiction
from media.models import Picture, Recording
from publication import gate, public_files
from publication.consent_requirements import store_links
from publication.models import PageDependency


class Contradiction(ValueError):
    """A person and no one are said to be in the same file, or neither."""


def state_who_is_shown(
    *, file: Picture | Recording, people: Mapping[int, bool], no_one: bool = False, by: Actor
) -> None:
    """Store who is in a picture or recording: `people` by number, with whether the face can be recognised.

    Pages about people are judged again, and the file is shown from now on only where everyone consents.
    Raises Contradiction.
    """
    if bool(people) == no_one:
        raise Contradiction(_("Choose the people, or state that no one is shown: one of the two."))
    name = str(file._meta.model_name)
    with transaction.atomic():
        before = {row.person_id: row for row in Depiction.objects.filter(**{name: file.pk})}
        # In the order in which publications lock: the people first.
        gate.lock({*people, *before})
        for person, row in before.items():
            if person not in people:
                row.delete()
        for person, recognisable in people.items():
            row = before.get(person) or Depiction(person_id=person, **{f"{name}_id": file.pk})
            if person not in before or row.is_recognisable != recognisable:
                row.is_recognisable = recognisable
                row.save()
        stated = ShowsNoOne.objects.filter(**{name: file.pk})
        if not no_one:
            stated.delete()
        elif not stated.exists():
            ShowsNoOne.objects.create(**{f"{name}_id": file.pk}, stated_by=by.user)
        _link_pages(name, file.pk, people)
        public_files.refresh([file])
        trail.record(
            by=by,
            action="depiction.stated",
            thing=file,
            details={"people": sorted(people), "before": sorted(before), "no_one": no_one},
        )


def _link_pages(name: str, number: int, people: Iterable[int]) -> None:
    """Note on the pages that show the file on whom they depend from now on: withdrawals look there."""
    links = PageDependency.objects.filter(**{name: number}).values("page")
    for page in Page.objects.filter(pk__in=links):
        store_links(page, {("person", person) for person in people}, draft=True)
