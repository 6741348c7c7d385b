"""What pictures, documents and recordings have in common: private originals and public copies."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, ClassVar

from django.core.files.storage import FileSystemStorage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

PUBLIC_FOLDER = "shown/"
PUBLIC_NAME_LENGTH = 120


def new_folder() -> str:
    """Return 22 random characters for one publication of an item: old addresses never work again."""
    return secrets.token_urlsafe(16)


def public_prefix(kind: str, folder: str, original: str) -> str:
    """Return the start of the names of all public copies of `original` that lie in `folder`.

    '' without a folder.
    The digest reveals nothing: names of originals hold 128 random bits.
    """
    if not folder:
        return ""
    return f"{PUBLIC_FOLDER}{kind}/{folder}/{hashlib.sha256(original.encode()).hexdigest()[:16]}-"


def public_name_of(stored_name: str, prefix: str) -> str:
    """Return `stored_name` if it names the copy of an original whose copies begin with `prefix`, else ''.

    Other names are of a replaced original or an earlier publication.
    """
    return stored_name if prefix and stored_name.startswith(prefix) else ""


def public_address() -> Callable[[str], str]:
    """Return what gives the address of a public copy by its name."""
    storage = storages["default"]
    if type(storage) is FileSystemStorage:
        # Our own names need no escaping, and a page may have a hundred of them.
        return str(storage.base_url).__add__
    return storage.url


def public_url(name: str) -> str:
    """Return the address of a public copy."""
    return public_address()(name)


class KeepsPublicNames(models.Model):
    """A model whose fields about public copies are written by `media.publishing` alone.

    `save()` leaves them out, so that a form opened before a withdrawal cannot publish the item again.
    """

    PUBLIC_FIELDS: ClassVar[frozenset[str]] = frozenset({"public_name"})

    class Meta:
        abstract = True

    def _do_update(self, *args: Any, **options: Any) -> Any:
        base_qs, using, pk_val, values, *rest = args
        values = [value for value in values if value[0].name not in self.PUBLIC_FIELDS]
        return super()._do_update(base_qs, using, pk_val, values, *rest, **options)


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file of an item: `holder` has it in `original_field`, and the name of its copy in `public_field`.

    `kind`: a key of media.private_files.KINDS. `remuxed`: whether the copy leaves out metadata.
    """

    item: Publishable
    holder: Any
    kind: str
    original_field: str = "file"
    public_field: str = "public_name"
    remuxed: bool = False

    @property
    def original(self) -> str:
        return str(getattr(self.holder, self.original_field) or "")

    @property
    def stored_name(self) -> str:
        """The name of the public copy in the database, even of an earlier original; '' for none."""
        return str(getattr(self.holder, self.public_field))

    @property
    def prefix(self) -> str:
        return public_prefix(self.item.PUBLIC_KIND, self.item.public_folder, self.original)

    @property
    def public_name(self) -> str:
        """The name of the public copy; '' while this original has no copy in the present folder."""
        return public_name_of(self.stored_name, self.prefix)

    def new_public_name(self) -> str:
        """Return a name that no other attempt to copy this file uses."""
        return f"{self.prefix}{secrets.token_hex(4)}{PurePosixPath(self.original).suffix}"

    @property
    def public_url(self) -> str:
        """The public address; '' while there is no public copy."""
        name = self.public_name
        return public_url(name) if name else ""


class Publishable(KeepsPublicNames):
    """A picture, document or recording.

    `publication.public_files` decides whether `media.publishing` publishes it.
    """

    public_since = models.DateTimeField(_("public since"), null=True, editable=False)
    public_folder = models.CharField(max_length=22, blank=True, editable=False, db_index=True)

    PUBLIC_FIELDS = frozenset({"public_since", "public_folder", "public_name", "public_poster"})
    # The folder of its kind in the public storage.
    PUBLIC_KIND: ClassVar[str]

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        """Whether any visitor may see it. Its public files may not be written yet."""
        return bool(self.public_folder)

    def parts(self) -> Sequence[FilePart]:
        """Return the files that have, or can have, public copies."""
        raise NotImplementedError


def public_name_field() -> models.CharField[str, str]:
    """Return a new field for the name of a public copy."""
    return models.CharField(max_length=PUBLIC_NAME_LENGTH, blank=True, editable=False, db_index=True)
