"""Reads a case report in JATS XML as a case study: its abstract, sections and references, mapped to CARE.

JATS: ANSI/NISO Z39.96, https://jats.nlm.nih.gov/. Read with defusedxml: no entity is expanded, no DTD or file
fetched.
"""

from __future__ import annotations

import re
from typing import Any

# Types only: every file is parsed by defusedxml.
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from casestudies.importing.jats_elements import SKIPPED, elements, first, name_of, text_of
from casestudies.importing.records import CaseRecord, Refused
from casestudies.references import DOI, plain_doi

# Words of a section's heading, by the field they belong to; the first that fits counts.
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("consent_statement", ("consent",)),
    (
        "competing_interests",
        ("competing interest", "conflict of interest", "conflicts of interest", "disclosure"),
    ),
    ("funding", ("funding", "financial support")),
    (
        "perspective",
        ("patient perspective", "patient's perspective", "patient’s perspective", "parent perspective"),
    ),
    ("introduction", ("introduction", "background")),
    ("adverse_events", ("adverse", "complication", "side effect")),
    ("follow_up_tests", ("follow-up test",)),
    ("outcomes", ("outcome", "follow-up", "follow up", "results")),
    ("intervention", ("therapeutic intervention", "treatment", "therapy", "intervention", "management")),
    ("diagnostic_reasoning", ("differential diagnosis", "diagnostic reasoning")),
    ("diagnostic_methods", ("diagnostic", "investigation", "imaging", "laboratory", "histology", "patholog")),
    ("prognosis", ("prognosis",)),
    ("past_interventions", ("past treatment", "previous treatment", "past intervention")),
    ("history", ("history",)),
    ("clinical_findings", ("clinical finding", "physical examination", "examination", "case presentation",
                           "case report", "case description", "presentation of case", "the case", "case")),
    ("demographics", ("patient information", "patient characteristics")),
    ("strengths_limits", ("limitation", "strengths")),
    ("take_away", ("conclusion", "take-away", "learning point", "teaching point", "lessons")),
    ("rationale", ("discussion",)),
    ("literature", ("literature", "review")),
)  # fmt: skip
ABSTRACT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("abstract_conclusion", ("conclusion", "take-away", "lesson", "clinical significance")),
    ("abstract_interventions", ("treatment", "intervention", "outcome", "results", "management")),
    ("abstract_findings", ("case", "presentation", "finding", "patient", "symptom")),
    ("abstract_adds", ("introduction", "background", "objective", "rationale")),
)
PLAIN = {"consent_statement": 800, "competing_interests": 800, "funding": 500, "perspective": 1500}
LONGEST_ABSTRACT = 800
_AGE = re.compile(r"\b(\d{1,3})[\s-]*years?[\s-]*old\b", re.IGNORECASE)
_SEX = {
    "female": re.compile(r"\b(?:woman|girl|female)\b", re.IGNORECASE),
    "male": re.compile(r"\b(?:man|boy|male)\b", re.IGNORECASE),
}


