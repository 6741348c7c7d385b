"""Cleans OpenDocument texts, sheets and slides: writes a new archive of what readers see. Pure."""

from __future__ import annotations

import posixpath
import zipfile
from typing import Any

from lxml import etree

from documents.archives import content_of, name_of, opened, parsed, value_of, xml_bytes
from documents.cleaning import open_document_text
from documents.cleaning.copies import Copy, NotCleanable
from documents.cleaning.elements import all_of
from documents.cleaning.packages import EMPTY_PICTURE, PICTURES, archive_of, value_of_child, xml_text
from documents.contents import Contents
from documents.pictures import without_metadata

MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
DC = "http://purl.org/dc/elements/1.1/"
TYPES = tuple(
    f"application/vnd.oasis.opendocument.{kind}{more}"
    for kind in ("text", "spreadsheet", "presentation")
    for more in ("", "-template")
)
FOLDERS = ("Pictures/", "ObjectReplacements/", "Fonts/")
LEFT_OUT = {
    "Basic/": "macro", "Scripts/": "macro", "Dialogs/": "macro", "Thumbnails/": "thumbnail",
    "Versions/": "earlier",
    "settings.xml": "printer", "META-INF/documentsignatures.xml": "other", "manifest.rdf": "other",
}  # fmt: skip


def clean(data: bytes, copy: Copy) -> None:
    """Write a clean copy of `data` to `copy`. Raises NotCleanable and NotReadable."""
    budget = Contents()
    with opened(data) as archive:
        members = {member.filename: member for member in archive.infolist()}
        kind = _kind(archive, members)
        texts = {
            name: parsed(content_of(archive, name, budget.spend))
            for name in ("content.xml", "styles.xml")
            if name in members
        }
        hidden = open_document_text.Hidden.of(texts.values())
        for root in texts.values():
            open_document_text.clean(root, copy, hidden, frozenset(members))
        # They get new names in the text.
        pictures = _pictures(archive, texts.values(), copy, budget)
        kept = [("mimetype", kind.encode()), *((name, xml_bytes(root)) for name, root in texts.items())]
        kept += [("meta.xml", _meta(copy.title)), *pictures]
        _count_left_out(archive, members, copy)
    kept.insert(1, ("META-INF/manifest.xml", _manifest(kind, [name for name, _content in kept[1:]])))
    copy.content = archive_of(kept, stored=frozenset({"mimetype"}))


def _kind(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> str:
    if "mimetype" not in members or "content.xml" not in members:
        raise NotCleanable("damaged")
    kind = content_of(archive, "mimetype").decode("ascii", "replace").strip()
    if kind not in TYPES:
        raise NotCleanable("kind")
    if "META-INF/manifest.xml" in members:
        manifest = parsed(content_of(archive, "META-INF/manifest.xml"))
        if all_of(manifest, "encryption-data"):
            raise NotCleanable("locked")
    return kind


def _pictures(archive: zipfile.ZipFile, roots: Any, copy: Copy, budget: Contents) -> list[tuple[str, bytes]]:
    """Return the pictures and fonts that the text refers to, with names that say nothing."""
    kept, new_names = [], dict[str, str]()
    holders = [element for root in roots for element in root.iter() if name_of(element)]
    for element in holders:
        old = value_of(element, "href").removeprefix("./")
        if not old.startswith(FOLDERS) or old not in archive.namelist():
            continue
        if old not in new_names:
            suffix = posixpath.splitext(old)[1].lower()
            new_names[old] = f"{old.partition('/')[0]}/{len(new_names) + 1}{suffix}"
            kept.append(
                (new_names[old], _clean_picture(content_of(archive, old, budget.spend), suffix, copy))
            )
        for key in element.attrib:
            if key.endswith("}href"):
                element.set(key, new_names[old])
    return kept


def _clean_picture(content: bytes, suffix: str, copy: Copy) -> bytes:
    if suffix not in PICTURES and not content.startswith((b"\x89PNG", b"\xff\xd8")):
        return content
    clean = without_metadata(content)
    copy.removed["picture" if clean is None else "picture data"] += clean != content
    return EMPTY_PICTURE if clean is None else clean


def _meta(title: str) -> bytes:
    root = etree.Element(f"{{{OFFICE}}}document-meta", nsmap={"office": OFFICE, "dc": DC})
    root.set(f"{{{OFFICE}}}version", "1.3")
    meta = etree.SubElement(root, f"{{{OFFICE}}}meta")
    etree.SubElement(meta, f"{{{DC}}}title").text = xml_text(title)
    return xml_bytes(root)


def _manifest(kind: str, names: list[str]) -> bytes:
    root = etree.Element(f"{{{MANIFEST}}}manifest", nsmap={"manifest": MANIFEST})
    root.set(f"{{{MANIFEST}}}version", "1.3")
    for name, what in [("/", kind), *((name, "text/xml" if name.endswith(".xml") else "") for name in names)]:
        suffix = posixpath.splitext(name)[1].lower()
        entry = etree.SubElement(root, f"{{{MANIFEST}}}file-entry")
        entry.set(f"{{{MANIFEST}}}full-path", name)
        entry.set(f"{{{MANIFEST}}}media-type", what or PICTURES.get(suffix, ""))
    return xml_bytes(root)


def _count_left_out(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], copy: Copy) -> None:
    for beginning, kind in LEFT_OUT.items():
        copy.removed[kind] += sum(name.startswith(beginning) and not name.endswith("/") for name in members)
    if "meta.xml" in members:
        root = parsed(content_of(archive, "meta.xml"))
        meta = root[0] if len(root) else root
        authors = [value_of_child(meta, name) for name in ("creator", "initial-creator", "printed-by")]
        copy.removed["author"] += any(authors)
        copy.removed["property"] += len(meta) > len(list(filter(None, authors))) + bool(
            value_of_child(meta, "title")
        )
