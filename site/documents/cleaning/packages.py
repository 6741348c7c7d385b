"""Office files as archives of parts: which parts a copy has, how they refer to each other, pictures. Pure."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from documents.archives import content_of, opened, parsed, value_of, xml_bytes
from documents.cleaning.copies import Copy, NotCleanable
from documents.contents import MOST_BYTES, Contents
from documents.pictures import without_metadata

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
CORE_TYPE = f"{RELATIONS}/metadata/core-properties"
SAFE = re.compile(r"\s*(?:https?://|mailto:|tel:)", re.IGNORECASE)
# Relations that a copy keeps, by the end of their type. All others are left out.
KEPT = {
    "officeDocument", "styles", "theme", "settings", "fontTable", "font", "numbering", "header", "footer",
    "footnotes", "endnotes", "image", "chart", "chartStyle", "chartColorStyle", "chartUserShapes",
    "diagramData",
    "diagramLayout", "diagramQuickStyle", "diagramColors", "diagramDrawing", "worksheet", "chartsheet",
    "sharedStrings", "drawing", "slide", "slideLayout", "slideMaster", "presProps", "viewProps",
    "tableStyles",
    "themeOverride",
}  # fmt: skip
# What a part is that is left out, by its name.
LEFT_OUT = (
    (re.compile(r"vbaproject|activex/|ctrlprops/", re.I), "macro"),
    (re.compile(r"/embeddings/|afchunk|oleobject", re.I), "embedded"),
    (re.compile(r"customxml/item\d*\.xml|docprops/custom", re.I), "custom"),
    (re.compile(r"printersettings", re.I), "printer"),
    (re.compile(r"thumbnail", re.I), "thumbnail"),
    (re.compile(r"docprops/", re.I), "property"),
    (re.compile(r"/media/[^/]*\.(?:mp\d|m4\w|mov|wm\w|avi|wav|mpe?g|aac|ogg)$", re.I), "recording"),
    (re.compile(r"notesslides/[^/]*\.xml$", re.I), "notes"),
    (
        re.compile(
            r"externallinks?/|connections\.xml|querytables?/|pivot|slicer|timeline|glossary|/tags/", re.I
        ),
        "other",
    ),
)
PICTURES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".jfif": "image/jpeg",
    ".gif": "image/gif",
    ".bmp": "image/bmp", ".tif": "image/tiff", ".tiff": "image/tiff", ".webp": "image/webp",
}  # fmt: skip
DRAWINGS = {".emf": "image/x-emf", ".wmf": "image/x-wmf"}


@dataclass
class Part:
    """A part of the copy. `relations`: id -> (type, target, whether it leads outside)."""

    path: str
    root: Any = None
    content: bytes = b""
    relations: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)


class Package:
    """The parts of an Office file that a copy keeps, found from its main part on."""

    def __init__(self, data: bytes, copy: Copy) -> None:
        self.copy, self.parts, self.main = copy, dict[str, Part](), ""
        self.left_out: list[str] = []
        self.contents = Contents(bytes_left=MOST_BYTES)
        self.new_names: dict[str, str] = {}
        with opened(data) as archive:
            self.archive = archive
            self.members = {member.filename.lstrip("/"): member for member in archive.infolist()}
            self.types = self._types()
            self._walk()
            self._count_left_out()

    # Reading ---------------------------------------------------------------------------------------------

    def _types(self) -> dict[str, str]:
        """Return the types of the parts by path; of suffixes by '.suffix'."""
        root, types = parsed(self._content("[Content_Types].xml")), {}
        for entry in root:
            name = value_of(entry, "PartName").lstrip("/") or f".{value_of(entry, 'Extension').lower()}"
            types[name] = value_of(entry, "ContentType")
            if "macroEnabled" in types[name] or "vbaProject" in types[name]:
                raise NotCleanable("macros")
        return types

    def _content(self, path: str) -> bytes:
        if path not in self.members:
            raise NotCleanable("damaged")
        return content_of(self.archive, self.members[path], self.contents.spend)

    def _walk(self) -> None:
        """Read the main part and all that it leads to by relations that are kept."""
        package = self._relations_of("")
        self.main = next(
            (target for kind, target, _out in package.values() if kind.endswith("/officeDocument")), ""
        )
        waiting = [self.main]
        while waiting:
            path = waiting.pop()
            if path in self.parts:
                continue
            part = self.parts[path] = self._read(path)
            for number, (kind, target, outside) in list(part.relations.items()):
                if self._is_kept(kind, target, outside):
                    waiting += [] if outside else [target]
                else:
                    del part.relations[number]
                    part.dropped.add(number)
                    self.copy.removed["link"] += outside

    def _relations_of(self, path: str) -> dict[str, tuple[str, str, bool]]:
        folder, name = posixpath.split(path)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self.members:
            return {}
        found = {}
        for relation in parsed(self._content(rels)):
            target, outside = value_of(relation, "Target"), value_of(relation, "TargetMode") == "External"
            if not outside:
                target = posixpath.normpath(posixpath.join(f"/{folder}", target)).lstrip("/")
            found[value_of(relation, "Id")] = (value_of(relation, "Type"), target, outside)
        return found

    def _is_kept(self, kind: str, target: str, outside: bool) -> bool:
        if outside:
            return kind.endswith("/hyperlink") and bool(SAFE.match(target))
        suffix = posixpath.splitext(target)[1].lower()
        if kind.endswith("/image") and suffix not in PICTURES | DRAWINGS:
            return False
        return kind.rpartition("/")[2] in KEPT and target in self.members

    def _read(self, path: str) -> Part:
        content, suffix = self._content(path), posixpath.splitext(path)[1].lower()
        part = Part(path, relations=self._relations_of(path))
        if suffix == ".xml":
            part.root = parsed(content)
        else:
            part.content = self._picture(content) if suffix in PICTURES else content
            if suffix in PICTURES | DRAWINGS:
                name = f"image{len(self.new_names) + 1}{suffix}"
                self.new_names[path] = posixpath.join(posixpath.dirname(path), name)
        return part

    def _picture(self, content: bytes) -> bytes:
        clean = without_metadata(content)
        if clean is None:
            self.copy.removed["picture"] += 1
            return EMPTY_PICTURE
        self.copy.removed["picture data"] += clean != content
        return clean

    def _count_left_out(self) -> None:
        for path in self.members:
            if path not in self.parts and not path.endswith(".rels"):
                self.left_out.append(path)
                kind = next((kind for pattern, kind in LEFT_OUT if pattern.search(path)), "")
                if kind:
                    self.copy.removed[kind] += 1
        if "docProps/core.xml" in self.members:
            core = parsed(self._content("docProps/core.xml"))
            self.copy.removed["author"] += any(
                value_of_child(core, name) for name in ("creator", "lastModifiedBy")
            )

    def content_left_out(self, path: str, data: bytes) -> Any:
        """Return the root of a part that is not kept, to count what is in it."""
        with opened(data) as archive:
            return parsed(content_of(archive, self.members[path]))

    # Changing --------------------------------------------------------------------------------------------

    def drop(self, path: str) -> None:
        """Leave out a part that was kept, and every relation to it."""
        self.parts.pop(path, None)
        for part in self.parts.values():
            for number, (_kind, target, outside) in list(part.relations.items()):
                if target == path and not outside:
                    del part.relations[number]
                    part.dropped.add(number)

    def keep_only_used(self) -> None:
        """Leave out parts to which nothing leads any more."""
        used, waiting = set[str](), [self.main]
        while waiting:
            path = waiting.pop()
            if path not in used and path in self.parts:
                used.add(path)
                waiting += [
                    target for _kind, target, outside in self.parts[path].relations.values() if not outside
                ]
        self.parts = {path: part for path, part in self.parts.items() if path in used}

    # Writing ---------------------------------------------------------------------------------------------

    def write(self) -> bytes:
        """Return the archive of the copy. Its dates are those of no document."""
        members: list[tuple[str, bytes]] = [("[Content_Types].xml", self._types_xml())]
        first = [(f"{RELATIONS.replace('package', 'officeDocument')}/officeDocument", self.main, False)]
        members.append(
            (
                "_rels/.rels",
                self._relations_xml("", {"rId1": first[0], "rId2": (CORE_TYPE, "docProps/core.xml", False)}),
            )
        )
        members.append(("docProps/core.xml", self._core_xml()))
        for path, part in self.parts.items():
            name = self.new_names.get(path, path)
            members.append((name, xml_bytes(part.root) if part.root is not None else part.content))
            if part.relations:
                folder, base = posixpath.split(name)
                members.append(
                    (f"{folder}/_rels/{base}.rels".lstrip("/"), self._relations_xml(path, part.relations))
                )
        return archive_of(members)

    def _relations_xml(self, path: str, relations: dict[str, tuple[str, str, bool]]) -> bytes:
        root = etree.Element(f"{{{RELATIONS}}}Relationships", nsmap={None: RELATIONS})
        folder = posixpath.dirname(path) or "/"
        for number, (kind, target, outside) in relations.items():
            relation = etree.SubElement(root, f"{{{RELATIONS}}}Relationship", Id=number, Type=kind)
            if outside:
                relation.set("TargetMode", "External")
                relation.set("Target", target.strip())
            else:
                name = self.new_names.get(target, target)
                relation.set("Target", posixpath.relpath(f"/{name}", f"/{folder}".replace("//", "/")))
        return xml_bytes(root)

    def _types_xml(self) -> bytes:
        root = etree.Element(f"{{{TYPES}}}Types", nsmap={None: TYPES})
        usual = {
            ".rels": "application/vnd.openxmlformats-package.relationships+xml",
            ".xml": "application/xml",
        }
        suffixes = {posixpath.splitext(path)[1].lower() for path in self.parts}
        for suffix in suffixes - {".xml"}:
            usual[suffix] = (PICTURES | DRAWINGS).get(suffix) or self.types.get(
                suffix, "application/octet-stream"
            )
        for suffix, kind in sorted(usual.items()):
            etree.SubElement(root, f"{{{TYPES}}}Default", Extension=suffix.lstrip("."), ContentType=kind)
        kinds = {
            path: self.types[path] for path in self.parts if path in self.types and path not in self.new_names
        }
        for path, kind in sorted(
            {
                **kinds,
                "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
            }.items()
        ):
            etree.SubElement(root, f"{{{TYPES}}}Override", PartName=f"/{path}", ContentType=kind)
        return xml_bytes(root)

    def _core_xml(self) -> bytes:
        title = "http://purl.org/dc/elements/1.1/"
        root = etree.Element(f"{{{CORE}}}coreProperties", nsmap={"cp": CORE, "dc": title})
        etree.SubElement(root, f"{{{title}}}title").text = xml_text(self.copy.title)
        return xml_bytes(root)


def archive_of(members: Iterable[tuple[str, bytes]], stored: frozenset[str] = frozenset()) -> bytes:
    """Return a ZIP archive of (name, content); `stored`: those that are not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def xml_text(words: str) -> str:
    """Return `words` without characters that XML cannot contain."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", words)


def value_of_child(root: Any, name: str) -> str:
    """Return the text of the first child called `name`, '' for none."""
    return next((child.text or "" for child in root if str(child.tag).endswith(f"}}{name}")), "")


# A transparent PNG of one pixel, in place of a picture that cannot be cleaned.
EMPTY_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
