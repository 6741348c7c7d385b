"""Find words of an interview in the story editor: excerpts, then cues. A chosen cue becomes an excerpt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast, overload

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as views
from wagtail.admin.viewsets.chooser import ChooserViewSet

from consent.admin.access import only_with
from experiences.compiling.excerpts import Wording
from experiences.compiling.widget import CHOOSER, ExcerptChooser
from interviews.models import Cue, Excerpt, Interview
from interviews.services import Refused, make_excerpt
from media.transcript_text import clock

PERMISSION = "interviews.change_interview"


@dataclass(frozen=True)
class SpokenWords:
    """A row of the chooser: an excerpt ('e12') or a cue that can become one ('c345')."""

    pk: str
    text: str
    speaker: str
    start: float | None
    marked: bool

    def __str__(self) -> str:
        return self.text if len(self.text) <= 240 else f"{self.text[:239]}…"


class FoundWords(Sequence[SpokenWords]):
    """Excerpts, then cues, counted and sliced by the database: 10,000 cues are listed ten at a time."""

    ordered = True

    def __init__(self, excerpts: QuerySet[Excerpt], cues: QuerySet[Cue]) -> None:
        self.excerpts, self.cues = excerpts, cues
        self._marked = excerpts.count()
        self._all = self._marked + cues.count()

    def __len__(self) -> int:
        return self._all

    def count(self, _value: Any = None) -> int:
        return self._all

    @overload
    def __getitem__(self, index: int) -> SpokenWords: ...
    @overload
    def __getitem__(self, index: slice) -> list[SpokenWords]: ...
    def __getitem__(self, index: int | slice) -> SpokenWords | list[SpokenWords]:
        if isinstance(index, int):
            return self[index : index + 1][0]
        start, stop, _step = index.indices(self._all)
        rows = [
            SpokenWords(f"e{excerpt.pk}", excerpt.text, excerpt.speaker, excerpt.clip_in, True)
            for excerpt in self.excerpts[start : max(start, min(stop, self._marked))]
        ]
        rows += [
            SpokenWords(f"c{cue.pk}", cue.text, cue.speaker, cue.start, False)
            for cue in self.cues[max(0, start - self._marked) : max(0, stop - self._marked)]
        ]
        return rows


class FindForm(BaseFilterForm):
    """Words to look for, and the interviews to search: those of the story, or a chosen interview."""

    q = forms.CharField(
        label=_("Words or speaker"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Search")}),
    )
    interview = forms.ModelChoiceField(
        Interview.objects.none(),
        label=_("Interview"),
        required=False,
        empty_label=_("All of these"),
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )
    story = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        story = data.get("story", "")
        own = Interview.objects.filter(story_id=int(story)) if story.isdecimal() else Interview.objects.none()
        # A compiled story quotes its own interviews; a new page may quote any.
        self.interviews = own if own.exists() else Interview.objects.all()
        cast(Any, self.fields["interview"]).queryset = self.interviews

    def find(self) -> FoundWords:
        chosen = self.cleaned_data.get("interview") if self.is_valid() else None
        interviews = Interview.objects.filter(pk=chosen.pk) if chosen else self.interviews
        words = (self.cleaned_data.get("q") or "").split()[:10]
        excerpts = Excerpt.objects.kept().filter(interview__in=interviews)
        cues = Cue.objects.filter(interview__in=interviews)
        for word in words:
            excerpts = excerpts.filter(
                Q(text__icontains=word) | Q(verbatim__icontains=word) | Q(speaker__icontains=word)
            )
            cues = cues.filter(Q(text__icontains=word) | Q(speaker__icontains=word))
        self.is_searching = bool(words)
        self.search_query = " ".join(words)
        return FoundWords(
            excerpts.order_by("interview_id", "clip_in", "pk"), cues.order_by("interview_id", "position")
        )


class MayChangeInterviews:
    """Interviews are private: only for users who may change them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc] # a mixin before a View


