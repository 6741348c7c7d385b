"""The publication checklist: what is done, what stops publication, what to look at, where each is mended.

What stops publication is what the gate says, and fields that do not validate; nothing else does. The screen, the panel
in the editor, the API and `manage.py check_page` all read `checklist()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consent import time_spans
from consent.grants import ConsentLookup
from consent.models import Consent
from consent.uses import Use
from media.alt_text import why_not_alt_text
from media.models import Picture, Recording
from publication import admin_urls, gate
from publication.reasons import ConsentRequirement, Why
from publication.shown_files import shown_files
from publication.windows import consent_page_ids


class State(models.TextChoices):
    """What a line says. Each has a word and a shape, never a colour alone."""

    DONE = "done", gettext_lazy("Done")
    STOPS = "stops", gettext_lazy("Stops publication")
    LOOK = "look", gettext_lazy("Look at this")
    ADVICE = "advice", gettext_lazy("Advice")


class Group(models.TextChoices):
    CONSENT = "consent", gettext_lazy("Consent")
    APPROVAL = "approval", gettext_lazy("Approval by the family")
    IDENTIFIERS = "identifiers", gettext_lazy("What identifies somebody")
    BESIDE = "beside", gettext_lazy("Beside the story")
    CARE = "care", gettext_lazy("What a case report tells (CARE)")
    MEDIA = "media", gettext_lazy("Pictures, clips, captions")
    FIELDS = "fields", gettext_lazy("Fields of the page")


@dataclass(frozen=True)
class Line:
    """One line. `code`: 'D3' where it is one of what must stand beside a story; `url`: where it is mended, and `link`
    what that place is called; `uses`: (use, agreed to: yes, no, None not needed) for a person's consent; `found`: of an
    identifier, so that it can be decided here."""

    group: Group
    state: State
    title: str
    why: str = ""
    url: str = ""
    link: str = ""
    code: str = ""
    uses: tuple[tuple[str, bool | None], ...] = ()
    found: Any = None

    def as_json(self) -> dict[str, str]:
        return {
            "group": self.group.value,
            "state": self.state.value,
            "code": self.code,
            "title": self.title,
            "why": self.why,
            "url": self.url,
        }


# Rooms above add their lines: `lines(page) -> Iterable[Line]`; [] for pages they do not know. What they mark as STOPS
# without a reason of the gate is shown as ‘look at this’: only the gate stops publication.
_registered: list[Callable[[Any], Iterable[Line]]] = []


def register(lines: Callable[[Any], Iterable[Line]]) -> Callable[[Any], Iterable[Line]]:
    """Add a room's lines; may be used as a decorator."""
    if lines not in _registered:
        _registered.append(lines)
    return lines


@dataclass(frozen=True)
class Section:
    """The lines of one group."""

    group: Group
    lines: list[Line]

    @property
    def label(self) -> str:
        return str(self.group.label)

    @property
    def stopping(self) -> int:
        return sum(line.state == State.STOPS for line in self.lines)

    @property
    def told(self) -> str:
        """'2 stop publication', '1 to look at', '4 done'."""
        looks = sum(line.state == State.LOOK for line in self.lines)
        if self.stopping:
            return ngettext("%(n)d stops publication", "%(n)d stop publication", self.stopping) % {
                "n": self.stopping
            }
        if looks:
            return ngettext("%(n)d to look at", "%(n)d to look at", looks) % {"n": looks}
        return _("%(n)d done") % {"n": len(self.lines)}


@dataclass
class Checklist:
    """Everything about one page, as its newest draft stands."""

    page: Any
    lines: list[Line]

    @cached_property
    def stopping(self) -> list[Line]:
        return [line for line in self.lines if line.state == State.STOPS]

    @property
    def sections(self) -> list[Section]:
        by_group = [Section(group, [one for one in self.lines if one.group == group]) for group in Group]
        return [section for section in by_group if section.lines]

    def as_json(self) -> dict[str, Any]:
        """For the API and the command."""
        return {
            "page": self.page.pk,
            "may_be_published": not self.stopping,
            "lines": [line.as_json() for line in self.lines],
        }


def checklist(page: Any, on: datetime | None = None) -> Checklist:
    """The checklist of a page about a person, as it stands in memory: hand in the newest draft."""
    on = on or timezone.now()
    found = [*_gate_lines(page, on), *_consent_lines(page, on)]
    found += [*_media_lines(page), *_field_lines(page)]
    for lines in _registered:
        found += lines(page)
    order = {state: place for place, state in enumerate((State.STOPS, State.LOOK, State.DONE, State.ADVICE))}
    return Checklist(page, sorted(found, key=lambda line: order[line.state]))


GROUPS = {
    Why.NOT_APPROVED: Group.APPROVAL,
    Why.CHANGED: Group.APPROVAL,
    Why.CHANGE_ASKED: Group.APPROVAL,
    Why.DECLINED: Group.APPROVAL,
    Why.IDENTIFIES: Group.IDENTIFIERS,
    Why.INCOMPLETE: Group.BESIDE,
}


