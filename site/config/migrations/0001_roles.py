"""The five roles, their permissions and the workflow."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from config import roles


def make_roles(apps: Any, schema_editor: Any) -> None:
    roles.apply(apps)
    # Wagtail's own groups may do more than any role here. They are removed where they have no members.
    apps.get_model("auth.Group").objects.filter(name__in=["Moderators", "Editors"], user=None).delete()


class Migration(migrations.Migration):
    # All apps whose permissions the roles are given: they must be there first.
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("approval", "0001_initial"),
        ("audit", "0001_initial"),
        ("cohorts", "0001_initial"),
        ("conditions", "0001_initial"),
        ("consent", "0001_initial"),
        ("information", "0001_initial"),
        ("interviews", "0001_initial"),
        ("measures", "0001_initial"),
        ("media", "0001_initial"),
        ("pages", "0001_initial"),
        ("publication", "0001_initial"),
        ("treatments", "0001_initial"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailmedia", "0005_alter_media_options"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("withdrawal", "0001_initial"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
