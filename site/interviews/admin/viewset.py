"""Interviews and topics in the admin. Neither has revisions: Wagtail would save every keystroke of them live."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.auth.models import User
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet

from interviews.admin.access import may_change
from interviews.admin.choosers import PermittedChooser
from interviews.admin.forms import InterviewForm, contents
from interviews.admin.panels import ProgressPanel
from interviews.models import Interview, InterviewState, Topic
from interviews.progress import next_step, with_progress
from media import pending_uploads


class InterviewFilters(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=InterviewState.choices, widget=CheckboxSelectMultiple
    )
    language = django_filters.AllValuesFilter(label=_("Language"))
    editor = django_filters.ModelChoiceFilter(
        label=_("Editor"), queryset=lambda _request: User.objects.filter(pk__in=_editors())
    )

    class Meta:
        model = Interview
        fields: list[str] = []


def _editors() -> Any:
    return Interview.objects.exclude(editor=None).order_by().values("editor")


class NextActionColumn(TitleColumn):
    """What to do next, linked to where it is done."""

    def get_value(self, instance: Any) -> str:
        return next_step(instance, lost=instance.lost_count).label

    def get_link_url(self, instance: Any, parent_context: Any) -> str:
        if not may_change(parent_context["request"].user):
            return ""
        return next_step(instance, lost=instance.lost_count).url


class InterviewCreateView(CreateView):
    def get_success_url(self) -> str:
        """Straight on to the transcript's preview, where one was uploaded along."""
        files = self.form.cleaned_data.get("transcript_files")
        if not files:
            return super().get_success_url()
        pending_uploads.keep(self.request, self.object, contents(files))
        return reverse("interviews_import", args=[self.object.pk])


class InterviewViewSet(SnippetViewSet):
    model = Interview
    icon = "openquote"
    menu_label = _("Interviews")
    menu_name = "interviews"
    menu_order = 100
    add_to_admin_menu = True
    base_url_path = "interviews"
    add_view_class = InterviewCreateView
    chooser_viewset_class = PermittedChooser
    copy_view_enabled = False
    filterset_class = InterviewFilters
    # Straight from the table: what was just uploaded is found at once, not when the worker has indexed it.
    search_backend_name = None
    search_fields = ["title"]
    list_per_page = 50
    list_display = [
        "title",
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        NextActionColumn("next", label=_("Next action")),
        Column("contributors", label=_("Contributors"), accessor="contributor_count"),
        Column("age", label=_("Age in days"), accessor="age_in_days", sort_key="created_at"),
        Column("editor", label=_("Editor"), accessor="editor", sort_key="editor__username"),
    ]
    edit_handler = ObjectList(
        [
            ProgressPanel(heading=_("Where it stands")),
            MultiFieldPanel(
                [
                    "title",
                    "language",
                    FieldPanel("recording"),
                    FieldPanel("transcript_files"),
                ],
                heading=_("Interview"),
                help_text=_(
                    "Recording and transcript stay private. Without a recording everything works but playing."
                ),
            ),
            InlinePanel(
                "contributors",
                heading=_("Contributors"),
                label=_("Contributor"),
                help_text=_(
                    "Who speaks, and who is spoken of. Importing a transcript adds a contributor for each voice."
                ),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel(["held_on", "place"]),
                    FieldRowPanel(["interviewer", "interviewer_employer"]),
                    "editor",
                ],
                heading=_("Circumstances"),
                classname="collapsed",
                help_text=_("Who asked, who employs them, when and where."),
            ),
            MultiFieldPanel(
                [
                    HelpPanel(
                        content=_(
                            "Published quotes are public with their clips, and nothing else, unless this is ticked."
                        )
                    ),
                    "full_transcript_allowed",
                    "notes",
                ],
                heading=_("Consent and notes"),
                classname="collapsed",
            ),
        ],
        base_form_class=InterviewForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return with_progress(Interview.objects.all())


class TopicForm(WagtailAdminModelForm):
    """A topic by its name; its slug is made of it."""

    def save(self, commit: bool = True) -> Topic:
        if not self.instance.slug:
            self.instance.slug = _free_slug(self.instance.name)
        topic: Topic = super().save(commit)
        return topic

    class Meta:
        model = Topic
        fields = ["name"]


def _free_slug(name: str) -> str:
    stem = slugify(name)[:70] or "topic"
    taken = set(Topic.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(
        slug
        for number in range(1, len(taken) + 2)
        if (slug := stem + f"-{number}" * (number > 1)) not in taken
    )


class TopicChooser(PermittedChooser):
    creation_form_class = TopicForm


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Interview topics")
    add_to_settings_menu = True
    chooser_viewset_class = TopicChooser
    list_display = ["name"]
    search_backend_name = None
    search_fields = ["name"]
    copy_view_enabled = False
    edit_handler = ObjectList(["name"], base_form_class=TopicForm)
