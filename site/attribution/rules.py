"""What a page that is not about a person must state, and whose consent it needs.

Each quote names the person who said it or the reason why none is named; of each picture and recording an
editor has said who is in it. Publication is refused while anything is missing (`require`); a page that was
public before stays as it is until it is published again, and `manage.py unattributed` lists it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.models import Page

from attribution.admin_urls import shown_url
from attribution.content import Content, File, Quote, content_of
from attribution.models import ShowsNoOne
from consent.grants import ConsentLookup
from consent.models import Depiction
from consent.uses import Use
from media.models import Picture, Recording
from publication import gate
from publication.checklist import edit_url
from publication.consent_requirements import depicted_in
from publication.reasons import ConsentRequirement, Reason, Why

# A quote tells of the person in words, and quotes them.
USES_OF_QUOTE = (Use.TEXT, Use.QUOTES)


@dataclass(frozen=True)
class Naming:
    """How an app above tells whom the words of a page name.

    `people`: those whom an editor said they name. `undecided`: a reason for each name about which no one has
    decided, given the people whom the page quotes and shows.
    """

    people: Callable[[Page], set[int]]
    undecided: Callable[[Page, set[int]], Iterable[Reason]]


namings: list[Naming] = []


def label_of(quote: Quote) -> str:
    """Return the editor's name of a quote, with its first words."""
    return _("Quote ‘%(words)s’") % {"words": Truncator(quote.words).chars(60)}


def depictions_on(content: Content) -> dict[tuple[str, int], list[Depiction]]:
    """Return who is in the files of a page, by kind and number. One query, none without files."""
    if not content.files:
        return {}
    found = depicted_in.of_all(file.key for file in content.files)
    return {(kind, number): rows for (kind, number), rows in found.items() if number}


def requirements(
    page: Page, content: Content, depicted: dict[tuple[str, int], list[Depiction]]
) -> list[ConsentRequirement]:
    """Return whose consent a page needs, for which use. Nothing can be redacted: the page needs all."""
    named = set().union(*(naming.people(page) for naming in namings))
    found = [
        ConsentRequirement(quote.person, use, label=label_of(quote))
        for quote in content.quotes
        if quote.person
        for use in USES_OF_QUOTE
    ]
    found += [
        ConsentRequirement(row.person_id, use, label=_label_of_file(file))
        for file in content.files
        for row in depicted.get(file.key, ())
        for use in row.uses
    ]
    found += [ConsentRequirement(person, Use.TEXT, label=_("Name")) for person in sorted(named)]
    return list(dict.fromkeys(found))


def _label_of_file(file: File) -> str:
    return _("Picture") if file.kind == "picture" else _("Recording")


def unattributed(
    page: Page, content: Content, depicted: dict[tuple[str, int], list[Depiction]]
) -> Iterator[Reason]:
    """Yield a reason for each quote without a person and reason, and for each file of which no one has said
    who is in it.
    """
    for quote in content.quotes:
        if not quote.person and not quote.because:
            text = _("%(quote)s: choose the person who said it, or say why no person is chosen.")
            yield Reason(Why.UNATTRIBUTED, text % {"quote": label_of(quote)}, edit_url(page, quote.part))
    yield from _unstated_files(content, depicted)


def _unstated_files(content: Content, depicted: dict[tuple[str, int], list[Depiction]]) -> Iterator[Reason]:
    open_files = {file.key for file in content.files if not depicted.get(file.key)}
    if not open_files:
        return
    pictures = [number for kind, number in open_files if kind == "picture"]
    recordings = [number for kind, number in open_files if kind == "recording"]
    stated = ShowsNoOne.objects.filter(Q(picture__in=pictures) | Q(recording__in=recordings))
    for picture, recording in stated.values_list("picture", "recording"):
        open_files.discard(("picture", picture) if picture else ("recording", recording))
    for model, kind, text in (
        (Picture, "picture", _("Picture ‘%(title)s’: say who is in it, or that no one can be recognised.")),
        (Recording, "recording", _("Recording ‘%(title)s’: say who is in it, or that no one is.")),
    ):
        wanted = [number for name, number in open_files if name == kind]
        for file in model._default_manager.filter(pk__in=wanted).order_by("pk") if wanted else ():
            yield Reason(Why.UNATTRIBUTED, text % {"title": file.title}, shown_url(kind, file.pk))


def reasons(page: Page, on: datetime | None = None, *, lock: bool = False) -> list[Reason]:
    """Return every reason why the page may not be published as it is in memory. Those without a `requirement`
    are what no one has stated; the others, consents that are missing.

    `lock`: no one of whom a consent is required can withdraw it until the transaction ends. Three queries at
    most for quotes and files, two more with people, and what `namings` need.
    """
    content = content_of(page)
    depicted = depictions_on(content)
    found = list(unattributed(page, content, depicted))
    needed = requirements(page, content, depicted)
    own = {one.person for one in needed if one.person}
    for naming in namings:
        found += naming.undecided(page, own)
    if needed:
        lookup = gate.lookup_for(needed, lock=lock)
        found += gate.without_consent(page, needed, on or timezone.now(), lookup)
    return found


def require(page: Page) -> None:
    """Raise NotPublic, with all reasons, unless the page may be published as it is in memory."""
    if found := reasons(page, lock=True):
        raise gate.NotPublic(page, found)


def links_of(page: Page) -> set[tuple[str, int]]:
    """Return what the page depends on: ('person', 'picture' or 'recording', number)."""
    content = content_of(page)
    people = {requirement.person for requirement in requirements(page, content, depictions_on(content))}
    return {("person", person) for person in people if person} | {file.key for file in content.files}


def people_without_consent(pages: Iterable[Page], on: datetime) -> set[int]:
    """Return the people whom these public pages quote or show without the consent that this needs now."""
    needed = []
    for page in pages:
        content = content_of(page)
        needed.append((page, requirements(page, content, depictions_on(content))))
    lookup = ConsentLookup.by(one.person for _page, found in needed for one in found if one.person)
    return {
        reason.requirement.person
        for page, found in needed
        for reason in gate.without_consent(page, found, on, lookup)
        if reason.requirement and reason.requirement.person
    }
