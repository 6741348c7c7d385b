"""Tells the encoding of a text by the letters of the languages that use it. Pure.

The same bytes are letters in every old encoding, but only in one of them are they the letters of a language,
as often as that language has them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

SAMPLE = 64 * 1024  # bytes
_MARKS = frozenset("“”„‚‘’–—…«»‹›·•§°€£©®™¿¡ª²³½¼¾×\u00a0\u00ad‰†ºń¬¦¢¥´¨\u200e\u200f،؛؟")
MOST_ACCENTED = 0.34  # of the letters, in languages that use the Latin script
MOST_IN_A_ROW = 0.34  # of the accented letters, beside another one
FEWEST_COMMON = 0.5  # of the letters of other scripts are among its most frequent ones


@dataclass(frozen=True)
class Alphabet:
    """`letters`: those beyond ASCII, in lower case. `common`: the frequent ones; '' for Latin scripts."""

    language: str
    encoding: str
    letters: str
    common: str = ""
    has_capitals: bool = True


_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
_ARABIC = "".join(map(chr, range(0x621, 0x653))) + "پچژگکیـ"
_COMMON_CHINESE = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家"
    "种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日星期术母亲医手"
)
_COMMON_TRADITIONAL = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家"
    "種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日星期術母親醫手"
)

# In the order in which they are tried when no language is stated: the most frequent encodings first.
ALPHABETS = (
    Alphabet("fr", "cp1252", "àâæçéèêëîïôœùûüÿ"),
    Alphabet("de", "cp1252", "äöüßẞéè"),
    Alphabet("es", "cp1252", "áéíñóúü"),
    Alphabet("pt", "cp1252", "àáâãçéêíóôõúü"),
    Alphabet("it", "cp1252", "àèéìíòóùú"),
    Alphabet("nl", "cp1252", "áéëïóöüèêĳ"),
    Alphabet("sv", "cp1252", "åäöéü"),
    Alphabet("da", "cp1252", "æøåéü"),
    Alphabet("tr", "cp1254", "çğıöşüâîûi̇İ"),
    Alphabet("ro", "cp1250", "ăâîşţ"),
    Alphabet("ro", "iso8859_16", "ăâîșț"),
    Alphabet("pl", "cp1250", "ąćęłńóśźż"),
    Alphabet("pl", "iso8859_2", "ąćęłńóśźż"),
    Alphabet("cs", "cp1250", "áčďéěíňóřšťúůýž"),
    Alphabet("hu", "cp1250", "áéíóöőúüű"),
    Alphabet("hr", "cp1250", "čćđšž"),
    Alphabet("is", "cp1252", "áéíóúýþæöð"),
    Alphabet("lt", "cp1257", "ąčęėįšųūž"),
    Alphabet("lv", "cp1257", "āčēģīķļņšūž"),
    Alphabet("et", "cp1257", "äõöüšž"),
    Alphabet("ru", "cp1251", _CYRILLIC, "оеаинтсрвлкмдпу"),
    Alphabet("uk", "cp1251", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'", "оанівитрелсдкму"),
    Alphabet("ru", "koi8_r", _CYRILLIC, "оеаинтсрвлкмдпу"),
    Alphabet("he", "cp1255", "אבגדהוזחטיךכלםמןנסעףפץצקרשת", "יוהלאמרתבנשם", has_capitals=False),
    Alphabet("ar", "cp1256", _ARABIC, "االيمنترودبعهل", has_capitals=False),
    Alphabet("fa", "cp1256", _ARABIC, "ایرندهمتوبسش", has_capitals=False),
    Alphabet("el", "cp1253", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ", "αοιετσνηυρπκμλ"),
    Alphabet("zh", "gb18030", "", _COMMON_CHINESE, has_capitals=False),
    Alphabet("zh", "big5", "", _COMMON_TRADITIONAL, has_capitals=False),
)
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
FEWEST_IDEOGRAPHS = 0.2  # of the signs are among the most frequent ones


def encoding_by_letters(sample: bytes, language: str = "") -> str | None:
    """Return the encoding in which `sample` has the letters of a language; None if there is no such language.

    `language`: the one that was stated, as a code; it is tried first. '' if none was.
    """
    stated = language.lower().partition("-")[0]
    order = sorted(ALPHABETS, key=lambda one: one.language != stated)
    for alphabet in order:
        text = _decoded(sample[:SAMPLE], alphabet.encoding)
        if text is not None and _fits(text, alphabet):
            return alphabet.encoding
    return None


def _decoded(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError as error:
        # The sample may end in the middle of a letter.
        return sample[: error.start].decode(encoding) if error.start > len(sample) - 4 > 0 else None


def _fits(text: str, alphabet: Alphabet) -> bool:
    beyond = [char for char in text if char > "\x7f"]
    if alphabet.encoding in ("gb18030", "big5"):
        signs = _IDEOGRAPH.findall(text)
        common = sum(sign in alphabet.common for sign in signs)
        return len(signs) * 2 > len(beyond) and common >= FEWEST_IDEOGRAPHS * len(signs)
    letters = [char for char in beyond if char not in _MARKS]
    own = sum(char in alphabet.letters or char.lower() in alphabet.letters for char in letters)
    if own < len(letters) - len(letters) // 50:
        return False
    if not letters:
        # Only punctuation beyond ASCII, such as the curly quotation marks of Windows.
        return alphabet.encoding == "cp1252" and not any("\x80" <= char <= "\x9f" for char in beyond)
    return _is_likely_latin(text, letters) if not alphabet.common else _is_likely(letters, alphabet)


def _is_likely_latin(text: str, letters: list[str]) -> bool:
    """Return whether letters with accents stand as they do in Latin scripts: few, and seldom side by side."""
    plain = sum("a" <= char.lower() <= "z" for char in text)
    beside = sum(1 for one, two in pairwise(text) if one > "\xbf" and two > "\xbf" and one not in _MARKS)
    is_sparse = len(letters) <= MOST_ACCENTED * (plain + len(letters))
    return is_sparse and (beside <= MOST_IN_A_ROW * len(letters) or beside < 2)


def _is_likely(letters: list[str], alphabet: Alphabet) -> bool:
    """Return whether the most frequent letters of a language are the most frequent ones here."""
    common = sum(char.lower() in alphabet.common for char in letters)
    capitals = sum(char != char.lower() for char in letters)
    if alphabet.has_capitals and (capitals * 2 > len(letters) or (not capitals and len(letters) > 40)):
        return False
    return common >= FEWEST_COMMON * len(letters) and len(letters) > 3
