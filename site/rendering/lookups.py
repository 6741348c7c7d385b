"""What compiled templates call while they run: looking up names, escaping and writing values.

Each function does what Django does for the same case (`django.template.base`); the usual case comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from inspect import signature
from typing import Any

from django.conf import settings
from django.template import Context, VariableDoesNotExist
from django.template.base import render_value_in_context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from wagtail.blocks import StructValue
from wagtail.rich_text import RichText

from rendering.rich_text import html_of

# What a variable has that was not assigned yet.
MISSING = object()
# Types without properties: what `getattr` does not find on them is not there.
_PLAIN = frozenset({dict, list, tuple, str, SafeString, int, bool, float, type(None)})
_NOT_FOUND = (TypeError, AttributeError, KeyError, ValueError, IndexError)
# Values are written as if no tag had changed how.
_USUAL = Context()


def from_context(context: Context, name: str) -> Any:
    """Return a variable of a context. Raises VariableDoesNotExist."""
    for values in reversed(context.dicts):
        if name in values:
            value = values[name]
            return called(value) if callable(value) else value
    raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (name, context))


def from_mapping(values: Mapping[str, Any], name: str) -> Any:
    """Return a variable that an inclusion tag gave. Raises VariableDoesNotExist."""
    if name in values:
        value = values[name]
        return called(value) if callable(value) else value
    if name in {"True", "False", "None"}:
        return {"True": True, "False": False, "None": None}[name]
    raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (name, values))


def look(current: Any, bit: str) -> Any:
    """Return `current.bit` as a template means it: an item, an attribute, or an item by number.

    Raises VariableDoesNotExist, and what a property raises.
    """
    try:
        if not hasattr(type(current), "__getitem__"):
            found = getattr(current, bit)
        elif isinstance(current, StructValue) and bit not in current:
            # What a block adds to its values. An exception takes ten times as long as this question.
            found = getattr(current, bit)
        else:
            found = current[bit]
    except _NOT_FOUND:
        found = _seldom(current, bit)
    return called(found) if callable(found) else found


def numbered(current: Any, bit: str, number: int) -> Any:
    """Return `current.0` as a template means it. Raises VariableDoesNotExist."""
    kind = type(current)
    if (kind is tuple or kind is list) and number < len(current):
        found = current[number]
        return called(found) if callable(found) else found
    return look(current, bit)


def _seldom(current: Any, bit: str) -> Any:
    try:
        return getattr(current, bit)
    except (TypeError, AttributeError):
        if type(current) not in _PLAIN and bit in dir(current):
            raise
        try:
            return current[int(bit)]
        except (IndexError, ValueError, KeyError, TypeError):
            raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (bit, current)) from None


def called(value: Any) -> Any:
    """Return the result of a callable that a template names; '' where it needs arguments."""
    if getattr(value, "do_not_call_in_templates", False):
        return value
    if getattr(value, "alters_data", False):
        return ""
    try:
        return value()
    except TypeError:
        try:
            wanted = signature(value)
        except ValueError:
            return ""
        try:
            wanted.bind()
        except TypeError:
            return ""
        raise


def absent(error: Exception, *, none: bool) -> Any:
    """Return what stands for a variable that could not be looked up: '', or with `none` None.

    Raises the error again unless it says that something does not exist.
    """
    if isinstance(error, VariableDoesNotExist):
        return None if none else ""
    if getattr(error, "silent_variable_failure", False):
        return ""
    raise error


def text_of(value: Any) -> str:
    """Return a value as it stands in HTML."""
    kind = type(value)
    if kind is SafeString:
        return value
    if kind is str:
        return escaped(value)
    if kind is RichText:
        return html_of(value)
    if kind is int and not settings.USE_THOUSAND_SEPARATOR:
        return str(value)
    return render_value_in_context(value, _USUAL)


def escaped(text: str) -> str:
    """Return plain text with the five characters of HTML replaced, as `html.escape` does."""
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#x27;")
    )


def output_of(value: Any) -> str:
    """Return what a tag's function gave, escaped unless it is HTML."""
    return (
        value
        if type(value) is SafeString
        else text_of(value)
        if type(value) is str
        else str(conditional_escape(value))
    )


def sized(values: Any) -> Any:
    """Return what a loop goes over; it knows its length."""
    if values is None:
        return ()
    return values if hasattr(values, "__len__") else list(values)


def unpacked(item: Any, number: int) -> Iterable[Any]:
    """Return an item of a loop with so many variables. Raises ValueError."""
    try:
        length = len(item)
    except TypeError:
        length = 1
    if length != number:
        raise ValueError(f"Need {number} values to unpack in for loop; got {length}. ")
    return item


def loop_state(place: int, length: int, parent: Any) -> dict[str, Any]:
    """Return `forloop`."""
    return {
        "parentloop": parent,
        "counter0": place,
        "counter": place + 1,
        "revcounter": length - place,
        "revcounter0": length - place - 1,
        "first": place == 0,
        "last": place == length - 1,
    }


def isolated(context: Context, values: dict[str, Any]) -> Context:
    """Return a context with nothing but these values, for the tags that ask one."""
    return context.new(values)
