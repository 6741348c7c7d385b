"""The abstract models of every vocabulary: terms in a tree, their names, and their codes in other systems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from treebeard.mp_tree import MP_Node

from conditions.fields import FoldedField
from conditions.forms import TermForm
from conditions.panels import TERM_PANELS
from conditions.querysets import TermManager, TermUse, uses
from conditions.systems import SYSTEMS, CodeError, link, normalise
from conditions.words import slug_of


class Term(MP_Node, ClusterableModel):
    """One entry of a vocabulary.

    A concrete vocabulary adds its own TermName and TermCode classes, each with
    `term = ParentalKey("app.Class", on_delete=CASCADE, related_name="names")` (or `"codes"`).
    """

    name = models.CharField(_("name"), max_length=255, help_text=_("The name shown on the site."))
    folded = FoldedField(of="name")
    slug = models.SlugField(
        _("slug"),
        max_length=200,
        unique=True,
        blank=True,
        help_text=_(
            "The word in addresses, for example cerebral-palsy. Leave empty to make it from the name."
        ),
    )
    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_("What is it? One or two plain sentences that a ten-year-old understands."),
    )
    # What loaders wrote last, by field: so a loader knows what an editor has changed since (see
    # load_plan.py).
    loaded = models.JSONField(default=dict, editable=False, blank=True)

    objects = TermManager()
    base_form_class = TermForm
    panels = TERM_PANELS

    if TYPE_CHECKING:
        names: Any
        codes: Any
        path: str
        depth: int
        numchild: int

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.slug = self.slug or self.free_slug()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or self.free_slug()
        super().save(*args, **kwargs)

    def free_slug(self) -> str:
        """Return a slug made from the name that no other term has."""
        stem = slug_of(self.name)
        taken = set(
            type(self)
            ._default_manager.filter(slug__startswith=stem)
            .exclude(pk=self.pk)
            .values_list("slug", flat=True)
        )
        slug, number = stem, 2
        while slug in taken:
            slug, number = f"{stem}-{number}", number + 1
        return slug

    def lineage_paths(self) -> list[str]:
        """Return the tree paths of this term and its ancestors, the nearest first."""
        step = self.steplen
        return [self.path[:end] for end in range(len(self.path), 0, -step)]

    def own_words(self) -> list[str]:
        """Return the name, then lay names, synonyms and abbreviations. No query after `with_words`."""
        return [self.name, *(name.name for name in self.names.all())]

    def all_words(self) -> list[str]:
        """Return the names of this term and of all terms above it, so that 'CP' finds spastic diplegia.

        Two queries; for many terms use `objects.words_for`.
        """
        words: list[str] = type(self).objects.words_for([self]).get(self.pk, [])
        return words

    def uses(self) -> list[TermUse]:
        """Return how many pages and other objects use this term, by kind. One query for each kind."""
        return uses(type(self), type(self).objects.filter(pk=self.pk))

    def indented(self) -> str:
        """Return the name, indented by its depth in the tree, for plain lists."""
        return "\u2003" * (self.depth - 1) + self.name

    indented.short_description = _("name")  # type: ignore[attr-defined]  # the heading in the admin's list


class TermName(models.Model):
    """Another name of a term, in one language. Lay names count as much as clinical ones."""

    class Kind(models.TextChoices):
        LAY = "lay", _("Lay name: what people say")
        SYNONYM = "synonym", _("Synonym: another medical name")
        ABBREVIATION = "abbreviation", _("Abbreviation")

    name = models.CharField(_("name"), max_length=255)
    folded = FoldedField(of="name")
    language = models.CharField(_("language"), max_length=15, choices=settings.LANGUAGES, default="en")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.LAY)

    class Meta:
        abstract = True
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "name", "language"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This name is already listed in this language."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class TermCode(models.Model):
    """The code of a term in another classification, checked for its format and linked."""

    SYSTEM_CHOICES = [(system.key, system.label) for system in SYSTEMS.values()]

    system = models.CharField(_("system"), max_length=20, choices=SYSTEM_CHOICES)
    code = models.CharField(_("code"), max_length=40, db_index=True)

    class Meta:
        abstract = True
        ordering = ["system", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "system", "code"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This code is already listed."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.code}"

    def clean(self) -> None:
        super().clean()
        if self.system and self.code:
            try:
                self.code = normalise(self.system, self.code)
            except CodeError as error:
                raise ValidationError({"code": str(error)}) from error

    @property
    def label(self) -> str:
        """The system's name as people write it: ICD-10-CM, MeSH."""
        system = SYSTEMS.get(self.system)
        return system.label if system else self.system

    @property
    def url(self) -> str:
        """The public page about this code."""
        return link(self.system, self.code)
