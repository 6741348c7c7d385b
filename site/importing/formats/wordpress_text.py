"""The text of WordPress posts: shortcodes, captions, galleries, and the marks of its block editor."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from importing.html_pieces import Picture, Piece
from importing.html_reader import read_html

_CAPTION = re.compile(r"\[caption\b[^\]]*\](.*?)\[/caption\]", re.DOTALL | re.IGNORECASE)
_CAPTIONED = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*)", re.DOTALL | re.IGNORECASE)
_GALLERY = re.compile(r"\[gallery\b([^\]]*)\]", re.IGNORECASE)
_IDS = re.compile(r"ids=[\"'“”″]?([\d,\s]+)")
_EMBED = re.compile(r"\[(embed|audio|video)\b([^\]]*)\](?:(.*?)\[/\1\])?", re.DOTALL | re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s\"'\]<]+")
# A shortcode has a name in small letters; ‘[…]’, ‘[a town]’ and ‘[name]’ are words of the story.
_SHORTCODE = re.compile(
    r"\[/?([a-z][a-z0-9]*[_-][a-z0-9_-]+)\b[^\]]*\]"  # [vc_row], [/vc_row]
    r"|\[/?([a-z][a-z0-9]*)\s+[\w-]+=[^\]]*\]"  # [button link="…"]
    r"|\[/([a-z][a-z0-9]*)\]"  # [/button]
)
_TAGS = re.compile(r"<[^>]*>")
_BREAKS = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|t[rdh])\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Attachment:
    url: str
    description: str = ""
    caption: str = ""


@dataclass
class Library:
    """The attachments of an export by their number, and the descriptions of pictures by file name."""

    by_number: dict[str, Attachment] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)

    def add(self, number: str, attachment: Attachment) -> None:
        self.by_number[number] = attachment
        if attachment.description:
            self.descriptions[_file_name(attachment.url)] = attachment.description


def plain_words(text: str) -> str:
    """Return text without tags, with entities as characters, on one line."""
    return " ".join(html.unescape(_TAGS.sub("", _BREAKS.sub(" ", text))).split())


def read_content(content: str, library: Library) -> tuple[list[Piece], list[str]]:
    """Return the pieces of a post and remarks on what was left out."""
    names: dict[str, None] = {}
    text = _CAPTION.sub(_figure, content)
    text = _GALLERY.sub(lambda match: _gallery(match[1], library), text)
    text = _EMBED.sub(_frame, text)
    text = _SHORTCODE.sub(lambda match: _noted(match, names), text)
    # Posts of the block editor have their paragraphs in <p>, where line ends mean nothing in any case.
    pieces = read_html(text, loose_lines=True)
    pieces = [_described(piece, library) for piece in pieces]
    remarks = [f"Shortcodes were removed, and their words kept: {', '.join(names)}."] if names else []
    return pieces, remarks


def _noted(shortcode: re.Match[str], names: dict[str, None]) -> str:
    names[shortcode[1] or shortcode[2] or shortcode[3]] = None
    return ""


def _figure(match: re.Match[str]) -> str:
    inner = _CAPTIONED.fullmatch(match[1])
    if inner is None:
        return f"\n\n{match[1]}\n\n"
    return f"\n\n<figure>{inner[1]}<figcaption>{inner[2].strip()}</figcaption></figure>\n\n"


def _gallery(attributes: str, library: Library) -> str:
    found = _IDS.search(attributes)
    numbers = re.findall(r"\d+", found[1]) if found else []
    shown = [library.by_number[number] for number in numbers if number in library.by_number]
    return (
        "\n\n"
        + "".join(
            f'<figure><img src="{html.escape(one.url)}" alt="{html.escape(one.description)}">'
            f"<figcaption>{html.escape(one.caption)}</figcaption></figure>"
            for one in shown
        )
        + "\n\n"
    )


def _frame(match: re.Match[str]) -> str:
    address = _ADDRESS.search(f"{match[2]} {match[3] or ''}")
    return f'\n\n<iframe src="{html.escape(address[0])}"></iframe>\n\n' if address else ""


def _described(piece: Piece, library: Library) -> Piece:
    """Return a picture with the description in the media library, where the post has none."""
    if not isinstance(piece, Picture) or piece.description:
        return piece
    return Picture(piece.source, library.descriptions.get(_file_name(piece.source), ""), piece.caption)


def _file_name(url: str) -> str:
    name = re.sub(r"[?#].*$", "", url).rpartition("/")[2]
    return re.sub(r"-\d+x\d+(\.\w+)$", r"\1", name)
