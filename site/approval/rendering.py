"""Renders a draft as its public page would be, for one family: its passages marked, its files behind their link."""

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
from wagtail.models import Site

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
# What surrounds the story and is not the family's: nothing is asked about it.
NOT_THEIRS = frozenset({"related", "glance", "everyone"})


@dataclass
class Shown:
    """A draft as a family sees it. `parts`: the passages that notes may be written beside, by part."""

    html: str
    parts: dict[str, str] = field(default_factory=dict)


def shown(link: ApprovalLink, page: Any, request: HttpRequest, token: str) -> Shown:
    """The public template's main part, filled with the draft `page`, in the draft's language.

    Must run in the language the family reads: it is that of the places for notes.
    """
    page.redacted_parts = withheld_now(page)
    page.redact(page.redacted_parts)
    notes: dict[str, list[ApprovalNote]] = {}
    for note in link.notes.all():
        notes.setdefault(note.part, []).append(note)
    marked = _Marker(token, notes)
    for name in [one.name for one in page._meta.get_fields() if isinstance(one, StreamField)]:
        for child in getattr(page, name):
            marked.wrap(child)
    public = _as_the_public_asks(page, request)
    # What is not public yet is read through the link; the name says what it is, not where it lies.
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


def withheld_now(page: Any) -> frozenset[str]:
    """The parts that the consents of this moment leave out, as they would at publication."""
    now = timezone.now()
    _whole, parts = windows(page)
    return frozenset(part for part, spans in parts.items() if time_spans.at(spans, now) is None)


def _as_the_public_asks(page: Any, request: HttpRequest) -> HttpRequest:
    """A request as a visitor would make it: no session, no address of the link, nothing that a template could show."""
    public = HttpRequest()
    public.method = "GET"
    names = ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO")
    public.META = {name: request.META[name] for name in names if name in request.META}
    public.path = public.path_info = urlsplit(page.url or "/").path
    public.user = AnonymousUser()
    public._wagtail_site = page.get_site() or Site.find_for_request(request)  # type: ignore[attr-defined] # Wagtail keeps it there
    return public


class _Marker:
    """Puts a place for a note behind each passage of the rendered page."""

    def __init__(self, token: str, notes: dict[str, list[ApprovalNote]]) -> None:
        self.token, self.notes = token, notes
        self.language = translation.get_language()
        self.parts: dict[str, str] = {}

    def wrap(self, child: Any) -> None:
        """Let a block of a stream render itself with a place for a note."""
        render = child.render_as_block

        def marked(context: Any = None) -> str:
            part, inner = f"block:{child.id}", str(render(context))
            if not inner.strip():
                return inner
            beside = self.place(part, child.block.label)
            # What the block rendered is safe already, and so is what stands beside it.
            return mark_safe(f'<div class="pass" id="{anchor(part)}">{inner}{beside}</div>')

        child.render_as_block = marked

    def beside_headings(self, body: str) -> str:
        """Places for notes under headings whose passages have none of their own, and after the opening."""
        headings = list(HEADING.finditer(body))
        out, position = [], 0
        for number, heading in enumerate(headings):
            end = headings[number + 1].start() if number + 1 < len(headings) else len(body)
            name = heading.group(2)
            if name in NOT_THEIRS or 'class="pass"' in body[heading.end() : end]:
                continue
            words = html.unescape(TAG.sub(" ", heading.group(3))).strip()
            out += [body[position : heading.end()], self.place(f"heading:{name}", words, stand_alone=True)]
            position = heading.end()
        whole = "".join([*out, body[position:]])
        opening, closed, rest = whole.partition("</header>")
        top = self.place("opening", str(translation.gettext("The opening")), stand_alone=True)
        return f'{opening}{closed}<div class="wrap">{top}</div>{rest}' if closed else f"{top}{whole}"

    def place(self, part: str, label: str | Promise, *, stand_alone: bool = False) -> str:
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
    """The id of a passage on the family's page: letters, digits, hyphens."""
    return "p-" + re.sub(r"[^\w-]+", "-", part)


# Files ------------------------------------------------------------------------------------------------------


def _signer(link: ApprovalLink) -> Signer:
    return Signer(salt=f"approval.file:{link.pk}", sep="~")


def _through_the_link(body: str, link: ApprovalLink, token: str) -> str:
    """Addresses of files become addresses below the link: what is not public is seen by this family, and nobody else."""
    base = public_storage().url("")

    def rewritten(address: str) -> str:
        plain = html.unescape(address)
        name = stored_name(plain, base)
        if name is None:
            return address
        if name.startswith("clips/"):
            # A clip of a draft lies where the public would fetch it: its name is told to nobody before it is published.
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
    """The name in the public storage of the file at this address, 'document:<number>', or None for any other."""
    if found := re.fullmatch(r"/documents/(\d+)/.*", urlsplit(address).path):
        return f"document:{found.group(1)}"
    path = (
        urlsplit(address).path if not base.startswith("http") else address.partition("?")[0].partition("#")[0]
    )
    return unquote(path.removeprefix(base)) if base and path.startswith(base) and path != base else None


def file_address(link: ApprovalLink, token: str, name: str) -> str:
    """Where a file of the draft is read through the link. Signed for it: no other file is had by changing the name."""
    return reverse("approval_file", args=[token, _signer(link).sign(name)])


def signed_name(link: ApprovalLink, signed: str) -> str | None:
    """The name of the file, or None where it was not signed for this link."""
    try:
        return _signer(link).unsign(signed)
    except BadSignature:
        return None
