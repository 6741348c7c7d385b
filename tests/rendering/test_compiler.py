"""A compiled template gives what Django's interpreter gives, byte for byte."""

from __future__ import annotations

import datetime
import decimal
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from config import SITE
from rendering.compiler import any_asks
from rendering.functions import page_function, prepare_page

LIBRARIES = {
    "i18n": "django.templatetags.i18n",
    "static": "django.templatetags.static",
    "pages_tags": "pages.templatetags.pages_tags",
}
PARTS = {
    "base.html": "<title>{% block title %}Site{% endblock %}</title>{% block main %}{% endblock %}{{ word }}",
    "middle.html": "{% extends 'base.html' %}{% block title %}{{ word }}, {{ block.super }}{% endblock %}",
    "row.html": "<li>{{ text }}{{ word }}{% if extra %}+{{ extra }}{% endif %}</li>",
    "again.html": "{{ depth }}{% if depth %}{% include 'again.html' with depth=depth|slice:'1:' only %}{% endif %}",
    "with_tag.html": "{% load pages_tags %}{% site_menu as menu %}{{ menu.name }}{{ word }}",
    "with_block.html": "{% block main %}own {{ word }}{% endblock %}{% block other %}other{% endblock %}",
    "constant.html": "{% load i18n %}<p>{% translate 'Search' %}</p>",
}


class Thing:
    name = "A <thing>"
    plain = 3

    def __str__(self) -> str:
        return "thing & co"

    def called(self) -> str:
        return "called"

    def needs(self, argument: str) -> str:
        return argument

    def deletes(self) -> str:
        raise AssertionError("a template must not call this")

    deletes.alters_data = True  # type: ignore[attr-defined] # as Django marks methods

    @property
    def lost(self) -> str:
        raise ObjectDoesNotExist

    def __html__(self) -> str:
        return "<b>thing</b>"


def values() -> dict[str, Any]:
    return {
        "word": "<w&'\">",
        "safe": mark_safe("<i>safe</i>"),
        "thing": Thing(),
        "kind": Thing,
        "numbers": [1, 2, 3],
        "large": 1234567,
        "part": decimal.Decimal("1234.5"),
        "day": datetime.date(2026, 11, 28),
        "moment": datetime.datetime(2026, 11, 28, 10, 30, tzinfo=datetime.UTC),
        "pairs": [("a", 1), ("<b>", 2)],
        "rows": [{"text": "one", "items": []}, {"text": "two", "items": [4]}],
        "nothing": None,
        "no": False,
        "empty": [],
        "lazy": gettext_lazy("Search"),
        "generated": (number for number in (5, 6)),
        "depth": "xyz",
    }


