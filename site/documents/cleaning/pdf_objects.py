"""Removes from every object of a PDF what no reader sees: notes of programs, data of pictures, strings that
mean nothing for the pages. Pure.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from documents.cleaning.copies import Copy
from documents.pictures import without_metadata
from documents.reading.pdf_objects import items_of

# Keys of any object that lead to data of programs, files, scripts.
REMOVED = {
    "/Metadata", "/PieceInfo", "/LastModified", "/AA", "/AF", "/EF", "/JS", "/JavaScript", "/Thumb", "/OPI",
    "/Measure", "/PtData", "/Ref", "/Alternates", "/F", "/FFilter", "/FDecodeParms", "/PZ", "/SeparationInfo",
    "/PresSteps", "/Launch", "/OutputIntents", "/Namespaces", "/RichMediaContent", "/Collection",
    "/SpiderInfo",
}  # fmt: skip
STRINGS_KEPT = {
    "/Alt",
    "/ActualText",
    "/E",
    "/Lang",
    "/URI",
    "/CharSet",
    "/FontFamily",
    "/Registry",
    "/Ordering",
    "/ID",
}
FORM_KEPT = {
    "/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Resources", "/Group", "/StructParent",
    "/StructParents",
    "/Length", "/Filter", "/DecodeParms",
}  # fmt: skip
IMAGE_KEPT = {
    "/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Intent", "/ImageMask",
    "/Mask",
    "/Decode", "/Interpolate", "/SMask", "/SMaskInData", "/Matte", "/StructParent", "/Length", "/Filter",
    "/DecodeParms",
}  # fmt: skip
RESOURCES_KEPT = {
    "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/XObject", "/Font", "/ProcSet", "/Properties",
}  # fmt: skip
# Boxes of JPEG 2000 that pixels need.
BOXES_KEPT = {b"jP  ", b"ftyp", b"jp2h", b"jp2c"}
LINKS_AND_BOOKMARKS = {"/Contents", "/Title"}


def scrub(pdf: Pdf, copy: Copy) -> None:
    """Clean every object that the document still refers to."""
    for each in _reachable(pdf.Root):
        if isinstance(each, Stream):
            _clean_stream(each, copy)
        elif isinstance(each, Dictionary):
            _clean_dictionary(each, copy)
        else:
            _clean_array(each)


def _reachable(root: Any) -> Iterator[Any]:
    """Yield each container once, before those in it, so that what is removed is not followed."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [root]
    while waiting:
        each = waiting.pop()
        if each.is_indirect:
            if each.objgen in seen:
                continue
            seen.add(each.objgen)
        yield each
        inner = items_of(each) if isinstance(each, Array) else list(_dictionary(each).values())
        waiting += [one for one in inner if isinstance(one, Array | Dictionary | Stream)]


def _dictionary(each: Any) -> dict[str, Any]:
    return dict((each.stream_dict if isinstance(each, Stream) else each).as_dict())


def _clean_dictionary(each: Any, copy: Copy) -> None:
    kind = each.get("/Type")
    is_page_or_part = kind in (Name.Page, Name.Pages, Name.Catalog)
    own = {"/F"} if each.get("/Subtype") == Name.Link else set()
    kept = (
        LINKS_AND_BOOKMARKS
        if each.get("/Subtype") == Name.Link or ("/Parent" in each and "/Title" in each)
        else set()
    )
    for key, value in _dictionary(each).items():
        if key in REMOVED - own:
            copy.removed["other"] += key not in {"/Metadata", "/LastModified", "/AA"}
            del each[key]
        elif isinstance(value, String) and key not in STRINGS_KEPT | kept and not is_page_or_part:
            copy.removed["other"] += key != "/Name"
            del each[key]
        elif key == "/Resources" and isinstance(value, Dictionary):
            _keep(value, RESOURCES_KEPT)


def _keep(container: Any, kept: set[str]) -> None:
    for key in list(container.keys()):
        if key not in kept:
            del container[key]


def _clean_array(each: Any) -> None:
    """Remove strings from lists, except the colours of a palette and the headings of a table's cell."""
    items = items_of(each)
    if items and isinstance(items[0], Name):
        return
    for number in range(len(items) - 1, -1, -1):
        if isinstance(items[number], String) and not _is_id(items):
            del each[number]


def _is_id(items: list[Object]) -> bool:
    """Return whether all items are short strings, as the ids of headings are."""
    return all(isinstance(one, String) and len(str(one)) <= 24 and " " not in str(one) for one in items)


def _clean_stream(each: Any, copy: Copy) -> None:
    subtype = each.get("/Subtype")
    if subtype == Name.Image:
        _keep(each, IMAGE_KEPT)
        _clean_picture(each, copy)
    elif subtype == Name.Form:
        _keep(each, FORM_KEPT)
        if isinstance(each.get("/Resources"), Dictionary):
            _keep(each.Resources, RESOURCES_KEPT)
    else:
        for key, value in _dictionary(each).items():
            if key in REMOVED or (isinstance(value, String) and key not in STRINGS_KEPT):
                del each[key]


def _clean_picture(picture: Any, copy: Copy) -> None:
    filters = picture.get("/Filter")
    names = [filters] if isinstance(filters, Name) else items_of(filters)
    if names not in ([Name.DCTDecode], [Name.JPXDecode]):
        return
    raw = picture.read_raw_bytes()
    clean = without_metadata(raw) if names == [Name.DCTDecode] else _clean_boxes(raw)
    if clean is not None and clean != raw:
        copy.removed["picture data"] += 1
        picture.write(clean, filter=names[0], decode_parms=picture.get("/DecodeParms"))


def _clean_boxes(raw: bytes) -> bytes | None:
    """Return JPEG 2000 without its boxes of metadata; None for a bare stream, which has none."""
    if raw[4:8] != b"jP  ":
        return None
    out, at = b"", 0
    while at + 8 <= len(raw):
        size, kind = struct.unpack(">I4s", raw[at : at + 8])
        size = struct.unpack(">Q", raw[at + 8 : at + 16])[0] if size == 1 else size or len(raw) - at
        if size < 8:
            return None
        if kind in BOXES_KEPT:
            out += raw[at : at + size]
        at += size
    return out
