"""What a treatment costs, as of when, and who bears the cost."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.search import index

from information.money import CURRENCIES, cost_words
from pages.blocks import prose_blocks
from pages.blocks.prose import LINE_FEATURES
from pages.fields import QuietStreamField
from pages.models import BasePage
from rendering.choice_block import ChoiceBlock


class OptionValue(blocks.StructValue):
    @property
    def cost(self) -> str:
        """'USD 20,000 to 32,000', or '' where no amount is known."""
        return cost_words(self.get("cost_from"), self.get("cost_to"), self.get("currency") or "")

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Terms and values for the page. A missing amount is said, not left out."""
        as_of = self.get("as_of")
        return [
            (gettext("Cost"), self.cost or gettext("Not known. Ask for a written price.")),
            (gettext("As of"), date_format(as_of, "DATE_FORMAT") if as_of else ""),
            (gettext("What is in it"), str(self.get("includes") or "")),
            (gettext("What is not in it"), str(self.get("leaves_out") or "")),
            (gettext("Who pays"), str(self.get("who_pays") or "")),
            (gettext("Source"), str(self.get("source") or "")),
        ]


class OptionBlock(blocks.StructBlock):
    name = blocks.CharBlock(max_length=120)
    what_it_is = blocks.RichTextBlock(features=LINE_FEATURES)
    cost_from = blocks.DecimalBlock(
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("The amount, or the lower end of a range."),
    )
    cost_to = blocks.DecimalBlock(
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("Only for a range: its upper end."),
    )
    currency = ChoiceBlock(choices=CURRENCIES, required=False)
    as_of = blocks.DateBlock(
        required=False, help_text=_("The day this amount was true. Needed with an amount.")
    )
    includes = blocks.CharBlock(required=False, max_length=300, label=_("what is in it"))
    leaves_out = blocks.CharBlock(
        required=False, max_length=300, label=_("what is not in it"), help_text=_("E.g. flights, a stay.")
    )
    who_pays = blocks.CharBlock(
        max_length=200, help_text=_("Who bears the cost, e.g. ‘The family, before treatment starts’.")
    )
    source = blocks.CharBlock(required=False, max_length=200, help_text=_("Where the amount comes from."))

    class Meta:
        icon = "tag"
        label = _("Way to pay")
        description = _("One way to pay, with its cost, the day of it, and who pays.")
        template = "information/blocks/option.html"
        value_class = OptionValue
        preview_value = {
            "name": "Paying yourself",
            "what_it_is": "<p>The family pays the hospital before treatment starts.</p>",
            "cost_from": "20000",
            "cost_to": "32000",
            "currency": "USD",
            "as_of": "2026-09-01",
            "who_pays": "The family",
        }

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        errors: dict[str, ValidationError] = {}
        least, most = value.get("cost_from"), value.get("cost_to")
        if least is not None or most is not None:
            if not value.get("currency"):
                errors["currency"] = ValidationError(_("Say which currency the amount is in."))
            if not value.get("as_of"):
                errors["as_of"] = ValidationError(_("Say as of which day: an amount without a day misleads."))
        if least is not None and most is not None and least > most:
            errors["cost_to"] = ValidationError(_("The upper end is below the lower end."))
        if errors:
            raise blocks.StructBlockValidationError(errors)
        return value


class FinancingPage(BasePage):
    lede = models.TextField(_("opening words"), max_length=400, blank=True)
    who_bears_the_cost = models.TextField(
        _("who bears the cost"),
        max_length=600,
        help_text=_("In plain words, for most families: who pays, and what happens when treatment stops."),
    )
    options = QuietStreamField([("option", OptionBlock())], blank=True, verbose_name=_("ways to pay"))
    body = QuietStreamField(prose_blocks(), blank=True, verbose_name=_("before you pay"))

    content_panels = [*BasePage.content_panels, "lede", "who_bears_the_cost", "options", "body"]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("lede"),
        index.SearchField("who_bears_the_cost"),
        index.SearchField("options"),
        index.SearchField("body"),
    ]
    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("treatment financing page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["options"] = [
            (f"pay-{number}-{slugify(option.value['name'])}".rstrip("-"), option.value)
            for number, option in enumerate(self.options, start=1)
        ]
        return context

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        data = super().json_ld(request)
        data["@type"] = "MedicalWebPage"
        return data
