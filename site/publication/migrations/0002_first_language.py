from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publication", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="FirstLanguage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("translation_key", models.UUIDField(unique=True)),
                ("locale_number", models.PositiveBigIntegerField()),
            ],
            options={
                "verbose_name": "language of a deleted page",
                "verbose_name_plural": "languages of deleted pages",
            },
        ),
    ]
