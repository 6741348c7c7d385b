from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseStudiesConfig(AppConfig):
    name = "casestudies"
    verbose_name = _("Case studies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from casestudies import publication, versions
        from casestudies.cohorts import signals  # noqa: F401  # a cohort's figures follow it to its pages
        from casestudies.importing import deletion

        publication.follow()
        versions.follow()
        deletion.follow()
