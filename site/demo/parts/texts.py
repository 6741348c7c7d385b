"""Standard pages, questions, financing, forms and news."""

from __future__ import annotations

from functools import partial
from typing import Any

from wagtail.models import Page

from demo.parts import streams
from demo.prose import ContentError, Part, Text, as_html
from demo.site_builder import SiteBuilder, decide_names, review
from information.models import FAQPage, FinancingPage, FormField, FormPage
from news.models import NewsPage
from pages.models import StandardPage


def common(head: dict[str, Any], builder: SiteBuilder) -> dict[str, Any]:
    picture = head.get("picture")
    return {
        "title": head["title"],
        "slug": head["slug"],
        "lede": head["lede"],
        "search_description": head.get("description", ""),
        "picture": builder.find(f"picture-{picture}") if picture else None,
        "tone": head["tone"],
        **review(),
    }


def make_pages(builder: SiteBuilder) -> None:
    for text in builder.content.pages:
        kind = financing if text.head["type"] == "financing" else standard
        builder.publish(text.head["key"], "home", partial(kind, text, builder))


def standard(text: Text, builder: SiteBuilder) -> Page:
    return StandardPage(**common(text.head, builder), body=streams.body(text.pieces, builder))


def financing(text: Text, builder: SiteBuilder) -> Page:
    options = []
    for entry in text.head["options"]:
        least, most, day = entry.get("cost_from"), entry.get("cost_to"), entry.get("as_of")
        value = {
            "name": entry["name"],
            "what_it_is": as_html((entry["text"],), builder.address),
            "cost_from": None if least is None else str(least),
            "cost_to": None if most is None else str(most),
            "currency": entry.get("currency", ""),
            "as_of": day.isoformat() if day else None,
            "includes": entry.get("includes", ""),
            "leaves_out": entry.get("leaves_out", ""),
            "who_pays": entry["who_pays"],
            "source": entry["source"],
        }
        options.append(streams.block("option", value))
    return FinancingPage(
        **common(text.head, builder),
        who_bears_the_cost=text.head["who_bears_the_cost"],
        options=streams.stored(options),
        body=streams.body(text.pieces, builder),
    )


def make_faq(builder: SiteBuilder) -> None:
    text = builder.content.faq
    builder.publish(text.head["key"], "home", partial(faq, text, builder))


def faq(text: Text, builder: SiteBuilder) -> Page:
    groups = [
        streams.block("group", {"heading": part.name, "questions": streams.items(questions(part, builder))})
        for part in text.parts
    ]
    return FAQPage(**common(text.head, builder), body=streams.stored(groups))


def questions(part: Part, builder: SiteBuilder) -> list[dict[str, str]]:
    """Return the questions of one part, each written as `## anchor | Question?` with the answer below."""
    found: list[dict[str, Any]] = []
    for piece in part.pieces:
        for line in piece.lines:
            if line.startswith("## "):
                anchor, mark, question = line[3:].partition(" | ")
                if not mark:
                    raise ContentError(f"‘{line}’ needs an anchor for links: ‘## how-soon | How soon …?’")
                found.append({"anchor": anchor, "question": question, "lines": []})
            elif found:
                found[-1]["lines"].append(line)
    return [
        {
            **{key: entry[key] for key in ("anchor", "question")},
            "answer": as_html(tuple(entry["lines"]), builder.address),
        }
        for entry in found
    ]


def make_forms(builder: SiteBuilder) -> None:
    for entry in builder.content.site["forms"]:
        builder.publish(entry["key"], "home", partial(form, entry, builder))


def form(entry: dict[str, Any], builder: SiteBuilder) -> Page:
    page = FormPage(
        **common(entry, builder),
        aside_heading=entry["aside_heading"],
        aside=as_html((entry["aside"],), builder.address),
        thanks=as_html((entry["thanks"],), builder.address),
        subject=entry["subject"],
    )
    page.form_fields = [
        FormField(
            sort_order=number,
            label=field["label"],
            field_type=field["kind"],
            required=field["required"],
            choices=field.get("choices", ""),
            help_text=field.get("help", ""),
            autocomplete=field.get("autocomplete", ""),
        )
        for number, field in enumerate(entry["fields"])
    ]
    return page


def make_news(builder: SiteBuilder) -> None:
    for text in sorted(builder.content.news, key=lambda text: text.head["date"]):
        builder.publish(text.head["key"], "news", partial(news, text, builder), text.head["date"])


def news(text: Text, builder: SiteBuilder) -> Page:
    return NewsPage(
        **common(text.head, builder),
        date=text.head["date"],
        author=text.head.get("author", ""),
        body=streams.body(text.pieces, builder),
    )


def decide_names_on_pages(builder: SiteBuilder) -> None:
    """Say whom names mean on pages that were published before the people of the stories were on record."""

    def decide() -> None:
        for page in builder.pages():
            decide_names(page)

    builder.once("names", decide)
