"""Words that stand for something that is still to be written: a title of the site, the name of a file as a
description.

An editor replaces them, or confirms them with a reason, before the page is public.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from deidentification.identifier_rule import FoundIdentifier
from deidentification.identifiers import Finding
from deidentification.models import KeptIdentifier
from deidentification.passages import Passage
from imaging.alt_text import why_not_alt_text
from media.models import Picture
from publication.admin_urls import admin_url, checklist_url
from publication.checklist import Group, Line, State, edit_url
from publication.mixins import AboutPerson
from publication.reasons import Reason, Why
from publication.shown_files import shown_files

KIND = "unfinished"
TITLES = re.compile(
    r"^\W*(draft\b.*\binterview\b.*|untitled\b.*|(new|draft) (story|page|video)( \d+)?"
    r"|lorem ipsum\b.*|todo\b.*|tbd|xxx+)\W*$",
    re.IGNORECASE,
)


def placeholders(page: AboutPerson) -> list[FoundIdentifier]:
    """Return the placeholders on a page, decided or not, in the page's order."""
    decided = KeptIdentifier.objects.filter(person__in=page.people_told_of(), kind=KIND)
    kept = dict(decided.values_list("key", "reason"))
    return [
        FoundIdentifier(passage, _finding(words, why), kept.get(KeptIdentifier.key_of(words), ""))
        for passage, words, why in _found(page)
    ]


def _finding(words: str, why: str) -> Finding:
    kind: Any = KIND  # not one of the finder's
    return Finding(0, len(words), words, kind, why, _("words of your own"))


def _found(page: Any) -> Iterator[tuple[Passage, str, str]]:
    if TITLES.match(page.title or ""):
        yield Passage("field:title", _("Title"), page.title), page.title, _("This is not a title yet.")
    for picture in [file for file in shown_files(page) if isinstance(file, Picture)]:
        if why := why_not_alt_text(picture.alt_text, str(picture.file.name)):
            words = picture.alt_text or _("(no description)")
            yield Passage(f"picture:{picture.pk}:alt", _("Alternative text"), words), words, str(why)
    for name in unstated_fields(page):
        label = str(page._meta.get_field(name).verbose_name)
        words = _("%(field)s: not stated (page %(page)s)") % {
            "field": f"{label[:1].upper()}{label[1:]}",
            "page": page.pk,
        }
        yield Passage(f"field:{name}", label, words), words, _("A story from an interview says who did this.")


def unstated_fields(page: Any) -> Iterator[str]:
    """Yield the fields that a page made of an interview leaves empty though readers must be told (Hawke
    2019).
    """
    for name in getattr(page, "must_state", ()):
        if not getattr(page, name):
            yield name


def rule(page: Page, _on: datetime) -> list[Reason]:
    """Return a reason against publication for each placeholder that no one confirmed. For `gate.rules`."""
    url = checklist_url(page)
    return [
        Reason(Why.PLACEHOLDER, f"“{one.finding.text}”: {one.finding.reason}", url)
        for one in placeholders(page)
        if not one.kept
    ]


def placeholder_lines(page: Page) -> Iterator[Line]:
    """Yield a line for each placeholder, in which an editor can confirm it. For the checklist."""
    for one in placeholders(page):
        kind, _colon, number = one.passage.part.partition(":")
        picture = kind == "picture"
        url = admin_url("wagtailimages:edit", int(number.partition(":")[0])) if picture else edit_url(page)
        state = State.DONE if one.kept else State.STOPS
        why = _("Confirmed: %(reason)s") % {"reason": one.kept} if one.kept else one.finding.reason
        group = Group.MEDIA if picture else Group.FIELDS
        yield Line(group, state, f"“{one.finding.text}”", why, url, _("Write it"), found=one)
