from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from config.demo.make_media import make_all


class Command(BaseCommand):
    help = "Draws the demo's pictures and makes its clips, captions and report anew (two minutes or so; for developers)."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        size = make_all(self.stdout.write)
        self.stdout.write(f"{size / 1024:.0f} kB in all")
