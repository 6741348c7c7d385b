"""Break the product on purpose, one rule at a time, and check that a test turns red: `make breakages`.

Each breakage is a line of code and what to put in its place. Code and tests are found by their text, not by a
path, so files may be moved freely. Where the text or the test is no longer found, the run fails: write the
breakage again for the new code. Nothing is changed in place; a copy of the tree is broken, whatever is not
committed included. Only some of them: `python tests/breakages.py cohorts`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
PASSED, FAILED = 0, 1  # exit codes of pytest


class Unusable(Exception):
    """The breakage cannot be tried; the message says why."""


@dataclass(frozen=True)
class Breakage:
    """`text`: found once in the product, whatever its line breaks are.

    `tests`: names of the functions to run.
    """

    what: str
    text: str
    instead: str
    tests: tuple[str, ...]


BREAKAGES = (
    Breakage(
        "names: a page about no one is published without asking whom it names",
        "found += naming.undecided(page, own)",
        "found += []",
        ("test_a_first_name_is_asked_about", "test_a_real_name_is_never_offered_and_its_owner_is_not_told"),
    ),
    Breakage(
        "names: a person whom a name means need not consent",
        'found += [ConsentRequirement(person, Use.TEXT, label=_("Name")) for person in sorted(named)]',
        "found += []",
        ("test_a_person_without_consent_may_not_be_named",),
    ),
    Breakage(
        "page cache: a renamed condition stays on kept pages",
        'depends_on(*(f"{KEYS[label.kind]}:{label.pk}" for label in labels.all))',
        "depends_on()",
        ("test_a_term_and_a_setting_change_the_pages_that_show_them",),
    ),
    Breakage(
        "page cache: a kept page outlasts its consent",
        "if time.time() >= entry.until:",
        "if False:",
        ("test_a_kept_page_ends_with_the_consent_to_the_second",),
    ),
    Breakage(
        "log of changes: a bulk update is not told",
        "if keys := tables.keys_written(sql, params, many=many):",
        "if keys := set():",
        ("test_django_writes_statements_as_they_are_read_here",),
    ),
    Breakage(
        "identifiers: a private name is found only as it is recorded",
        "return len(ending) <= LONGEST_ENDING or ending in LONG_ENDINGS",
        "return False",
        ("test_each_fact_is_found_in_a_sentence",),
    ),
    Breakage(
        "identifiers: a typed transcript is not searched",
        'yield Passage(f"{part}:transcript", f"{label}: {_(\'transcript\')}", thing.fitting_transcript)',
        "pass",
        ("test_each_fact_is_found_in_the_words_of_a_recording",),
    ),
    Breakage(
        "shared changes: what a rule refuses is public all the same",
        "if reasons := self.reasons(): raise Held(reasons)",
        "self.reasons()",
        ("test_a_private_name_in_an_alt_text_is_not_public",),
    ),
    Breakage(
        "shared changes: who may not publish a page changes it",
        "if not may_release(self.by.user, touched.usage):",
        "if False:",
        ("test_an_editor_who_may_not_publish_proposes",),
    ),
    Breakage(
        "shared changes: a replaced film runs under earlier captions",
        'if track.of_file in ("", self.file_hash)]',
        "]",
        ("test_a_replaced_film_does_not_run_under_the_old_captions_and_poster",),
    ),
    Breakage(
        "withdrawal: a film becomes someone else's when its page does",
        "name_in_recordings(scope)",
        "pass",
        ("test_a_withdrawn_film_is_not_public_under_another_persons_consent",),
    ),
    Breakage(
        "search: a page that is moved is indexed with its redacted parts",
        "if isinstance(obj, AboutPerson) and not obj.is_indexed_copy:",
        "if False:",
        ("test_the_search_index_of_a_page_that_is_moved_lacks_its_redacted_parts",),
    ),
    Breakage(
        "mentions: a consent that expires unseen leaves them public",
        "mentions_end.consents_have_ended(now - LOOK_BACK, now)",
        "pass",
        ("test_a_consent_that_ends_while_no_page_of_the_person_is_public",),
    ),
    Breakage(
        "suppression: hidden counts may be a small number together",
        "is_low = together < max(rules.smallest, len(hidden) + 2)",
        "is_low = len(hidden) < 2",
        ("test_three_people_in_two_groups_cannot_be_had_by_subtraction",),
    ),
    Breakage(
        "suppression: an empty group is hidden before one with people",
        "if groups[name] and name not in hidden",
        "if name not in hidden",
        ("test_the_partner_of_a_small_group_is_the_nearest_with_people",),
    ),
    Breakage(
        "versions: a difference of one person is published",
        "if found is None or found.people >= fewest:",
        "if found is None or found.people >= 1:",
        ("test_one_newcomer_is_refused_and_ten_are_not",),
    ),
    Breakage(
        "values: the quartiles of few people are published",
        "if len(values) < max(2, 2 * rules.fewest):",
        "if len(values) < 2:",
        ("test_five_people_have_no_quartiles_and_no_number",),
    ),
    Breakage(
        "Phenopacket: free descriptions of the source are published",
        "    label=NOTATION,",
        "    label=lambda value: value, description=lambda value: value,",
        ("test_a_variant_leaves_without_its_description_and_with_the_id_of_the_page",),
    ),
    Breakage(
        "Phenopacket: the source's id of the patient is published",
        'found["subjectOrBiosampleId"] = facts.id',
        "pass",
        ("test_a_variant_leaves_without_its_description_and_with_the_id_of_the_page",),
    ),
    # What once got past the gate from the side.
    Breakage(
        "mentions: a person named on a page about no one survives the withdrawal",
        'remove_mentions(wanted=Wanted.of(what["wanted"]), matcher=matcher)',
        "()",
        ("test_only_the_paragraph_that_names_the_person_is_removed",),
    ),
    Breakage(
        "ledger: a restored database keeps what was withdrawn",
        "if _apply(entry, lacked[place + 1 :]):",
        "if False:",
        ("test_a_withdrawal_that_the_database_lacks_is_carried_out_again",),
    ),
    Breakage(
        "ledger: pages about people are shown while the ledger is missing",
        "if guard.is_open(): return self.get_response(request)",
        "if True: return self.get_response(request)",
        ("test_a_missing_ledger_closes_until_a_new_one_is_accepted",),
    ),
    Breakage(
        "ledger: a corrected birth brings an end forward without a line",
        'consent.save(update_fields=["ends_at"]) restrictions.record(before, consent)',
        'consent.save(update_fields=["ends_at"])',
        ("test_whatever_brings_the_end_forward_is_in_the_ledger",),
    ),
    Breakage(
        "ledger: a family cannot withdraw while nothing is shown",
        "and name not in ASK_THEMSELVES",
        "",
        ("test_a_family_withdraws_while_nothing_is_shown",),
    ),
    Breakage(
        "withdrawn words: another person's consent publishes them",
        "return [Reason(Why.WORDS, text, edit_url(page))]",
        "return []",
        ("test_another_persons_consent_does_not_publish_withdrawn_words",),
    ),
    Breakage(
        "documents: the original is published as it is",
        "return sandbox.clean(data, title).content",
        "return data",
        ("test_the_public_copy_has_nothing_hidden",),
    ),
    Breakage(
        "documents: what was not searched stops nothing",
        "found.append(Reason(Why.NOT_SEARCHED, text, url))",
        "pass",
        ("test_a_scanned_document_stops_publication_until_someone_has_read_it",),
    ),
    Breakage(
        "withdrawal: a picture that is also behind a login stays public",
        "_cleared(pages, on).filter(~Exists(restricted), live=True)",
        "_cleared(pages, on).filter(live=True)",
        ("test_a_restricted_page_does_not_keep_the_public_files",),
    ),
    Breakage(
        "placeholders: a page titled 'Draft story from interview #2' is published",
        "for each in (rule, placeholders.rule):",
        "for each in (rule,):",
        ("test_the_title_of_a_compiled_draft_stops_publication_until_it_is_confirmed",),
    ),
    Breakage(
        "cohorts: the number of people before treatment is exact",
        "return published if abs(of - count) < rules.smallest else rounded(count, rules)",
        "return count",
        ("test_the_number_measured_before_treatment_is_rounded",),
    ),
    Breakage(
        "Phenopacket: a patient who has died loses the vital status",
        'return {"vitalStatus": known} if "status" in known else {}',
        "return {}",
        ("test_a_patient_who_has_died_is_deceased_while_the_page_says_so",),
    ),
    Breakage(
        "reports: the PDF leaves out what stands next to the text",
        "blocks += _beside(page, address)",
        "",
        ("test_the_pdf_says_what_stands_next_to_the_report",),
    ),
    Breakage(
        "make_pages: a page that fails is passed over",
        'result.failed.append((url, "; ".join([f"{response.status_code} {response.reason_phrase}", *raised])))',
        "pass",
        ("test_make_pages_names_the_pages_that_fail_and_why",),
    ),
    Breakage(
        "alignment: an excerpt stays when one word in ten is left",
        "len(found) < MIN_KEPT * (last - first)",
        "len(found) < 0.1 * (last - first)",
        ("test_an_excerpt_keeps_its_place_while_half_of_its_words_are_left",),
    ),
    Breakage(
        "alignment: an excerpt that begins inside a word loses that word",
        "first -= 1",
        "pass",
        ("test_an_excerpt_that_begins_or_ends_inside_a_word_keeps_that_word",),
    ),
    Breakage(
        "excerpt: a statement is kept as the question before",
        'return before if _ASKS.search(before) else ""',
        "return before",
        ("test_only_a_question_is_kept_with_the_answer",),
    ),
    Breakage(
        "clips: films of phones held upright are published lying",
        "*self._turned(graph),",
        "",
        ("test_a_phone_held_upright_stays_upright",),
    ),
    Breakage(
        "search: a code with another system's letters counts",
        'prefixes = {"", system, *(known.prefixes if known else ())}',
        'prefixes = {"", *(one for known in SYSTEMS.values() for one in (known.key, *known.prefixes))}',
        ("test_a_code_counts_only_whole_and_with_the_letters_of_its_own_system",),
    ),
)


def copy_tree(target: Path) -> None:
    """Copy every file that git knows or would take, and the migrated test database if there is one."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    kept = Path(".pytest_cache", "migrated")
    if (ROOT / kept).is_dir():
        shutil.copytree(ROOT / kept, target / kept)


