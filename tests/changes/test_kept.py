"""A kept value is read again when something it was read from changes, and by no open transaction."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from wagtail.models import Site

from changes.kept import Kept
from changes.recorder import recording
from pages.models import SiteSettings
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def settings_of_site() -> SiteSettings:
    make.home()
    found: SiteSettings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    return found


def kept_banner() -> tuple[Kept[str], list[int]]:
    reads: list[int] = []

    def read(number: int) -> str:
        reads.append(number)
        return str(SiteSettings.objects.get(pk=number).banner_text)

    return Kept(read), reads


def test_a_value_is_read_once(settings_of_site: Any) -> None:
    banner, reads = kept_banner()
    assert [banner.get(settings_of_site.pk) for _ in range(3)] == [""] * 3
    assert len(reads) == 1


def test_it_is_read_again_after_a_change_and_not_after_another(settings_of_site: Any) -> None:
    banner, reads = kept_banner()
    assert banner.get(settings_of_site.pk) == ""
    make.PictureFactory()
    assert banner.get(settings_of_site.pk) == ""
    assert len(reads) == 1
    settings_of_site.banner_text = "Closed in August"
    settings_of_site.save()
    assert banner.get(settings_of_site.pk) == "Closed in August"


def test_what_is_read_in_a_transaction_is_not_kept(settings_of_site: Any) -> None:
    banner, _reads = kept_banner()
    assert banner.get(settings_of_site.pk) == ""
    with transaction.atomic():
        SiteSettings.objects.filter(pk=settings_of_site.pk).update(banner_text="not yet")
        assert banner.get(settings_of_site.pk) == "not yet"
        transaction.set_rollback(True)
    assert banner.get(settings_of_site.pk) == ""


def test_a_page_that_shows_a_kept_value_depends_on_what_it_was_read_from(settings_of_site: Any) -> None:
    banner, reads = kept_banner()
    with recording() as first:
        banner.get(settings_of_site.pk)
    with recording() as later:
        banner.get(settings_of_site.pk)
    assert len(reads) == 1
    assert first.keys == later.keys
    assert f"pages.sitesettings:{settings_of_site.pk}" in later.keys