TEMPLATES = [
    "plain text",
    "{{ word }} {{ safe }} {{ thing }} {{ lazy }} {{ large }} {{ part }} {{ day }} {{ moment }} {{ nothing }} {{ no }}",
    "{{ missing }}|{{ thing.missing }}|{{ thing.name.missing }}|{{ missing.deeper }}|{{ missing|default:'d' }}",
    "{{ thing.called }}|{{ thing.needs }}|{{ thing.deletes }}|{{ thing.lost }}|{{ thing.lost|default:'gone' }}|{{ kind }}",
    "{{ numbers.0 }}{{ numbers.7 }}{{ pairs.1.0 }}{{ rows.0.text }}{{ rows.1.items.0 }}{{ word.0 }}",
    "{{ 'literal <' }}{{ 3 }}{{ 2.5 }}{{ _('Search') }}{{ True }}{{ None }}",
    "{{ word|upper }}{{ word|safe }}{{ safe|upper }}{{ safe|lower|safe }}{{ word|length }}{{ numbers|join:', ' }}",
    "{{ word|default:thing.name }}{{ nothing|default:word }}{{ nothing|default_if_none:'n' }}{{ numbers|slice:':2' }}",
    "{{ word|linebreaks }}{{ 'a<b'|linebreaksbr }}{{ moment|date:'H:i' }}{{ day|date:'DATE_FORMAT' }}",
    "{% if word %}a{% endif %}{% if missing %}b{% else %}c{% endif %}{% if no %}d{% elif numbers %}e{% else %}f{% endif %}",
    "{% if no or nothing and word %}a{% endif %}{% if not no and word == word %}b{% endif %}{% if 2 in numbers %}c{% endif %}",
    "{% if numbers|length > 2 %}a{% endif %}{% if word > 3 %}b{% endif %}{% if nothing is None %}c{% endif %}",
    "{% if missing.deeper == None %}a{% endif %}{% if thing.lost %}b{% endif %}{% if 9 not in numbers and no is False %}c{% endif %}",
    "{% for n in numbers %}{{ n }}{% if not forloop.last %}, {% endif %}{% empty %}none{% endfor %}",
    "{% for n in empty %}{{ n }}{% empty %}none {{ word }}{% endfor %}{% for n in missing %}x{% empty %}none{% endfor %}",
    "{% for n in generated %}{{ n }}{% endfor %}{% for n in numbers reversed %}{{ forloop.counter }}{{ n }}{% endfor %}",
    "{% for a, b in pairs %}{{ a }}={{ b }}{% endfor %}{% for c in word %}{{ c }}{% endfor %}",
    "{% for row in rows %}{% for item in row.items %}{{ forloop.parentloop.counter }}{{ item }}{% endfor %}{{ row.text }}{% endfor %}{{ row }}",
    "{% for n in numbers %}{% if n == 1 %}{% firstof n as seen %}{% endif %}{{ seen }}{% endfor %}{{ seen }}",
    "{% for a, b in pairs %}{{ seen }}{% firstof a as seen %}{{ seen }}{% endfor %}{{ seen }}",
    "{% with a=word b=numbers.0 %}{{ a }}{{ b }}{% with a='x' %}{{ a }}{% endwith %}{{ a }}{% endwith %}{{ a }}",
    "{% with a=thing.called %}{{ a }}{% endwith %}{% with numbers as n %}{{ n.0 }}{% endwith %}",
    "{% firstof nothing missing word %}{% firstof nothing missing %}{% firstof nothing 'd<' %}{% firstof word as f %}{{ f }}",
    "{% load i18n %}{% translate 'Search' %}{% translate 'Search' as s %}{{ s }}{{ s|upper }}{% translate 'Menu' as word %}{{ word }}",
    "{% load i18n %}{% blocktranslate %}Picture: {{ word }}{% endblocktranslate %}{% blocktranslate with x=thing.name %}{{ x }} 100%{% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate count n=numbers|length trimmed %} ({{ n }} chosen) {% plural %} ({{ n }} chosen) {% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate asvar said %}Words{% endblocktranslate %}{{ said }}{% blocktranslate %}{{ missing }}!{% endblocktranslate %}",
    "{% load i18n %}{% get_current_language as l %}{{ l }}{% get_current_language_bidi as b %}{{ b }}",
    "{% load static %}{% static 'firsthand/base.css' %}{% static word as address %}{{ address }}",
    "{% include 'row.html' with text=word %}{% include 'row.html' with text=word only %}{% include 'row.html' %}",
    "{% include 'row.html' with text='fixed' extra=2 only %}{% include 'row.html' with text=nothing extra=missing only %}",
    "{% for row in rows %}{% include 'row.html' with text=row.text extra=forloop.counter %}{% endfor %}",
    "{% include 'constant.html' only %}{% include 'constant.html' %}{% include 'again.html' with depth=depth only %}",
    "{% include 'with_tag.html' %}{% include 'with_tag.html' only %}{% include 'with_tag.html' with word='w' only %}",
    "{% load pages_tags %}{% crumbs here=word %}{% toc pairs %}{% followup_line 12 numbers %}{{ word|paragraphs }}",
    "before {% extends 'base.html' %}{% block main %}{{ word }}{% block inner %}in{% endblock %}{% endblock %}",
    "{% extends 'middle.html' %}{% block title %}A {{ block.super }}{% endblock %}{% block main %}{% for n in numbers %}{{ n }}{% endfor %}{% endblock %}",
    "{% extends 'base.html' %}{% block main %}{% include 'with_block.html' %}{{ word }}{% endblock %}",
    "{% include 'with_block.html' %}{% include 'with_block.html' with word='w' only %}",
    "{% autoescape off %}{{ word }}{% endautoescape %}{{ word }}{% comment %}no{% endcomment %}{# no #}",
    "{% for n in numbers %}{% cycle 'a' 'b' %}{{ n }}{% endfor %}",
    "{% for row in rows %}{% ifchanged row.text %}{{ row.text }}{% endifchanged %}{% endfor %}",
    "{% with a=word %}{% spaceless %}<p> {{ a }} </p> <p></p>{% endspaceless %}{% endwith %}",
    "{% for n in numbers %}{% now 'Y' as year %}{{ year }}{{ n }}{% endfor %}",
]


