"""What a page about a person inherits: it states what it needs, and cannot be public without it."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from wagtail.models import COMMENTS_RELATION_NAME, Page, ReferenceIndex

from people import gate
from people.models import Clearance, Person
from people.needs import media_needs, shows_real_name
from people.reasons import Need
from people.uses import Use


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
    credits: frozenset[str] = frozenset()

    class Meta:
        abstract = True

    def consent_needs(self) -> Iterable[Need]:
        """Whose consent the page needs, for which uses, and for which part of it.

        The words, by everybody it is about; pictures and recordings, by whoever is seen or heard in them. A page type
        that shows more (quotes, clips, a transcript) adds to this.
        """
        for person in self.people_told_of():
            yield Need(person, Use.TEXT)
            if self.shows_real_name_of(person):
                yield Need(person, Use.REAL_NAME)
        yield from media_needs(self, teller=next(iter(self.people_told_of()), None), whole=self.whole_parts)

    # Parts without which the page is none: their consent is the page's ('field:recording').
    whole_parts: frozenset[str] = frozenset()

    def people_told_of(self) -> list[int]:
        """The numbers of those whose story or case it is."""
        number = getattr(self, "person_id", None)
        return [number] if number else []

    def shows_real_name_of(self, person: int) -> bool:
        """Whether the page calls them by their real first name."""
        shown = getattr(self, "patient_name", "")
        if not shown or person != getattr(self, "person_id", None):
            return False
        real = Person.objects.filter(pk=person).values_list("private_name", flat=True).first()
        return shows_real_name(shown, real or "")

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        touches = fields is None or bool(set(fields) - bookkeeping() | {"live"} & set(fields))
        with transaction.atomic():
            if self.live and touches:
                gate.demand(self)
            super().save(*args, **kwargs)
            if touches:
                gate.clear(self)

    def public_content(self) -> dict[str, Any]:
        """All that a reader may see of the page, as plain data: what a family approves of."""
        unseen = bookkeeping() | self.private_fields
        # The files first: it reads every stream, and one that was read serialises otherwise than one that was not.
        files = self._files_shown()
        content = {name: value for name, value in self.serializable_data().items() if name not in unseen}
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

    @cached_property
    def clearance_now(self) -> Clearance | None:
        """Its clearance as the database has it, read once for this object, or with it (`select_related`)."""
        if "clearance" in self._state.fields_cache:
            joined: Clearance | None = self._state.fields_cache["clearance"]
            return joined
        return Clearance.objects.filter(page_id=self.pk).first() if self.pk else None

    @cached_property
    def withheld_parts(self) -> frozenset[str]:
        """The parts that are left out for the public now ('block:<id>', 'field:picture', ...)."""
        return self.clearance_now.withheld() if self.clearance_now else frozenset()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or 410 where consent has ended since it was published."""
        if self.clearance_now is None or not self.clearance_now.is_in_force():
            return self.gone(request)
        response: HttpResponse = super().serve(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def gone(self, request: HttpRequest) -> HttpResponse:
        from people.views import gone

        return gone(request)


def _model_of(content_type_id: int) -> type[Any] | None:
    from django.contrib.contenttypes.models import ContentType

    return ContentType.objects.get_for_id(content_type_id).model_class()


def _without_keys(value: Any) -> Any:
    """Rows of child tables without their keys, which a copy of the page does not share."""
    if isinstance(value, dict):
        return {key: _without_keys(item) for key, item in value.items() if key not in {"pk", "page"}}
    return [_without_keys(item) for item in value] if isinstance(value, list) else value
