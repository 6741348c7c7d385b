"""Made-up questions, prices and forms."""

from __future__ import annotations

from typing import Any

import factory

from information.models import FAQPage, FinancingPage, FormField, FormPage
from tests import factories


def group(heading: str, *questions: tuple[str, str, str] | tuple[str, str]) -> tuple[str, Any]:
    """A group for FAQPage.body; each question is (question, answer, [word for links])."""
    entries = [
        {"question": one[0], "answer": f"<p>{one[1]}</p>", "anchor": one[2] if len(one) > 2 else ""}
        for one in questions
    ]
    return ("group", {"heading": heading, "questions": entries})


class FAQPageFactory(factories.PageFactory):
    class Meta:
        model = FAQPage

    title = factory.Sequence(lambda n: "Questions")
    slug = "faq"


class FinancingPageFactory(factories.PageFactory):
    class Meta:
        model = FinancingPage

    title = factory.Sequence(lambda n: "Treatment financing")
    slug = "treatment-financing"
    who_bears_the_cost = "The family pays, before treatment starts."


class FormPageFactory(factories.PageFactory):
    """`fields`: dicts of FormField; a name, an e-mail address and a message by default."""

    class Meta:
        model = FormPage

    title = factory.Sequence(lambda n: "Contact us")
    slug = "contact"
    to_address = "desk@example.org"
    subject = "A message"
    fields = factory.LazyFunction(
        lambda: [
            {"label": "Your name", "field_type": "singleline", "autocomplete": "name"},
            {"label": "Your e-mail", "field_type": "email", "autocomplete": "email", "required": False},
            {"label": "Message", "field_type": "multiline", "help_text": "In any language."},
        ]
    )

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        fields = kwargs.pop("fields")
        page = super()._create(model_class, *args, **kwargs)
        for number, one in enumerate(fields):
            FormField.objects.create(page=page, sort_order=number, **one)
        return model_class.objects.get(pk=page.pk)
