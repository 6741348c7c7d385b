"""Writes the lines of a template's function, node by node.

A tag that nothing here compiles is left to its own `render`, with a context that holds what it may ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.template import NodeList, Template
from django.template.base import Node
from django.template.loader_tags import BlockNode

from rendering.expressions import Unsupported, expression, written
from rendering.scopes import Const, Scope, Writer

# Writes the lines of one node.
NodeCompiler = Callable[["Compiler", Any, Scope], None]

node_compilers: dict[type[Node], NodeCompiler] = {}
# Say whether a node asks for a context. Without an entry it does.
asks_context: dict[type[Node], Callable[[Any], bool]] = {}


def compiles(kind: type[Node], asks: Callable[[Any], bool]) -> Callable[[NodeCompiler], NodeCompiler]:
    """Register what compiles nodes of a type; `asks`: whether a node of it asks for a context."""

    def register(compiler: NodeCompiler) -> NodeCompiler:
        node_compilers[kind], asks_context[kind] = compiler, asks
        return compiler

    return register


def always(_node: Any) -> bool:
    """Say that each node of a type asks for a context."""
    return True


def never(_node: Any) -> bool:
    """Say that no node of a type asks for a context."""
    return False


def any_asks(nodes: Iterable[Node] | None) -> bool:
    """Return whether one of these nodes asks for a context."""
    return any(asks_context.get(type(node), always)(node) for node in nodes or ())


# Nodes ----------------------------------------------------------------------------------------------------


class Compiler:
    """Writes one function. `blocks`: of the page, by name; `open_blocks`: where in their chains we are."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.blocks: dict[str, list[BlockNode]] | None = None
        self.open_blocks: list[tuple[str, int]] = []

    def nodes(self, nodes: Iterable[Node], scope: Scope) -> None:
        """Write the lines of several nodes."""
        writer = self.writer
        for node in nodes:
            state, open_blocks = writer.state(), len(self.open_blocks)
            try:
                node_compilers.get(type(node), left_to_django)(self, node, scope)
            except Unsupported:
                writer.back_to(state)
                del self.open_blocks[open_blocks:]
                left_to_django(self, node, scope)

    def frame(self, nodes: Iterable[Node], scope: Scope) -> None:
        """Write the lines of nodes that assign names in a scope of their own."""
        nodes = list(nodes)
        names = assigned_names(nodes) - scope.names.keys()
        for name in names:
            scope.names[name] = self.writer.new()
        scope.unsure |= names
        if names:
            self.writer.line(" = ".join([*(str(scope.names[name]) for name in sorted(names)), "M"]))
        self.nodes(nodes, scope)

    def pushed(self, nodes: NodeList, scope: Scope) -> None:
        """Write nodes that see one more scope: the context holds it, too, where one of them asks."""
        assert scope.above is not None
        scope.mirrored = any_asks(nodes)
        if scope.mirrored:
            pairs = ", ".join(f"{name!r}: {written(self.writer, code)}" for name, code in scope.names.items())
            self.writer.line(f"ctx.dicts.append({{{pairs}}})")
        self.frame(nodes, scope)
        if scope.mirrored:
            self.writer.line("ctx.dicts.pop()")

    def assign(self, scope: Scope, name: str, value: str) -> None:
        """Write the assignment of a name by a tag ('as name')."""
        if isinstance(scope.names.get(name), Const):
            raise Unsupported("a constant is assigned")
        scope.names.setdefault(name, self.writer.new())
        self.writer.line(f"{scope.names[name]} = {value}")
        if scope.mirrored:
            self.writer.line(f"ctx.dicts[-1][{name!r}] = {scope.names[name]}")

    def open_block(self, name: str, place: int, scope: Scope) -> None:
        """Write a block of the page: `place` counts from the template that was asked for."""
        assert self.blocks is not None
        self.open_blocks.append((name, place))
        self.pushed(self.blocks[name][place].nodelist, Scope(scope))
        self.open_blocks.pop()


def constant_template(node: Any) -> Template | None:
    """Return the template that an include names with a constant; None otherwise."""
    name = node.template
    if (name.is_var and name.var.lookups is not None) or name.filters:
        return None
    # A plain text: what stands in a template is marked as safe.
    path = "".join([name.var.literal if name.is_var else name.var])
    if path.startswith("."):
        return None
    return node.origin.loader.engine.get_template(path) if node.origin and node.origin.loader else None


def assigned_names(nodes: Iterable[Any]) -> set[str]:
    """Return the names that nodes assign in the scope they stand in, not in one of their own."""
    found = set()
    for node in nodes:
        for attribute in ("target_var", "asvar", "varname", "variable"):
            name = getattr(node, attribute, None)
            if isinstance(name, str):
                found.add(name)
        for _condition, inner in getattr(node, "conditions_nodelists", ()):
            found |= assigned_names(inner)
    return found


def left_to_django(compiler: Compiler, node: Node, scope: Scope) -> None:
    """Write a call of the node's own method."""
    level: Scope | None = scope
    while level is not None:
        if not level.mirrored:
            raise Unsupported(f"{type(node).__name__} without a context")
        level = level.above
    compiler.writer.line(f"write({compiler.writer.constant(node)}.render_annotated(ctx))")


def evaluated(compiler: Compiler, scope: Scope, given: dict[str, Any]) -> dict[str, Any]:
    """Write the evaluation of the named values of a tag."""
    return {name: expression(compiler.writer, scope, value) for name, value in given.items()}
