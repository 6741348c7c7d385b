"""Which pages rest on whom: the index by which a consent that changes finds its pages in one query."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consent.models.person import Person


class PageDependency(models.Model):
    """That a page, as published or as it stands in its latest draft, rests on a person, or shows a picture or recording.

    Written by `publication.mixins.AboutPerson` at each save, drafts too. Nothing is decided by it: it only tells where to look.
    """

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="dependencies")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="page_dependencies")
    picture = models.ForeignKey("media.Picture", null=True, on_delete=models.CASCADE, related_name="+")
    recording = models.ForeignKey("media.Recording", null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("what a page rests on")
        verbose_name_plural = _("what pages rest on")
        constraints = [
            models.UniqueConstraint(
                fields=["page", name],
                condition=Q(**{f"{name}__isnull": False}),
                name=f"one_dependency_on_a_{name}",
            )
            for name in ("person", "picture", "recording")
        ]

    def __str__(self) -> str:
        return f"Page {self.page_id} rests on {self.person or self.picture or self.recording}"