@contextmanager
def broken(tree: Path, breakage: Breakage) -> Iterator[Path]:
    """Replace the text of `breakage` in `tree`, give the file's path from the root, and put the file back."""
    words = map(re.escape, breakage.text.split())
    text = re.compile(r"\s+".join(words))
    found = [
        (file, content, match)
        for file in sorted(tree.rglob("*.py"))
        if not {"tests", "migrations"} & set(file.relative_to(tree).parts)
        for content in (file.read_text(encoding="utf-8"),)
        for match in text.finditer(content)
    ]
    if len(found) != 1:
        raise Unusable(f"the text to replace is in {len(found)} places")
    file, content, match = found[0]
    file.write_text(content[: match.start()] + breakage.instead + content[match.end() :], encoding="utf-8")
    try:
        yield file.relative_to(tree)
    finally:
        file.write_text(content, encoding="utf-8")


def run_tests(tree: Path, names: tuple[str, ...]) -> int:
    """Run the test functions of these names, found anywhere below tests/, and return pytest's exit code."""
    files: set[str] = set()
    for name in names:
        having = [
            str(file.relative_to(tree))
            for file in (tree / "tests").rglob("test_*.py")
            if re.search(rf"def {name}\(", file.read_text(encoding="utf-8"))
        ]
        if not having:
            raise Unusable(f"there is no test named {name}")
        files.update(having)
    command = [
        sys.executable,
        "-m",
        "pytest",
        *sorted(files),
        "-k",
        " or ".join(names),
        "-q",
        "-p",
        "no:xdist",
    ]
    # A file that is put back within a second may have the same time and size: no compiled copies are kept.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    if re.search(r"\b\d+ skipped\b", done.stdout):
        raise Unusable(f"a test was skipped, so that it notices nothing: {done.stdout.strip()[-600:]}")
    if done.returncode not in (PASSED, FAILED):
        raise Unusable(f"pytest ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-600:]}")
    return done.returncode


