from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import MultiFieldPanel, PageChooserPanel
from wagtail.search import index
from wagtail.url_routing import RouteResult

from attribution.content import Quote, said_in
from pages import routing
from pages.blocks import LinkBlock
from pages.fields import QuietStreamField
from pages.models.base import BasePage


class HomePage(BasePage):
    """The home page. Lists on it come from the apps that own them, by template tags."""

    lede = models.TextField(_("opening words"), max_length=400)
    suggestions = models.CharField(
        _("searches to try"),
        max_length=200,
        blank=True,
        help_text=_("Separated by commas, shown under the search box."),
    )
    lead_story = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("lead story"),
    )
    ways = QuietStreamField([("way", LinkBlock())], blank=True, verbose_name=_("ways into the site"))
    quote = models.TextField(
        _("quote"), blank=True, max_length=500, help_text=_("Exact words from a published story.")
    )
    quote_speaker = models.CharField(_("speaker"), max_length=120, blank=True)
    quote_story = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("story"),
    )
    featured_treatment = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("treatment whose figures are shown"),
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(["lede", "suggestions"], heading=_("Welcome")),
        PageChooserPanel("lead_story", "experiences.StoryPage"),
        "ways",
        MultiFieldPanel(
            ["quote", "quote_speaker", PageChooserPanel("quote_story", "experiences.StoryPage")],
            heading=_("From a story"),
        ),
        PageChooserPanel("featured_treatment", "treatments.TreatmentPage"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("lede")]
    parent_page_types = ["wagtailcore.Page"]
    max_count_per_parent = 1
    shown_with = ("lead_story", "quote_story", "featured_treatment")

    class Meta:
        verbose_name = _("home page")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if path_components:
            return routing.route(self, request, path_components)
        # Of its own: the home page that stands above all others is kept for many requests.
        result: RouteResult = super(HomePage, routing.fresh(self)).route(request, path_components)
        return result

    def field_quotes(self) -> Iterator[Quote]:
        """Yield the quote in the page's fields. Who said it is what the story states, which shows it too."""
        if not self.quote:
            return
        person, because = said_in(self.quote_story.specific if self.quote_story else None, self.quote)
        emptied = {"quote": "", "quote_speaker": "", "quote_story": None}
        yield Quote("field:quote", self.quote, person, because, emptied)

    @property
    def tries(self) -> list[str]:
        return [word.strip() for word in self.suggestions.split(",") if word.strip()]
