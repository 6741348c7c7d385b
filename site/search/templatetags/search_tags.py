from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def bold_list(names: Iterable[str]) -> SafeString:
    """<b>ataxia</b>, <b>epilepsy</b> and <b>cerebral palsy</b>."""
    every = list(names)
    if len(every) < 2:
        return format_html_join("", "<b>{}</b>", ((name,) for name in every))
    first = format_html_join(", ", "<b>{}</b>", ((name,) for name in every[:-1]))
    return format_html("{} {} <b>{}</b>", first, _("and"), every[-1])
