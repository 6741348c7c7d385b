"""The chooser that ties a quote to an excerpt and fills the block's other fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.admin.widgets import BaseChooser, BaseChooserAdapter

from interviews.models import Excerpt

CHOOSER = "excerpt_chooser"


class ExcerptChooser(BaseChooser):
    """Chooses an excerpt by its key."""

    model = Excerpt
    icon = "openquote"
    choose_one_text = _("Find what was said")
    choose_another_text = _("Find other words")
    show_edit_link = False
    show_clear_link = False
    chooser_modal_url_name = f"{CHOOSER}:choose"
    classname = "excerpt-chooser"

    def get_value_data(self, value: Any) -> dict[str, Any] | None:
        # The number only, without a query: the words are in the next field, and a story may have sixty
        # quotes.
        if value in (None, ""):
            return None
        return {"id": value, "edit_url": None, "title": gettext("Excerpt %(number)s") % {"number": value}}


class ExcerptChooserAdapter(BaseChooserAdapter):
    js_constructor = "firsthand.widgets.ExcerptChooser"

    @cached_property
    def media(self) -> forms.Media:
        return forms.Media(
            js=[
                versioned_static("wagtailadmin/js/chooser-widget-telepath.js"),
                versioned_static("firsthand-admin/excerpt-chooser.js"),
            ],
            css={"all": [versioned_static("firsthand-admin/excerpt-chooser.css")]},
        )


register(ExcerptChooserAdapter(), ExcerptChooser)
