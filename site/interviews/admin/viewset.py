"""Interviews and topics in the admin. Neither has revisions: Wagtail would publish every keystroke."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.auth.models import User
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.urls import reverse
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
from interviews.models import Interview, InterviewState, Topic, free_slug
from interviews.progress import next_step, with_progress
from uploads import pending_uploads


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
    """The next step, linked to the page where it is done."""

    def get_value(self, instance: Any) -> str:
        return next_step(instance, lost=instance.lost_count).label

    def get_link_url(self, instance: Any, parent_context: Any) -> str:
        if not may_change(parent_context["request"].user):
            return ""
        return next_step(instance, lost=instance.lost_count).url


class InterviewCreateView(CreateView):
    def get_success_url(self) -> str:
        """Return the preview of the transcript if one was uploaded, so that the editor continues there."""
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
    # Searches the table, so that a new interview is found at once and not only when the worker has indexed
    # it.
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
            ProgressPanel(heading=_("Progress")),
            MultiFieldPanel(
                [
                    "title",
                    "language",
                    FieldPanel("recording"),
                    FieldPanel("transcript_files"),
                ],
                heading=_("Interview"),
                help_text=_(
                    "The recording and the transcript stay private. "
                    "Without a recording, everything works except playback."
                ),
            ),
            InlinePanel(
                "contributors",
                heading=_("Contributors"),
                label=_("Contributor"),
                help_text=_(
                    "The people who speak or are mentioned. "
                    "Importing a transcript adds a contributor for each speaker."
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
                help_text=_("Who asked the questions, for which employer, when and where."),
            ),
            MultiFieldPanel(
                [
                    HelpPanel(
                        content=_(
                            "Only the published quotes and their clips are public, unless this box is ticked."
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

    def get_queryset(self, _request: HttpRequest) -> Any:
        return with_progress(Interview.objects.all())


class TopicForm(WagtailAdminModelForm):
    """A topic: the editor gives a name, and the slug is made from it."""

    def save(self, commit: bool = True) -> Topic:
        if not self.instance.slug:
            self.instance.slug = free_slug(self.instance.name)
        topic: Topic = super().save(commit)
        return topic

    class Meta:
        model = Topic
        fields = ["name"]


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
