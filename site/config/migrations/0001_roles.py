"""The five roles, their permissions and the workflow."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from config import roles


def make_roles(apps: Any, schema_editor: Any) -> None:
    roles.apply(apps)
    # Wagtail's own groups may do more than any role here; where nobody is in them they go.
    apps.get_model("auth.Group").objects.filter(name__in=["Moderators", "Editors"], user=None).delete()


class Migration(migrations.Migration):
    # Of every app whose permissions the roles are given: they must be there first.
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("casestudies", "0004_cohorts"),
        ("conditions", "0001_initial"),
        ("information", "0001_initial"),
        ("interviews", "0001_initial"),
        ("media", "0003_shown_in_public"),
        ("pages", "0001_initial"),
        ("people", "0002_consent"),
        ("treatments", "0002_cohorts"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailmedia", "0005_alter_media_options"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
