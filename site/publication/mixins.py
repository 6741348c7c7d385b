"""What a page about a person inherits: it states what it needs, and cannot be public without it."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from wagtail.models import COMMENTS_RELATION_NAME, Page, ReferenceIndex
from wagtail.search import index

from consent.models import Person
from consent.uses import Use
from publication import gate, refusals
from publication.consent_requirements import (
    media_requirements,
    sharing_requirements,
    shows_real_name,
    sync_page_links,
)
from publication.models import Clearance
from publication.reasons import ConsentRequirement, Reason
from publication.redaction import RedactedIterable, RedactedPageSaved, name_blocks, redact
from publication.views import gone


@functools.cache
def bookkeeping() -> frozenset[str]:
    """What changes without anything changing for a reader: the place in the tree, dates, locks, comments."""
    names = {field.name for field in Page._meta.get_fields()} | {COMMENTS_RELATION_NAME, "page_ptr"}
    return frozenset(names) - {"title", "seo_title", "search_description"}


class AboutPerson(models.Model):
    """A page about a person. Whatever road leads to `live=True` passes `save`, and `save` asks the gate."""

    # Fields of the page that no reader ever sees.
    private_fields: frozenset[str] = frozenset({"person", "compiled_from"})
    # Fields and tables in which professionals and sources are named on purpose: only private names are looked for there.
    credit_fields: frozenset[str] = frozenset()

    class Meta:
        abstract = True

    def consent_requirements(self) -> Iterable[ConsentRequirement]:
        """Whose consent the page needs, for which uses, and for which part of it.

        The words, by everybody it is about; pictures and recordings, by whoever is seen or heard in them. A page type
        that shows more (quotes, clips, a transcript) adds to this.
        """
        for person in self.people_told_of():
            yield ConsentRequirement(person, Use.TEXT)
            if self.shows_real_name_of(person):
                yield ConsentRequirement(person, Use.REAL_NAME)
        yield from media_requirements(self, contributor=self.contributor, whole=self.required_parts)
        yield from sharing_requirements(self, contributor=self.contributor)

    # Parts without which the page is none: their consent is the page's ('field:recording').
    required_parts: frozenset[str] = frozenset()

    def people_told_of(self) -> list[int]:
        """The numbers of those whose story or case it is."""
        number = getattr(self, "person_id", None)
        return [number] if number else []

    @property
    def contributor(self) -> int | None:
        """Who is taken to be heard, seen or quoted where nobody is named."""
        return next(iter(self.people_told_of()), None)

    def shows_real_name_of(self, person: int) -> bool:
        """Whether the page calls them by their real first name."""
        shown = getattr(self, "patient_name", "")
        if not shown or person != getattr(self, "person_id", None):
            return False
        real = Person.objects.filter(pk=person).values_list("private_name", flat=True).first()
        return shows_real_name(shown, real or "")

    # On the way to the public -----------------------------------------------------------------------------------

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args:
            # Wagtail's pages are born published, and its form for a new page stores them so before it publishes.
            kwargs.setdefault("live", False)
        super().__init__(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.redacted:
            raise RedactedPageSaved(
                f"Page {self.pk} is shown without some of its parts, and must not be stored so."
            )
        fields = kwargs.get("update_fields")
        if fields is not None and not set(fields) - bookkeeping() and "live" not in fields:
            super().save(*args, **kwargs)
            return
        try:
            with transaction.atomic():
                name_blocks(self)
                if self.live:  # type: ignore[attr-defined]
                    gate.require_consent(self)
                super().save(*args, **kwargs)
                sync_page_links(self)
                self.write_clearance()
        except gate.NotPublic:
            if self._state.adding:
                refusals.mend_tree(self)
            raise

    def write_clearance(self, on: datetime | None = None) -> None:
        """Have the gate write down what may be shown of the page as it is saved, and tell the search index."""
        clearance = gate.write_clearance(self, on)
        self.forget_clearance()
        if clearance is not None and clearance.redacted(on):
            index.insert_or_update_object(self)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        name_blocks(self)
        revision = super().save_revision(*args, **kwargs)  # type: ignore[misc]
        sync_page_links(self, draft=True)
        return revision

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> None:
        """Publish a revision, and every alias with it, or nothing. At its hour a scheduled one is refused in silence.

        Whoever scheduled it is told (`publication.refusals`); the other pages of that hour are none the worse.
        """
        try:
            with transaction.atomic():
                gate.lock_people(revision.as_object())
                super().publish(revision, *args, **kwargs)  # type: ignore[misc]
        except gate.NotPublic as refusal:
            if kwargs.get("log_action") != refusals.SCHEDULED:
                raise
            refusals.note(revision, refusal)

    def update_aliases(self, *, _updated_ids: Iterable[int] = (), **kwargs: Any) -> None:
        """As Wagtail's; an alias that may not show the new words comes down, and does not keep them from the others."""
        done = list(_updated_ids or ())
        while True:
            try:
                with transaction.atomic():
                    super().update_aliases(_updated_ids=done, **kwargs)  # type: ignore[misc]
            except gate.NotPublic as refusal:
                if refusal.page.pk in done or refusal.page.alias_of_id is None:
                    raise
                done = [*done, refusal.page.pk]
                alias: Any = type(self)._default_manager.get(pk=refusal.page.pk)
                if alias.live:
                    alias.unpublish(log_action=True)
            else:
                return

    # What a family approves of -----------------------------------------------------------------------------------

    def public_content(self) -> dict[str, Any]:
        """All that a reader may see of the page, as plain data: what a family approves of."""
        unseen = bookkeeping() | self.private_fields
        # The files first: it reads every stream, and one that was read serialises otherwise than one that was not.
        files = self._files_shown()
        stored: dict[str, Any] = self.serializable_data()  # type: ignore[attr-defined]
        content = {name: value for name, value in stored.items() if name not in unseen}
        return {**content, "files": files}

    def public_hash(self) -> str:
        """SHA-256 of the public content: the same for the same words, pictures and moments, wherever the page stands."""
        plain = _without_keys(self.public_content())
        return hashlib.sha256(json.dumps(plain, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()

    def _files_shown(self) -> list[list[str]]:
        """The names of the files it shows: a picture exchanged under the same number is another picture."""
        found: dict[type[Any], set[str]] = {}
        for to_type, number, _model_path, _path in ReferenceIndex._extract_references_from_object(self):
            model = _model_of(to_type)
            if model is not None and hasattr(model, "file"):
                found.setdefault(model, set()).add(number)
        return sorted(
            [model._meta.label, str(name), str(alt)]
            for model, numbers in found.items()
            for name, alt in model._default_manager.filter(pk__in=numbers).values_list(
                "file", "alt_text" if hasattr(model, "alt_text") else "title"
            )
        )

    # What is shown ----------------------------------------------------------------------------------------------

    # Parts taken out of this object; set by `redact`.
    redacted: frozenset[str] = frozenset()
    # In a preview: why parts would be left out, by part.
    reasons_by_part: dict[str, list[Reason]] = {}

    @cached_property
    def clearance_now(self) -> Clearance | None:
        """Its clearance as the database has it, read once for this object, or with it (`select_related`)."""
        if "clearance" in self._state.fields_cache:
            joined: Clearance | None = self._state.fields_cache["clearance"]
            return joined
        return Clearance.objects.filter(page_id=self.pk).first() if self.pk else None

    @cached_property
    def redacted_parts(self) -> frozenset[str]:
        """The parts that are left out for the public now ('block:<id>', 'field:picture', 'clip:<block id>', ...)."""
        return self.clearance_now.redacted() if self.clearance_now else frozenset()

    def forget_clearance(self) -> None:
        """It changed: what was read of it is read again."""
        self._state.fields_cache.pop("clearance", None)
        for name in ("clearance_now", "redacted_parts"):
            self.__dict__.pop(name, None)

    def redact(self, parts: Iterable[str]) -> None:
        """Take parts out of this object, for showing it. It cannot be saved any more."""
        self.redacted = self.redacted | frozenset(parts)
        redact(self, self.redacted)

    @property
    def shown_picture(self) -> Any:
        """Its picture, for a list; None where it is left out. Lists join the clearance: no query then."""
        return None if "field:picture" in self.redacted_parts else getattr(self, "picture", None)

    @property
    def shared_picture(self) -> Any:
        """What is shown where the page is shared; None where the person does not allow that."""
        withheld = self.redacted_parts
        if "use:social_media" in withheld:
            return None
        own = None if "field:social_picture" in withheld else getattr(self, "social_picture", None)
        return own or self.shown_picture

    def get_indexed_instance(self) -> Any:
        """What the search index may hold of it: a copy without what is left out."""
        page = super().get_indexed_instance()  # type: ignore[misc]
        if page is None or page.redacted:
            return page
        fresh = type(page).get_indexed_objects().filter(pk=page.pk).first()
        return fresh if fresh is not None and fresh.redacted else page

    @classmethod
    def get_indexed_objects(cls) -> Any:
        pages = super().get_indexed_objects().select_related("clearance")  # type: ignore[misc]
        pages._iterable_class = RedactedIterable
        return pages

    # The longest, in seconds, that anybody may keep the page without asking again.
    longest_kept = 60

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page without what is left out; 410 where consent has ended since it was published."""
        clearance = self.clearance_now
        if clearance is None:
            raise Http404
        now = timezone.now()
        if not clearance.is_in_force(now):
            return self.gone(request)
        self.redact(clearance.redacted(now))
        response: HttpResponse = super().serve(request, *args, **kwargs)  # type: ignore[misc]
        change = clearance.next_change(now)
        left = int((change - now).total_seconds()) if change else self.longest_kept
        patch_cache_control(response, max_age=max(0, min(self.longest_kept, left)), must_revalidate=True)
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as it is written, each part that would be left out marked with the reason."""
        self.reasons_by_part = {}
        for reason in gate.parts_not_public(self):
            self.reasons_by_part.setdefault(reason.part, []).append(reason)
        response: HttpResponse = super().serve_preview(request, mode_name)  # type: ignore[misc]
        return response

    def gone(self, request: HttpRequest) -> HttpResponse:
        return gone(request)


def about_person_models() -> list[type[Any]]:
    """Return every page type about a person."""
    return [model for model in apps.get_models() if issubclass(model, AboutPerson)]


def _model_of(content_type_id: int) -> type[Any] | None:
    return ContentType.objects.get_for_id(content_type_id).model_class()


def _without_keys(value: Any) -> Any:
    """Rows of child tables without their keys, which a copy of the page does not share."""
    if isinstance(value, dict):
        return {key: _without_keys(item) for key, item in value.items() if key not in {"pk", "page"}}
    return [_without_keys(item) for item in value] if isinstance(value, list) else value
