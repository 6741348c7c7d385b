"""Languages that a hospital or a doctor speaks: ISO 639-1 codes, named in English and translated from there.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SPOKEN: dict[str, str | Promise] = {
    "am": _("Amharic"), "ar": _("Arabic"), "hy": _("Armenian"), "az": _("Azerbaijani"), "bn": _("Bengali"),
    "bs": _("Bosnian"), "bg": _("Bulgarian"), "my": _("Burmese"), "ca": _("Catalan"), "zh": _("Chinese"),
    "hr": _("Croatian"), "cs": _("Czech"), "da": _("Danish"), "nl": _("Dutch"), "en": _("English"),
    "et": _("Estonian"), "fi": _("Finnish"), "fr": _("French"), "ka": _("Georgian"), "de": _("German"),
    "el": _("Greek"), "gu": _("Gujarati"), "ha": _("Hausa"), "he": _("Hebrew"), "hi": _("Hindi"),
    "hu": _("Hungarian"), "is": _("Icelandic"), "id": _("Indonesian"), "it": _("Italian"),
    "ja": _("Japanese"), "kk": _("Kazakh"), "km": _("Khmer"), "ko": _("Korean"), "ku": _("Kurdish"),
    "lo": _("Lao"), "lv": _("Latvian"), "lt": _("Lithuanian"), "mk": _("Macedonian"), "ms": _("Malay"),
    "mn": _("Mongolian"), "ne": _("Nepali"), "no": _("Norwegian"), "ps": _("Pashto"), "fa": _("Persian"),
    "pl": _("Polish"), "pt": _("Portuguese"), "pa": _("Punjabi"), "ro": _("Romanian"), "ru": _("Russian"),
    "sr": _("Serbian"), "sk": _("Slovak"), "sl": _("Slovenian"), "so": _("Somali"), "es": _("Spanish"),
    "sw": _("Swahili"), "sv": _("Swedish"), "ta": _("Tamil"), "te": _("Telugu"), "th": _("Thai"),
    "tr": _("Turkish"), "uk": _("Ukrainian"), "ur": _("Urdu"), "uz": _("Uzbek"), "vi": _("Vietnamese"),
    "yo": _("Yoruba"), "zu": _("Zulu"),
}  # fmt: skip


def names(codes: Iterable[str]) -> list[str]:
    """The languages' names in the order given; codes we do not know are left out."""
    return [str(SPOKEN[code]) for code in codes if code in SPOKEN]
