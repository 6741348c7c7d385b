"""Reads what is in the objects of a PDF beside its pages: attachments, scripts, data of pictures, anything
else with words. Pure.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String

from documents.contents import LARGEST_PART, Contents, NotReadable
from documents.pictures import metadata_words, strings_of
from documents.reading.markup import words_in_xml

INNER = Callable[[bytes, Contents, str, str], None]
MOST_DEEP = 40
# Keys of strings that readers of a page get to know, and keys of strings that have been read already.
ALTERNATIVES = {"/Alt", "/ActualText", "/E"}
READ = {
    "/Contents",
    "/V",
    "/DV",
    "/RV",
    "/URI",
    "/Title",
    "/TU",
    "/CreationDate",
    "/ModDate",
    "/M",
    "/LastModified",
}
BINARY = {"/ID", "/Cert", "/O", "/U", "/OE", "/UE", "/Perms", "/CheckSum", "/Lookup"}
PROGRAM = {Name.XRef, Name.ObjStm, Name.Font, Name.CMap, Name.Halftone}
MOST_DRAWN = 2_000_000
STRING = re.compile(rb"\((?:\\.|[^\\()])*\)", re.DOTALL)
COMMENT = re.compile(rb"%[^\r\n]*")


def text_of(value: Any) -> str:
    """Return the words of a string, of a stream, or of all strings in an array; '' for anything else."""
    if isinstance(value, String):
        return str(value)
    if isinstance(value, Stream):
        return strings_of(bytes_of(value))
    if isinstance(value, Array):
        return "\n".join(filter(None, (text_of(item) for item in items_of(value))))
    return ""


def items_of(value: Any) -> list[Any]:
    """Return the items of an array, [] for anything else."""
    return list(value.as_list()) if isinstance(value, Array) else []


def bytes_of(stream: Any, found: Contents | None = None) -> bytes:
    """Return a stream unpacked. Raises NotReadable for one that is damaged or unpacks to too much."""
    filters = stream.get("/Filter")
    names = [filters] if isinstance(filters, Name) else items_of(filters)
    try:
        if names == [Name.FlateDecode] and "/DecodeParms" not in stream:
            unpacked = zlib.decompressobj().decompress(stream.read_raw_bytes(), LARGEST_PART + 1)
        else:
            unpacked = stream.read_bytes()
    except (pikepdf.PdfError, zlib.error, RuntimeError, NotImplementedError) as error:
        raise NotReadable("damaged") from error
    if len(unpacked) > LARGEST_PART:
        raise NotReadable("large")
    if found is not None:
        found.spend(len(unpacked))
    return unpacked


def appearances_of(annotation: Any) -> Iterator[Any]:
    """Yield the streams that draw an annotation."""
    looks = annotation.get("/AP")
    for look in looks.as_dict().values() if isinstance(looks, Dictionary) else ():
        if isinstance(look, Stream):
            yield look
        elif isinstance(look, Dictionary):
            yield from (one for one in look.as_dict().values() if isinstance(one, Stream))


def words_drawn(stream: Any) -> str:
    """Return the strings that a content stream draws, '' where it is damaged.

    They are words only where the font has a usual encoding.
    """
    try:
        bytes_of(stream)
        operations = pikepdf.parse_content_stream(stream, "Tj TJ ' \" T* Td TD Tm")
    except (NotReadable, pikepdf.PdfError, TypeError):
        return ""
    drawn: list[str] = []
    for operation in operations:
        if not isinstance(operation, pikepdf.ContentStreamInstruction):
            continue
        pieces = items_of(operation.operands[0]) if str(operation.operator) == "TJ" else operation.operands
        words = "".join(str(piece) for piece in pieces if isinstance(piece, String))
        drawn.append(words or "\n")
    return "".join(drawn)[:MOST_DRAWN]


def read_rest(pdf: pikepdf.Pdf, found: Contents, read_inner: INNER) -> None:
    """Read attachments, then the strings and streams of all objects, also of those that no page refers to."""
    read = _read_attachments(pdf, found, read_inner) | contents_of_pages(pdf, found) | _fonts(pdf)
    words: dict[str, None] = {}
    for number, each in enumerate(pdf.objects):
        if not number % 200:
            found.check_time()
        for kind, string in _strings_in(each):
            if kind == "other":
                words[string] = None
            else:
                found.add(kind, "", string)
        if isinstance(each, Stream) and each.objgen not in read:
            _read_stream(each, found, read_inner)
    found.add("other", "PDF", " · ".join(words))


def _read_attachments(pdf: pikepdf.Pdf, found: Contents, read_inner: INNER) -> set[tuple[int, int]]:
    read: set[tuple[int, int]] = set()
    for each in pdf.objects:
        for file in files_in(each):
            name = next(filter(None, (text_of(file.get(key)) for key in ("/UF", "/F"))), "?")
            found.add("attachment", name, "\n".join([name, text_of(file.get("/Desc"))]))
            for stream in file.EF.as_dict().values():
                if isinstance(stream, Stream) and stream.objgen not in read:
                    read.add(stream.objgen)
                    _read_attachment(stream, name, found, read_inner)
    return read


def files_in(value: Any, deep: int = 0) -> Iterator[Any]:
    """Yield the file specifications with an embedded file in one object, but not in those it refers to."""
    if deep > MOST_DEEP or (deep and value.is_indirect):
        return
    if isinstance(value, Dictionary) and isinstance(value.get("/EF"), Dictionary):
        yield value
    for inner in _direct(value):
        yield from files_in(inner, deep + 1)


def _direct(value: Any) -> list[Any]:
    """Return the containers directly in this one."""
    if isinstance(value, Array):
        inner = items_of(value)
    elif isinstance(value, Dictionary | Stream):
        inner = (
            list(value.as_dict().values())
            if isinstance(value, Dictionary)
            else list(value.stream_dict.as_dict().values())
        )
    else:
        return []
    return [one for one in inner if isinstance(one, Array | Dictionary)]


def _read_attachment(stream: Any, name: str, found: Contents, read_inner: INNER) -> None:
    try:
        content = bytes_of(stream)
    except NotReadable as error:
        found.missed("attachment", name, str(error))
        return
    read_inner(content, found, "attachment", name)


def contents_of_pages(pdf: pikepdf.Pdf, found: Contents) -> set[tuple[int, int]]:
    """Return the numbers of the streams that are drawn on pages; read the comments in them."""
    drawn: set[tuple[int, int]] = set()
    for number, page in enumerate(pdf.pages):
        if not number % 50:
            found.check_time()
        contents = page.obj.get("/Contents")
        content = b""
        for stream in [contents] if isinstance(contents, Stream) else items_of(contents):
            if isinstance(stream, Stream):
                drawn.add(stream.objgen)
                content += _bytes_or_none(stream) + b"\n"
        _read_comments(content, found)
        _add_resources(page.obj.get("/Resources"), content, drawn, 0)
    return drawn


def _bytes_or_none(stream: Any) -> bytes:
    """Return a stream unpacked, nothing for a damaged one, which is noted where its page is read."""
    try:
        return bytes_of(stream)
    except NotReadable:
        return b""


def _read_comments(content: bytes, found: Contents) -> None:
    if b"%" in content:
        words = COMMENT.findall(STRING.sub(b"", content))
        found.add("other", "PDF", " ".join(strings_of(one) for one in words))


def _fonts(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    """Return the numbers of the streams with the shapes of letters."""
    keys = ("/FontFile", "/FontFile2", "/FontFile3", "/CIDSet", "/CIDToGIDMap")
    holders = [each for each in pdf.objects if isinstance(each, Dictionary)]
    return {each[key].objgen for each in holders for key in keys if isinstance(each.get(key), Stream)}


def _add_resources(resources: Any, content: bytes, drawn: set[tuple[int, int]], deep: int) -> None:
    """Add the forms and patterns that `content` draws."""
    if not isinstance(resources, Dictionary) or deep > 10:
        return
    for kind in ("/XObject", "/Pattern"):
        group = resources.get(kind)
        for name, stream in group.as_dict().items() if isinstance(group, Dictionary) else ():
            is_form = isinstance(stream, Stream) and stream.get("/Subtype") != Name.Image
            if is_form and stream.objgen not in drawn and str(name).encode() in content:
                drawn.add(stream.objgen)
                _add_resources(stream.get("/Resources"), _bytes_or_none(stream), drawn, deep + 1)


def _strings_in(value: Any, key: str = "", deep: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (kind of position, words) of the strings directly in one object."""
    if deep > MOST_DEEP or (deep and value.is_indirect):
        return
    if isinstance(value, String):
        if key not in READ and key not in BINARY:
            words = str(value)
            kind = "alt" if key in ALTERNATIVES else "script" if key == "/JS" else "other"
            yield kind, words
        return
    if isinstance(value, Array):
        pairs = [(key, one) for one in items_of(value)]
    elif isinstance(value, Dictionary | Stream):
        inner = value if isinstance(value, Dictionary) else value.stream_dict
        pairs = list(inner.as_dict().items())
        if value.get("/Type") == Name.OCG and isinstance(value.get("/Name"), String):
            yield "layer", str(value.Name)
    else:
        return
    for name, one in pairs:
        if isinstance(one, Object):
            yield from _strings_in(one, name, deep + 1)


