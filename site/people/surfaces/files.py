"""The files of pictures, recordings and documents that the public may fetch.

Originals are private, always. What the public fetches are copies, which `people.showing` has made when a page is
published and taken away with the last page that shows them (`media.publishing`): here they are counted and checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.models import Page, ReferenceIndex

from media import publishing
from media.models import CaptionTrack, Document, Picture, Recording, Rendition
from media.renditions import SOCIAL
from people import gate, showing
from people.models import Clearance
from people.needs import part_of
from people.surfaces.addresses import path_of_file
from people.surfaces.registry import Found, Scope, Surface, register, shows_nobody

shows_nobody(
    "Wagtail's own models stay installed for their names only; nothing is uploaded to them.",
    "images",
    "original_images",
    "media",
    "media_thumbnails",
)
shows_nobody("Pictures of editors, shown in the admin.", "avatar_images")
shows_nobody("Uploads whose form is not filled in yet: never served (media.views).", "wagtail_uploads")


# Which things -----------------------------------------------------------------------------------------------


def shown_by(scope: Scope, model: type[Any]) -> list[int]:
    """The numbers of the things of one kind that only the touched pages, or the parts that go, show."""
    kind = ContentType.objects.get_for_model(model).pk
    found: dict[int, None] = {}
    for page in scope.touched:
        out = scope.narrowed.get(page)
        for to_type, number, _model_path, path in ReferenceIndex._extract_references_from_object(page):
            if to_type == kind and (out is None or part_of(page, path) in out):
                found[int(number)] = None
    down, out_of = set(scope.ids), {page.pk: parts for page, parts in scope.narrowed.items()}
    return [number for number in found if not in_use(model, number, down, out_of)]


def in_use(
    model: type[Any],
    number: int,
    down: Iterable[int] = (),
    out_of: dict[int, frozenset[str]] | None = None,
) -> bool:
    """Whether the public may see this thing now: on a public page, in a part that may be shown, or in the site's settings.

    `down` and `out_of`: pages, and parts of pages, that are taken as gone already.
    """
    pages: dict[int, set[str]] = {}
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(model), to_object_id=str(number)
    )
    for reference in references:
        base = ContentType.objects.get_for_id(reference.base_content_type_id).model_class()
        if base is not None and issubclass(base, BaseSiteSetting | BaseGenericSetting):
            return True
        if base is not None and issubclass(base, Page):
            pages.setdefault(int(reference.object_id), set()).add(reference.content_path)
    ids = set(pages) - set(down)
    if not ids:
        return False
    clearances = {one.pk: one for one in Clearance.objects.filter(page__in=ids)}
    for page in gate.public_pages(Page.objects.filter(pk__in=ids)).specific():
        out = (out_of or {}).get(page.pk, frozenset())
        if page.pk in clearances:
            out |= clearances[page.pk].withheld()
        if any(part_of(page, path) not in out for path in pages[page.pk]):
            return True
    return False


# Their files ------------------------------------------------------------------------------------------------


class Files(Surface):
    """The files of one kind of thing."""

    place = 20
    model: type[Any]

    def names(self, numbers: list[int]) -> list[str]:
        raise NotImplementedError

    def find(self, scope: Scope) -> Found:
        things = shown_by(scope, self.model)
        names = [name for name in self.names(things) if default_storage.exists(name)]
        if not names:
            return Found()
        paths = frozenset(path for name in names if (path := path_of_file(name)))
        return Found(
            len(names),
            {"things": things, "names": names, **self.more(names)},
            gone=paths | self.other(things),
        )

    def more(self, names: list[str]) -> dict[str, Any]:
        return {}

    def other(self, things: list[int]) -> frozenset[str]:
        """Other paths at which they are met."""
        return frozenset()

    def going(self, what: dict[str, Any]) -> list[str]:
        """The names of what is to go: not of what somebody else's page began to show meanwhile."""
        used = [number for number in what.get("things", []) if in_use(self.model, number)]
        kept = set(self.names(used))
        return [name for name in what.get("names", []) if name not in kept]

    def take_down(self, what: dict[str, Any]) -> None:
        showing.refresh(self.model._base_manager.filter(pk__in=what.get("things", [])))
        for name in self.going(what):
            if not publishing.is_claimed(name):
                default_storage.delete(name)

    def check(self, what: dict[str, Any]) -> int:
        return sum(default_storage.exists(name) for name in self.going(what))


@register
class Originals(Files):
    name = "originals"
    label = _("Pictures as uploaded")
    kinds = ("original",)
    files = ("shown",)
    patterns = ("files/<path:path>",)
    model = Picture

    def names(self, numbers: list[int]) -> list[str]:
        """None: originals are private. Were one to lie in the public storage, it would be found."""
        return list(Picture.objects.filter(pk__in=numbers).values_list("file", flat=True))


class _Renditions(Files):
    model = Picture


@register
class Renditions(_Renditions):
    name = "renditions"
    label = _("Pictures in all sizes")
    kinds = ("rendition",)

    def names(self, numbers: list[int]) -> list[str]:
        found = Rendition.objects.filter(image__in=numbers).exclude(filter_spec=SOCIAL)
        return _named(found.values_list("public_name", flat=True))


@register
class SocialImages(_Renditions):
    name = "social_images"
    label = _("Pictures for shared links")
    kinds = ("social image",)

    def names(self, numbers: list[int]) -> list[str]:
        found = Rendition.objects.filter(image__in=numbers, filter_spec=SOCIAL)
        return _named(found.values_list("public_name", flat=True))


@register
class Recordings(Files):
    name = "recordings"
    label = _("Video and sound files")
    kinds = ("video",)
    model = Recording

    def names(self, numbers: list[int]) -> list[str]:
        return _named(Recording.objects.filter(pk__in=numbers).values_list("public_name", flat=True))


@register
class Posters(Files):
    name = "posters"
    label = _("Stills of videos")
    kinds = ("poster",)
    model = Recording

    def names(self, numbers: list[int]) -> list[str]:
        return _named(Recording.objects.filter(pk__in=numbers).values_list("public_poster", flat=True))


@register
class Captions(Files):
    name = "captions"
    label = _("Captions")
    kinds = ("captions",)
    model = Recording

    def names(self, numbers: list[int]) -> list[str]:
        tracks = CaptionTrack.objects.filter(recording__in=numbers)
        return _named(tracks.values_list("public_name", flat=True))


@register
class Documents(Files):
    name = "documents"
    label = _("Documents")
    kinds = ("document", "document to save")
    patterns = (
        "documents/<int:document_id>/save/",
        "documents/^(\\d+)/(.*)$",
    )
    model = Document

    def names(self, numbers: list[int]) -> list[str]:
        return _named(Document.objects.filter(pk__in=numbers).values_list("public_name", flat=True))

    def other(self, things: list[int]) -> frozenset[str]:
        found = Document.objects.filter(pk__in=things)
        return frozenset(path for one in found for path in (one.address_by_number, one.save_url))


def _named(names: Iterable[str]) -> list[str]:
    return [name for name in names if name]


shows_nobody(
    "Asks for the password of a restricted page, and shows nothing of it.",
    "documents/authenticate_with_password/<int:restriction_id>/",
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
    "_util/login/",
)

__all__ = ["Files", "in_use", "shown_by"]