def _gate_lines(page: Any, on: datetime) -> Iterator[Line]:
    """What the gate says. Identifiers are left to their own lines, where an editor can decide about them."""
    for reason in gate.all_reasons(page, on):
        group = GROUPS.get(reason.why, Group.CONSENT)
        if reason.why == Why.IDENTIFIES:
            continue
        if group == Group.BESIDE and hasattr(page, "care_values"):
            group = Group.CARE
        if reason.part:
            why = _("This part is left out in public. Everything else can be shown.")
            yield Line(group, State.LOOK, reason.text, why, reason.url, _("Open"))
        else:
            url = f"{reason.url}#family" if group == Group.APPROVAL else reason.url
            yield Line(group, State.STOPS, reason.text, "", url, _("Fix"))


def _consent_lines(page: Any, on: datetime) -> Iterator[Line]:
    """One line a person: every use, agreed to or not, for how long."""
    requirements: list[ConsentRequirement] = list(page.consent_requirements())
    lookup = ConsentLookup.by(requirement.person for requirement in requirements if requirement.person)
    given, numbers = lookup.grants(), consent_page_ids(page)
    for number, person in lookup.people.items():
        needed = {requirement.use for requirement in requirements if requirement.person == number}
        allowed = {use for use in Use if time_spans.at(time_spans.spans_of(given, number, use, numbers), on)}
        if not needed & allowed:
            continue
        uses = tuple(
            (str(use.label), True if use in allowed else False if use in needed else None) for use in Use
        )
        ends = [one.ends_at for one in lookup.consents[number] if one.state(on) == Consent.State.IN_FORCE]
        until = None if None in ends else max((end for end in ends if end), default=None)
        why = (
            _("In force until %(day)s.") % {"day": date_format(timezone.localtime(until))}
            if until
            else _("In force, without an end.")
        )
        state = State.DONE if needed <= allowed else State.LOOK
        yield Line(
            Group.CONSENT,
            state,
            str(person),
            why,
            admin_urls.person_url(number),
            _("Open the person"),
            uses=uses,
        )


def _media_lines(page: Any) -> Iterator[Line]:
    """Texts for who cannot see (WCAG 1.1.1) and captions for who cannot hear (WCAG 1.2.2)."""
    things = shown_files(page)
    pictures = [thing for thing in things if isinstance(thing, Picture)]
    bare = [one for one in pictures if why_not_alt_text(one.alt_text, str(one.file.name))]
    for picture in bare:
        why = str(why_not_alt_text(picture.alt_text, str(picture.file.name)))
        url = admin_urls.admin_url("wagtailimages:edit", picture.pk)
        yield Line(
            Group.MEDIA, State.LOOK, _("A picture without a text alternative"), why, url, _("Write it")
        )
    if pictures and not bare:
        yield Line(Group.MEDIA, State.DONE, ngettext("%(n)d picture, with its text alternative", "%(n)d pictures, each with its text alternative", len(pictures)) % {"n": len(pictures)})  # fmt: skip
    for recording in (thing for thing in things if isinstance(thing, Recording)):
        has = recording.tracks.exists()
        title = _("Captions of ‘%(title)s’") % {"title": recording.title}
        url = admin_urls.admin_url("wagtailmedia:edit", recording.pk)
        if has:
            yield Line(Group.MEDIA, State.DONE, title)
        else:
            yield Line(
                Group.MEDIA, State.LOOK, title, _("Who cannot hear has nothing to read."), url, _("Add them")
            )


def _field_lines(page: Any) -> Iterator[Line]:
    """Drafts are saved unchecked: what publication would refuse is said here."""
    try:
        page.full_clean()
    except ValidationError as error:
        listed = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in listed.items():
            named = (
                name and name != "__all__" and any(field.name == name for field in page._meta.get_fields())
            )
            label = str(page._meta.get_field(name).verbose_name) if named else ""
            title = f"{label[:1].upper()}{label[1:]}: {' '.join(messages)}" if label else " ".join(messages)
            yield Line(Group.FIELDS, State.STOPS, title, "", edit_url(page), _("Fix"))
    for field in page._meta.many_to_many:
        # Only the editor's form asks for these.
        if not field.blank and not getattr(page, field.name).all():
            label = str(field.verbose_name)
            title = _("%(field)s: at least one is needed.") % {"field": f"{label[:1].upper()}{label[1:]}"}
            yield Line(Group.FIELDS, State.STOPS, title, "", edit_url(page), _("Fix"))


def edit_url(page: Any, part: str = "") -> str:
    """The page's editor, at the block where the part is one."""
    url = admin_urls.edit_url(page)
    return f"{url}#block-{part.removeprefix('block:')}-section" if url and part.startswith("block:") else url
