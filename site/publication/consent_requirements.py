"""What a page requires in addition to consent to its text: for everyone seen or heard in it, and for sharing
it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from wagtail.models import Page

from conditions.words import fold
from consent.models import Depiction
from consent.uses import Use
from media.models import Recording
from publication.models import PageDependency
from publication.reasons import ConsentRequirement
from publication.shown_files import ShownFile, shown_media


def media_requirements(
    page: Page, *, contributor: int | None, required: Iterable[str] = ()
) -> Iterator[ConsentRequirement]:
    """Yield the requirements of every picture and recording on the page.

    A person known to be shown must consent wherever the file is shown. A recording in which no one is named
    is taken to be of `contributor`, the person of the page. A part named in `required` is required of the
    whole page.
    """
    media = shown_media(page)
    depictions = _depictions(media)
    types = _recording_types({file.number for file in media if file.kind == "recording"})
    for file in media:
        part = "" if file.part in required else file.part
        label = file.kind.capitalize()
        depicted = depictions[(file.kind, file.number)]
        for depiction in depicted:
            for use in depiction.uses:
                yield ConsentRequirement(depiction.person_id, use, part, label)
        if file.kind == "recording" and not depicted:
            yield ConsentRequirement(contributor, Use.VOICE, part, label)
            if types.get(file.number) != "audio":
                yield ConsentRequirement(contributor, Use.VIDEO, part, label)


def _depictions(media: list[ShownFile]) -> dict[tuple[str, int | None], list[Depiction]]:
    """Return by (kind, number) who is seen or heard in these files."""
    found: dict[tuple[str, int | None], list[Depiction]] = defaultdict(list)
    pictures = {file.number for file in media if file.kind == "picture"}
    recordings = {file.number for file in media if file.kind == "recording"}
    if pictures or recordings:
        rows = Depiction.objects.select_related("recording")
        for row in rows.filter(picture__in=pictures) | rows.filter(recording__in=recordings):
            key = ("picture", row.picture_id) if row.picture_id else ("recording", row.recording_id)
            found[key].append(row)
    return found


def _recording_types(numbers: set[int]) -> dict[int, str]:
    if not numbers:
        return {}
    return dict(Recording.objects.filter(pk__in=numbers).values_list("pk", "type"))


def shows_real_name(shown: str, private_name: str) -> bool:
    """Return whether the name on a page is part of the real one: 'Ines' of 'Inês Oliveira' is, 'Marta' is
    not.
    """
    return bool(set(fold(shown).split()) & set(fold(private_name).split()))


def sharing_requirements(page: Page, *, contributor: int | None) -> Iterator[ConsentRequirement]:
    """Yield what a translation and sharing on social media require.

    A translation is a page in another language than the page it was first written as. The page itself gives
    social media the picture for a shared link ('use:social_media').
    """
    first = Page.objects.filter(translation_key=page.translation_key).order_by("pk")
    written_in = first.values_list("locale_id", flat=True).first() if not page.alias_of_id else None
    if written_in is not None and written_in != page.locale_id:
        yield ConsentRequirement(contributor, Use.TRANSLATION)
    if getattr(page, "picture_id", None) or getattr(page, "social_picture_id", None):
        yield ConsentRequirement(
            contributor, Use.SOCIAL_MEDIA, "use:social_media", _("Picture for social media")
        )


def sync_page_links(page: Page, *, draft: bool = False) -> None:
    """Store which people, pictures and recordings a page depends on.

    For a draft, only add rows; never delete.
    """
    wanted = {("person", one.person) for one in page.consent_requirements() if one.person}
    wanted |= {(file.kind, file.number) for file in shown_media(page)}
    stored = {
        (kind, number): row["pk"]
        for row in PageDependency.objects.filter(page=page.pk).values("pk", "person", "picture", "recording")
        for kind, number in row.items()
        if kind != "pk" and number
    }
    outdated = [pk for key, pk in stored.items() if key not in wanted]
    if outdated and not draft:
        PageDependency.objects.filter(pk__in=outdated).delete()
    if missing := sorted(wanted - stored.keys()):
        PageDependency.objects.bulk_create(
            [PageDependency(page_id=page.pk, **{f"{kind}_id": number}) for kind, number in missing],
            ignore_conflicts=True,
        )
