from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import TemplateSyntaxError
from django.template.loader import get_template


class Command(BaseCommand):
    help = "Compiles every template of the site, to find mistyped tags before visitors see an error."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        mistakes = []
        for folder in settings.TEMPLATES[0]["DIRS"]:
            for file in sorted(folder.rglob("*.html")):
                name = file.relative_to(folder).as_posix()
                try:
                    get_template(name)
                except TemplateSyntaxError as error:
                    mistakes.append(f"{name}: {error}")
        if mistakes:
            raise CommandError("\n".join(mistakes))
