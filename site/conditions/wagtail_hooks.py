from __future__ import annotations

from wagtail import hooks

from conditions.term_admin import keep_used_terms

# The menu entry is registered in treatments, an app above, which knows both vocabularies.
hooks.register("before_delete_snippet", keep_used_terms)
