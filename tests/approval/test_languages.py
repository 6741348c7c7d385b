"""Families read in their own language: every string that one of them meets is in every catalogue, and is
shown."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import translation
from django.utils.translation.template import templatize

from approval.models import Approval
from audit.actors import Actor
from consent.uses import UNDERSTOOD, Use
from tests.approval.approving import Family, sent, story
from withdrawal import receipt_mail, services
from withdrawal.models import TakedownStep
from withdrawal.surfaces import registered

SITE = Path(settings.SITE)
TRANSLATED = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
TEMPLATES = [
    *sorted((SITE / "templates" / "approval").glob("*.*")),
    *sorted((SITE / "templates" / "withdrawal").glob("receipt_*.*")),
    SITE / "templates" / "publication" / "gone.html",
    SITE / "templates" / "components" / "skip.html",
]
MODULES = [
    *(
        SITE / "approval" / f"{name}.py"
        for name in ("family_page", "mails", "rendering", "services", "views")
    ),
    SITE / "withdrawal" / "receipts.py",
    SITE / "withdrawal" / "receipt_mail.py",
    SITE / "mentions" / "summary.py",
]
CALLS = {"_", "gettext", "gettext_lazy", "ngettext"}
# What stands in every language alike: what is filled in, and tags.
KEPT = re.compile(r"%\(\w+\)s|</?\w+>")
# A string, or for one that counts the singular with the plural.
Words = str | tuple[str, str]


def called(source: str) -> Iterator[Words]:
    """The strings that Python code has translated."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [
            one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        if name in CALLS and words:
            yield (words[0], words[1]) if name == "ngettext" else words[0]


def in_template(path: Path) -> Iterator[Words]:
    """The same of a template, by what Django's own extraction makes of it."""
    found = re.findall(
        r"\bn?gettext\((?:[^()'\"]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")*\)", templatize(path.read_text())
    )
    plain = re.findall(
        r"(?<!\w)_\((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\")\)", templatize(path.read_text())
    )
    for call in [*found, *plain]:
        yield from called(call)


def family_words() -> set[Words]:
    """Every string that a family meets, in English."""
    words: set[Words] = {one for path in TEMPLATES for one in in_template(path)}
    words |= {one for path in MODULES for one in called(path.read_text())}
    with translation.override("en"):
        labels = [surface.label for surface in registered()]
        labels += [*Use.labels, *UNDERSTOOD.values(), *Approval.Answer.labels, *TakedownStep.State.labels]
        words |= {str(label) for label in labels}
    return words | {"yes", "no"}


def catalogue(language: str, kind: str) -> Path:
    return SITE / "locale" / language / "LC_MESSAGES" / f"django.{kind}"


def written(path: Path) -> dict[Any, str]:
    """A .po as Python reads a .mo: by msgid, or by msgid and number of the form."""
    found: dict[Any, str] = {}
    for entry in re.split(r"\n\s*\n", path.read_text()):
        fields = {
            name: "".join(ast.literal_eval(line) for line in lines.splitlines())
            for name, lines in re.findall(r'^(msg\w+(?:\[\d\])?) ((?:".*"\n?)+)', entry, re.M)
        }
        for name, text in fields.items():
            if name == "msgstr":
                found[fields["msgid"]] = text
            elif name.startswith("msgstr["):
                found[fields["msgid"], int(name[7])] = text
    return found


