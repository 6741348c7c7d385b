"""The files of pictures, recordings and documents that the public may fetch.

What is public of them are copies, shown as long as a public page shows them (`publication.public_files`): the withdrawal's own
transaction takes back every copy that only the pages it takes down showed. Here they are counted, their files deleted,
and both is checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, ReferenceIndex

from media import public_copies, public_names, publishing
from media.models import CaptionTrack, Document, Picture, Recording, Rendition
from media.publishable import FilePart
from media.renditions import SOCIAL
from media.storage import public_storage
from publication import public_files
from publication.depictions import depicted_with
from publication.models import Clearance
from publication.shown_files import part_of
from publication.visibility import visible_pages
from withdrawal.surfaces.addresses import path_of_file
from withdrawal.surfaces.registry import Found, Scope, Surface, register, registered, shows_nobody

shows_nobody(
    "Asks for the password of a restricted page, and shows nothing of it.",
    "documents/authenticate_with_password/<int:restriction_id>/",
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
    "_util/login/",
)


# Which things -----------------------------------------------------------------------------------------------


def shown_only_by(scope: Scope, model: type[Any]) -> list[Any]:
    """The things of one kind that only the pages that come down, or the parts that go, show to the public now."""
    kind = ContentType.objects.get_for_model(model).pk
    found = dict.fromkeys(int(number) for to_type, number in references_of(scope) if to_type == kind)
    out_of = {page.pk: parts for page, parts in scope.narrowed.items()}
    things = model._default_manager.filter(pk__in=found).exclude(public_folder="").order_by("pk")
    return [thing for thing in things if not shown_elsewhere(thing, set(scope.ids), out_of)]


def references_of(scope: Scope) -> list[tuple[int, str]]:
    """Content type and number of all that the pages, or the parts that go, refer to. Read once for each scope."""
    if scope.references is None:
        scope.references = [
            (to_type, number)
            for page in scope.touched
            for to_type, number, _model_path, path in ReferenceIndex._extract_references_from_object(page)
            if page not in scope.narrowed or part_of(page, path) in scope.narrowed[page]
        ]
    return scope.references


def shown_elsewhere(thing: Any, down: Iterable[int], out_of: dict[int, frozenset[str]]) -> bool:
    """Whether a public place shows it, counting pages in `down` and parts of pages in `out_of` as gone."""
    pages: dict[int, set[str]] = {}
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(type(thing)), to_object_id=str(thing.pk)
    )
    for reference in references:
        base = ContentType.objects.get_for_id(reference.base_content_type_id).model_class()
        if base is None:
            continue
        if issubclass(base, Page):
            pages.setdefault(int(reference.object_id), set()).add(reference.content_path)
        elif (public := public_files.public_of(base)) is not None and public.filter(
            pk=reference.object_id
        ).exists():
            return True
    ids = set(pages) - set(down)
    if not ids:
        return False
    clearances = {one.pk: one for one in Clearance.objects.filter(page__in=ids)}
    public_now: Any = visible_pages(Page.objects.filter(pk__in=ids))
    for page in public_now.specific():
        out = out_of.get(page.pk, frozenset())
        if page.pk in clearances:
            out |= clearances[page.pk].redacted()
        if any(part_of(page, path) not in out for path in pages[page.pk]):
            return True
    return False


# Their files ------------------------------------------------------------------------------------------------


class Files(Surface):
    """The public copies of one sort."""

    place = 20
    model: type[Any]

    def mine(self, part: FilePart) -> bool:
        return True

    def find(self, scope: Scope) -> Found:
        things = shown_only_by(scope, self.model)
        names = [
            part.stored_name
            for thing in things
            for part in thing.parts()
            if part.stored_name and self.mine(part)
        ]
        if not names:
            return Found()
        paths = frozenset(path for name in names if (path := path_of_file(name)))
        return Found(
            len(names),
            {"things": [thing.pk for thing in things], "names": names},
            gone=paths | self.other(things),
        )

    def other(self, things: list[Any]) -> frozenset[str]:
        """Further paths at which they are met."""
        return frozenset()

    def take_down(self, what: dict[str, Any]) -> None:
        """Hide what no public page shows, wherever that was missed, and delete the files that nothing claims any more."""
        if not what:
            return
        missed = self.model._base_manager.filter(pk__in=what["things"]).exclude(public_folder="")
        if missed:
            public_files.refresh(missed)
        for name in self._going(what):
            public_copies.delete_public_file(name)

    def _going(self, what: dict[str, Any]) -> list[str]:
        """Those of the names that nothing claims: what is shown again has new names, what never went keeps its own."""
        return [name for name in what.get("names", []) if not public_names.is_published_file(name)]

    def check(self, what: dict[str, Any]) -> int:
        names = what.get("names", [])
        claimed = {name for name in names if public_names.is_published_file(name)}
        # A thing that another page shows by now is rightly there.
        rightly = {
            name
            for thing in self.model._base_manager.filter(pk__in=what.get("things", []))
            if claimed and thing.is_published and shown_elsewhere(thing, (), {})
            for name in publishing.public_files_of(thing)
        }
        lost = sum(name not in claimed and public_storage().exists(name) for name in names)
        return len(claimed - rightly) + lost


def of_depictions(person: int) -> list[tuple[str, int, str]]:
    """The public files in which somebody is seen or heard, wherever they are shown: surface, thing, name of the file."""
    return [
        (surface.name, thing.pk, part.stored_name)
        for thing in depicted_with([person])
        for surface in registered()
        if isinstance(surface, Files) and isinstance(thing, surface.model)
        for part in thing.parts()
        if part.stored_name and surface.mine(part)
    ]


def add_hidden(found: dict[str, Found], scope: Scope, before: list[tuple[str, int, str]]) -> None:
    """Add to what was found the files of depictions that are public no longer: those on pages that are about nobody."""
    for name, thing, file in before:
        old = found[name]
        if file in old.what.get("names", ()) or public_names.is_published_file(file):
            continue
        names, things = [*old.what.get("names", ()), file], {*old.what.get("things", ()), thing}
        found[name] = Found(len(names), {"things": sorted(things), "names": names}, old.gone, old.stale)
        scope.gone.add(path_of_file(file))


@register
class Renditions(Files):
    name = "renditions"
    label = _("Pictures in all sizes")
    kinds = ("rendition",)
    patterns = ("files/<path:path>",)
    files = ("shown/pictures/",)
    model = Picture

    def mine(self, part: FilePart) -> bool:
        return isinstance(part.holder, Rendition) and part.holder.filter_spec != SOCIAL


@register
class SocialImages(Files):
    name = "social_images"
    label = _("Pictures for shared links")
    kinds = ("social image",)
    model = Picture

    def mine(self, part: FilePart) -> bool:
        return isinstance(part.holder, Rendition) and part.holder.filter_spec == SOCIAL


@register
class Recordings(Files):
    name = "recordings"
    label = _("Video and sound files")
    kinds = ("video",)
    files = ("shown/recordings/",)
    model = Recording

    def mine(self, part: FilePart) -> bool:
        return part.kind == "recording"


@register
class Posters(Files):
    name = "posters"
    label = _("Stills of videos")
    kinds = ("poster",)
    model = Recording

    def mine(self, part: FilePart) -> bool:
        return part.kind == "poster"


@register
class Captions(Files):
    name = "captions"
    label = _("Captions")
    kinds = ("captions",)
    model = Recording

    def mine(self, part: FilePart) -> bool:
        return isinstance(part.holder, CaptionTrack)


@register
class Documents(Files):
    name = "documents"
    label = _("Documents")
    kinds = ("document", "document to save")
    files = ("shown/documents/",)
    patterns = ("documents/<int:document_id>/save/", "documents/^(\\d+)/(.*)$")
    model = Document

    def other(self, things: list[Any]) -> frozenset[str]:
        return frozenset(path for one in things for path in (one.address_by_number, one.save_url))