def read(data: bytes) -> CaseRecord:
    """Return the case report in `data`.

    Raises Refused for a file that is not XML, not safe, or not an article.
    """
    try:
        root = fromstring(data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise Refused(
            "The file defines entities or fetches others, which can be used against the computer that reads "
            "it. JATS needs none: save it without its own entities."
        ) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise Refused(f"The file is not valid XML: {error}.") from error
    article = root if name_of(root) == "article" else first(root, "article")
    if article is None:
        raise Refused(f"The file is XML, but not a JATS article: it begins with <{name_of(root)}>.")
    try:
        return _article(article)
    except RecursionError as error:
        raise Refused("The file’s elements are nested too deeply.") from error


def _article(article: Element) -> CaseRecord:
    ids = {
        one.get("pub-id-type", ""): text_of(one)
        for one in elements(article, "article-id", within="article-meta")
    }
    kind = next((name for name in ("doi", "pmcid", "pmc", "pmid") if ids.get(name)), "")
    if not kind:
        raise Refused("The article has no DOI, PMC or PubMed number: a second import could not recognise it.")
    record = CaseRecord(external_id=f"{kind}:{ids[kind]}"[:200], format="jats", source_record={})
    title = text_of(first(article, "article-title"))
    if not title:
        raise Refused("The article has no title.")
    if not any(words in title.casefold() for words in ("case report", "case study", "case series")):
        title += ": a case report"
    record.put("title", title, 200)
    numbers = {
        one.get("id", ""): number
        for number, one in enumerate(elements(article, "ref"), start=1)
        if one.get("id")
    }
    kept: dict[str, Any] = {"ids": ids, "title": text_of(first(article, "article-title"))}
    kept["abstract"] = _abstract(record, article, numbers)
    _keywords(record, article)
    _authors(record, article)
    kept["sections"] = _sections(record, article, numbers)
    kept["references"] = _references(record, article)
    _own_reference(record, article, ids)
    _patient(record)
    record.source_record = kept
    return record


def _field_for(heading: str, table: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    words = heading.casefold()
    return next((field for field, parts in table if any(part in words for part in parts)), "")


def _abstract(record: CaseRecord, article: Element, numbers: dict[str, int]) -> list[dict[str, str]]:
    abstract = next((one for one in elements(article, "abstract") if not one.get("abstract-type")), None)
    if abstract is None:
        return []
    kept = []
    parts: dict[str, list[str]] = {}
    sections = [one for one in abstract if name_of(one) == "sec"]
    for section in sections:
        heading = text_of(next((one for one in section if name_of(one) == "title"), None))
        words = " ".join(text_of(one, numbers) for one in section if name_of(one) != "title")
        kept.append({"heading": heading, "text": words})
        parts.setdefault(_field_for(heading, ABSTRACT) or "abstract_findings", []).append(words)
    if not sections:
        words = text_of(abstract, numbers)
        kept.append({"heading": "", "text": words})
        parts["abstract_adds"] = [words]
        record.remarks.append("The abstract has no parts: all of it is under ‘what this case adds’.")
    for field, texts in parts.items():
        record.put(field, " ".join(texts), LONGEST_ABSTRACT)
    return kept


def _keywords(record: CaseRecord, article: Element) -> None:
    words = [text_of(one) for one in elements(article, "kwd")]
    words = list(dict.fromkeys(word.replace(",", "") for word in words if word))
    if len(words) > 5:
        record.remarks.append("CARE asks for two to five key words: the first five are used.")
    record.put("keywords", ", ".join(words[:5]), 200)
    record.names += words


def _authors(record: CaseRecord, article: Element) -> None:
    for one in elements(article, "contrib"):
        if one.get("contrib-type", "author") != "author":
            continue
        surname, given = text_of(first(one, "surname")), text_of(first(one, "given-names"))
        name = " ".join(
            part for part in (surname, "".join(word[0] for word in given.split() if word))
        ).strip()
        name = name or text_of(first(one, "collab"))
        if name:
            record.add("authors", name=name[:120], role="", institution="")


def _sections(record: CaseRecord, article: Element, numbers: dict[str, int]) -> list[dict[str, Any]]:
    """Return every section of body and back, word for word; text under a known heading also goes to its
    field.
    """
    kept: list[dict[str, Any]] = []
    roots = [one for one in article if name_of(one) in {"body", "back"}]
    for root in roots:
        loose = [text_of(one, numbers) for one in root if name_of(one) == "p"]
        if loose:
            record.put_paragraphs("introduction", loose)
            kept.append({"heading": "", "paragraphs": loose, "field": "introduction"})
        for one in root:
            if name_of(one) in {"sec", "ack", "notes", "fn-group"}:
                _section(record, one, "", numbers, kept)
    return kept


def _section(
    record: CaseRecord, section: Element, above: str, numbers: dict[str, int], kept: list[dict[str, Any]]
) -> None:
    heading = text_of(next((one for one in section if name_of(one) == "title"), None))
    field = _field_for(heading, SECTIONS) or above
    below = {"sec", "fn", "notes"}
    texts: list[str] = []
    for one in section:
        if name_of(one) == "list":
            texts += [text_of(item, numbers) for item in one if name_of(item) == "list-item"]
        elif name_of(one) not in {"title", "label", *below, *SKIPPED}:
            texts.append(text_of(one, numbers))
    texts = [text for text in texts if text]
    if texts:
        kept.append({"heading": heading, "paragraphs": texts, "field": field})
        if not field:
            record.remarks.append(
                f"Section ‘{heading or 'without a heading'}’ has no field on the page: kept with the record."
            )
        elif field in PLAIN:
            record.put(field, " ".join([str(record.fields.get(field, "")), *texts]), PLAIN[field])
        else:
            record.put_paragraphs(field, texts)
    for one in section:
        if name_of(one) in below:
            _section(record, one, field, numbers, kept)


def _references(record: CaseRecord, article: Element) -> list[str]:
    kept = []
    for ref in elements(article, "ref"):
        cited = next(
            (
                one
                for one in ref
                if name_of(one) in {"mixed-citation", "element-citation", "citation", "nlm-citation"}
            ),
            None,
        )
        text = _citation(cited) if cited is not None else text_of(ref)
        ids = {one.get("pub-id-type", ""): text_of(one) for one in elements(ref, "pub-id")}
        doi, pmid = ids.get("doi", ""), ids.get("pmid", "")
        try:
            doi = plain_doi(doi)[:200] if doi else ""
        except ValueError:
            doi = ""
        kept.append(text)
        record.add("references", text=text[:600] or "–", doi=doi, pmid=pmid if pmid.isdigit() else "")
    return kept


def _citation(cited: Element) -> str:
    """Return a reference in words: as written where the markup is mixed with words, else built from its
    parts.
    """
    if (cited.text or "").strip() or any((one.tail or "").strip() for one in cited):
        without = [one for one in cited if name_of(one) != "pub-id"]
        pieces = [cited.text or ""]
        for one in without:
            pieces += [text_of(one), one.tail or " "]
        return " ".join("".join(pieces).split())
    names = [
        " ".join(filter(None, (text_of(first(one, "surname")), text_of(first(one, "given-names")))))
        for one in elements(cited, "name")
    ]
    parts = [
        ", ".join(names),
        text_of(first(cited, "article-title")),
        text_of(first(cited, "source")),
        text_of(first(cited, "year")),
        text_of(first(cited, "volume")),
        text_of(first(cited, "fpage")),
    ]
    return ". ".join(part for part in parts if part)


def _own_reference(record: CaseRecord, article: Element, ids: dict[str, str]) -> None:
    """The article itself, last: visitors must find where it was first published."""
    journal, year = text_of(first(article, "journal-title")), text_of(first(article, "year"))
    names = ", ".join(row["name"] for row in record.tables.get("authors", [])[:6])
    text = ". ".join(part for part in (names, record.fields["title"], journal, year) if part)
    doi = ids.get("doi", "")
    pmid = ids.get("pmid", "")
    record.add(
        "references",
        text=text[:600],
        doi=doi[:200] if DOI.match(doi) else "",
        pmid=pmid if pmid.isdigit() and len(pmid) <= 9 else "",
    )


def _patient(record: CaseRecord) -> None:
    """Age and sex, where title and abstract say one of each."""
    words = " ".join(
        str(record.fields.get(name, "")) for name in ("title", "abstract_findings", "abstract_adds")
    )
    ages = {int(found) for found in _AGE.findall(words)}
    if len(ages) == 1:
        record.fields["age_at_report"] = min(ages.pop(), 90)
    sexes = [sex for sex, pattern in _SEX.items() if pattern.search(words)]
    if len(sexes) == 1:
        record.fields["sex"] = sexes[0]
