"""Loads templates as Django does, and has the site's own compiled when they are rendered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.template import Context, NodeList, Template
from django.template.loaders.cached import Loader as CachedLoader
from django.utils.safestring import SafeString

from rendering import functions, nodes, tag_nodes, word_nodes

# The modules of nodes register what compiles them.
__all__ = ["CompiledNodes", "Loader", "nodes", "tag_nodes", "word_nodes"]


class CompiledNodes(NodeList):
    """The nodes of a template, which know its function."""

    template: Template

    def render(self, context: Context) -> SafeString:
        """Return the HTML: by the template's function, or where there is none as Django does it."""
        html = functions.render(self.template, context)
        return super().render(context) if html is None else SafeString(html)


class Loader(CachedLoader):
    """Keeps templates. Those in `folder`, but not those of the admin, are compiled."""

    def __init__(self, engine: Any, loaders: Any, folder: str) -> None:
        super().__init__(engine, loaders)
        self.folder = Path(folder)

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        # Most are asked for again and again.
        if skip is None and isinstance(known := self.get_template_cache.get(template_name), Template):
            return known
        template: Template = super().get_template(template_name, skip)
        if not isinstance(template.nodelist, CompiledNodes) and self._is_ours(template):
            found = CompiledNodes(template.nodelist)
            found.contains_nontext = template.nodelist.contains_nontext
            found.template = template
            template.nodelist = found
        return template

    def _is_ours(self, template: Template) -> bool:
        path = Path("".join([template.origin.name]))
        return not self.engine.debug and self.folder in path.parents and "admin" not in path.parts
