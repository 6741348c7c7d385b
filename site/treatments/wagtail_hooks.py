from __future__ import annotations

from wagtail.snippets.models import register_snippet

from treatments.treatment_admin import VocabularyGroup

register_snippet(VocabularyGroup)
