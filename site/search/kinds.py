"""The kinds of results, in the order they are shown, and how each is read."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """A kind of results. `name` is used in addresses (`?kind=stories`); `prefetch`: what its hits read.

    `types`: page types; without any, all pages that belong to no other kind.
    """

    name: str
    label: str | Promise
    types: tuple[str, ...] = ()
    prefetch: tuple[str, ...] = ()

    @property
    def page_types(self) -> list[type[models.Model]]:
        return [apps.get_model(label) for label in self.types]


STORIES = Kind("stories", _("Stories"), ("experiences.StoryPage",))
QUESTIONS = Kind("questions", _("Questions"), ("information.FAQPage",))
PAGES = Kind("pages", _("Pages"))

KINDS = (
    STORIES,
    Kind("videos", _("Videos"), ("experiences.VideoPage",)),
    Kind("cases", _("Case studies"), ("casestudies.CaseStudyPage",)),
    Kind("treatments", _("Treatments"), ("treatments.TreatmentPage",)),
    Kind(
        "places",
        _("Hospitals and doctors"),
        ("directory.HospitalPage", "directory.DoctorPage"),
        prefetch=("hospitals",),
    ),
    QUESTIONS,
    Kind("news", _("News"), ("news.NewsPage",)),
    PAGES,
)


def kinds_by_content_type() -> dict[int, Kind]:
    """Return the kind of each page type. Types that are missing are of the kind PAGES."""
    known = {page_type: kind for kind in KINDS for page_type in kind.page_types}
    types = ContentType.objects.get_for_models(*known)
    return {content_type.pk: known[page_type] for page_type, content_type in types.items()}


def tagging_fields(vocabulary: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """Return the page types in KINDS that are tagged by `vocabulary`, with the field of the tags."""
    return [
        (page_type, field.name)
        for kind in KINDS
        for page_type in kind.page_types
        for field in page_type._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is vocabulary
    ]
