"""Renders a draft as its public page for one family: with a field for notes at each passage, and files behind
the link."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from wagtail.fields import StreamField
from wagtail.models import Page, Site

from approval.events import draft_rendering
from approval.models import ApprovalLink, ApprovalNote
from consent import time_spans
from media.file_urls import private_files_at
from media.models import Clip
from media.storage import public_storage
from publication.windows import windows

MAIN = re.compile(r'<main id="main">(.*)</main>', re.S)
HEADING = re.compile(r'<h([23])\b[^>]*\bid="([\w-]+)"[^>]*>(.*?)</h\1>', re.S)
ADDRESS = re.compile(r'\b(src|href|poster|srcset)="([^"]*)"')
TAG = re.compile(r"<[^>]+>")
# Parts of the page around the story, which the family is not asked about.
NOT_THEIRS = frozenset({"related", "glance", "everyone"})


@dataclass
class Shown:
    """A draft as a family sees it. `parts`: the labels of the passages that can have notes, by part."""

    html: str
    parts: dict[str, str] = field(default_factory=dict)


def shown(link: ApprovalLink, page: Page, request: HttpRequest, token: str) -> Shown:
    """Return the main part of the public template with the draft `page`, in the draft's language.

    Must run in the language that the family reads: the fields for notes are in that language.
    """
    page.redacted_parts = withheld_now(page)
    page.redact(page.redacted_parts)
    notes: dict[str, list[ApprovalNote]] = {}
    for note in link.notes.all():
        notes.setdefault(note.part, []).append(note)
    marked = _Marker(notes)
    for name in [one.name for one in page._meta.get_fields() if isinstance(one, StreamField)]:
        for child in getattr(page, name):
            marked.wrap(child)
    public = _visitor_request(page, request)
    # Files that are not public yet are read through the link; the name says what a file is, not where it is
    # stored.
    with (
        private_files_at(lambda holder, kind: file_address(link, token, f"{kind}:{holder.pk}")),
        translation.override(page.locale.language_code),
    ):
        context = page.get_context(public)
        draft_rendering.send(sender=type(page), link=link, page=page, context=context)
        whole = get_template(page.get_template(public)).render(context, public)
    found = MAIN.search(whole)
    body = marked.beside_headings(found.group(1) if found else whole)
    return Shown(_through_the_link(body, link, token), marked.parts)


def withheld_now(page: Page) -> frozenset[str]:
    """Return the parts that would be redacted if the page were published now."""
    now = timezone.now()
    _whole, parts = windows(page)
    return frozenset(part for part, spans in parts.items() if time_spans.at(spans, now) is None)


def _visitor_request(page: Page, request: HttpRequest) -> HttpRequest:
    """Return a request as a visitor would make it: without a session and without the address of the link."""
    public = HttpRequest()
    public.method = "GET"
    names = ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO")
    public.META = {name: request.META[name] for name in names if name in request.META}
    public.path = public.path_info = urlsplit(page.url or "/").path
    public.user = AnonymousUser()
    public._wagtail_site = page.get_site() or Site.find_for_request(request)  # type: ignore[attr-defined] # Wagtail keeps it there
    return public


class _Marker:
    """Adds a field for notes after each passage of the rendered page."""

    def __init__(self, notes: dict[str, list[ApprovalNote]]) -> None:
        self.notes = notes
        self.language = translation.get_language()
        self.parts: dict[str, str] = {}

    def wrap(self, child: Any) -> None:
        """Make a block of a stream render itself with a field for notes."""
        render = child.render_as_block

        def marked(context: Any = None) -> str:
            part, inner = f"block:{child.id}", str(render(context))
            if not inner.strip():
                return inner
            field_html = self.note_field(part, child.block.label)
            # Both the rendered block and the field are safe HTML already.
            return mark_safe(f'<div class="pass" id="{anchor(part)}">{inner}{field_html}</div>')

        child.render_as_block = marked

    def beside_headings(self, body: str) -> str:
        """Add fields for notes under headings whose passages have none of their own, and after the
        opening."""
        headings = list(HEADING.finditer(body))
        out, position = [], 0
        for number, heading in enumerate(headings):
            end = headings[number + 1].start() if number + 1 < len(headings) else len(body)
            name = heading.group(2)
            if name in NOT_THEIRS or 'class="pass"' in body[heading.end() : end]:
                continue
            words = html.unescape(TAG.sub(" ", heading.group(3))).strip()
            out += [
                body[position : heading.end()],
                self.note_field(f"heading:{name}", words, stand_alone=True),
            ]
            position = heading.end()
        whole = "".join([*out, body[position:]])
        opening, closed, rest = whole.partition("</header>")
        top = self.note_field("opening", str(translation.gettext("The opening")), stand_alone=True)
        return f'{opening}{closed}<div class="wrap">{top}</div>{rest}' if closed else f"{top}{whole}"

    def note_field(self, part: str, label: str | Promise, *, stand_alone: bool = False) -> str:
        with translation.override(self.language):
            self.parts[part] = str(label)
            return render_to_string(
                "approval/note.html",
                {
                    "part": part,
                    "label": label,
                    "anchor": anchor(part),
                    "notes": self.notes.get(part, ()),
                    "stand_alone": stand_alone,
                },
            )


def anchor(part: str) -> str:
    """Return the id of a passage on the family's page: letters, digits and hyphens."""
    return "p-" + re.sub(r"[^\w-]+", "-", part)


# Files --------------------------------------------------------------------------------------------


def _signer(link: ApprovalLink) -> Signer:
    return Signer(salt=f"approval.file:{link.pk}", sep="~")


def _through_the_link(body: str, link: ApprovalLink, token: str) -> str:
    """Replace addresses of files by addresses below the link: only this family may see files that are not
    public."""
    base = public_storage().url("")

    def rewritten(address: str) -> str:
        plain = html.unescape(address)
        name = stored_name(plain, base)
        if name is None:
            return address
        if name.startswith("clips/"):
            # A clip of a draft is stored where visitors would fetch it, so its name must not be shown before
            # publication.
            _clips, folder, file = name.split("/", 2)
            name = f"clip:{Clip.objects.filter(folder=folder).values_list('pk', flat=True).first()}:{file}"
        _path, hash_mark, fragment = plain.partition("#")
        return html.escape(file_address(link, token, name) + hash_mark + fragment)

    def attribute(found: re.Match[str]) -> str:
        name, value = found.groups()
        if name == "srcset":
            sizes = [one.strip().partition(" ") for one in value.split(",")]
            return f'{name}="{", ".join(rewritten(url) + space + size for url, space, size in sizes)}"'
        return f'{name}="{rewritten(value)}"'

    return ADDRESS.sub(attribute, body)


def stored_name(address: str, base: str) -> str | None:
    """Return the name in the public storage of the file at this address, 'document:<number>', or None for
    other addresses."""
    if found := re.fullmatch(r"/documents/(\d+)/.*", urlsplit(address).path):
        return f"document:{found.group(1)}"
    path = (
        urlsplit(address).path if not base.startswith("http") else address.partition("?")[0].partition("#")[0]
    )
    return unquote(path.removeprefix(base)) if base and path.startswith(base) and path != base else None


def file_address(link: ApprovalLink, token: str, name: str) -> str:
    """Return the address of a draft's file below the link.

    The name is signed, so that changing it opens no other file.
    """
    return reverse("approval_file", args=[token, _signer(link).sign(name)])


def signed_name(link: ApprovalLink, signed: str) -> str | None:
    """Return the name of the file, or None if it was not signed for this link."""
    try:
        return _signer(link).unsign(signed)
    except BadSignature:
        return None