def _read_stream(stream: Any, found: Contents, read_inner: INNER) -> None:
    kind = stream.get("/Type")
    if kind in PROGRAM or "/FontFile" in stream or "/Length1" in stream or "/FunctionType" in stream:
        return
    if stream.get("/Subtype") == Name.Image:
        _read_picture(stream, found)
        return
    try:
        content = bytes_of(stream, found)
    except NotReadable as error:
        found.missed("other", f"PDF {stream.objgen[0]}", str(error))
        return
    if kind == Name.EmbeddedFile:
        read_inner(content, found, "attachment", "?")
    elif kind == Name.Metadata:
        found.add("property", "XMP", _words_of_metadata(content))
    elif stream.get("/Subtype") == Name.Form or b" Tf" in content:
        found.add("other", "PDF", words_drawn(stream))
    elif b"begincmap" not in content and content[36:40] != b"acsp":
        found.add("other", "PDF", strings_of(content))


def _words_of_metadata(content: bytes) -> str:
    return "\n".join(words for words in words_in_xml(content) if "://" not in words and not _is_time(words))


def _is_time(words: str) -> bool:
    return len(words) >= 16 and words[:4].isdigit() and words[4] == "-" and words[10] == "T"


def _read_picture(stream: Any, found: Contents) -> None:
    filters = stream.get("/Filter")
    names = [filters] if isinstance(filters, Name) else items_of(filters)
    if names and names[-1] in (Name.DCTDecode, Name.JPXDecode) and len(names) == 1:
        raw = stream.read_raw_bytes()
        found.spend(len(raw))
        found.add("picture", f"PDF {stream.objgen[0]}", metadata_words(raw))
