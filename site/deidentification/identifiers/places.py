"""Recognises places below country: streets, schools, hospitals, towns. Pure."""

from __future__ import annotations

import regex

from deidentification.identifiers.vocabulary import one_of

CAPITAL = r"\p{Lu}[\p{L}\p{M}'’-]+"
_NAME = rf"{CAPITAL}(?:(?: (?:of|de|da|do|del|della|the|and|&))? {CAPITAL})*"
_SAINT = r"(?:(?:St\.?|Saint|San|Santa|São|Sfânta|Sfântul|Sf\.|Święte[jg]o?|Św\.|Св\.) )?"

AFTER_A_NAME = regex.compile(
    rf"(?P<found>{_SAINT}{CAPITAL}(?: {CAPITAL})* (?:{one_of('places after a name')})\b)"
)
OF = regex.compile(
    r"(?P<found>\b(?:University|College|School|Academy|Institute|Hospital|Church|Village|Town|City|County|Province"
    rf"|District|Parish) of {_NAME})"
)
NUMBERED = regex.compile(
    rf"\b(?P<found>(?:Flat |No\.? ?|Apartment )?\d{{1,4}}[A-Za-z]?,? {_NAME} "
    r"(?:Grove|Close|Drive|Court|Gardens|Square|Place|Way|Hill|Park|Row|Rd|St|Ave|Ln|Dr|Blvd)\b\.?)"
)
# A school with a name or a number: 'szkoła nr 5', 'Liceul Teoretic „Prometeu”'.
_NAMED = (
    rf"{CAPITAL}(?:(?: de| da| do| del)? {CAPITAL})*|(?<=[№#º° .])\d{{1,4}}\b"
    r"|\p{Arabic}+(?: \p{Arabic}+)?"
)
SCHOOLS = regex.compile(
    rf"\b(?P<found>(?i:{one_of('schools and hospitals')})(?i:{one_of('between a school and its name')})*"
    rf" ?[„«“\"]?{_SAINT}(?:{_NAMED})[”»\"]?)"
)
_HOUSE = r"(?:,? ?(?:nr\.? ?|д\. ?|№ ?|n[º°] ?)?\d{1,4}\p{L}?\b)?"
STREETS = regex.compile(
    rf"(?P<found>(?i:(?<!\w)(?:{one_of('streets')}))"
    r" (?:(?:de|del|della|la|las|los|da|do|dos|das|des|du|le|św\.|Св\.) ){0,2}"
    rf"(?:{CAPITAL}(?:(?: (?:cel|cea|al|și|y|и|і|de|da|do|du|of))? {CAPITAL})*|\p{{Arabic}}+){_HOUSE})"
    r"|\b(?P<found>\p{Lu}\p{L}+(?:straße|strasse|gasse|weg|platz|allee|gade|gatan|katu|utca|straat|laan)"
    r"(?: \d+\p{L}?)?)\b"
)
# 'în satul Cojușna', 'в селе Ольховка', 'we wsi Brzozówka'.
VILLAGES = regex.compile(
    rf"(?i:\b(?:{one_of('villages and towns')}))(?: (?:de|di|da|do|of))? "
    rf"(?P<found>{CAPITAL}(?:[ -]{CAPITAL})*|\p{{Arabic}}{{3,}})"
)
NEAR = regex.compile(
    r"\b(?:live[ds]?|living|born|moved|came|come|went|flew|travelled|arrived|from|near|outside)"
    rf"(?: (?:in|to|at|from|near|over to|back to))? (?P<found>{CAPITAL}(?: {CAPITAL})?)"
)
IN = regex.compile(rf"\b[Ii]n (?P<found>{CAPITAL}(?: {CAPITAL})?)")
