"""Cleans a document by its kind. Pure; `documents.sandbox` is the way in."""

from __future__ import annotations

from documents import kinds
from documents.cleaning.copies import Copy, NotCleanable
from documents.contents import NotReadable


def clean(data: bytes, title: str = "") -> Copy:
    """Return a clean copy of a document. Raises NotCleanable for any that cannot be cleaned.

    Plain text has nothing to hide, and its copy is the same.
    """
    copy, kind = Copy(title), kinds.kind_of(data)
    try:
        if kind == "pdf":
            from documents.cleaning import pdf  # noqa: PLC0415 - takes a fifth of a second

            pdf.clean(data, copy)
        elif kind == "ooxml":
            from documents.cleaning import ooxml  # noqa: PLC0415

            ooxml.clean(data, copy)
        elif kind == "odf":
            from documents.cleaning import open_document  # noqa: PLC0415

            open_document.clean(data, copy)
        elif kind == "text":
            copy.content = data
        else:
            raise NotCleanable(
                "locked" if kind == "ole" and b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P" in data else "kind"
            )
    except NotReadable as error:
        raise NotCleanable(str(error)) from error
    except MemoryError as error:
        raise NotCleanable("memory") from error
    except NotCleanable:
        raise
    # Readers of damaged files raise all kinds of errors.
    except Exception as error:
        raise NotCleanable("damaged") from error
    return copy
