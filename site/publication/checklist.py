"""The publication checklist of a page: what is done, what stops publication, what to check, and where to fix
it.

Only reasons of the gate and invalid fields stop publication. The screen, the panel in the editor, the API and
`manage.py check_page` all read `checklist()`. Each app registers its own lines; those of this app are in
`publication.checklist_lines`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Page

from publication import admin_urls
from publication.mixins import AboutPerson


class State(models.TextChoices):
    """The state of a line. Each has a word and a shape, never a colour alone."""

    DONE = "done", gettext_lazy("Done")
    STOPS = "stops", gettext_lazy("Stops publication")
    LOOK = "look", gettext_lazy("Check this")
    ADVICE = "advice", gettext_lazy("Advice")


class Group(models.TextChoices):
    """The section of the checklist to which a line belongs."""

    CONSENT = "consent", gettext_lazy("Consent")
    APPROVAL = "approval", gettext_lazy("Approval by the family")
    IDENTIFIERS = "identifiers", gettext_lazy("Possible identifiers")
    DISCLOSURES = "disclosures", gettext_lazy("Information shown with the story")
    CARE = "care", gettext_lazy("Case report items (CARE)")
    MEDIA = "media", gettext_lazy("Pictures, clips, captions")
    FIELDS = "fields", gettext_lazy("Fields of the page")


@dataclass(frozen=True)
class Line:
    """One line of the checklist.

    `url`: where to fix it; `link`: the text of that link. `code`: the id of a disclosure, for programs.
    `uses`: for a person's consent, (use, True if given, False if not, None if not given and not needed).
    `found`: words about which an editor can decide in this line; `unread`: a document likewise. `items`: what
    depends on the same cause.
    """

    group: Group
    state: State
    title: str
    why: str = ""
    url: str = ""
    link: str = ""
    code: str = ""
    uses: tuple[tuple[str, bool | None], ...] = ()
    found: Any = None
    items: tuple[str, ...] = ()
    unread: Any = None

    def as_json(self) -> dict[str, Any]:
        """Return the line for APIs and commands."""
        return {
            "group": self.group.value,
            "state": self.state.value,
            "code": self.code,
            "title": self.title,
            "why": self.why,
            "items": list(self.items),
            "url": self.url,
        }


Lines = Callable[[Any], Iterable[Line]]
# Each app adds its lines: `lines(page) -> Iterable[Line]`, none for pages it does not know. By whether the
# pages are about a person.
_registered: dict[bool, list[Lines]] = {True: [], False: []}


def register(lines: Lines, *, about_person: bool = True) -> Lines:
    """Add the lines of an app for pages about a person, or for all other pages."""
    if lines not in _registered[about_person]:
        _registered[about_person].append(lines)
    return lines


@dataclass(frozen=True)
class Section:
    """The lines of one group."""

    group: Group
    lines: list[Line]
    # Whether the screen shows its lines at once: what is done, and what can wait, is folded up.
    is_open: bool = True

    @property
    def label(self) -> str:
        """The heading of the section."""
        return str(self.group.label)

    @property
    def stopping(self) -> int:
        """How many lines stop publication."""
        return sum(line.state == State.STOPS for line in self.lines)

    @property
    def summary(self) -> str:
        """'2 stop publication', '1 to check', or '4 done'."""
        to_check = sum(line.state == State.LOOK for line in self.lines)
        if self.stopping:
            return ngettext("%(n)d stops publication", "%(n)d stop publication", self.stopping) % {
                "n": self.stopping
            }
        if to_check:
            return ngettext("%(n)d to check", "%(n)d to check", to_check) % {"n": to_check}
        return _("%(n)d done") % {"n": len(self.lines)}


@dataclass
class Checklist:
    """The checklist of one version of a page."""

    page: Page
    lines: list[Line]

    @cached_property
    def stopping(self) -> list[Line]:
        """The lines that stop publication."""
        return [line for line in self.lines if line.state == State.STOPS]

    @property
    def next_line(self) -> Line | None:
        """What to do first: the first line that stops publication, else the first to check."""
        return next((line for line in self.lines if line.state in (State.STOPS, State.LOOK)), None)

    @property
    def sections(self) -> list[Section]:
        """The lines by group, without empty groups."""
        urgent = self.next_line.state if self.next_line else None
        by_group = [(group, [line for line in self.lines if line.group == group]) for group in Group]
        return [
            Section(group, lines, urgent is None or any(line.state == urgent for line in lines))
            for group, lines in by_group
            if lines
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the checklist for the API and the command."""
        return {
            "page": self.page.pk,
            "may_be_published": not self.stopping,
            "lines": [line.as_json() for line in self.lines],
        }


def checklist(page: Page) -> Checklist:
    """Return the checklist of a page as it is in memory. Pass the newest draft."""
    found = [line for lines in _registered[isinstance(page, AboutPerson)] for line in lines(page)]
    order = {state: place for place, state in enumerate((State.STOPS, State.LOOK, State.DONE, State.ADVICE))}
    return Checklist(page, sorted(found, key=lambda line: order[line.state]))


def edit_url(page: Page, part: str = "") -> str:
    """Return the address of the page's editor, at the block if `part` is one."""
    url = admin_urls.edit_url(page)
    return f"{url}#block-{part.removeprefix('block:')}-section" if url and part.startswith("block:") else url
