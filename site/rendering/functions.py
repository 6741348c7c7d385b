"""Turns a parsed template into a Python function, one for each language.

What is constant in a language (texts, translations, addresses of static files) is put together when the
template is compiled; names that tags bind become Python variables; included templates become functions.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.template import Context, NodeList, Template
from django.template.base import Node, TextNode
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockNode, ExtendsNode
from django.utils.translation import get_language

from rendering.compiler import Compiler, any_asks
from rendering.expressions import Unsupported, written
from rendering.scopes import HELPERS, Const, Scope, Writer

# A function of a template: write(text), the context or the one above it, and what the template is given.
Function = Callable[..., None]

_lock = threading.RLock()
_functions: dict[tuple[Any, ...], Function | None] = {}
_compiling: list[Template] = []
# The ids in keys stay those of these templates.
_kept: list[Template] = []


def forget() -> None:
    """Compile everything again: settings have changed (in tests)."""
    with _lock:
        _functions.clear()


def render(template: Template, context: Context) -> str | None:
    """Return the HTML of a template by its function; None where the interpreter must do it."""
    if not context.autoescape or context.use_l10n is not None or context.use_tz is not None:
        return None
    # A template that the interpreter renders extends this one: the blocks are that template's.
    if context.render_context.get(BLOCK_CONTEXT_KEY) is not None:
        return None
    function = page_function(template)
    if function is None:
        return None
    parts: list[str] = []
    function(parts.append, context)
    return "".join(parts)


def prepare_page(loaded: Any) -> None:
    """Compile a template of the site that stands for a whole page, before anyone asks for it."""
    template: Template = loaded.template
    if hasattr(template.nodelist, "template") and template.nodelist.get_nodes_by_type(ExtendsNode):
        page_function(template)


def refuse_what_keeps_state(nodes: Iterable[Any]) -> None:
    """Raise Unsupported for nodes that keep something from one rendering of themselves to the next."""
    for node in nodes:
        if type(node).__name__ in {"CycleNode", "ResetCycleNode", "IfChangedNode", "LanguageNode"}:
            raise Unsupported(type(node).__name__)


def page_function(template: Template) -> Function | None:
    """Return f(write, ctx) of a template that is rendered with a context; None if it cannot be compiled."""

    def compile_it(compiler: Compiler) -> None:
        scope = Scope(None, base="context", mirrored=True)
        before, nodes, compiler.blocks = _with_parents(template)
        compiler.writer.text(before)
        compiler.frame(nodes, scope)

    return _function(("page", id(template)), template, "write, ctx", compile_it)


def block_function(template: Template, names: tuple[str, ...]) -> Function | None:
    """Return f(write, ctx, *values) of a template that sees a context and these values before it."""

    def compile_it(compiler: Compiler) -> None:
        below = Scope(None, base="context", mirrored=True)
        scope = Scope(below, {name: f"p{number}" for number, name in enumerate(names)})
        compiler.pushed(template.nodelist, scope)

    parameters = "".join(f", p{number}" for number in range(len(names)))
    return _function(("block", id(template), names), template, f"write, ctx{parameters}", compile_it)


def inclusion_function(template: Template) -> Function | None:
    """Return f(write, given) of the template of an inclusion tag; None if something in it asks a context."""

    def compile_it(compiler: Compiler) -> None:
        if any_asks(template.nodelist):
            raise Unsupported("context")
        compiler.frame(template.nodelist, Scope(None, base="mapping"))

    return _function(("inclusion", id(template)), template, "write, ctx, given", compile_it)


@dataclass(frozen=True)
class Included:
    """The function of a template included with `only`. `text`: all it writes, if that is always the same."""

    function: Function
    text: str | None


def included_function(template: Template, names: dict[str, Const | None]) -> Included | None:
    """Return f(write, ctx, *values) of a template that sees nothing but these names.

    `names`: with a Const the value is the same at each call, and no parameter.
    """
    given = tuple((name, _key(const)) for name, const in names.items())

    def compile_it(compiler: Compiler) -> None:
        scope = Scope(None, base="nothing")
        for name, const in names.items():
            scope.names[name] = f"p_{name}" if const is None else const
        if any_asks(template.nodelist):
            scope.mirrored = True
            pairs = ", ".join(
                f"{name!r}: {written(compiler.writer, code)}" for name, code in scope.names.items()
            )
            compiler.writer.line(f"ctx = isolated(ctx, {{{pairs}}})")
        compiler.frame(template.nodelist, scope)

    parameters = "".join(f", p_{name}" for name, const in names.items() if const is None)
    function = _function(("included", id(template), given), template, f"write, ctx{parameters}", compile_it)
    return None if function is None else Included(function, getattr(function, "constant_text", None))


def _key(const: Const | None) -> Any:
    if const is None:
        return None
    return (type(const.value), const.value) if const.value.__hash__ else (id(const.value), "unhashable")


def _function(
    key: tuple[Any, ...],
    template: Template,
    parameters: str,
    compile_it: Callable[[Compiler], None],
) -> Function | None:
    key = (*key, get_language())
    if key in _functions:
        return _functions[key]
    with _lock:
        if key in _functions:
            return _functions[key]
        if template in _compiling:
            raise Unsupported("a template that includes itself")
        _compiling.append(template)
        try:
            function = _compiled(template, parameters, compile_it)
        except Unsupported:
            function = None
        finally:
            _compiling.pop()
        _functions[key] = function
        _kept.append(template)
    return function


def _compiled(template: Template, parameters: str, compile_it: Callable[[Compiler], None]) -> Function:
    refuse_what_keeps_state(template.nodelist.get_nodes_by_type(Node))
    compiler = Compiler(Writer())
    compile_it(compiler)
    writer = compiler.writer
    writer.flush()
    source = "\n".join([f"def function({parameters}):", *(writer.lines or ["    pass"])])
    values = {**HELPERS, **writer.constants}
    # The source was made of the site's own templates a moment ago.
    exec(compile(source, f"<compiled {template.name}>", "exec"), values)  # noqa: S102
    function: Any = values["function"]
    function.source = source
    if not writer.lines:
        function.constant_text = ""
    elif len(writer.lines) == 1 and writer.lines[0].startswith("    write('"):
        function.constant_text = _only_text(function)
    return function


def _only_text(function: Any) -> str:
    out: list[str] = []
    parameters = function.__code__.co_argcount
    function(out.append, *[None] * (parameters - 1))
    return "".join(out)


def _with_parents(template: Template) -> tuple[str, NodeList, dict[str, list[BlockNode]]]:
    """Return the text before `extends`, the nodes of the template at its end, and the blocks by name.

    Of a name, the block of the template that was asked for comes first.
    """
    before = ""
    blocks: dict[str, list[BlockNode]] = {}
    history = [template.origin]
    while True:
        first = next((node for node in template.nodelist if not isinstance(node, TextNode)), None)
        extends: Any = first if isinstance(first, ExtendsNode) else None
        named: Any = template.nodelist.get_nodes_by_type(BlockNode)
        for node in named:
            blocks.setdefault(node.name, []).append(node)
        if extends is None:
            return before, template.nodelist, blocks
        texts: Any = template.nodelist
        for node in texts:
            if node is extends:
                break
            before += node.s
        if extends.parent_name.is_var or extends.parent_name.filters:
            raise Unsupported("extends")
        name = "".join([extends.parent_name.var])
        template, origin = template.engine.find_template(name, skip=history)
        history.append(origin)
        if not hasattr(template.nodelist, "template"):
            raise Unsupported("a page that extends a template of another package, for instance of the admin")
        refuse_what_keeps_state(template.nodelist.get_nodes_by_type(Node))
