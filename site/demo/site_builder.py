"""What every part of the demo needs: the record of what is loaded, the vocabulary, publishing of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from django.apps import apps
from django.db import models, transaction
from wagtail.models import Page

from audit.actors import Actor
from conditions.models import Condition
from deidentification import identifier_rule
from deidentification.services import keep_identifier
from demo.content import Content
from demo.models import DemoEntry
from mentions import naming
from mentions.name_decisions import decide
from publication.mixins import AboutPerson
from treatments.models import Treatment

Made = TypeVar("Made", bound=models.Model)
Tell = Callable[[str], None]

# All demo pages were last reviewed on the first day and are due for review on the second.
REVIEWED, DUE = date(2026, 9, 1), date(2028, 9, 1)


class SiteBuilder:
    """Makes each part of the demo once.

    `made` lists the keys of this run, `kept` counts parts of earlier runs, `left_out` gives reasons.
    """

    def __init__(self, content: Content, tell: Tell) -> None:
        self.content = content
        self.tell = tell
        self.made: list[str] = []
        self.kept = 0
        self.left_out: list[str] = []
        self._entries = {entry.key: entry for entry in DemoEntry.objects.all()}
        self._found: dict[str, models.Model | None] = {}
        self._conditions = {term.slug: term for term in Condition.objects.all()}
        self._treatments = {term.slug: term for term in Treatment.objects.all()}

    def read_vocabulary(self) -> None:
        """Read the terms again, after the vocabulary was loaded."""
        self._conditions = {term.slug: term for term in Condition.objects.all()}
        self._treatments = {term.slug: term for term in Treatment.objects.all()}

    # The record ---------------------------------------------------------------------------------------------

    def has_made(self, key: str) -> bool:
        return key in self._entries

    def once(self, key: str, build: Callable[[], models.Model | None] | Callable[[], None]) -> None:
        """Run `build` unless an earlier run did, and record it in the same transaction.

        Returns nothing on purpose: ask `find` for the object, which may have been deleted since.
        """
        if self.has_made(key):
            self.kept += 1
            return
        with transaction.atomic():
            built = build()
            entry = DemoEntry.of(key, built)
            entry.save()
        self._entries[key] = entry
        self._found[key] = built
        self.made.append(key)
        self.tell(key)

    def find(self, key: str) -> Any:
        """Return the object made under this key, or None if it is not made yet or was deleted since."""
        if key not in self._found:
            entry = self._entries.get(key)
            if entry is None:
                return None
            model = apps.get_model(entry.kind) if entry.kind else None
            self._found[key] = model._default_manager.filter(pk=entry.object_id).first() if model else None
        return self._found[key]

    def pages(self) -> Iterator[Page]:
        """Yield the sample pages, as they are stored now."""
        for key in list(self._entries):
            if isinstance(found := self.find(key), Page):
                yield found

    def leave_out(self, key: str, reason: str) -> None:
        self.left_out.append(f"{key}: {reason}")

    # The vocabulary -----------------------------------------------------------------------------------------

    def conditions(self, slugs: Iterable[str]) -> list[Condition]:
        """Return the terms that exist: an editor may have deleted some."""
        return [self._conditions[slug] for slug in slugs if slug in self._conditions]

    def treatments(self, slugs: Iterable[str]) -> list[Treatment]:
        return [self._treatments[slug] for slug in slugs if slug in self._treatments]

    # Pages --------------------------------------------------------------------------------------------------

    def address(self, target: str) -> str:
        """Return the attributes of a rich-text link to `page:key`, or to a plain address."""
        kind, _mark, key = target.partition(":")
        if kind != "page":
            return f'href="{target}"'
        page = self.find(key)
        return (
            f'linktype="page" id="{page.pk}"'
            if isinstance(page, Page)
            else f'href="{self.content.paths[key]}"'
        )

    def publish(
        self,
        key: str,
        parent_key: str,
        make: Callable[[], Page | None],
        published: date | None = None,
        tags: Iterable[str] = (),
    ) -> None:
        """Add a page under its parent and publish it as an editor would, once.

        `make` returns the unsaved page.
        """

        def build() -> models.Model | None:
            parent = self.find(parent_key)
            if not isinstance(parent, Page):
                self.leave_out(key, f"its parent page (‘{parent_key}’) has been deleted")
                return None
            page = make()
            if page is None:
                self.leave_out(key, "its condition or treatment is not in the vocabulary")
                return None
            page.live = False
            page.first_published_at = midday(published or REVIEWED)
            # On a fresh copy: treebeard keeps the number of children on the instance.
            parent = Page.objects.get(pk=parent.pk)
            page.slug = free_slug(parent, page.slug)
            parent.add_child(instance=page)
            if names := list(tags):
                page.tags.add(*names)
            keep_identifiers(page)
            decide_names(page)
            page.save_revision().publish()
            return page

        self.once(key, build)


def keep_identifiers(page: Page) -> None:
    """Keep every possible identifier in a sample: the people in it are invented."""
    if isinstance(page, AboutPerson) and page.people_told_of():
        for found in identifier_rule.open_findings(page):
            keep_identifier(
                page=page,
                kind=found.finding.kind,
                text=found.finding.text,
                reason="Sample content: invented.",
                by=Actor.system("load_demo"),
            )


def decide_names(page: Page) -> None:
    """Say that the names on a sample page mean the people of the sample stories."""
    if not isinstance(page, AboutPerson):
        for question in naming.open_questions(page):
            decide(
                page=page,
                mark=question.name.mark,
                person=question.people[0].pk if question.people else None,
                reason="" if question.people else "Sample content: invented.",
                by=Actor.system("load_demo"),
            )


def free_slug(parent: Page, slug: str) -> str:
    """Return the slug, followed by a number if an editor has used it already."""
    taken = set(parent.get_children().values_list("slug", flat=True))
    number, wanted = 1, slug
    while wanted in taken:
        number += 1
        wanted = f"{slug}-{number}"
    return wanted


def midday(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def review() -> dict[str, Any]:
    """Return the fields that mark a page as reviewed and as sample content."""
    return {"is_sample": True, "last_reviewed": REVIEWED, "next_review_due": DUE}
