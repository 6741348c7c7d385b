"""Compiles what stands between braces: variables with filters, and the conditions of `if`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template import VariableDoesNotExist
from django.template.defaultfilters import default, default_if_none, length
from django.utils.safestring import SafeData, mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined] # of its own templates

from rendering.lookups import MISSING
from rendering.scopes import Code, Const, Scope, Writer

# Filters whose result depends on nothing else: with values that are known they are applied when compiling.
PURE = frozenset({default, default_if_none, length})
INFIX = frozenset({"in", "not in", "is", "is not", "==", "!=", ">", ">=", "<", "<="})
COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "in": lambda x, y: x in y,
    "not in": lambda x, y: x not in y,
    "is": lambda x, y: x is y,
    "is not": lambda x, y: x is not y,
    "==": lambda x, y: x == y,
    "!=": lambda x, y: x != y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
}


class Unsupported(Exception):
    """A template has something that only Django's interpreter does."""


def variable(writer: Writer, scope: Scope, lookups: tuple[str, ...]) -> Code:
    """Return the Python expression of `a.b.c`; it may raise VariableDoesNotExist and what properties raise.

    Const(MISSING) for a name that is never there.
    """
    code = scope.code_for(lookups[0])
    if isinstance(code, Const):
        if code.value is MISSING or len(lookups) == 1:
            return code
        code = writer.constant(code.value)
    for bit in lookups[1:]:
        code = f"numbered({code}, {bit!r}, {bit})" if _is_number(bit) else f"look({code}, {bit!r})"
    return code


def _is_number(bit: str) -> bool:
    return bit.isdecimal() and bit.isascii() and str(int(bit)) == bit


def expression(writer: Writer, scope: Scope, given: Any, *, none: bool = False) -> Code:
    """Write the lines that evaluate a variable with its filters. Return its Python variable or its value.

    `none`: what is not there is None, not ''.
    """
    value = _unfiltered(writer, scope, given, none=none)
    for function, arguments in given.filters:
        value = _filtered(writer, scope, value, function, arguments)
    return value


def written(writer: Writer, value: Code) -> str:
    """Return a value as Python."""
    if isinstance(value, str):
        return value
    if value.value is None or type(value.value) in {str, int, bool}:
        return repr(value.value)
    return writer.constant(value.value)


def _unfiltered(writer: Writer, scope: Scope, given: Any, *, none: bool) -> Code:
    if not given.is_var:
        return Const(given.var)
    if given.var.lookups is None:
        return Const(given.var.resolve({}))
    code = variable(writer, scope, given.var.lookups)
    if isinstance(code, Const):
        return Const(None if none else "") if code.value is MISSING else code
    name = writer.new()
    writer.line("try:")
    writer.line(f"    {name} = {code}")
    writer.line("except Exception as error:")
    writer.line(f"    {name} = absent(error, none={none})")
    return name


def _filtered(writer: Writer, scope: Scope, value: Code, function: Any, arguments: Any) -> Code:
    parts: list[Code] = []
    for is_variable, argument in arguments:
        if is_variable and argument.lookups is not None:
            parts.append(_argument(writer, scope, argument))
        else:
            parts.append(Const(argument.resolve({}) if is_variable else mark_safe(argument)))
    is_safe = getattr(function, "is_safe", False)
    known = [part.value for part in (value, *parts) if isinstance(part, Const)]
    if function in PURE and len(known) == 1 + len(parts):
        found = function(*known)
        return Const(mark_safe(found) if is_safe and isinstance(known[0], SafeData) else found)
    before = written(writer, value)
    if getattr(function, "expects_localtime", False):
        before = f"{writer.constant(template_localtime)}({before}, None)"
    rest = "".join(f", {written(writer, part)}" for part in parts)
    if getattr(function, "needs_autoescape", False):
        rest += ", autoescape=True"
    name = writer.new()
    writer.line(f"{name} = {writer.constant(function)}({before}{rest})")
    if is_safe:
        writer.line(
            f"if isinstance({written(writer, value)}, {writer.constant(SafeData)}): "
            f"{name} = {writer.constant(mark_safe)}({name})"
        )
    return name


def _argument(writer: Writer, scope: Scope, argument: Any) -> Code:
    """Write the lookup of a filter's argument. One that is not there is an error, as in Django."""
    code = variable(writer, scope, argument.lookups)
    if isinstance(code, Const):
        if code.value is MISSING:
            raise Unsupported(f"{argument} is never there")
        return code
    name = writer.new()
    writer.line("try:")
    writer.line(f"    {name} = {code}")
    writer.line("except VariableDoesNotExist: raise")
    writer.line("except Exception as error:")
    writer.line(f"    {name} = absent(error, none=False)")
    return name


# Conditions -----------------------------------------------------------------------------------------------


def condition(writer: Writer, scope: Scope, given: Any) -> Code:
    """Write the lines that evaluate the condition of an `if`. What is not there is None."""
    if not _asks_arguments(given):
        return _condition(writer, scope, given)
    # The one error that makes a whole condition false.
    name = writer.new()
    writer.line("try:")
    writer.depth += 1
    code = _condition(writer, scope, given)
    writer.line(f"{name} = {written(writer, code)}")
    writer.depth -= 1
    writer.line("except VariableDoesNotExist:")
    writer.line(f"    {name} = None")
    return name


def _asks_arguments(given: Any) -> bool:
    if given.id == "literal":
        return any(
            is_variable for _function, arguments in given.value.filters for is_variable, _ in arguments
        )
    return any(_asks_arguments(part) for part in (given.first, given.second) if part is not None)


def _condition(writer: Writer, scope: Scope, given: Any) -> Code:
    if given.id == "literal":
        return expression(writer, scope, given.value, none=True)
    name = writer.new()
    state = writer.state()
    writer.line("try:")
    writer.depth += 1
    code = _operation(writer, scope, given, name)
    writer.depth -= 1
    if isinstance(code, Const):
        # Nothing has to be asked; lines of a part that did not matter do no harm, but cost.
        writer.back_to(state)
        return code
    writer.line("except Exception:")
    writer.line(f"    {name} = False")
    return name


def _operation(writer: Writer, scope: Scope, given: Any, name: str) -> Code:
    first = _condition(writer, scope, given.first)
    if given.id == "not":
        if isinstance(first, Const):
            return Const(not first.value)
        writer.line(f"{name} = not {first}")
        return name
    if given.id in {"and", "or"}:
        return _joined(writer, scope, given, first, name)
    if given.id not in INFIX:
        raise Unsupported(given.id)
    second = _condition(writer, scope, given.second)
    if isinstance(first, Const) and isinstance(second, Const):
        try:
            return Const(COMPARED[given.id](first.value, second.value))
        except Exception:  # as Django: what cannot be compared is false
            return Const(False)
    writer.line(f"{name} = {written(writer, first)} {given.id} {written(writer, second)}")
    return name


def _joined(writer: Writer, scope: Scope, given: Any, first: Code, name: str) -> Code:
    if isinstance(first, Const):
        if bool(first.value) is (given.id == "or"):
            return first
        second = _condition(writer, scope, given.second)
        if isinstance(second, Const):
            return second
        writer.line(f"{name} = {second}")
        return name
    writer.line(f"{name} = {first}")
    writer.line(f"if {name}:" if given.id == "and" else f"if not {name}:")
    writer.depth += 1
    second = _condition(writer, scope, given.second)
    writer.line(f"{name} = {written(writer, second)}")
    writer.depth -= 1
    return name


__all__ = ["Unsupported", "VariableDoesNotExist", "condition", "expression", "variable", "written"]
