"""The terms and tags of a page: conditions, treatments and free tags, read in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import CharField, Value
from taggit.models import Tag
from wagtail.models import Page

from changes.recorder import depends_on
from conditions.models import Condition
from queries.prepared import Prepared
from treatments.models import Treatment

# The keys of what a label names (changes.models.Change).
KEYS = {"condition": "conditions.condition", "treatment": "treatments.treatment", "tag": "taggit.tag"}


@dataclass(frozen=True, slots=True)
class Label:
    """A term or tag. `path`: its position in its tree; '' for a tag."""

    kind: str
    pk: int
    name: str
    slug: str
    path: str = ""

    @property
    def query(self) -> str:
        """Return the query string of the story index that lists other pages with this term."""
        return urlencode({self.kind: self.slug})


@dataclass(frozen=True, slots=True)
class Labels:
    conditions: tuple[Label, ...] = ()
    treatments: tuple[Label, ...] = ()
    tags: tuple[Label, ...] = ()

    @property
    def all(self) -> tuple[Label, ...]:
        return self.conditions + self.treatments + self.tags

    @property
    def condition_paths(self) -> list[str]:
        return [label.path for label in self.conditions]

    @property
    def treatment_paths(self) -> list[str]:
        return [label.path for label in self.treatments]


def labels_of(page: Page) -> Labels:
    """Return the labels of a story or video page, in the order of their trees.

    One query for a saved page. For a draft or a preview, the labels of the draft.
    """
    if page.pk is None or page.has_clustered_labels:
        return Labels(
            tuple(_label("condition", term) for term in page.conditions.all()),
            tuple(_label("treatment", term) for term in page.treatments.all()),
            tuple(_label("tag", tag) for tag in page.tags.all()),
        )
    labels = _sorted(Label(*row) for row in _stored(page._meta.label)(page=page.pk))
    depends_on(*(f"{KEYS[label.kind]}:{label.pk}" for label in labels.all))
    return labels


@cache
def _stored(label: str) -> Prepared:
    """Return the query of the labels of one saved page of the type that Django calls `label`."""
    model: Any = apps.get_model(label)
    reverse = f"{model._meta.model_name}s"
    tagged = model.tags.through._meta.get_field("tag").related_query_name()

    def build(page: int) -> Any:
        conditions = _terms("condition", Condition.objects.filter(**{reverse: page}))
        treatments = _terms("treatment", Treatment.objects.filter(**{reverse: page}))
        tags = (
            Tag.objects.filter(**{f"{tagged}__content_object": page})
            .order_by()
            .annotate(kind=Value("tag"), place=Value("", output_field=CharField()))
            .values_list("kind", "pk", "name", "slug", "place")
        )
        return conditions.union(treatments, tags, all=True)

    return Prepared(build)


def _terms(kind: str, terms: Any) -> Any:
    return terms.order_by().annotate(kind=Value(kind)).values_list("kind", "pk", "name", "slug", "path")


def _label(kind: str, term: Any) -> Label:
    return Label(kind, term.pk, term.name, term.slug, getattr(term, "path", ""))


def _sorted(labels: Iterable[Label]) -> Labels:
    rows = sorted(labels, key=lambda label: (label.path, label.name.casefold()))
    return Labels(
        *(tuple(row for row in rows if row.kind == kind) for kind in ("condition", "treatment", "tag"))
    )
