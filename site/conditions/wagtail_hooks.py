from __future__ import annotations

from wagtail import hooks

from conditions.term_admin import keep_used_terms

# The menu entry is registered one floor up, in treatments, where both vocabularies are known.
hooks.register("before_delete_snippet", keep_used_terms)
