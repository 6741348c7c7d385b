"""Standard pages, questions, financing, forms and news."""

from __future__ import annotations

from functools import partial
from typing import Any

from wagtail.models import Page

from config.demo.build import streams
from config.demo.build.workshop import Workshop, review
from config.demo.prose import ContentError, Part, Text, as_html
from information.models import FAQPage, FinancingPage, FormField, FormPage
from news.models import NewsPage
from pages.models import StandardPage


def common(head: dict[str, Any], workshop: Workshop) -> dict[str, Any]:
    picture = head.get("picture")
    return {
        "title": head["title"],
        "slug": head["slug"],
        "lede": head["lede"],
        "search_description": head.get("description", ""),
        "picture": workshop.find(f"picture-{picture}") if picture else None,
        "tone": head["tone"],
        **review(),
    }


def make_pages(workshop: Workshop) -> None:
    for text in workshop.content.pages:
        kind = financing if text.head["type"] == "financing" else standard
        workshop.publish(text.head["key"], "home", partial(kind, text, workshop))


def standard(text: Text, workshop: Workshop) -> Page:
    return StandardPage(**common(text.head, workshop), body=streams.body(text.pieces, workshop))


def financing(text: Text, workshop: Workshop) -> Page:
    options = []
    for entry in text.head["options"]:
        least, most, day = entry.get("cost_from"), entry.get("cost_to"), entry.get("as_of")
        value = {
            "name": entry["name"],
            "what_it_is": as_html((entry["text"],), workshop.address),
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
        **common(text.head, workshop),
        who_bears_the_cost=text.head["who_bears_the_cost"],
        options=streams.stored(options),
        body=streams.body(text.pieces, workshop),
    )


def make_faq(workshop: Workshop) -> None:
    text = workshop.content.faq
    workshop.publish(text.head["key"], "home", partial(faq, text, workshop))


def faq(text: Text, workshop: Workshop) -> Page:
    groups = [
        streams.block("group", {"heading": part.name, "questions": streams.items(questions(part, workshop))})
        for part in text.parts
    ]
    return FAQPage(**common(text.head, workshop), body=streams.stored(groups))


def questions(part: Part, workshop: Workshop) -> list[dict[str, str]]:
    """`## anchor | Question?` with the answer below it."""
    found: list[dict[str, Any]] = []
    for piece in part.pieces:
        for line in piece.lines:
            if line.startswith("## "):
                anchor, mark, question = line[3:].partition(" | ")
                if not mark:
                    raise ContentError(f"‘{line}’ needs a word for links: ‘## how-soon | How soon …?’")
                found.append({"anchor": anchor, "question": question, "lines": []})
            elif found:
                found[-1]["lines"].append(line)
    return [
        {
            **{key: one[key] for key in ("anchor", "question")},
            "answer": as_html(tuple(one["lines"]), workshop.address),
        }
        for one in found
    ]


def make_forms(workshop: Workshop) -> None:
    for entry in workshop.content.site["forms"]:
        workshop.publish(entry["key"], "home", partial(form, entry, workshop))


def form(entry: dict[str, Any], workshop: Workshop) -> Page:
    page = FormPage(
        **common(entry, workshop),
        aside_heading=entry["aside_heading"],
        aside=as_html((entry["aside"],), workshop.address),
        thanks=as_html((entry["thanks"],), workshop.address),
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


def make_news(workshop: Workshop) -> None:
    for text in sorted(workshop.content.news, key=lambda text: text.head["date"]):
        workshop.publish(text.head["key"], "news", partial(news, text, workshop), text.head["date"])


def news(text: Text, workshop: Workshop) -> Page:
    return NewsPage(
        **common(text.head, workshop),
        date=text.head["date"],
        author=text.head.get("author", ""),
        body=streams.body(text.pieces, workshop),
    )
