from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldRowPanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from people.models import Person


class PersonChooser(SnippetChooserViewSet):
    """Also takes in somebody new, from those who may add people."""

    form_fields = ["display_name", "private_name", "country"]


class PersonViewSet(SnippetViewSet):
    model = Person
    icon = "user"
    menu_label = _("People")
    menu_order = 300
    add_to_admin_menu = True
    chooser_viewset_class = PersonChooser
    list_display = ["display_name", "country", "birth_year"]
    list_filter = ["country"]
    search_fields = ["display_name", "private_name"]
    panels = [
        MultiFieldPanel(["display_name", "country"], heading=_("May be shown")),
        MultiFieldPanel(
            ["private_name", FieldRowPanel(["birth_year"]), "contact", "notes"], heading=_("Private")
        ),
    ]


register_snippet(PersonViewSet)
