"""Which language a text is in, by its script and its most frequent words. Pure.

Only to say that a transcript is not in the language that was stated; a text that is not clear has none.
"""

from __future__ import annotations

import re
from collections import Counter

NAMES = {
    "en": "English", "fr": "French", "de": "German", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "ro": "Romanian", "tr": "Turkish", "pl": "Polish", "ru": "Russian", "uk": "Ukrainian",
    "el": "Greek", "ar": "Arabic", "he": "Hebrew", "zh": "Chinese", "ja": "Japanese", "ko": "Korean",
}  # fmt: skip
_WORDS = {
    "en": "the and to of i you it that was in we he she they is my not so what have but with for had were",
    "fr": "le la les et je de un une est que pas il elle nous vous dans on ce qui pour avec mais était des",
    "de": "der die das und ich nicht ist wir sie es ein eine dass war zu mit auf aber auch haben den hat",
    "es": "el los las y que no yo es una en mi con por para pero se lo era muy como nos cuando del al su",
    "it": "il che non di è un una per con mi ma sono era si ho gli della nel anche come più ha lo quando",
    "pt": "o que não eu é um uma com para mas se os da do na no por muito ele ela foi era quando meu minha",
    "nl": "de het een en ik niet is dat van we ze was maar op met voor zijn hij naar er ook dan toen",
    "ro": "și nu că am de la un o în cu pe este eu ce mai dar pentru era să din au fost mi când si sa",
    "tr": "ve bir bu da de çok ben ne için o ama gibi sonra var mi diye daha dedi benim oldu her kadar",
    "pl": "i nie że to się na w jest z do ja jak ale tak był było co mi po mnie bo już tego dla",
    "ru": "и не что я в на это он она мы как но с так у было был мне меня все то же по когда",
    "uk": "і не що я в на це він вона ми як але з так у було був мені мене все то ж коли та",
}
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ar", re.compile(r"[\u0620-\u064a]")),
    ("he", re.compile(r"[\u05d0-\u05ea]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_SETS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
FEWEST = 25  # words
SHARE = 0.2  # of the words are among the most frequent ones of the language


def language_of(text: str) -> str:
    """Return the code of the language of a text; '' for a text that is short or not clear."""
    sample = text[:20_000]
    letters = sum(char.isalpha() for char in sample)
    for code, script in _SCRIPTS:
        share = 0.1 if code == "ja" else 0.5
        if letters >= FEWEST and len(script.findall(sample)) > share * letters:
            return code
    words = [word.lower() for word in _WORD.findall(sample)]
    if len(words) < FEWEST:
        return ""
    counts = Counter(words)
    scores = sorted(
        ((sum(counts[word] for word in known) / len(words), code) for code, known in _SETS.items()),
        reverse=True,
    )
    (best, code), (second, _other) = scores[0], scores[1]
    return code if best >= SHARE and best >= 1.4 * second else ""
