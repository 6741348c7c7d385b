"""Removes hidden layers from the pages of a PDF, so that no one can switch them on. Pure."""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream

from documents.cleaning.copies import Copy
from documents.contents import NotReadable
from documents.reading.pdf_objects import STRING, bytes_of, items_of

MOST_DEEP = 10


def remove_hidden(pdf: Pdf, copy: Copy) -> None:
    """Remove what is drawn on layers that are off, and comments in the drawing itself."""
    hidden = hidden_layers(pdf)
    copy.removed["layer"] += len(hidden)
    done: set[tuple[int, int]] = set()
    for page in pdf.pages:
        resources = page.obj.get("/Resources")
        if _has_comment(page.obj) or _uses(resources, hidden):
            instructions = list(_shown(pikepdf.parse_content_stream(page), resources, hidden))
            page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))
        _clean_forms(resources, hidden, done, 0)
        if hidden or "/Resources" in page.obj:
            page.remove_unreferenced_resources()


def hidden_layers(pdf: Pdf) -> set[tuple[int, int]]:
    """Return the layers that are off when the document is opened."""
    properties = pdf.Root.get("/OCProperties")
    usual = properties.get("/D") if isinstance(properties, Dictionary) else None
    if not isinstance(properties, Dictionary) or not isinstance(usual, Dictionary):
        return set()
    off = {one.objgen for one in items_of(usual.get("/OFF"))}
    if usual.get("/BaseState") == Name.OFF:
        on = {one.objgen for one in items_of(usual.get("/ON"))}
        off |= {one.objgen for one in items_of(properties.get("/OCGs"))} - on
    return off


def _is_hidden(layer: Any, hidden: set[tuple[int, int]]) -> bool:
    if not isinstance(layer, Dictionary):
        return False
    if layer.get("/Type") == Name.OCMD:
        groups = layer.get("/OCGs")
        members = [groups] if isinstance(groups, Dictionary) else items_of(groups)
        return bool(members) and all(one.objgen in hidden for one in members if isinstance(one, Dictionary))
    return layer.objgen in hidden


def _uses(resources: Any, hidden: set[tuple[int, int]]) -> bool:
    if not hidden or not isinstance(resources, Dictionary):
        return False
    properties = resources.get("/Properties")
    layers: list[Any] = list(properties.as_dict().values()) if isinstance(properties, Dictionary) else []
    forms = resources.get("/XObject")
    if isinstance(forms, Dictionary):
        layers += [one.get("/OC") for one in forms.as_dict().values() if isinstance(one, Stream)]
    return any(_is_hidden(layer, hidden) for layer in layers)


def _has_comment(page: Any) -> bool:
    contents = page.get("/Contents")
    streams = [contents] if isinstance(contents, Stream) else items_of(contents)
    try:
        return any(b"%" in STRING.sub(b"", bytes_of(one)) for one in streams if isinstance(one, Stream))
    except NotReadable:
        return False


def _shown(instructions: Any, resources: Any, hidden: set[tuple[int, int]]) -> Any:
    """Yield the instructions outside of hidden layers."""
    open_marks: list[bool] = []
    for one in instructions:
        if isinstance(one, pikepdf.ContentStreamInstruction):
            operator = str(one.operator)
            if operator in {"BDC", "BMC"}:
                open_marks.append(operator == "BDC" and _begins_hidden(one.operands, resources, hidden))
                if any(open_marks):
                    continue
            elif operator == "EMC" and open_marks:
                was_hidden = any(open_marks)
                open_marks.pop()
                if was_hidden:
                    continue
            elif operator == "Do" and _is_hidden_form(one.operands, resources, hidden):
                continue
        if not any(open_marks):
            yield one


def _begins_hidden(operands: Any, resources: Any, hidden: set[tuple[int, int]]) -> bool:
    properties = resources.get("/Properties") if isinstance(resources, Dictionary) else None
    if len(operands) < 2 or operands[0] != Name.OC or not isinstance(properties, Dictionary):
        return False
    return isinstance(operands[1], Name) and _is_hidden(properties.get(str(operands[1])), hidden)


def _is_hidden_form(operands: Any, resources: Any, hidden: set[tuple[int, int]]) -> bool:
    forms = resources.get("/XObject") if isinstance(resources, Dictionary) else None
    form = forms.get(str(operands[0])) if isinstance(forms, Dictionary) and len(operands) else None
    return isinstance(form, Stream) and _is_hidden(form.get("/OC"), hidden)


def _clean_forms(resources: Any, hidden: set[tuple[int, int]], done: set[tuple[int, int]], deep: int) -> None:
    forms = resources.get("/XObject") if isinstance(resources, Dictionary) else None
    for form in forms.as_dict().values() if isinstance(forms, Dictionary) and deep < MOST_DEEP else ():
        if not isinstance(form, Stream) or form.objgen in done or form.get("/Subtype") != Name.Form:
            continue
        done.add(form.objgen)
        inner = form.get("/Resources")
        if _uses(inner, hidden):
            shown = list(_shown(pikepdf.parse_content_stream(form), inner, hidden))
            form.write(pikepdf.unparse_content_stream(shown))
        _clean_forms(inner, hidden, done, deep + 1)
