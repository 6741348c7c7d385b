"""Instances made for a prepared query hold what Django's own hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.signals import post_init

from experiences.models import StoryPage
from media.models import Picture
from publication.models import Clearance
from queries.instances import maker_of
from queries.sqlite import with_question_marks
from tests import factories as make
from treatments.models import TreatmentPage

pytestmark = pytest.mark.django_db


def held(instance: Any) -> dict[str, Any]:
    """Return the values of an instance; streams and files as they are stored."""
    values = {**instance.__dict__}
    state = values.pop("_state")
    assert (state.adding, state.db) == (False, DEFAULT_DB_ALIAS)
    assert state.fields_cache == {}
    for field in type(instance)._meta.concrete_fields:
        if field.attname in values:
            values[field.attname] = field.value_from_object(instance)
            if hasattr(values[field.attname], "raw_data"):
                values[field.attname] = list(values[field.attname].raw_data)
    return {name: str(value) if name == "file" else value for name, value in values.items()}


@pytest.mark.parametrize("left_out", [0, 3])
@pytest.mark.parametrize("model", [StoryPage, TreatmentPage, Picture, Clearance])
def test_an_instance_is_that_of_django(model: type[Model], left_out: int) -> None:
    condition = make.ConditionFactory(name="Cerebral palsy")
    make.TreatmentPageFactory(condition=condition, treatment=make.TreatmentFactory(name="Cells"))
    make.StoryPageFactory(conditions=[condition], picture=make.PictureFactory(), country="PT")
    names = [field.attname for field in model._meta.concrete_fields]
    names = names[: len(names) - left_out]
    row = model._default_manager.values_list(*names).first()
    assert row is not None
    # As a database gives it: the blocks of a stream are a text.
    as_read = [json.dumps(list(value.raw_data)) if hasattr(value, "raw_data") else value for value in row]
    sent: list[Any] = []
    post_init.connect(
        lambda instance, **_rest: sent.append(instance), sender=model, weak=False, dispatch_uid="seen"
    )
    made = maker_of(model, names, DEFAULT_DB_ALIAS)(as_read)
    post_init.disconnect(sender=model, dispatch_uid="seen")
    assert sent == [made]
    assert held(made) == held(model.from_db(DEFAULT_DB_ALIAS, names, as_read))
    assert made.get_deferred_fields() == {field.attname for field in model._meta.concrete_fields} - set(names)


@pytest.mark.parametrize(
    "sql", ["SELECT %s, '%%' WHERE a = %s", "SELECT 1", "SELECT \"a\" LIKE %s ESCAPE '\\'"]
)
def test_statements_are_rewritten_as_django_does(sql: str) -> None:
    from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

    assert with_question_marks(sql) == FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")
