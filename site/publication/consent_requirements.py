"""What a page needs beside the consent to its words: of everybody seen or heard in it, and for being spread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from wagtail.models import Page

from conditions.words import fold
from consent.models import Depiction
from consent.uses import Use
from publication.models import PageDependency
from publication.reasons import ConsentRequirement
from publication.shown_files import shown_media


def media_requirements(
    page: Any, *, contributor: int | None, whole: Iterable[str] = ()
) -> Iterator[ConsentRequirement]:
    """The needs of every picture and recording on the page.

    Somebody known to be shown must agree wherever the thing is shown. A recording that names nobody is taken to be of
    `contributor`, the person the page rests on. Parts named in `whole` take the page with them instead of being left out.
    """
    media = shown_media(page)
    depicted: dict[tuple[str, int | None], list[Depiction]] = defaultdict(list)
    pictures = {one.number for one in media if one.kind == "picture"}
    recordings = {one.number for one in media if one.kind == "recording"}
    if pictures or recordings:
        rows = Depiction.objects.select_related("recording")
        for row in rows.filter(picture__in=pictures) | rows.filter(recording__in=recordings):
            key = ("picture", row.picture_id) if row.picture_id else ("recording", row.recording_id)
            depicted[key].append(row)
    kinds = _recording_kinds(recordings)
    for one in media:
        part = "" if one.part in whole else one.part
        rows_of = depicted[(one.kind, one.number)]
        label = one.kind.capitalize()
        for row in rows_of:
            for use in row.uses:
                yield ConsentRequirement(row.person_id, use, part, label)
        if one.kind == "recording" and not rows_of:
            yield ConsentRequirement(contributor, Use.VOICE, part, label)
            if kinds.get(one.number) != "audio":
                yield ConsentRequirement(contributor, Use.VIDEO, part, label)


def _recording_kinds(numbers: set[int]) -> dict[int, str]:
    if not numbers:
        return {}
    return dict(apps.get_model("media", "Recording").objects.filter(pk__in=numbers).values_list("pk", "type"))


def shows_real_name(shown: str, private_name: str) -> bool:
    """Whether the name a page uses is part of the real one: 'Ines' of 'Inês Oliveira' is, 'Marta' is not."""
    return bool(set(fold(shown).split()) & set(fold(private_name).split()))


def sharing_requirements(page: Any, *, contributor: int | None) -> Iterator[ConsentRequirement]:
    """Yield the requirements of a translation and of sharing.

    A translation: the page in a language that is not the one it was first written in. The picture that goes with a
    shared address is sent to social media by the page itself ('use:social_media').
    """
    first = Page.objects.filter(translation_key=page.translation_key).order_by("pk")
    written_in = first.values_list("locale_id", flat=True).first() if not page.alias_of_id else None
    if written_in is not None and written_in != page.locale_id:
        yield ConsentRequirement(contributor, Use.TRANSLATION)
    if getattr(page, "picture_id", None) or getattr(page, "social_picture_id", None):
        yield ConsentRequirement(
            contributor, Use.SOCIAL_MEDIA, "use:social_media", _("Picture for social media")
        )


def sync_page_links(page: Any, *, draft: bool = False) -> None:
    """Write down whom a page rests on and what it shows. Of a draft everything is added, nothing forgotten."""
    wanted = {
        ("person", requirement.person) for requirement in page.consent_requirements() if requirement.person
    }
    wanted |= {(one.kind, one.number) for one in shown_media(page)}
    kept = {
        (kind, number): row["pk"]
        for row in PageDependency.objects.filter(page=page.pk).values("pk", "person", "picture", "recording")
        for kind, number in row.items()
        if kind != "pk" and number
    }
    gone = [pk for key, pk in kept.items() if key not in wanted]
    if gone and not draft:
        PageDependency.objects.filter(pk__in=gone).delete()
    if missing := sorted(wanted - kept.keys()):
        PageDependency.objects.bulk_create(
            [PageDependency(page_id=page.pk, **{f"{kind}_id": number}) for kind, number in missing],
            ignore_conflicts=True,
        )
