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
from publication.models import PageNeed
from publication.reasons import Need
from publication.shown_files import shown_media


def media_needs(page: Any, *, teller: int | None, whole: Iterable[str] = ()) -> Iterator[Need]:
    """The needs of every picture and recording on the page.

    Somebody known to be shown must agree wherever the thing is shown. A recording that names nobody is taken to be of
    `teller`, the person the page rests on. Parts named in `whole` take the page with them instead of being left out.
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
                yield Need(row.person_id, use, part, label)
        if one.kind == "recording" and not rows_of:
            yield Need(teller, Use.VOICE, part, label)
            if kinds.get(one.number) != "audio":
                yield Need(teller, Use.VIDEO, part, label)


def _recording_kinds(numbers: set[int]) -> dict[int, str]:
    if not numbers:
        return {}
    return dict(apps.get_model("media", "Recording").objects.filter(pk__in=numbers).values_list("pk", "type"))


def shows_real_name(shown: str, private_name: str) -> bool:
    """Whether the name a page uses is part of the real one: 'Ines' of 'Inês Oliveira' is, 'Marta' is not."""
    return bool(set(fold(shown).split()) & set(fold(private_name).split()))


def use_needs(page: Any, *, teller: int | None) -> Iterator[Need]:
    """What being translated and being shared need.

    A translation: the page in a language that is not the one it was first written in. The picture that goes with a
    shared address is sent to social media by the page itself ('use:social_media').
    """
    first = Page.objects.filter(translation_key=page.translation_key).order_by("pk")
    written_in = first.values_list("locale_id", flat=True).first() if not page.alias_of_id else None
    if written_in is not None and written_in != page.locale_id:
        yield Need(teller, Use.TRANSLATION)
    if getattr(page, "picture_id", None) or getattr(page, "social_picture_id", None):
        yield Need(teller, Use.SOCIAL_MEDIA, "use:social_media", _("Picture for social media"))


def keep_index(page: Any, *, draft: bool = False) -> None:
    """Write down whom a page rests on and what it shows. Of a draft everything is added, nothing forgotten."""
    wanted = {("person", need.person) for need in page.consent_needs() if need.person}
    wanted |= {(one.kind, one.number) for one in shown_media(page)}
    kept = {
        (kind, number): row["pk"]
        for row in PageNeed.objects.filter(page=page.pk).values("pk", "person", "picture", "recording")
        for kind, number in row.items()
        if kind != "pk" and number
    }
    gone = [pk for key, pk in kept.items() if key not in wanted]
    if gone and not draft:
        PageNeed.objects.filter(pk__in=gone).delete()
    if missing := sorted(wanted - kept.keys()):
        PageNeed.objects.bulk_create(
            [PageNeed(page_id=page.pk, **{f"{kind}_id": number}) for kind, number in missing],
            ignore_conflicts=True,
        )
