"""Treatments in the admin, and the menu that holds both vocabularies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from conditions.term_admin import ConditionViewSet, TermViewSet
from treatments.models import Treatment


class TreatmentViewSet(TermViewSet):
    model = Treatment
    icon = "pick"


class VocabularyGroup(SnippetViewSetGroup):
    items = (ConditionViewSet, TreatmentViewSet)
    menu_label = _("Vocabulary")
    menu_icon = "tag"
    menu_order = 310