def engine(loader: Any, source: str) -> Engine:
    templates = {**PARTS, "page.html": source}
    inner = [
        ("django.template.loaders.locmem.Loader", templates),
        "django.template.loaders.filesystem.Loader",
    ]
    loaders = [(loader, inner, ".")] if loader.startswith("rendering") else [(loader, inner)]
    return Engine(dirs=[str(SITE / "templates")], loaders=loaders, libraries=LIBRARIES)


def both(source: str) -> tuple[str, str]:
    """Return the HTML of the interpreter and that of the function."""
    plain = engine("django.template.loaders.cached.Loader", source).get_template("page.html")
    compiled = engine("rendering.loader.Loader", source).get_template("page.html")
    return plain.render(Context(values())), compiled.render(Context(values()))


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("source", TEMPLATES)
def test_a_compiled_template_gives_what_the_interpreter_gives(source: str, language: str) -> None:
    with translation.override(language):
        interpreted, compiled = both(source)
    assert compiled == interpreted


def test_what_templates_use_is_compiled() -> None:
    known = [source for source in TEMPLATES if "cycle" not in source and "ifchanged" not in source]
    for source in known:
        template = engine("rendering.loader.Loader", source).get_template("page.html")
        assert page_function(template) is not None, source


def test_every_template_of_the_site_is_prepared() -> None:
    """Those that extend templates of other packages are left to the interpreter; none stops the server."""
    for file in sorted((SITE / "templates").rglob("*.html")):
        loaded: Any = get_template(file.relative_to(SITE / "templates").as_posix())
        if "admin" not in file.parts:
            prepare_page(loaded)
        if "wagtaildocs" in file.parts:
            assert page_function(loaded.template) is None


def test_a_page_that_is_interpreted_keeps_its_blocks_in_a_compiled_base() -> None:
    source = "{% extends parent %}{% block main %}words{% endblock %}"
    template = engine("rendering.loader.Loader", source).get_template("page.html")
    assert page_function(template) is None
    assert "words" in template.render(Context({**values(), "parent": "base.html"}))


def test_constant_texts_are_put_together() -> None:
    source = (
        "<p>{% load i18n %}{% translate 'Search' %}</p>{% include 'constant.html' only %}{# nothing #}end"
    )
    template = engine("rendering.loader.Loader", source).get_template("page.html")
    function: Any = page_function(template)
    assert function.source.count("write(") == 1
    assert not any_asks(template.nodelist)


def test_a_context_that_writes_values_otherwise_is_left_to_the_interpreter() -> None:
    template = engine("rendering.loader.Loader", "{{ word }}").get_template("page.html")
    assert template.render(Context(values(), autoescape=False)) == values()["word"]


@pytest.mark.parametrize(
    "source",
    ["{% for a, b in numbers %}{% endfor %}", "{{ word|default:missing }}", "{% include 'nowhere' %}"],
)
def test_errors_are_those_of_the_interpreter(source: str) -> None:
    plain = engine("django.template.loaders.cached.Loader", source).get_template("page.html")
    compiled = engine("rendering.loader.Loader", source).get_template("page.html")
    errors = []
    for template in (plain, compiled):
        with pytest.raises(Exception) as caught:
            template.render(Context(values()))
        errors.append(type(caught.value))
    assert errors[0] is errors[1]
