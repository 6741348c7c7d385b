"""Checks an uploaded caption file: WebVTT in UTF-8 with at least one cue."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from media.captions import Captions, NotWebVTT, parse

LARGEST = 5 * 1024 * 1024


def read_captions(file: File[Any]) -> Captions:
    """Return the cues of the uploaded `file`. Raises ValidationError that says what is wrong and how to fix
    it.
    """
    name = PurePosixPath((file.name or "captions").replace("\\", "/")).name
    if file.size > LARGEST:
        raise ValidationError(
            _(
                "“%(name)s” is %(size)s, far more than captions need. "
                "Choose the WebVTT file (.vtt), not the recording."
            )
            % {"name": name, "size": filesizeformat(file.size)},
            code="file_too_large",
        )
    file.seek(0)
    data = bytes(file.read())
    file.seek(0)
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValidationError(
            _(
                "“%(name)s” is not a caption file, in spite of its name: it is not text. "
                "Choose the WebVTT file (.vtt) with the captions."
            )
            % {"name": name},
            code="not_text",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValidationError(
            _(
                "“%(name)s” is not in UTF-8: line %(line)s has a character in another encoding. "
                "Open it in a text editor, save it as UTF-8, and upload that."
            )
            % {"name": name, "line": line},
            code="encoding",
        ) from error
    try:
        captions = parse(text)
    except NotWebVTT as error:
        raise ValidationError(_not_webvtt(name, text), code="not_webvtt") from error
    if not any(cue.text for cue in captions.cues):
        reason = _("“%(name)s” has no captions that can be read.") % {"name": name}
        if captions.unused:
            first = captions.unused[0]
            reason += " " + _("Line %(line)s: %(reason)s") % {"line": first.line, "reason": first.reason}
        raise ValidationError(reason, code="no_cues")
    return captions


def _not_webvtt(name: str, text: str) -> str:
    if " --> " in text:
        return _(
            "“%(name)s” has times, but is not WebVTT (perhaps SRT). Its first line must be WEBVTT and its "
            "times must look like 00:01:02.500. Convert it to WebVTT and upload that."
        ) % {"name": name}
    return _(
        "“%(name)s” is not WebVTT: its first line is not WEBVTT. Choose the .vtt file with the captions."
    ) % {"name": name}
