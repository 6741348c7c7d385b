"""The index of pages by person and file: one query finds the pages that depend on a consent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consent.models.person import Person


class PageDependency(models.Model):
    """A page depends on a person, or shows a picture or recording, as published or in its latest draft.

    Written by `publication.mixins.AboutPerson` at each save, also of a draft. It decides nothing: it only
    lists the pages to reassess.
    """

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="dependencies")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="page_dependencies")
    picture = models.ForeignKey("media.Picture", null=True, on_delete=models.CASCADE, related_name="+")
    recording = models.ForeignKey("media.Recording", null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("page dependency")
        verbose_name_plural = _("page dependencies")
        constraints = [
            models.UniqueConstraint(
                fields=["page", name],
                condition=Q(**{f"{name}__isnull": False}),
                name=f"one_dependency_on_a_{name}",
            )
            for name in ("person", "picture", "recording")
        ]

    def __str__(self) -> str:
        return f"Page {self.page_id} depends on {self.person or self.picture or self.recording}"
