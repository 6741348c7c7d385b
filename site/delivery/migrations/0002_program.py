from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A node that still runs the former program stores pages without naming it: they are made again."""

    dependencies = [("delivery", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="storedpage",
            name="program",
            field=models.CharField(db_default="", default="", max_length=16),
        ),
    ]
