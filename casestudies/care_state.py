"""The checklist while one types: the editor's page sends its form, and is told which items are answered."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.datastructures import MultiValueDictKeyError
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from casestudies.care import answered, completeness
from casestudies.forms import posted_values
from casestudies.models import CaseStudyPage


@never_cache
@require_POST
def care_state(request: HttpRequest, page_id: int) -> JsonResponse:
    """{"done": 12, "total": 28, "open": ["4", "7"]} of the form that was posted; nothing is saved.

    `page_id` 0 is a case study that is not saved yet. The rules stay in one place, `casestudies.care`.
    """
    if page_id:
        page = get_object_or_404(CaseStudyPage, pk=page_id)
        if not page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        page = page.get_latest_revision_as_object()
    else:
        page = CaseStudyPage()
    form_class = CaseStudyPage.get_edit_handler().get_form_class()
    form = form_class(request.POST, request.FILES, instance=page, for_user=request.user)
    form.defer_required_fields()
    try:
        form.is_valid()
        statuses = completeness(posted_values(form))
    except (MultiValueDictKeyError, ValueError):
        return JsonResponse({"error": "This is not the whole form of a case study."}, status=400)
    done, total = answered(statuses)
    return JsonResponse(
        {"done": done, "total": total, "open": [s.item.number for s in statuses if not s.complete]}
    )
