from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from demo import report_pdf


class Command(BaseCommand):
    help = "Compile the demo's statistical report again, after its Typst source was changed (for developers)."
    requires_system_checks = []

    def handle(self, *_args: object, **_options: Any) -> None:
        report_pdf.PDF.write_bytes(report_pdf.render())
        self.stdout.write(f"Wrote {report_pdf.PDF}.")
