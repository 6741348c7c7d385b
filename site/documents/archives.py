"""Reads ZIP archives and the XML in them without being led to unpack far more than was uploaded. Pure."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lxml import etree

from documents.contents import LARGEST_PART, NotReadable

MOST_MEMBERS = 5_000
LOCKED = 0x1  # the bit of a member's flags
DAMAGED = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError,
    KeyError,
)  # fmt: skip


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """Yield the archive. Raises NotReadable for a damaged, locked or boundless one."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED as error:
        raise NotReadable("damaged") from error
    with archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise NotReadable("large")
        if any(member.flag_bits & LOCKED for member in members):
            raise NotReadable("locked")
        yield archive


def content_of(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo | str, spend: Callable[[int], None] = lambda _size: None
) -> bytes:
    """Return a member's content; `spend` is told its size. Raises NotReadable, also beyond LARGEST_PART.

    What the archive states about sizes is not trusted.
    """
    try:
        with archive.open(member) as file:
            content = file.read(LARGEST_PART + 1)
    except DAMAGED as error:
        raise NotReadable("damaged") from error
    if len(content) > LARGEST_PART:
        raise NotReadable("large")
    spend(len(content))
    return content


def parsed(content: bytes) -> Any:
    """Return the root of an XML document. Raises NotReadable if it is damaged or declares entities.

    No entity is resolved and nothing outside of `content` is read; comments and instructions are left out.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotReadable("damaged") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _entity in declared.iterentities()):
        raise NotReadable("damaged")
    return root


def name_of(element: Any) -> str:
    """Return the name of an element without its namespace; '' for an unresolved entity."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value_of(element: Any, name: str) -> str:
    """Return the attribute `name` in any namespace, '' if there is none."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def xml_bytes(root: Any) -> bytes:
    """Return an XML document as bytes."""
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    assert isinstance(content, bytes)
    return content
