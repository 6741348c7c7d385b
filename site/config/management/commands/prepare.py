from __future__ import annotations

import os
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Site

from config import editor_account, static_files

LOCAL_NAMES = {"localhost", "127.0.0.1"}


class Command(BaseCommand):
    help = (
        "Makes this machine's site ready to be served: database, demo content, editor's login, static files. "
        "Safe to run again: it does only what is missing and leaves alone what an editor changed."
    )
    # Skipped for speed; `make lint` and `manage.py check` run the checks.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        settings.VAR.mkdir(parents=True, exist_ok=True)
        self.migrate()
        if Path(settings.ERASURES_FILE).exists():
            # An older database may have been restored, with people who were erased since.
            call_command("reapply_erasures", stdout=self.stdout)
        if "load_demo" in get_commands():
            call_command("load_demo", stdout=self.stdout, stderr=self.stderr)
        if editor_account.ensure():
            self.stdout.write("Made the editor's account.")
        self.name_site()
        self.collect_static_files()

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.stdout.write(f"Bringing the database up to date: {len(plan)} steps.")
            call_command("migrate", interactive=False, verbosity=0)
            # An older version kept these files where any visitor could fetch them. Does nothing for a new
            # site.
            call_command("move_originals", json=True, stdout=StringIO())
            call_command("refresh_public_files", json=True, stdout=StringIO())
            # An older version chose related stories when a page was shown.
            call_command("refresh_related", missing=True, stdout=StringIO())

    def name_site(self) -> None:
        """Take the name from SITE_URL while the site has only a local name. A name set in the admin stays."""
        address = urlsplit(os.environ.get("SITE_URL", ""))
        site = Site.objects.filter(is_default_site=True).first()
        if site is None or site.hostname not in LOCAL_NAMES or address.hostname not in LOCAL_NAMES:
            return
        port = address.port or 80
        if (site.hostname, site.port) != (address.hostname, port):
            site.hostname, site.port = address.hostname, port
            site.save()

    def collect_static_files(self) -> None:
        if not static_files.is_collected():
            self.stdout.write("Collecting the static files.")
            call_command("collectstatic", interactive=False, verbosity=0)
            static_files.mark_collected()
