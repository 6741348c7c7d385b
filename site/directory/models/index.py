"""The two lists of the directory."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from directory.listing import directory_listing
from directory.models.doctor import DoctorPage
from directory.models.hospital import HospitalPage
from pages.blocks import RichTextBlock
from pages.fields import QuietStreamField
from pages.models import BasePage
from pages.tree import children_of
from publication.visibility import visible_pages


class DirectoryIndexPage(BasePage):
    """A searchable list of one kind of entry, with a link to the other list."""

    lede = models.TextField(_("opening words"), max_length=400, blank=True)
    advice = QuietStreamField(
        [("text", RichTextBlock(features=["bold", "italic", "link", "ul"]))],
        blank=True,
        max_num=1,
        verbose_name=_("before you write"),
        help_text=_("What to have ready, and what to ask. Shown next to the list."),
    )

    content_panels = [*BasePage.content_panels, "lede", "advice"]
    search_fields = [*BasePage.search_fields, index.SearchField("lede")]
    parent_page_types = ["pages.HomePage"]
    max_count_per_parent = 1

    entries: ClassVar[type[HospitalPage] | type[DoctorPage]]
    other_index: ClassVar[str]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["listing"] = directory_listing(list(self.listed()), dict(request.GET.lists()))
        context["places"] = list(context["listing"].page.object_list)
        context["other"] = self.other
        return context

    def listed(self) -> QuerySet[Any]:
        entries: QuerySet[Any] = (
            visible_pages(children_of(self.entries.objects.all(), self))
            .prefetch_related("conditions", "treatments")
            .defer("body")
            .order_by("title", "pk")
        )
        return entries

    @cached_property
    def other(self) -> BasePage | None:
        """The other list, where it is public."""
        model = {"HospitalIndexPage": HospitalIndexPage, "DoctorIndexPage": DoctorIndexPage}[self.other_index]
        # One table first: a database that knows nothing of an empty table reads all pages instead.
        numbers = list(model.objects.order_by().values_list("pk", flat=True))
        pages = model.objects.sibling_of(self).filter(pk__in=numbers)
        found: BasePage | None = visible_pages(pages).first()
        return found


class HospitalIndexPage(DirectoryIndexPage):
    entries = HospitalPage
    other_index = "DoctorIndexPage"
    subpage_types = ["directory.HospitalPage"]

    class Meta:
        verbose_name = _("hospitals index")


class DoctorIndexPage(DirectoryIndexPage):
    entries = DoctorPage
    other_index = "HospitalIndexPage"
    subpage_types = ["directory.DoctorPage"]

    class Meta:
        verbose_name = _("doctors index")

    def listed(self) -> QuerySet[Any]:
        return super().listed().prefetch_related("hospitals")
