"""How texts, values, conditions and loops are compiled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.template import Context
from django.template.base import TextNode, VariableNode, render_value_in_context
from django.template.defaulttags import CommentNode, FirstOfNode, ForNode, IfNode, LoadNode, WithNode

from rendering.compiler import Compiler, any_asks, assigned_names, compiles, evaluated, never
from rendering.expressions import Unsupported, condition, expression, written
from rendering.scopes import Code, Const, Scope


def write_value(compiler: Compiler, value: Code) -> None:
    """Write a value into the page, escaped."""
    if isinstance(value, Const):
        compiler.writer.text(render_value_in_context(value.value, Context()))
    else:
        compiler.writer.line(f"write(escaped({value}) if {value}.__class__ is str else text_of({value}))")


@compiles(TextNode, never)
def text(compiler: Compiler, node: TextNode, _scope: Scope) -> None:
    compiler.writer.text(node.s)


@compiles(LoadNode, never)
@compiles(CommentNode, never)
def nothing(_compiler: Compiler, _node: Any, _scope: Scope) -> None:
    """Write nothing."""


@compiles(VariableNode, never)
def variable_node(compiler: Compiler, node: VariableNode, scope: Scope) -> None:
    given = node.filter_expression
    if given.is_var and given.var.lookups == ("block", "super"):
        if given.filters or not compiler.open_blocks or compiler.blocks is None:
            raise Unsupported("block.super")
        name, place = compiler.open_blocks[-1]
        if place + 1 < len(compiler.blocks[name]):
            compiler.open_block(name, place + 1, scope)
        return
    write_value(compiler, expression(compiler.writer, scope, given))


# Conditions and loops -------------------------------------------------------------------------------------


@compiles(IfNode, lambda node: any(any_asks(nodes) for _condition, nodes in node.conditions_nodelists))
def if_node(compiler: Compiler, node: IfNode, scope: Scope) -> None:
    writer = compiler.writer
    depth = writer.depth
    for given, nodes in node.conditions_nodelists:
        asked: Code = Const(True) if given is None else condition(writer, scope, given)
        if isinstance(asked, Const):
            if asked.value:
                compiler.nodes(nodes, scope)
                break
            continue
        writer.line(f"if {asked}:")
        writer.depth += 1
        writer.line("pass")
        compiler.nodes(nodes, scope)
        writer.flush()
        writer.depth -= 1
        writer.line("else:")
        writer.depth += 1
        writer.line("pass")
    writer.flush()
    writer.depth = depth


@compiles(ForNode, lambda node: any_asks(node.nodelist_loop) or any_asks(node.nodelist_empty))
def for_node(compiler: Compiler, node: Any, scope: Scope) -> None:
    writer = compiler.writer
    found = expression(writer, scope, node.sequence, none=True)
    values, length, place = writer.new(), writer.new(), writer.new()
    writer.line(f"{values} = sized({written(writer, found)})")
    writer.line(f"{length} = len({values})")
    if node.nodelist_empty:
        writer.line(f"if {length} < 1:")
        writer.depth += 1
        writer.line("pass")
        compiler.pushed(node.nodelist_empty, Scope(scope))
        writer.flush()
        writer.depth -= 1
        writer.line("else:")
    else:
        writer.line(f"if {length}:")
    writer.depth += 1
    _loop(compiler, node, Scope(scope), Counted(values, length, place))
    writer.flush()
    writer.depth -= 1


class Counted(NamedTuple):
    """Python variables of a loop: what it goes over, how much that is, and the place in it."""

    values: str
    length: str
    place: str


def _loop(compiler: Compiler, node: Any, loop: Scope, counted: Counted) -> None:
    writer = compiler.writer
    loop.mirrored = any_asks(node.nodelist_loop)
    loop.names["forloop"] = writer.new()
    several = len(node.loopvars) > 1
    inner = Scope(loop, mirrored=loop.mirrored) if several else loop
    inner.names |= {name: writer.new() for name in node.loopvars}
    names = [str(inner.names[name]) for name in node.loopvars]
    own = sorted(assigned_names(node.nodelist_loop) - inner.names.keys())
    inner.names |= {name: writer.new() for name in own}
    inner.unsure |= set(own)
    if loop.mirrored:
        writer.line("ctx.dicts.append({})")
    if not several:
        # They outlast one turn, but not where each turn has a scope of its own.
        _not_assigned(compiler, inner, own)
    before, depth = writer.mark(), writer.depth
    item = writer.new() if several else names[0]
    reverse = f"reversed({counted.values})" if node.is_reversed else counted.values
    writer.line(f"for {counted.place}, {item} in enumerate({reverse}):")
    writer.depth += 1
    inside = writer.mark()
    if several:
        writer.line(f"{', '.join(names)} = unpacked({item}, {len(names)})")
        _not_assigned(compiler, inner, own)
    _turn(compiler, node, inner, several=several)
    writer.depth -= 1
    if loop.mirrored or "forloop" in loop.used:
        _loop_state(compiler, loop, (before, depth, inside), counted)
    if loop.mirrored:
        writer.line("ctx.dicts.pop()")


def _not_assigned(compiler: Compiler, scope: Scope, names: Iterable[str]) -> None:
    for name in names:
        compiler.writer.line(f"{scope.names[name]} = M")


def _turn(compiler: Compiler, node: Any, scope: Scope, *, several: bool) -> None:
    """Write one turn of a loop, in which its variables are known."""
    writer = compiler.writer
    if scope.mirrored:
        pairs = ", ".join(f"{name!r}: {scope.names[name]}" for name in node.loopvars)
        writer.line(f"ctx.dicts.append({{{pairs}}})" if several else f"ctx.dicts[-1].update({{{pairs}}})")
    compiler.nodes(node.nodelist_loop, scope)
    if several and scope.mirrored:
        writer.line("ctx.dicts.pop()")
    writer.line("pass")


def _loop_state(compiler: Compiler, loop: Scope, at: tuple[int, int, int], counted: Counted) -> None:
    """Write what makes `forloop` available, where it is asked for."""
    before, depth, inside = at
    writer = compiler.writer
    assert loop.above is not None
    code = loop.above.code_for("forloop")
    parent = writer.new()
    lines = [f"{loop.names['forloop']} = loop_state({counted.place}, {counted.length}, {parent})"]
    if loop.mirrored:
        lines.append(f"ctx.dicts[-1]['forloop'] = {loop.names['forloop']}")
    writer.insert(inside, lines, depth + 1)
    if isinstance(code, Const):
        writer.insert(before, [f"{parent} = {{}}"], depth)
    else:
        lines = ["try:", f"    {parent} = {code}", "except VariableDoesNotExist:", f"    {parent} = {{}}"]
        writer.insert(before, lines, depth)


@compiles(WithNode, lambda node: any_asks(node.nodelist))
def with_node(compiler: Compiler, node: WithNode, scope: Scope) -> None:
    compiler.pushed(node.nodelist, Scope(scope, evaluated(compiler, scope, node.extra_context)))


@compiles(FirstOfNode, never)
def firstof(compiler: Compiler, node: Any, scope: Scope) -> None:
    writer = compiler.writer
    found = writer.new()
    depth = writer.depth
    writer.line(f"{found} = ''")
    for given in node.vars:
        value = written(writer, expression(writer, scope, given, none=True))
        writer.line(f"if {value}: {found} = SafeString(text_of({value}))")
        writer.line("else:")
        writer.depth += 1
        writer.line("pass")
    writer.depth = depth
    if node.asvar:
        compiler.assign(scope, node.asvar, found)
    else:
        writer.line(f"write({found})")
