"""The measures that the project comes with."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from measures.loading import load
from measures.starter import STARTER


def load_starter(apps: Any, schema_editor: Any) -> None:
    load(apps.get_model("measures", "Measure")._base_manager, STARTER)


class Migration(migrations.Migration):
    dependencies = [("measures", "0001_initial")]

    operations = [migrations.RunPython(load_starter, migrations.RunPython.noop)]
