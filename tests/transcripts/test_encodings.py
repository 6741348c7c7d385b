"""Old encodings are told by the letters of a language: of the stated one, or of any."""

from __future__ import annotations

import pytest

from transcripts import read
from uploads.alphabets import encoding_by_letters

SAID = {
    "fr": (["cp1252"], "Mère: Elle s’est levée à côté, et j’ai pleuré.\nMédecin: Bientôt ? Où ça ?\nMère: Oui, déjà."),
    "de": (["cp1252"], "Mutter: Es war schön, „heute“ – aber für mich größer.\nArzt: Geht’s?\nMutter: Später, ja."),
    "es": (["cp1252"], "Madre: ¿Qué pasó? El niño lloró mañana.\nMédico: Sí, señora.\nMadre: Después comió."),
    "ro": (["cp1250"], "Mama: Ţin minte că în faţa uşii aştepta.\nDoctor: Când s-a întâmplat?\nMama: După masă."),
    "tr": (["cp1254"], "Anne: O gün çok kötüydü, şimdi ağlıyorum.\nDoktor: Söyler misiniz?\nAnne: Kışın İzmir'de."),
    "pl": (["cp1250", "iso8859_2"], "Mama: To był zły dzień, pamiętam.\nLekarz: Kiedy się zaczęło?\nMama: W środę."),
    "cs": (["cp1250"], "Matka: Byl to těžký den, čekali jsme.\nLékař: Kdy se to stalo, řekněte?\nMatka: Včera."),
    "ru": (["cp1251", "koi8_r"], "Мать: Она держалась за перила.\nВрач: Когда это было?\nМать: Прошлой весной."),
    "el": (["cp1253"], "Μητέρα: Ήταν μια δύσκολη μέρα.\nΓιατρός: Πότε έγινε αυτό;\nΜητέρα: Το πρωί."),
    "he": (["cp1255"], "מראיינת: תוכלי לספר לי מה קרה לפני הניתוח?\nאמא: אמרו לנו ביום שני.\nאמא: לא האמנתי."),
    "ar": (["cp1256"], "المحاورة: هل يمكن أن تخبريني ماذا حدث؟\nالأم: قالوا لنا يوم الاثنين.\nالأم: لم أصدق ذلك."),
    "zh": (["gb18030", "utf-16"], "采访者：手术前的那个星期发生了什么？\n母亲：星期一他们告诉我们，我不敢相信。"),
    "ja": (["shift_jis", "euc_jp"], "母: 月曜日に言われました。信じられませんでした。\n医師: それはいつでしたか。"),
    "ko": (["euc_kr"], "엄마: 월요일에 들었어요. 믿을 수가 없었어요.\n의사: 언제였나요?"),
}  # fmt: skip
CASES = [(language, encoding) for language, (encodings, _said) in SAID.items() for encoding in encodings]


@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_an_encoding_is_told_by_the_letters_with_and_without_a_stated_language(
    language: str, encoding: str
) -> None:
    text = SAID[language][1]
    expected = read(text.encode()).cues
    assert len({cue.speaker for cue in expected}) == 2
    for stated in ("", language, f"{language}-XX"):
        assert read(text.encode(encoding), language=stated).cues == expected


def test_the_stated_language_decides_where_letters_do_not() -> None:
    # One byte is ü in Western European and Turkish, and ь in Russian encodings.
    said = "Anne: Üzgün bir gün\nDoktor: Dün mü?".encode("cp1254")
    assert encoding_by_letters(said, "tr") == "cp1254"
    assert encoding_by_letters(said, "de") == "cp1252"
    assert encoding_by_letters("Šta?".encode("cp1250"), "hr") == "cp1250"
    assert encoding_by_letters(bytes(range(128, 256)), "en") is None


def test_xml_and_html_are_read_in_the_encoding_that_they_declare() -> None:
    said = '<?xml version="1.0" encoding="ISO-8859-1"?><Trans><Speakers><Speaker id="a" name="Zoé"/></Speakers><Episode><Section><Turn speaker="a" startTime="0" endTime="2"><Sync time="0"/>\nMême là-bas.\n</Turn></Section></Episode></Trans>'
    found = read(said.encode("latin-1"), "a.trs")
    assert [(cue.speaker, cue.text) for cue in found.cues] == [("Zoé", "Même là-bas.")]
    assert not found.notes
    # A declaration that is not true, or not of an encoding, does not matter.
    assert read(said.encode("utf-8"), "a.trs").cues == found.cues
    assert read(said.replace("ISO-8859-1", "zlib").encode("cp1252"), "a.trs").cues == found.cues
