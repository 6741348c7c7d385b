"""The edit form of a term in the admin, the same for every vocabulary."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel

TERM_PANELS = [
    FieldPanel("name"),
    FieldPanel("parent"),
    FieldPanel("description"),
    InlinePanel(
        "names",
        panels=[FieldPanel("name"), FieldRowPanel([FieldPanel("kind"), FieldPanel("language")])],
        heading=_("Other names"),
        label=_("Name"),
        help_text=_(
            "What people type when they look for this term. Lay names count as much as medical ones."
        ),
    ),
    InlinePanel(
        "codes",
        panels=[FieldRowPanel([FieldPanel("system"), FieldPanel("code")])],
        heading=_("Codes"),
        label=_("Code"),
    ),
    FieldPanel("slug"),
]
