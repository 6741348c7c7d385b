"""The files of pictures, recordings and documents that visitors may fetch.

The public files are copies. They are public as long as a public page shows them (`publication.public_files`):
the withdrawal's own transaction unpublishes every copy that only the affected pages showed. The surfaces here
count these copies, delete their files and check both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _
from wagtail.models import ReferenceIndex

from imaging.presets import SOCIAL
from media import public_copies, public_names, publishing
from media.models import CaptionTrack, Document, Picture, Recording, Rendition
from media.publishable import FilePart, Publishable
from media.storage import public_storage
from publication import public_files, social_pictures
from publication.depictions import depicted_with
from publication.shown_files import part_of
from withdrawal.surfaces.addresses import path_of_file
from withdrawal.surfaces.registry import Scope, Surface, SurfaceContent, exempt, register, registered

exempt(
    "Asks for the password of a restricted page and shows nothing of the page.",
    "documents/authenticate_with_password/<int:restriction_id>/",
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
    "_util/login/",
)


# Which files are affected -------------------------------------------------------------------------


def shown_only_by(scope: Scope, model: type[Publishable]) -> list[Publishable]:
    """Return the files of one model that only the unpublished pages, or the redacted parts, show to visitors
    now."""
    kind = ContentType.objects.get_for_model(model).pk
    numbers = dict.fromkeys(int(number) for to_type, number in references_of(scope) if to_type == kind)
    shown = list(model._default_manager.filter(pk__in=numbers).exclude(public_folder="").order_by("pk"))
    elsewhere = public_files.shown_to_the_public(
        shown,
        without_pages=scope.ids,
        without_parts={page.pk: parts for page, parts in scope.redacted.items()},
    )
    return [publishable for publishable in shown if public_files.key_of(publishable) not in elsewhere]


def references_of(scope: Scope) -> list[tuple[int, str]]:
    """Return content type and number of all that the pages, or the redacted parts, refer to.

    Read once per scope.
    """
    if scope.references is None:
        scope.references = [
            (to_type, number)
            for page in scope.touched
            for to_type, number, _model_path, path in ReferenceIndex._extract_references_from_object(page)
            if page not in scope.redacted or part_of(page, path) in scope.redacted[page]
        ]
    return scope.references


# Surfaces -----------------------------------------------------------------------------------------


class Files(Surface):
    """The public copies of one kind."""

    order = 20
    model: type[Publishable]

    def includes(self, part: FilePart) -> bool:
        """Return True if this surface answers for this file of a picture, recording or document."""
        raise NotImplementedError

    def extra_paths(self, publishables: list[Any]) -> frozenset[str]:
        """Return further paths at which visitors fetch these files."""
        return frozenset(path for publishable in publishables for path in self.paths_of(publishable))

    def paths_of(self, _publishable: Any) -> Iterable[str]:
        """Return the further paths of one picture, recording or document."""
        return ()

    def extra_names(self, _scope: Scope) -> Iterable[str]:
        """Return further public copies that end with the scope, of files that stay public."""
        return ()

    def find(self, scope: Scope) -> SurfaceContent:
        """Count the public copies that only the affected pages show."""
        publishables = shown_only_by(scope, self.model)
        names = [
            part.stored_name
            for publishable in publishables
            for part in publishable.parts()
            if part.stored_name and self.includes(part)
        ]
        names = list(dict.fromkeys([*names, *self.extra_names(scope)]))
        if not names:
            return SurfaceContent()
        paths = frozenset(path for name in names if (path := path_of_file(name)))
        return SurfaceContent(
            len(names),
            {"publishables": [publishable.pk for publishable in publishables], "names": names},
            removed_paths=paths | self.extra_paths(publishables),
        )

    def take_down(self, what: dict[str, Any]) -> None:
        """Hide what no public page shows, and delete the files that nothing claims any more."""
        if not what:
            return
        missed = self.model._base_manager.filter(pk__in=what["publishables"]).exclude(public_folder="")
        if missed:
            public_files.refresh(missed)
        for name in what.get("names", []):
            # A picture that is shown again has files with new names; one that stayed public keeps its own.
            if not public_names.is_published_file(name):
                public_copies.delete_public_file(name)

    def check(self, what: dict[str, Any]) -> int:
        """Return how many of the files are still public, or still stored without being public."""
        names = what.get("names", [])
        claimed = {name for name in names if public_names.is_published_file(name)}
        stored = sum(name not in claimed and public_storage().exists(name) for name in names)
        return len(claimed - self._shown_by_others(what)) + stored if claimed else stored

    def _shown_by_others(self, what: dict[str, Any]) -> set[str]:
        """Return the names of files that another page has come to show since: they are public for a good
        reason."""
        publishables = list(self.model._base_manager.filter(pk__in=what.get("publishables", [])))
        shown = public_files.shown_to_the_public(publishables)
        return {
            name
            for publishable in publishables
            if publishable.is_published and public_files.key_of(publishable) in shown
            for name in publishing.public_files_of(publishable)
        }


def files_of_depictions(person: int) -> list[tuple[str, int, str]]:
    """Return the public files in which a person is seen or heard, as (surface, picture or recording, name of
    the file)."""
    return [
        (surface.name, depiction.pk, part.stored_name)
        for depiction in depicted_with([person])
        for surface in registered()
        if isinstance(surface, Files) and isinstance(depiction, surface.model)
        for part in depiction.parts()
        if part.stored_name and surface.includes(part)
    ]


def add_hidden(
    found: dict[str, SurfaceContent], scope: Scope, before: Iterable[tuple[str, int, str]]
) -> None:
    """Add the files of depictions that are not public any more: those on pages that are not about a
    person."""
    for name, number, file in before:
        old = found[name]
        if file in old.what.get("names", ()) or public_names.is_published_file(file):
            continue
        names = [*old.what.get("names", ()), file]
        numbers = sorted({*old.what.get("publishables", ()), number})
        found[name] = SurfaceContent(
            len(names), {"publishables": numbers, "names": names}, old.removed_paths, old.changed_paths
        )
        scope.removed_paths.add(path_of_file(file))


@register
class Renditions(Files):
    name = "renditions"
    label = _("Pictures in all sizes")
    kinds = ("rendition",)
    patterns = ("files/<path:path>",)
    files = ("shown/pictures/",)
    model = Picture

    def includes(self, part: FilePart) -> bool:
        return isinstance(part.holder, Rendition) and part.holder.filter_spec != SOCIAL


@register
class SocialImages(Files):
    name = "social_images"
    label = _("Pictures for shared links")
    kinds = ("social image",)
    model = Picture

    def includes(self, part: FilePart) -> bool:
        return isinstance(part.holder, Rendition) and part.holder.filter_spec == SOCIAL

    def extra_names(self, scope: Scope) -> Iterable[str]:
        pages = [page for page, parts in scope.redacted.items() if social_pictures.SHARED in parts]
        return [name for page in pages for name in social_pictures.public_names_of(page)]


@register
class Recordings(Files):
    name = "recordings"
    label = _("Video and sound files")
    kinds = ("video",)
    files = ("shown/recordings/",)
    model = Recording

    def includes(self, part: FilePart) -> bool:
        return part.kind == "recording"


@register
class Posters(Files):
    name = "posters"
    label = _("Stills of videos")
    kinds = ("poster",)
    model = Recording

    def includes(self, part: FilePart) -> bool:
        return part.kind == "poster"


@register
class Captions(Files):
    name = "captions"
    label = _("Captions")
    kinds = ("captions",)
    model = Recording

    def includes(self, part: FilePart) -> bool:
        return isinstance(part.holder, CaptionTrack)


@register
class Documents(Files):
    name = "documents"
    label = _("Documents")
    kinds = ("document", "document to save")
    files = ("shown/documents/",)
    patterns = ("documents/<int:document_id>/save/", "documents/^(\\d+)/(.*)$")
    model = Document

    def includes(self, part: FilePart) -> bool:
        """Return True: a document has one file."""
        return bool(part)

    def paths_of(self, document: Any) -> Iterable[str]:
        """Return the two addresses by number."""
        return (document.address_by_number, document.save_url)