def try_all(tree: Path, which: str = "") -> bool:
    """Print one line for each breakage and return whether a test noticed every one of them.

    `which`: only those whose description contains it.
    """
    wanted = [breakage for breakage in BREAKAGES if which in breakage.what]
    named = tuple(dict.fromkeys(name for breakage in wanted for name in breakage.tests))
    if run_tests(tree, named) != PASSED:
        raise Unusable("the tests fail before anything is broken")
    noticed = True
    for breakage in wanted:
        where = ""
        try:
            with broken(tree, breakage) as file:
                where = f"  ({file})"
                result = "killed" if run_tests(tree, breakage.tests) == FAILED else "SURVIVED"
        except Unusable as error:
            result, where = "UNUSABLE", f": {error}"
        noticed &= result == "killed"
        print(f"{result:<9} {breakage.what}{where}", flush=True)
    return noticed


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="breakages-") as folder:
        tree = Path(folder, "project")
        copy_tree(tree)
        if SHARED.is_dir():
            # Tests find the real-world files beside the project, and are skipped where they are missing.
            Path(folder, SHARED.name).symlink_to(SHARED)
        try:
            noticed = try_all(tree, *sys.argv[1:2])
        except Unusable as error:
            print(f"Cannot start: {error}.", file=sys.stderr)
            return 1
    print("Every breakage was noticed." if noticed else "Not every breakage was noticed.")
    return 0 if noticed else 1


if __name__ == "__main__":
    sys.exit(main())
