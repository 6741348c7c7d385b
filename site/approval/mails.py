"""The mails of an approval: the link for the person, and the notice of an answer for the editor."""

from __future__ import annotations

import logging
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Site

from approval.models import Approval, ApprovalLink
from audit import trail
from audit.actors import Actor

logger = logging.getLogger(__name__)


def send_link(link: ApprovalLink, url: str) -> bool:
    """Mail the link to the person, in their language. The mail names neither the page nor its subject."""
    with translation.override(link.language):
        context = {
            "name": link.person.display_name,
            "url": url,
            "until": link.expires_at,
            "site": site_name(),
            "language": link.language,
            "right_to_left": translation.get_language_bidi(),
        }
        subject = _("Something for you to read, from %(site)s") % {"site": site_name()}
        mail = EmailMultiAlternatives(
            subject,
            render_to_string("approval/mail.txt", context),
            to=[link.person.email],
            reply_to=[reply_address(link)],
        )
        mail.attach_alternative(render_to_string("approval/mail.html", context), "text/html")
    return _sent(mail, link, "approval.mail_failed")


def notify_editor(given: Approval) -> bool:
    """Tell the editor who sent the link that there is an answer.

    The mail links to the checklist and quotes nothing.
    """
    link = given.link
    if link is None or link.created_by is None or not link.created_by.email:
        return False
    address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse(
        "publication_checklist", args=[given.page_id]
    )
    # The request is in the family's language; editors are notified in the site's.
    with translation.override(settings.LANGUAGE_CODE):
        text = _("%(person)s answered: %(answer)s.\n\nThe answer and all notes: %(url)s\n") % {
            "person": given.person,
            "answer": given.get_answer_display(),
            "url": address,
        }
        mail = EmailMultiAlternatives(_("A family answered"), text, to=[link.created_by.email])
    return _sent(mail, link, "approval.word_failed")


def _sent(mail: EmailMultiAlternatives, link: ApprovalLink, failure: str) -> bool:
    try:
        mail.send()
    except Exception as error:  # a mail server may fail in any way; the editor is shown the link in any case
        logger.warning("A mail for approval link %s was not sent: %s", link.pk, type(error).__name__)
        trail.record(by=Actor.system("mail"), action=failure, thing=link, person=link.person_id)
        return False
    return True


def reply_address(link: ApprovalLink) -> str:
    """Return the address that answers the person: the editor who sent the link, or else the site."""
    sender: Any = link.created_by
    return parseaddr(sender.email if sender and sender.email else settings.DEFAULT_FROM_EMAIL)[1]


def site_name() -> str:
    """Return the name of the default site."""
    site = Site.objects.filter(is_default_site=True).first()
    return str(site.site_name if site and site.site_name else settings.WAGTAIL_SITE_NAME)
