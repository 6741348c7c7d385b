"""How translations and addresses of static files are compiled: for one language."""

from __future__ import annotations

from django.template import Context
from django.templatetags.i18n import (
    BlockTranslateNode,
    GetCurrentLanguageBidiNode,
    GetCurrentLanguageNode,
    TranslateNode,
)
from django.templatetags.static import StaticNode
from django.utils import translation
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from rendering.compiler import Compiler, compiles, evaluated, never
from rendering.expressions import Unsupported, expression, written
from rendering.lookups import text_of
from rendering.scopes import Code, Const, Scope


@compiles(StaticNode, never)
def static(compiler: Compiler, node: StaticNode, scope: Scope) -> None:
    path = expression(compiler.writer, scope, node.path)
    if not isinstance(path, Const):
        call = f"SafeString(output_of({compiler.writer.constant(node.handle_simple)}({path})))"
    else:
        address = str(conditional_escape(node.handle_simple(path.value)))
        if node.varname is None:
            compiler.writer.text(address)
            return
        call = f"SafeString({address!r})"
    if node.varname is None:
        compiler.writer.line(f"write({call})")
    else:
        compiler.assign(scope, node.varname, call)


@compiles(GetCurrentLanguageNode, never)
def language(compiler: Compiler, node: GetCurrentLanguageNode, scope: Scope) -> None:
    compiler.assign(scope, node.variable, repr(translation.get_language()))


@compiles(GetCurrentLanguageBidiNode, never)
def runs_to_the_left(compiler: Compiler, node: GetCurrentLanguageBidiNode, scope: Scope) -> None:
    compiler.assign(scope, node.variable, repr(translation.get_language_bidi()))


@compiles(TranslateNode, never)
def translate(compiler: Compiler, node: TranslateNode, scope: Scope) -> None:
    given = node.filter_expression
    if node.message_context or node.noop or given.filters or given.var.lookups is not None:
        raise Unsupported("translate of a variable")
    context = Context()
    words = node.render(context)
    if node.asvar:
        words = context[node.asvar]
        kind = "SafeString" if isinstance(words, SafeString) else "str"
        compiler.assign(scope, node.asvar, f"{kind}({str(words)!r})")
    else:
        compiler.writer.text(words)


@compiles(BlockTranslateNode, never)
def blocktranslate(compiler: Compiler, node: BlockTranslateNode, scope: Scope) -> None:
    if node.message_context:
        raise Unsupported("blocktranslate with a context")
    writer = compiler.writer
    inner = Scope(scope, evaluated(compiler, scope, node.extra_context))
    message, names = node.render_token_list(node.singular)
    plain = dict.fromkeys(names, "")
    if node.plural and node.countervar and node.counter:
        count = written(writer, expression(writer, scope, node.counter))
        inner.names[node.countervar] = writer.new()
        writer.line(f"{inner.names[node.countervar]} = {count}")
        plural, more = node.render_token_list(node.plural)
        plain |= dict.fromkeys(more, "")
        said = writer.new()
        writer.line(f"{said} = {writer.constant(translation.ngettext)}({message!r}, {plural!r}, {count})")
        pattern: Code = said
        checked = [translation.ngettext(message, plural, number) for number in range(120)]
    else:
        checked = [translation.gettext(message)]
        pattern = Const(checked[0])
    try:
        for words in checked:
            words % plain
    except (KeyError, ValueError) as error:
        raise Unsupported("a translation that does not fit") from error
    _fill(compiler, node, (scope, inner), pattern, list(plain))


def _fill(
    compiler: Compiler, node: BlockTranslateNode, scopes: tuple[Scope, Scope], pattern: Code, names: list[str]
) -> None:
    """Write a translation with its values put in."""
    scope, inner = scopes
    writer = compiler.writer
    if isinstance(pattern, Const) and not names:
        words = pattern.value % {}
        if node.asvar:
            compiler.assign(scope, node.asvar, f"SafeString({words!r})")
        else:
            writer.text(words)
        return
    pairs = []
    for name in names:
        code = inner.code_for(name)
        value = writer.new()
        if isinstance(code, Const):
            code = repr("") if not isinstance(code.value, str) else repr(str(text_of(code.value)))
            writer.line(f"{value} = {code}")
        else:
            writer.line("try:")
            writer.line(f"    {value} = text_of({code})")
            writer.line("except VariableDoesNotExist:")
            writer.line(f"    {value} = ''")
        pairs.append(f"{name!r}: {value}")
    filled = f"{written(writer, pattern)} % {{{', '.join(pairs)}}}"
    if node.asvar:
        compiler.assign(scope, node.asvar, f"SafeString({filled})")
    else:
        writer.line(f"write({filled})")