@pytest.fixture(params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_what_families_meet_is_found() -> None:
    words = family_words()
    assert len(words) > 150
    assert {
        "Withdraw everything",
        "Dear %(name)s,",
        "Pictures in all sizes",
        "Skip to main content",
    } <= words
    assert any(isinstance(one, tuple) for one in words)


def test_every_string_is_translated_with_what_is_filled_in(language: str) -> None:
    """The plural may leave its number out in a form that says it in a word."""
    found = written(catalogue(language, "po"))
    forms = int(re.findall(r"nplurals=(\d)", found[""])[0])
    for words in family_words():
        key, last = (words, words) if isinstance(words, str) else words
        texts = (
            [found.get(words, "")]
            if isinstance(words, str)
            else [found.get((key, n), "") for n in range(forms)]
        )
        for text in texts:
            assert text.strip(), (language, words)
            assert sorted(KEPT.findall(text)) == sorted(KEPT.findall(last)), (language, words)


def test_nothing_is_in_the_catalogue_that_no_family_meets(language: str) -> None:
    words = {one if isinstance(one, str) else one[0] for one in family_words()}
    kept = {key if isinstance(key, str) else key[0] for key in written(catalogue(language, "po"))} - {""}
    assert kept == words
    assert ", fuzzy" not in catalogue(language, "po").read_text()


def test_what_is_compiled_is_what_is_written(language: str) -> None:
    with catalogue(language, "mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined] # not public
    assert compiled == written(catalogue(language, "po"))


@pytest.mark.parametrize(
    ("code", "number", "words"),
    [
        ("es", 1, "1 minuto."),
        ("ru", 1, "1 минуту."),
        ("ru", 3, "3 минуты."),
        ("ru", 11, "11 минут."),
        ("ro", 2, "2 minute."),
        ("ro", 20, "20 de minute."),
        ("ar", 2, "دقيقتين"),
        ("ar", 5, "5 دقائق."),
        ("ar", 11, "11 دقيقة."),
    ],
)
def test_numbers_take_the_form_of_the_language(code: str, number: int, words: str) -> None:
    one = "<b>Read it.</b> It takes about %(minutes)s minute."
    with translation.override(code):
        text = translation.ngettext(one, one.replace("minute.", "minutes."), number) % {"minutes": number}
    assert words in text


# What is shown ------------------------------------------------------------------------------------


@pytest.fixture
def client() -> Client:
    return Family()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "frame", "words"),
    [
        ("es", '<html lang="es" dir="ltr"', ["Por favor, lea esto, Marta", "Su respuesta", "Retirarlo todo"]),
        ("ar", '<html lang="ar" dir="rtl"', ["يُرجى قراءة هذا، Marta", "جوابكم", "سحب كل شيء"]),
        ("ru", '<html lang="ru" dir="ltr"', ["Marta, пожалуйста, прочитайте", "Ваш ответ"]),
        ("ro", '<html lang="ro" dir="ltr"', ["Vă rugăm să citiți, Marta", "Răspunsul dumneavoastră"]),
    ],
)
def test_the_page_speaks_the_family_s_language_and_the_story_its_own(
    home: Any, client: Client, code: str, frame: str, words: list[str]
) -> None:
    _link, path = sent(story(), language=code)
    html = client.get(path).content.decode()
    assert frame in html
    for one in words:
        assert one in html
    assert "Your answer" not in html
    assert '<div lang="en" dir="ltr">' in html
    assert f'class="beside" lang="{code}"' in html


@pytest.mark.django_db
def test_the_answer_is_told_to_the_editor_in_the_site_s_language(
    home: Any, client: Client, django_user_model: Any, django_capture_on_commit_callbacks: Any
) -> None:
    editor = django_user_model.objects.create_user("editor", "editor@example.org")
    link, path = sent(story(), language="es")
    link.created_by = editor
    link.save(update_fields=["created_by"])
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(path, {"do": "no"}).content.decode()
    assert "No lo publicaremos" in page
    assert [one.subject for one in mail.outbox] == ["A family answered"]
    assert "answered: Declined." in mail.outbox[0].body


@pytest.mark.django_db
def test_mails_and_receipts_speak_it_too(home: Any, django_capture_on_commit_callbacks: Any) -> None:
    page = story()
    page.person.language = "ru"
    page.person.save()
    with django_capture_on_commit_callbacks(execute=True):
        sent(page)
    assert mail.outbox[-1].body.startswith("Здравствуйте, Marta!")
    withdrawal = services.withdraw_person(
        person=page.person, by=Actor.system("test"), channel=services.Channel.EDITOR
    )
    with translation.override("ru"):
        words = receipt_mail.context(withdrawal)
    receipt_mail.send(withdrawal=withdrawal, by=Actor.system("test"))
    assert mail.outbox[-1].subject.startswith("Ваше согласие отозвано")
    assert words["uses"] == "всё"
    assert words["receipt"]["remains"][0] in mail.outbox[-1].body
    assert "Your receipt" not in mail.outbox[-1].body
