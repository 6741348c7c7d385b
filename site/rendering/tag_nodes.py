"""How blocks, includes and the tags of our own libraries are compiled."""

from __future__ import annotations

from typing import Any

from django.template import Template
from django.template.library import InclusionNode, SimpleNode
from django.template.loader_tags import BlockNode, IncludeNode
from django.utils import translation
from wagtail.templatetags.wagtailcore_tags import IncludeBlockNode

from rendering.blocks import render_block
from rendering.compiler import (
    Compiler,
    always,
    any_asks,
    compiles,
    constant_template,
    evaluated,
    left_to_django,
)
from rendering.expressions import Unsupported, expression, written
from rendering.functions import included_function, inclusion_function
from rendering.scopes import Const, Scope


@compiles(BlockNode, always)
def block_node(compiler: Compiler, node: BlockNode, scope: Scope) -> None:
    if compiler.blocks is None:
        raise Unsupported("a block in an included template")
    compiler.open_block(node.name, 0, scope)


def include_asks(node: IncludeNode) -> bool:
    template = constant_template(node)
    return template is None or (not node.isolated_context and any_asks(template.nodelist))


@compiles(IncludeNode, include_asks)
def include(compiler: Compiler, node: IncludeNode, scope: Scope) -> None:
    template = constant_template(node)
    if template is None:
        left_to_django(compiler, node, scope)
        return
    values = evaluated(compiler, scope, node.extra_context)
    if not node.isolated_context:
        # Blocks of an included template are its own, also where the page has one of the same name.
        blocks, compiler.blocks = compiler.blocks, None
        try:
            compiler.pushed(template.nodelist, Scope(scope, values))
        finally:
            compiler.blocks = blocks
        return
    names = {name: value if isinstance(value, Const) else None for name, value in values.items()}
    included = included_function(template, names)
    if included is None:
        left_to_django(compiler, node, scope)
    elif included.text is not None:
        compiler.writer.text(included.text)
    else:
        given = "".join(f", {value}" for value in values.values() if isinstance(value, str))
        compiler.writer.line(f"{compiler.writer.constant(included.function)}(write, ctx{given})")


def _called(compiler: Compiler, node: Any, scope: Scope) -> str:
    """Return the call of a tag's function as Python."""
    writer = compiler.writer
    arguments = [written(writer, expression(writer, scope, given)) for given in node.args]
    named = evaluated(compiler, scope, node.kwargs)
    if node.takes_context:
        arguments.insert(0, "ctx")
    arguments += [f"{name}={written(writer, value)}" for name, value in named.items()]
    return f"{writer.constant(node.func)}({', '.join(arguments)})"


@compiles(SimpleNode, lambda node: bool(node.takes_context))
def simple(compiler: Compiler, node: SimpleNode, scope: Scope) -> None:
    call = _called(compiler, node, scope)
    if node.target_var is not None:
        compiler.assign(scope, node.target_var, call)
    else:
        compiler.writer.line(f"write(output_of({call}))")


def inclusion_template(node: Any) -> Template | None:
    """Return the template of an inclusion tag, if it can be compiled without a context."""
    if not isinstance(node.filename, str) or not node.origin or not node.origin.loader:
        return None
    template: Template = node.origin.loader.engine.get_template(node.filename)
    return template if inclusion_function(template) else None


@compiles(InclusionNode, lambda node: bool(node.takes_context) or inclusion_template(node) is None)
def inclusion(compiler: Compiler, node: InclusionNode, scope: Scope) -> None:
    template = inclusion_template(node)
    if template is None:
        left_to_django(compiler, node, scope)
        return
    call = _called(compiler, node, scope)
    function = compiler.writer.constant(inclusion_function(template))
    compiler.writer.line(f"{function}(write, ctx, {call})")


@compiles(IncludeBlockNode, always)
def include_block(compiler: Compiler, node: IncludeBlockNode, scope: Scope) -> None:
    if node.extra_context or not node.use_parent_context:
        left_to_django(compiler, node, scope)
        return
    writer = compiler.writer
    value = written(writer, expression(writer, scope, node.block_var))
    writer.line(f"{writer.constant(render_block)}(write, ctx, {value}, {translation.get_language()!r})")
