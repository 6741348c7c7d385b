"""Questions and answers, in groups; every answer has an address of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import RichText, get_text_for_indexing
from wagtail.search import index

from information.anchors import ANCHOR, anchor_of, twice
from pages.blocks.prose import TEXT_FEATURES
from pages.fields import QuietStreamField
from pages.models import BasePage

# Ids that stand on the page in any case.
TAKEN = {"main", "contents"}


@dataclass(frozen=True)
class Entry:
    """One question as it is shown; `id` is its address within the page."""

    id: str
    question: str
    answer: RichText

    @property
    def text(self) -> str:
        """The answer without its markup."""
        return get_text_for_indexing(str(self.answer.source)).strip()


@dataclass(frozen=True)
class Group:
    id: str
    heading: str
    entries: list[Entry]


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=200)
    answer = blocks.RichTextBlock(features=[f for f in TEXT_FEATURES if f not in {"h2", "h3"}])
    anchor = blocks.RegexBlock(
        regex=rf"^({ANCHOR.pattern})?$",
        required=False,
        max_length=60,
        label=_("word for links"),
        help_text=_(
            "E.g. ‘how-soon’ makes /faq/#how-soon. Without one the answer gets an address that stays as well."
        ),
        error_messages={"invalid": _("Small letters, digits and hyphens only, a letter first: ‘how-soon’.")},
        search_index=False,
    )

    class Meta:
        icon = "help"
        label = _("Question")
        description = _("A question and its answer.")
        template = "information/blocks/question.html"
        preview_value = {
            "question": "How soon would we see a change?",
            "answer": "<p>Some families notice small things first. Others see no change at all.</p>",
        }


class GroupBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    questions = blocks.ListBlock(QuestionBlock(), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Group of questions")
        description = _("A heading with questions under it.")
        template = "information/blocks/group.html"
        preview_value = {
            "heading": "Results",
            "questions": [{"question": "Will it help?", "answer": "<p>We cannot know.</p>"}],
        }


class FAQPage(BasePage):
    lede = models.TextField(_("opening words"), max_length=400, blank=True)
    body = QuietStreamField([("group", GroupBlock())], blank=True, verbose_name=_("questions"))

    content_panels = [*BasePage.content_panels, "lede", "body"]
    search_fields = [*BasePage.search_fields, index.SearchField("lede"), index.SearchField("body")]
    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("questions and answers")
        verbose_name_plural = _("questions and answers")

    def clean(self) -> None:
        super().clean()
        chosen = [
            question.get("anchor") or ""
            for group in self.body
            for question in group.value.get("questions") or []
        ]
        if taken := TAKEN.intersection(chosen):
            raise ValidationError(
                {"body": _("The word ‘%(word)s’ means another part of the page.") % {"word": min(taken)}}
            )
        if again := twice(chosen):
            raise ValidationError(
                {"body": _("Two questions have the same word for links: %(word)s.") % {"word": again[0]}}
            )

    @property
    def groups(self) -> list[Group]:
        return [
            Group(
                id=f"g-{anchor_of(group.id or str(number))[2:]}",
                heading=group.value["heading"],
                entries=[
                    Entry(
                        id=child.value.get("anchor") or anchor_of(child.id),
                        question=child.value["question"],
                        answer=child.value["answer"],
                    )
                    for child in group.value["questions"].bound_blocks
                ],
            )
            for number, group in enumerate(self.body)
        ]

    @property
    def entries(self) -> Iterator[Entry]:
        for group in self.groups:
            yield from group.entries

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        groups = self.groups
        context["groups"] = groups
        context["contents"] = [(group.id, group.heading) for group in groups]
        return context

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        data = super().json_ld(request)
        data["@type"] = "FAQPage"
        data["mainEntity"] = [
            {
                "@type": "Question",
                "name": entry.question,
                "url": f"{data['url']}#{entry.id}",
                "acceptedAnswer": {"@type": "Answer", "text": entry.text},
            }
            for entry in self.entries
        ]
        return data
