"""Where a shared object is public: on which live pages, also those behind a login, and in which other
places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from modelcluster.fields import ParentalKey
from wagtail.models import DraftStateMixin, Page, ReferenceIndex, Site
from wagtail.permission_policies.pages import PagePermissionPolicy

from publication.admin_urls import edit_url
from publication.file_references import public_of
from publication.mixins import AboutPerson, about_person_models
from publication.models import Clearance, RestrictedPage
from shared_changes.registry import shared_of

LISTED = 20  # pages that a message names


@dataclass(frozen=True)
class Place:
    """A page that shows the object. `closed`: only visitors with a login or a password see it."""

    title: str
    url: str
    edit_url: str
    closed: bool


@dataclass(frozen=True)
class Usage:
    """`pages`: the numbers of the live pages. `others`: other public objects. `everywhere`: on every page."""

    pages: tuple[int, ...] = ()
    others: tuple[Any, ...] = ()
    everywhere: bool = False

    def __bool__(self) -> bool:
        return bool(self.pages or self.others or self.everywhere)

    @property
    def count(self) -> int:
        """How many pages and other public objects show it."""
        return len(self.pages) + len(self.others)

    def in_words(self) -> str:
        """Return 'Used on 3 live pages.'"""
        if self.everywhere:
            return _("Used on every page.")
        return ngettext("Used on %(n)d live page.", "Used on %(n)d live pages.", self.count) % {
            "n": self.count
        }

    def places(self) -> list[Place]:
        """Return the first pages and objects, with their addresses."""
        found = Page.objects.filter(pk__in=self.pages[:LISTED]).order_by("path")
        closed = set(RestrictedPage.objects.filter(page__in=found).values_list("page_id", flat=True))
        pages = [Place(page.title, page.url or "", edit_url(page), page.pk in closed) for page in found]
        return [*pages, *(Place(str(other), "", "", False) for other in self.others)]

    def specific_pages(self) -> Iterator[Any]:
        """Yield the pages, each as an object of its own type, as the database has them now."""
        yield from Page.objects.filter(pk__in=self.pages).order_by("path").specific()


def usage_of(thing: Any) -> Usage:
    """Return where a shared object is public now."""
    shared = shared_of(type(thing))
    if shared is None or not thing.pk:
        return Usage()
    if issubclass(type(thing), DraftStateMixin) and not thing.live:
        return Usage()
    if shared.everywhere:
        return Usage(everywhere=True)
    pages, others = _by_reference(thing)
    pages |= set(_by_relation(thing))
    if shared.pages is not None:
        pages |= {page.pk for page in shared.pages(thing)}
    return Usage(tuple(sorted(_live(pages))), tuple(others))


def _by_reference(thing: Model) -> tuple[set[int], list[Any]]:
    """Return the pages and the public objects that refer to it, as Wagtail's index knows them."""
    key = ContentType.objects.get_for_model(type(thing))
    rows = ReferenceIndex.objects.filter(to_content_type=key, to_object_id=str(thing.pk))
    pages: set[int] = set()
    others: list[Any] = []
    for kind, number in set(rows.values_list("base_content_type", "object_id")):
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is None:
            continue
        if issubclass(model, Page):
            pages.add(int(number))
        elif (public := public_of(model)) is not None:
            others += public.filter(pk=number)
    return pages, others


def _by_relation(thing: Model) -> Iterator[int]:
    """Yield the pages that name it in a field of their own: terms, for example, which the index does not
    know.
    """
    for relation in thing._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        rows = model._base_manager.filter(**{name: thing.pk})
        if issubclass(model, Page):
            yield from rows.values_list("pk", flat=True)
            continue
        for column in model._meta.concrete_fields:
            if isinstance(column, ParentalKey) and issubclass(column.related_model, Page):
                yield from rows.values_list(column.attname, flat=True)


def _live(numbers: Iterable[int]) -> set[int]:
    """Return those of these pages that are live and, if they are about a person, cleared: also restricted
    pages.
    """
    live = dict(
        Page.objects.filter(pk__in=list(numbers), live=True).order_by().values_list("pk", "content_type")
    )
    kinds = {kind.pk for kind in ContentType.objects.get_for_models(*about_person_models()).values()}
    about = {number for number, kind in live.items() if kind in kinds}
    cleared = Clearance.objects.filter(page__in=about)
    return (set(live) - about) | {row.pk for row in cleared if row.is_in_force()}


def may_release(user: Any, usage: Usage) -> bool:
    """Return whether `user` may publish everything that shows the object."""
    if user is None:
        return True  # a task of the system
    if user.is_superuser:
        return True
    if usage.everywhere or usage.others:
        roots = [site.root_page for site in Site.objects.select_related("root_page")]
        if not roots or not all(root.permissions_for_user(user).can_publish() for root in roots):
            return False
    allowed = PagePermissionPolicy().instances_user_has_permission_for(user, "publish").order_by()
    pages = Page.objects.filter(pk__in=usage.pages).order_by()
    return not pages.exclude(pk__in=allowed.values("pk")).exists()


def form_url(thing: Any) -> str:
    """Return the address of the form in which an object is edited, '' where there is none."""
    names = {
        "media.picture": "wagtailimages:edit",
        "media.document": "wagtaildocs:edit",
        "media.recording": "wagtailmedia:edit",
    }
    label = thing._meta.label_lower
    if label in names:
        return reverse(names[label], args=[thing.pk])
    if (viewset := getattr(type(thing), "snippet_viewset", None)) is not None:
        return reverse(viewset.get_url_name("edit"), args=[thing.pk])
    if hasattr(thing, "site_id"):
        return reverse("wagtailsettings:edit", args=[*label.split("."), thing.site_id])
    return ""


def is_about_person(page: Any) -> bool:
    """Return whether the gate decides about a page."""
    return isinstance(page, AboutPerson)
