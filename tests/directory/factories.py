"""Made-up hospitals and doctors."""

from __future__ import annotations

from typing import Any

import factory
from wagtail.models import Page

from directory.models import DoctorIndexPage, DoctorPage, HospitalIndexPage, HospitalPage
from tests import factories


def _only(model: Any, **fields: Any) -> Any:
    found = model.objects.first()
    if found:
        return found
    Page.objects.get(pk=factories.home().pk).add_child(instance=model(**fields))
    return model.objects.get()


def hospital_index() -> HospitalIndexPage:
    return _only(HospitalIndexPage, title="Search for a hospital", slug="hospitals")


def doctor_index() -> DoctorIndexPage:
    return _only(DoctorIndexPage, title="Search for a doctor", slug="doctors")


class _Hospitals(factories.PageFactory):
    """`conditions`, `treatments`: terms."""

    class Meta:
        model = HospitalPage

    title = factory.Sequence(lambda n: f"Example Hospital {n:02}")

    @classmethod
    def default_parent(cls) -> Page:
        return hospital_index()


class _Doctors(factories.PageFactory):
    """`conditions`, `treatments`: terms; `hospitals`: hospital pages."""

    class Meta:
        model = DoctorPage

    title = factory.Sequence(lambda n: f"Dr Example {n:02}")
    specialty = "Child neurologist"

    @classmethod
    def default_parent(cls) -> Page:
        return doctor_index()

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        hospitals = kwargs.pop("hospitals", ())
        page = super()._create(model_class, *args, **kwargs)
        if hospitals:
            page.hospitals.set(hospitals)
            page.save()
        return model_class.objects.get(pk=page.pk)


# What a factory makes is a page, not the factory: the type checker cannot know.
HospitalPageFactory: Any = _Hospitals
DoctorPageFactory: Any = _Doctors
