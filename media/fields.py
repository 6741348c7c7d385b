from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.fields.files import FieldFile

from media.file_urls import private_url
from media.storage import private_storage


class OriginalFile(FieldFile):
    """A private file. Its address checks who is reading; visitors get a copy at another address."""

    field: Any

    @property
    def url(self) -> str:
        return private_url(self.instance, self.field.kind) if self.name else ""


class OriginalFileField(models.FileField):
    """A file in the private storage. `kind`: its key in media.private_files.KINDS and in its address."""

    attr_class = OriginalFile

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        self.kind = kind
        kwargs.setdefault("storage", private_storage)
        super().__init__(*args, **kwargs)
