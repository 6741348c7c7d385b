"""Where a person is named, quoted or linked to on pages that are not about them, and in what pages share."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from consent.models import Consent, Depiction
from consent.services import mark_withdrawn
from consent.uses import Use
from delivery import stored
from mentions import undecided
from mentions.finding import OnPage, Search, Wanted, search
from mentions.matching import Matcher
from mentions.places import is_everywhere, pages_showing
from mentions.services import remove_mentions
from publication.visibility import visible_pages
from withdrawal.surfaces import addresses
from withdrawal.surfaces.addresses import path_of
from withdrawal.surfaces.registry import Scope, Surface, SurfaceContent, register

# What the withdrawals look for that this process carries out now, by the mark in their steps. It has names
# and words, so that it is not stored; another process reads them again from the person's pages.
_matchers: dict[str, Matcher] = {}
MOST_MATCHERS = 8


def _remember(matcher: Matcher) -> str:
    """Keep what was looked for until the step is done, and return its mark."""
    while len(_matchers) >= MOST_MATCHERS:
        _matchers.pop(next(iter(_matchers)), None)
    mark = uuid4().hex
    _matchers[mark] = matcher
    return mark


def uses_left(scope: Scope, withdrawn: Collection[int] = ()) -> frozenset[Use]:
    """Return the uses to which the person consents on pages in general once these consents are withdrawn."""
    left: set[Use] = set()
    for consent in Consent.objects.filter(person=scope.person, for_one_page=False).select_related("person"):
        if consent.pk in withdrawn:
            mark_withdrawn(consent, scope.uses, scope.at)
        if consent.state(scope.at) == Consent.State.IN_FORCE:
            left |= consent.uses
    return frozenset(left)


def files_without_consent(person: int, left: frozenset[Use]) -> tuple[tuple[str, int], ...]:
    """Return the pictures and recordings of a person, by kind and number, that need more than these uses."""
    found: dict[tuple[str, int], None] = {}
    for row in Depiction.objects.filter(person=person).select_related("recording").order_by("pk"):
        if not set(row.uses) <= left:
            found["picture" if row.picture_id else "recording", row.picture_id or row.recording_id or 0] = (
                None
            )
    return tuple(found)


def found_for(scope: Scope) -> Search:
    """Return the mentions that a withdrawal concerns, searched once for each scope."""
    if scope.mentions is None:
        left = uses_left(scope) if scope.uses_left is None else scope.uses_left
        wanted = Wanted(
            scope.person,
            names=Use.TEXT not in left,
            quotes=Use.QUOTES not in left,
            links=scope.ids,
            also=scope.also,
            files=files_without_consent(scope.person, left),
        )
        scope.mentions = search(wanted), wanted
    return scope.mentions[0]


def for_the_trail(scope: Scope) -> dict[str, Any]:
    """Return for the audit trail which pages a withdrawal affects, and which mentions are undecided."""
    details: dict[str, Any] = {"pages": scope.ids, "redacted": [page.pk for page in scope.redacted]}
    if scope.mentions is not None:
        result, wanted = scope.mentions
        changed = [one.page.pk for one in result.affected if one.is_page]
        open_ones = [one for one in result.found if not wanted.is_chosen(one)]
        left = sorted({f"{one.place}:{one.page}" if one.place else one.page for one in open_ones}, key=str)
        details |= {**({"mentions": changed} if changed else {}), **({"undecided": left} if left else {})}
    return details


def record_undecided(scope: Scope, number: UUID) -> None:
    """Store with a withdrawal the mentions about which no one has decided and that stay public."""
    if scope.mentions is None:
        return
    result, wanted = scope.mentions
    left = [
        one
        for on_page in result.pages
        if not on_page.is_unpublished
        for one in on_page.cleaned.found
        if one.by_hand or not wanted.is_chosen(one)
    ]
    undecided.record(withdrawal=number, person=scope.person, found=left)


def _showing(affected: list[OnPage]) -> Iterable[Page]:
    """Return the published pages that show what is changed: all of them where that stands on every page."""
    shared = [one.page for one in affected if not one.is_page]
    public = visible_pages(Page.objects.all()).order_by()
    if any(map(is_everywhere, shared)):
        return public
    return public.filter(pk__in={number for thing in shared for number in pages_showing(thing)})


@register
class Mentions(Surface):
    """Passages that mention the person: removed, or the page is unpublished where that is not possible."""

    name = "mentions"
    label = _("Mentions on other pages")
    kinds = ("mention",)
    # Before the lists and the caches, which show these pages.
    order = 12

    def find(self, scope: Scope) -> SurfaceContent:
        affected = found_for(scope).affected
        if not affected or scope.mentions is None:
            return SurfaceContent()
        pages = [one.page for one in affected if one.is_page]
        gone = {path_of(one.page) for one in affected if one.is_unpublished} - {""}
        paths = {path_of(page) for page in (*pages, *_showing(affected))} - {""}
        result, wanted = scope.mentions
        return SurfaceContent(
            sum(len(set(one.cleaned.removed)) for one in affected),
            {"wanted": wanted.narrowed_to(result).as_json(), "mark": _remember(result.matcher)},
            removed_paths=frozenset(gone),
            changed_paths=frozenset(paths - gone),
        )

    def take_down_in_transaction(self, what: dict[str, Any]) -> None:
        self.take_down(what)

    def take_down(self, what: dict[str, Any]) -> None:
        if what:
            pages, matcher = what["wanted"]["pages"], _matchers.get(what.get("mark", ""))
            changed = remove_mentions(wanted=Wanted.of(what["wanted"]), matcher=matcher)
            stored.remove_showing({*changed, *pages})
            # Also where a rule refused what was left of a page.
            gone = Page.objects.filter(pk__in=pages, live=False)
            addresses.record_removed(path for page in gone if (path := path_of(page)))

    def check(self, what: dict[str, Any]) -> int:
        if not what:
            return 0
        matcher = _matchers.get(what.get("mark", ""))
        return sum(
            len(set(one.cleaned.removed)) for one in search(Wanted.of(what["wanted"]), matcher).affected
        )

    def confirm(self, what: dict[str, Any]) -> int:
        """Look first: the transaction has removed all, but for what was published at the same moment."""
        left = self.check(what)
        if left:
            left = super().confirm(what)
        elif what:
            stored.remove_showing(what["wanted"]["pages"])
        _matchers.pop(what.get("mark", ""), None)
        return left
