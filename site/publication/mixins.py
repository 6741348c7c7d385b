"""The base class of pages about a person: they state which consents they require, and are not public without
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from wagtail.models import Page
from wagtail.search import index

from changes import recorder
from consent.uses import Use
from publication import gate, public_content, refusals
from publication.asked_once import AskedOnce
from publication.consent_requirements import (
    media_requirements,
    private_name_of,
    sharing_requirements,
    shows_real_name,
    sync_page_links,
)
from publication.models import Clearance
from publication.picture_sizes import make_before_publication
from publication.public_content import bookkeeping
from publication.reasons import ConsentRequirement, Reason
from publication.redaction import RedactedIterable, RedactedPageSaved, name_blocks, redact
from publication.saving import stored_together
from publication.views import gone
from queries import kept


class AboutPerson(AskedOnce, models.Model):
    """A page about a person. Every way of publishing goes through `save()`, which calls the gate."""

    # Fields of the page that no visitor sees.
    private_fields: frozenset[str] = frozenset({"person", "compiled_from"})
    # Fields and tables that name professionals and sources on purpose: only private names are searched for
    # there.
    credit_fields: frozenset[str] = frozenset()
    # Parts without which the page cannot be shown ('field:recording'): what they require, the whole page
    # requires.
    required_parts: frozenset[str] = frozenset()

    class Meta:
        abstract = True

    # What a page type states about itself -------------------------------------------------------------------

    def consent_requirements(self) -> Iterable[ConsentRequirement]:
        """Yield whose consent the page requires, for which use, and for which part of it.

        The text requires the consent of the people it is about; pictures and recordings that of the people
        seen or heard in them. A page type that shows more (quotes, clips, a transcript) adds to this.
        """
        for person in self.people_told_of():
            yield ConsentRequirement(person, Use.TEXT)
            if self.shows_real_name_of(person):
                yield ConsentRequirement(person, Use.REAL_NAME)
        yield from media_requirements(self, contributor=self.contributor, required=self.required_parts)
        yield from sharing_requirements(self, contributor=self.contributor)

    def people_told_of(self) -> list[int]:
        """Return the ids of the people whose story or case the page tells."""
        number = getattr(self, "person_id", None)
        return [number] if number else []

    @property
    def contributor(self) -> int | None:
        """The id of the person taken to be heard, seen or quoted where no one else is named."""
        return next(iter(self.people_told_of()), None)

    def shows_real_name_of(self, person: int) -> bool:
        """Return whether the page shows the real first name of a person."""
        shown = getattr(self, "patient_name", "")
        if not shown or person != getattr(self, "person_id", None):
            return False
        return shows_real_name(shown, private_name_of(person))

    # What a page type adds to the search for identifiers (`deidentification`, an app above this one) --------

    def known_private_names(self) -> Iterable[Any]:
        """Yield further private names (KnownName) that must not appear on the page."""
        return ()

    def passages_elsewhere(self) -> Iterable[Any]:
        """Yield words (Passage) that the page publishes but does not store."""
        return ()

    def identifier_decisions(self) -> Iterable[tuple[str, str]]:
        """Yield (kind, words) for identifiers that an editor decided to keep elsewhere."""
        return ()

    def fix_url(self, _passage: Any) -> str:  # for page types whose words come from elsewhere
        """Return where in the admin the words of a passage are fixed, '' for the editor of the page."""
        return ""

    # Saving and publishing ----------------------------------------------------------------------------------

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args:
            # A new Wagtail page is live by default, and the form for a new page stores it so before it
            # publishes.
            kwargs.setdefault("live", False)
        super().__init__(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.redacted:
            raise RedactedPageSaved(f"Page {self.pk} lacks its redacted parts and must not be saved.")
        fields = kwargs.get("update_fields")
        if fields is not None and not set(fields) - bookkeeping() and "live" not in fields:
            super().save(*args, **kwargs)
            return
        try:
            with transaction.atomic(savepoint=not kept.is_keeping()), stored_together(self):
                name_blocks(self)
                if self.live:  # type: ignore[attr-defined]
                    gate.require_consent(self)
                    if kept.is_keeping():
                        self.public_hash()  # while its rows are in memory
                super().save(*args, **kwargs)
                sync_page_links(self)
                self.write_clearance()
        except gate.NotPublic:
            if self._state.adding:
                refusals.fix_child_count(self)
            raise

    def write_clearance(self, on: datetime | None = None) -> None:
        """Have the gate store what may be shown of the saved page, and update the search index."""
        clearance = gate.write_clearance(self, on)
        self.forget_clearance()
        if clearance is not None:
            self._state.fields_cache["clearance"] = clearance
        if clearance is not None and clearance.redacted(on):
            index.insert_or_update_object(self)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        name_blocks(self)
        revision = super().save_revision(*args, **kwargs)  # type: ignore[misc]
        sync_page_links(self, draft=True)
        return revision

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> None:
        """Publish a revision and every alias with it, or nothing.

        Raises NotPublic, except at a scheduled time.

        The editor who scheduled a refused publication is notified (`publication.refusals`); other pages
        scheduled for the same time are unaffected.
        """
        make_before_publication(revision)
        try:
            with transaction.atomic():
                gate.lock_people([self.pk])
                with kept.keeping():
                    super().publish(revision, *args, **kwargs)  # type: ignore[misc]
        except gate.NotPublic as refusal:
            if kwargs.get("log_action") != refusals.SCHEDULED:
                raise
            refusals.notify_of(revision, refusal)

    def update_aliases(self, *, _updated_ids: Iterable[int] = (), **kwargs: Any) -> None:
        """Update the aliases as Wagtail does. Unpublish one that may not show the new content; go on."""
        # Wagtail asks for them in the order of the tree, for which SQLite may read all pages.
        if not Page.objects.filter(alias_of_id=self.pk).order_by().exists():
            return
        done = list(_updated_ids or ())
        while True:
            try:
                with transaction.atomic():
                    super().update_aliases(_updated_ids=done, **kwargs)  # type: ignore[misc]
            except gate.NotPublic as refusal:
                if refusal.page.pk in done or refusal.page.alias_of_id is None:
                    raise
                done = [*done, refusal.page.pk]
                alias: Page = type(self)._default_manager.get(pk=refusal.page.pk)
                if alias.live:
                    alias.unpublish(log_action=True)
            else:
                return

    # Content that a family approves -------------------------------------------------------------------------

    def public_content(self) -> dict[str, Any]:
        """Return everything that visitors may see of the page, as plain data."""
        return public_content.content_of(self)

    def public_hash(self) -> str:
        """Return the SHA-256 of the public content."""
        return kept.once(self, "public hash", lambda: public_content.hash_of(self.public_content()))

    # What is shown ------------------------------------------------------------------------------------------

    # Parts removed from this object; set by `redact`.
    redacted: frozenset[str] = frozenset()
    is_indexed_copy = False  # set by `get_indexed_instance`
    # In a preview: by part, why it would be redacted.
    reasons_by_part: dict[str, list[Reason]] = {}

    @cached_property
    def clearance_now(self) -> Clearance | None:
        """The clearance in the database, read once, or together with the page (`select_related`)."""
        clearance: Clearance | None
        if "clearance" in self._state.fields_cache:
            clearance = self._state.fields_cache["clearance"]
        else:
            clearance = Clearance.objects.filter(page_id=self.pk).first() if self.pk else None
        # What shows this page changes when its clearance does, though nothing is saved then.
        recorder.valid_until(clearance.changes_at if clearance else None)
        return clearance

    @cached_property
    def redacted_parts(self) -> frozenset[str]:
        """The parts that visitors do not see now ('block:<id>', 'field:picture', 'clip:<block id>', ...)."""
        return self.clearance_now.redacted() if self.clearance_now else frozenset()

    def forget_clearance(self) -> None:
        """Forget the clearance that was read, after it changed."""
        self._state.fields_cache.pop("clearance", None)
        for name in ("clearance_now", "redacted_parts"):
            self.__dict__.pop(name, None)

    def redact(self, parts: Iterable[str]) -> None:
        """Remove parts from this object before it is shown. It can no longer be saved."""
        self.redacted = self.redacted | frozenset(parts)
        redact(self, self.redacted)

    @property
    def shown_picture(self) -> Any:
        """The picture for lists, None if it is redacted. No query if the list joins the clearance."""
        return None if "field:picture" in self.redacted_parts else getattr(self, "picture", None)

    @property
    def shared_picture(self) -> Any:
        """The picture for shared links; None where the person does not allow that."""
        redacted = self.redacted_parts
        if "use:social_media" in redacted:
            return None
        own = None if "field:social_picture" in redacted else getattr(self, "social_picture", None)
        return own or self.shown_picture

    def get_indexed_instance(self) -> Any:
        """Return the copy for the search index, without the redacted parts."""
        page = super().get_indexed_instance()  # type: ignore[misc]
        if page is not None and not page.redacted:
            fresh = type(page).get_indexed_objects().filter(pk=page.pk).first()
            page = fresh if fresh is not None and fresh.redacted else page
            page.is_indexed_copy = True
        return page

    @classmethod
    def get_indexed_objects(cls) -> Any:
        pages = super().get_indexed_objects().select_related("clearance")  # type: ignore[misc]
        pages._iterable_class = RedactedIterable
        return pages

    # For how many seconds a browser or cache may keep the page without asking again.
    longest_cached = 60

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page without its redacted parts, or 410 if consent has ended since it was published."""
        clearance = self.clearance_now
        if clearance is None:
            raise Http404
        now = timezone.now()
        if not clearance.is_in_force(now):
            return self.gone(request)
        self.redact(clearance.redacted(now))
        response: HttpResponse = super().serve(request, *args, **kwargs)  # type: ignore[misc]
        change = clearance.next_change(now)
        seconds = int((change - now).total_seconds()) if change else self.longest_cached
        patch_cache_control(response, max_age=max(0, min(self.longest_cached, seconds)), must_revalidate=True)
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Return the whole draft, each part that would be redacted marked with the reason."""
        self.reasons_by_part = {}
        for reason in gate.parts_not_public(self):
            self.reasons_by_part.setdefault(reason.part, []).append(reason)
        response: HttpResponse = super().serve_preview(request, mode_name)  # type: ignore[misc]
        return response

    def gone(self, request: HttpRequest) -> HttpResponse:
        """Return the answer for a page that was public and is not any more."""
        return gone(request)


def about_person_models() -> list[type[Any]]:
    """Return every page type about a person."""
    return [model for model in apps.get_models() if issubclass(model, AboutPerson)]
