"""Names as people write them: cases, prefixes, accents, invisible characters, scripts without spaces."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from mentions.endings import Form, basic_forms, form_of, plain
from mentions.full_names import Known, names_in, rows_of
from mentions.matching import Matcher, Name, words_of
from mentions.redacting import make_neutral, neutral, text_in

KEY = b"k" * 32
NAMES = {
    "ru": "Марта Иванова",
    "ru2": "Павел Достоевский",
    "ro": "Maria Popescu",
    "pl": "Jan Kowalski",
    "es": "José Núñez",
    "ar": "سامي حداد",
    "zh": "王小明",
}


def found(text: str, name: str) -> list[bool]:
    return [hit.is_certain for hit in Matcher(names=[Name(words_of(name))]).hits(text)]


def refused(text: str, *names: str) -> list[str]:
    rows = rows_of([words_of(name) for name in names], (), KEY)
    return [typed.text for typed in names_in(text, Known.of([(*row, 7) for row in rows], KEY))]


WHOLE = [
    ("Мы говорили с Мартой Ивановой.", "ru"),
    ("Письмо Марты Ивановой", "ru"),
    ("рассказ Павла Достоевского", "ru2"),
    ("povestea Mariei Popescu", "ro"),
    ("rozmowa z Janem Kowalskim", "pl"),
    ("JOSE NUNEZ", "es"),
    ("Jose\u0301 Nu\u0301n\u0303ez’s father", "es"),
    ("Jo\u00ads\u00e9 N\u00fa\u00ad\u00f1ez", "es"),
    ("José\nNúñez", "es"),
    ("José\u00a0Núñez", "es"),
    ("قال لسامي حداد", "ar"),
    ("وسامي حداد نعم", "ar"),
    ("我们采访了王小明，他说", "zh"),
    ("王 小明", "zh"),
]


@pytest.mark.parametrize(("text", "name"), WHOLE)
def test_a_full_name_is_certain_in_every_form(text: str, name: str) -> None:
    assert True in found(text, NAMES[name])
    assert Matcher(names=[Name(words_of(NAMES[name]))]).may_be_in(text)


@pytest.mark.parametrize(("text", "name"), WHOLE)
def test_a_full_name_is_refused_in_every_form(text: str, name: str) -> None:
    assert len(refused(text, NAMES[name])) >= 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Марта и Мария Иванова", "ru"),
        ("Maria Ionescu, Ana Popescu", "ro"),
        ("Mariana Popescu", "ro"),
        ("María García spoke. José said so.", "es"),
        ("Juan Kowalski", "pl"),
        ("maria popescu", "ro"),
        ("We met Maria. Popescu came later.", "ro"),
        ("سامي قال", "ar"),
        ("王小红和小明", "zh"),
        ("", "zh"),
    ],
)
def test_other_people_and_first_names_alone_are_neither_certain_nor_refused(text: str, name: str) -> None:
    assert True not in found(text, NAMES[name])
    assert refused(text, NAMES[name]) == []


def test_a_name_that_is_another_persons_in_another_gender_is_not_taken_for_it() -> None:
    assert form_of("daniela", "daniel") == Form.GENDERED
    assert True not in found("Daniela Kim", "Daniel Kim")
    assert refused("Daniela Kim", "Daniel Kim") == []
    assert found("zdravíme Daniela Nováka", "Daniel Novák") == [True]


def test_order_middle_names_and_initials() -> None:
    assert refused("Popescu, Maria", "Maria Popescu") == ["Popescu, Maria"]
    assert refused("Anna Lopez", "Anna Maria Lopez") == ["Anna Lopez"]
    assert refused("Anna Maria came", "Anna Maria Lopez") == []
    assert refused("Daniel K. came", "Daniel K.") == ["Daniel K"]


def test_two_first_names_of_one_family_are_refused_together_only() -> None:
    rows = rows_of([], ["aarav", "meera"], KEY)
    known = Known.of([(*row, 7) for row in rows], KEY)
    assert [typed.text for typed in names_in("Meera is the mother of Aarav.", known)] == ["Meera … Aarav"]
    assert not list(names_in("Aarav came. So did Mira.", known))
    assert not list(names_in("Meera Singh thanks Aarav Patel.", known))


def test_basic_forms_contain_the_name_of_which_a_word_is_a_form() -> None:
    for word, name in (("мартои", "марта"), ("марии", "мария"), ("павла", "павел"), ("mariei", "maria")):
        assert name in dict(basic_forms(plain(word))), word


def test_three_letter_names_and_names_in_words_of_other_scripts() -> None:
    assert found("Мы были у Ани.", "Аня") == [False]
    assert found("Ангел и Антон", "Аня") == []
    assert found("李明来了", "李明") == [False]


def test_words_are_replaced_across_links_bold_and_lines() -> None:
    matcher = Matcher(names=[Name(("rohan", "iyer"))])
    soup = BeautifulSoup('<p>So <a href="/x">Ro<b>han</b></a><br/>Iy&shy;er said.</p>', "html.parser")
    make_neutral(soup, matcher)
    assert "Rohan" not in soup.get_text()
    assert "Iyer" not in soup.get_text().replace("\u00ad", "")
    assert soup.get_text().count("[…]") == 1
    assert soup.get_text().endswith("said.")
    assert text_in(BeautifulSoup("<p>Rohan<br/>Iyer</p>", "html.parser")).split() == ["Rohan", "Iyer"]
    assert neutral("Dr Rohan Iyer’s clinic", matcher) == "Dr […]’s clinic"