class _Listing(MayChangeInterviews):
    filter_form_class = FindForm

    def get_object_list(self) -> Any:
        return None

    def apply_object_list_ordering(self, objects: Any) -> Any:
        return objects

    def filter_object_list(self, objects: Any) -> FoundWords:  # noqa: ARG002 - Wagtail passes it
        return cast(FindForm, self.filter_form).find()  # type: ignore[attr-defined] # Wagtail's

    def can_create(self) -> bool:
        return False

    @property
    def columns(self) -> list[Column]:
        words = self.title_column  # type: ignore[attr-defined] # Wagtail's
        words.label = gettext("Words")
        return [
            words,
            Column("speaker", label=_("Speaker")),
            Column("start", label=_("Moment"), accessor=lambda row: clock(row.start, pad=False)),
            Column(
                "marked",
                label=_("Marked"),
                accessor=lambda row: gettext("Excerpt") if row.marked else gettext("Not yet"),
            ),
        ]


class ChooseView(_Listing, views.ChooseView):
    pass


class ChooseResultsView(_Listing, views.ChooseResultsView):
    pass


def answer(excerpt: Excerpt) -> dict[str, Any]:
    """Return the values for the field and its neighbours when an excerpt is chosen."""
    content = Wording(excerpt.interview).content(excerpt)
    values = {
        "text": content.text,
        "speaker": content.speaker,
        "asked": content.asked,
        "start": content.start,
        "end": content.end,
    }
    return {
        **ExcerptChooser().get_value_data(excerpt.pk),  # type: ignore[dict-item] # not None for a key
        **values,
        "rating": excerpt.rated.rating.value,
        "compiled": values,
    }


class ChosenView(MayChangeInterviews, views.ChosenView):
    """Return the content of an excerpt's block; for a cue, the URL that makes an excerpt of it."""

    def get_object(self, pk: str) -> Excerpt | Cue:
        if pk[1:].isdecimal() and pk[0] in "ec":
            model: Any = Excerpt if pk[0] == "e" else Cue
            return cast("Excerpt | Cue", get_object_or_404(model, pk=int(pk[1:])))
        raise Http404

    def get_chosen_response_data(self, item: Excerpt | Cue) -> dict[str, Any]:
        if isinstance(item, Excerpt):
            return answer(item)
        # Choosing is a GET request; the field's script then sends a POST to write.
        return {
            "id": "",
            "title": gettext("Marking these words …"),
            "make_url": reverse("excerpt_of_cue", args=[item.pk]),
        }


@require_POST
def excerpt_of_cue(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an excerpt of a whole cue in the section of the part that quotes it.

    Return JSON to fill the block.
    """
    if not request.user.has_perm(PERMISSION):
        return JsonResponse(
            {"error": gettext("You do not have permission to change interviews.")}, status=403
        )
    cue = Cue.objects.select_related("interview").filter(pk=pk).first()
    if cue is None:
        return JsonResponse({"error": gettext("These words are no longer in the transcript.")}, status=404)
    try:
        excerpt = make_excerpt(
            interview=cue.interview,
            start=(cue.pk, 0),
            end=(cue.pk, len(cue.text)),
            section=request.POST.get("section", "before"),
            by=cast(User, request.user),
        )
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=400)
    return JsonResponse(answer(excerpt))


class ExcerptChooserViewSet(ChooserViewSet):
    model = Excerpt
    icon = "openquote"
    choose_one_text = _("Find what was said")
    choose_another_text = _("Find other words")
    preserve_url_parameters = ["multiple", "story"]
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    base_widget_class = ExcerptChooser
    register_widget = False

    def get_urlpatterns(self) -> list[Any]:
        """Require the permission for all views: Wagtail's view for multiple choices checks none."""
        return only_with(super().get_urlpatterns(), (PERMISSION,))


excerpt_chooser = ExcerptChooserViewSet(CHOOSER)
