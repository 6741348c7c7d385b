"""What the withdrawal views of the admin share."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from audit.actors import Actor
from withdrawal import receipt_mail
from withdrawal.models import Withdrawal


def require_permission(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless the user has this permission on withdrawals."""
    if not request.user.has_perm(f"withdrawal.{permission}"):
        raise PermissionDenied


def breadcrumbs(*labels: str) -> list[dict[str, str]]:
    """Return the breadcrumbs from the admin's home page to a page below the list of withdrawals."""
    return [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("withdrawals"), "label": _("Withdrawals")},
        *({"url": "", "label": label} for label in labels),
    ]


def send_receipt(request: HttpRequest, withdrawal: Withdrawal) -> None:
    """Mail the receipt to the person, and tell the editor whether that worked."""
    if not withdrawal.person.email:
        messages.error(request, _("There is no e-mail address for this person. Print the receipt."))
        return
    try:
        receipt_mail.send(withdrawal=withdrawal, by=Actor.of(request.user))
    except OSError as error:
        messages.error(request, _("The receipt could not be sent: %(error)s") % {"error": error})
    else:
        messages.success(request, _("The receipt was sent."))
