"""What a page requires in addition to consent to its text: for everyone seen or heard in it, and for sharing
it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Value
from django.utils.translation import gettext as _
from wagtail.models import Page

from conditions.words import fold
from consent.models import Depiction, Person
from consent.uses import Use
from media.models import Recording
from publication.models import FirstLanguage, PageDependency
from publication.reasons import ConsentRequirement, requirements_of
from publication.shown_files import shown_media
from publication.stored_rows import rows_of
from queries.kept import Lookup

File = tuple[str, int | None]  # kind ('picture', 'recording') and number


def media_requirements(
    page: Page, *, contributor: int | None, required: Iterable[str] = ()
) -> Iterator[ConsentRequirement]:
    """Yield the requirements of every picture and recording on the page.

    A person known to be shown must consent wherever the file is shown. A recording in which no one is named
    is taken to be of `contributor`, the person of the page. A part named in `required` is required of the
    whole page.
    """
    media = shown_media(page)
    depictions = depicted_in.of_all((file.kind, file.number) for file in media)
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


def _read_depictions(files: Iterable[File]) -> dict[File, list[Depiction]]:
    """Return by (kind, number) who is seen or heard in these pictures and recordings: one query."""
    found: dict[File, list[Depiction]] = defaultdict(list)
    numbers = {kind: [number for name, number in files if name == kind] for kind in ("picture", "recording")}
    if any(numbers.values()):
        rows = Depiction.objects.select_related("recording")
        for row in rows.filter(picture__in=numbers["picture"]) | rows.filter(
            recording__in=numbers["recording"]
        ):
            # A row names one of the two.
            key = ("picture", row.picture_id) if row.picture_id else ("recording", row.recording_id)
            found[key].append(row)
    return found


depicted_in: Lookup[File, list[Depiction]] = Lookup(_read_depictions, [])


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
    written_in = first_locales.of(UUID(str(page.translation_key))) if not page.alias_of_id else None
    if written_in is not None and written_in != page.locale_id:
        yield ConsentRequirement(contributor, Use.TRANSLATION)
    if getattr(page, "picture_id", None) or getattr(page, "social_picture_id", None):
        yield ConsentRequirement(
            contributor, Use.SOCIAL_MEDIA, "use:social_media", _("Picture for social media")
        )


def private_name_of(person: int) -> str:
    """Return the private name of a person."""
    found = rows_of(Person).of(person)
    return found.private_name if found else ""


def _read_first_locales(translation_keys: Iterable[UUID]) -> dict[UUID, int]:
    """Return the language of each oldest page, or of an older one that was deleted: one query."""
    keys = list(translation_keys)
    pages = Page.objects.filter(translation_key__in=keys).order_by()
    deleted = FirstLanguage.objects.filter(translation_key__in=keys)
    rows = pages.values_list("translation_key", "locale_id", "pk").union(
        deleted.values_list("translation_key", "locale_number", Value(0))
    )
    return {key: locale for key, locale, _age in sorted(rows, key=lambda row: -row[2])}


def remember_language(instance: Any, **_kwargs: object) -> None:
    """Before a page is deleted that has translations: they still need consent to be translations."""
    others = Page.objects.filter(translation_key=instance.translation_key).exclude(pk=instance.pk)
    if others.exclude(locale=instance.locale_id).exists():
        locale = _read_first_locales([instance.translation_key])[instance.translation_key]
        FirstLanguage.objects.get_or_create(
            translation_key=instance.translation_key, defaults={"locale_number": locale}
        )


# The language (key) in which each page was first written, by its translation key.
first_locales: Lookup[UUID, int | None] = Lookup(_read_first_locales, None)


def sync_page_links(page: Page, *, draft: bool = False) -> None:
    """Store which people, pictures and recordings a page about a person depends on.

    For a draft, only add rows; never delete.
    """
    wanted = {("person", one.person) for one in requirements_of(page) if one.person}
    store_links(page, wanted | {(file.kind, file.number) for file in shown_media(page)}, draft=draft)


def store_links(page: Page, wanted: set[tuple[str, int]], *, draft: bool = False) -> None:
    """Store that a page depends on these ('person', 'picture' or 'recording', number). At most three queries.

    For a draft, only add rows; never delete.
    """
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
