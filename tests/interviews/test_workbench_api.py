"""The workbench's requests to the server."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from interviews.models import Excerpt, IdentifierDecision, Interview, Presence, Topic
from tests.interviews.workbench_samples import LINES, Bench, make_epilepsy, make_interview

pytestmark = pytest.mark.django_db


@pytest.fixture
def bench(editor_client: Client) -> Bench:
    return Bench(editor_client, make_interview())


def test_the_page_is_for_those_who_may_change_interviews(bench: Bench, db: None) -> None:
    page = bench.client.get(bench.at())
    assert page.status_code == 200
    assert b'id="wb-tx"' in page.content
    reader = User.objects.create_user("reader", password="x", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    bench.client.force_login(reader)
    assert bench.client.get(bench.at()).status_code == 302
    assert "error" in bench.send("excerpts/", {}, expect=403)
    assert bench.client.get(bench.at("data/")).status_code == 403
    reader.user_permissions.add(Permission.objects.get(codename="change_interview"))
    bench.client.force_login(User.objects.get(pk=reader.pk))
    assert bench.client.get(bench.at()).status_code == 200
    assert bench.client.get(bench.at("data/")).status_code == 200
    bench.client.logout()
    assert bench.client.get(bench.at("data/")).status_code == 302


def test_cross_site_requests_are_refused(bench: Bench, editor: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(bench.at("topics/"), "{}", "application/json").status_code == 403


def test_data_holds_cues_voices_and_the_words_of_the_language(bench: Bench) -> None:
    data = bench.get("data/")
    assert [cue[4] for cue in data["cues"]] == [text for _voice, text in LINES]
    assert data["cues"][1][1:4] == [4.0, 7.5, 1]
    assert data["voices"] == ["Doctor", "Mother"]
    assert data["asking"] == [0]
    assert "um" in data["language"]["fillers"]
    assert data["topics"]["keys"] == {"4": "First signs", "5": "Daily life"}


def test_data_of_ten_thousand_lines_asks_the_database_no_more(
    bench: Bench, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        bench.make(6, LINES[6][1][: 10 + number])
    with django_assert_max_num_queries(40):
        bench.get("data/")
        bench.get("found/")


def test_a_language_without_a_file_has_no_fillers_and_its_direction(editor_client: Client) -> None:
    data = Bench(editor_client, make_interview(language="ar")).get("data/")
    assert data["language"]["fillers"] == []
    assert data["language"]["dir"] == "rtl"
    assert "not" in data["language"]["protected"]


def test_an_excerpt_is_read_from_the_transcript(bench: Bench, editor: User) -> None:
    made = bench.make(3, "every day. It was, um, hard", section="treatment", topics=["Daily life"])
    assert made["verbatim"] == made["text"] == "every day. It was, um, hard"
    assert made["speaker"] == "Mother"
    assert made["asked"] == "And the treatment?"
    assert made["topics"] == ["Daily life"]
    excerpt = Excerpt.objects.get(pk=made["id"])
    assert excerpt.start_offset == LINES[3][1].index("every"), "counted in code points"
    assert made["start"][1] == excerpt.start_offset + 1, "counted in UTF-16 units, after an emoji"
    assert excerpt.created_by == excerpt.edited_by == editor
    bench.interview.refresh_from_db()
    assert bench.interview.state == "coded"


def test_words_across_lines_leave_out_the_interviewer(bench: Bench) -> None:
    body = {
        "start": bench.place(1, "It started"),
        "end": bench.place(3, "every day.", after=True),
        "section": "before",
    }
    made = bench.send("excerpts/", body, expect=201)["excerpt"]
    assert made["verbatim"] == f"{LINES[1][1]} He had seizures 😀 every day."


def test_asking_twice_makes_one(bench: Bench) -> None:
    first, second = bench.make(6, "Now he walks"), bench.make(6, "Now he walks")
    assert first["id"] == second["id"]
    assert bench.make(6, "Now he walks", section="after")["id"] != first["id"]
    bench.send(f"excerpts/{first['id']}/remove/")
    assert bench.make(6, "Now he walks")["id"] != first["id"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"section": "middle"}, "not a section"),
        ({"section": None}, "section"),
        ({"start": [1, 2, 3]}, "a cue and an offset"),
        ({"start": "here"}, "a cue and an offset"),
        ({"start": [10**9, 0]}, "no longer in the transcript"),
        ({"start": [True, 0]}, "whole number"),
        ({"topics": "Daily life"}, "list of names"),
        ({"topics": [""]}, "1 to 80"),
        ({"topics": ["x" * 81]}, "1 to 80"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(bench: Bench, change: dict[str, Any], says: str) -> None:
    body = {"start": bench.place(6, "Now"), "end": bench.place(6, "walks", after=True), "section": "before"}
    assert says in bench.send("excerpts/", {**body, **change}, expect=400)["error"]
    assert not Excerpt.objects.exists()


@pytest.mark.parametrize("offset", [-1, 10_000, "inside"])
def test_offsets_outside_the_line_or_inside_a_character_are_refused(bench: Bench, offset: Any) -> None:
    place = bench.place(3, "😀")
    place[1] = place[1] + 1 if offset == "inside" else offset
    body = {"start": place, "end": bench.place(3, "hard", after=True), "section": "before"}
    assert "select them again" in bench.send("excerpts/", body, expect=400)["error"]


@pytest.mark.parametrize("body", ["{", "[]", "null", '"x"', "[" * 100_000, "\xff"])
def test_a_body_that_is_not_a_json_object_is_refused(bench: Bench, body: str) -> None:
    assert bench.send("topics/", body, expect=400)["error"].endswith("Reload the page.")


def test_methods_and_missing_things_say_so(bench: Bench) -> None:
    assert "POST" in bench.send("excerpts/", method="PUT", expect=405)["error"]
    assert "no longer exists" in bench.send("excerpts/999/remove/", expect=404)["error"]
    Interview.objects.all().delete()
    assert "deleted" in bench.send("topics/", {"keys": {}}, expect=404)["error"]


def test_an_excerpt_of_another_interview_is_out_of_reach(bench: Bench) -> None:
    other = Bench(bench.client, make_interview())
    theirs = other.make(6, "Now he walks")
    bench.send(f"excerpts/{theirs['id']}/", {"rev": 1, "text": "x"}, method="PATCH", expect=404)
    bench.send(f"excerpts/{theirs['id']}/remove/", expect=404)
    body = {"start": other.place(6, "Now"), "end": other.place(6, "walks", after=True), "section": "before"}
    bench.send("excerpts/", body, expect=400)


def test_two_editors_never_overwrite_each_other(bench: Bench, client: Client) -> None:
    made = bench.make(6, "Now he walks to school.")
    at = f"excerpts/{made['id']}/"
    colleague = User.objects.create_superuser(
        "amina", "a@example.org", "x", first_name="Amina", last_name="Diallo"
    )
    hers = Bench(Client(), bench.interview)
    hers.client.force_login(colleague)
    saved = hers.send(at, {"rev": 1, "text": "Hers."}, method="PATCH")["excerpt"]
    assert saved["rev"] == 2
    refused = bench.send(at, {"rev": 1, "text": "Mine."}, method="PATCH", expect=409)
    assert refused["excerpt"]["text"] == "Hers."
    assert refused["excerpt"]["editor"]["name"] == "Amina Diallo"
    assert Excerpt.objects.get(pk=made["id"]).text == "Hers."
    bench.send(at, {"rev": refused["excerpt"]["rev"], "text": "Mine."}, method="PATCH")
    assert Excerpt.objects.get(pk=made["id"]).text == "Mine."


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"in": 9.0, "out": 8.0}, "start before it ends"),
        ({"in": "soon"}, "seconds"),
        ({"text": 3}, "must be text"),
        ({"text": "a\0"}, "cannot be saved"),
        ({"text": "x" * 20_001}, "20,000"),
        ({}, "Nothing to save"),
    ],
)
def test_changes_that_cannot_be_are_refused(bench: Bench, fields: dict[str, Any], says: str) -> None:
    made = bench.make(6, "Now he walks")
    answer = bench.send(f"excerpts/{made['id']}/", {"rev": 1, **fields}, method="PATCH", expect=400)
    assert says in answer["error"]
    assert Excerpt.objects.get(pk=made["id"]).rev == 1


def test_lone_surrogates_are_refused(bench: Bench) -> None:
    made = bench.make(6, "Now he walks")
    body = '{"rev": 1, "text": "\\ud83d"}'
    assert (
        "cannot be saved" in bench.send(f"excerpts/{made['id']}/", body, method="PATCH", expect=400)["error"]
    )


def test_fields_are_saved(bench: Bench) -> None:
    made = bench.make(6, "Now he walks")
    fields = {
        "text": "Now he walks …",
        "speaker": " Ana's  mother ",
        "topics": ["daily LIFE", "Walking"],
        "in": 24.12,
        "out": 25.08,
    }
    saved = bench.send(f"excerpts/{made['id']}/", {"rev": 1, **fields}, method="PATCH")["excerpt"]
    assert saved["speaker"] == "Ana's mother"
    assert saved["topics"] == ["Daily life", "Walking"]
    assert (saved["in"], saved["out"]) == (24.1, 25.1)
    assert Topic.objects.filter(name="Walking").exists()


def test_moving_within_and_between_sections(bench: Bench) -> None:
    a, b, c = (bench.make(6, words)["id"] for words in ("Now he walks", "Two steps", "and then more"))
    order = bench.send(f"excerpts/{c}/move/", {"section": "before", "before": a})["order"]
    assert sorted((a, b, c), key=lambda pk: order[str(pk)][1]) == [c, a, b]
    order = bench.send(f"excerpts/{a}/move/", {"section": "after", "before": None})["order"]
    assert order[str(a)][0] == "after"
    assert (
        "not a section"
        in bench.send(f"excerpts/{a}/move/", {"section": "", "before": None}, expect=400)["error"]
    )


def test_removing_is_undone(bench: Bench) -> None:
    made = bench.make(6, "Now he walks")
    answer = bench.send(f"excerpts/{made['id']}/remove/")
    assert answer["excerpt"]["removed"]
    assert bench.get("data/")["excerpts"] == []
    bench.send(f"excerpts/{made['id']}/restore/")
    assert [one["id"] for one in bench.get("data/")["excerpts"]] == [made["id"]]


def test_what_may_identify_is_found_and_answered(bench: Bench, editor: User) -> None:
    found = {(one[0], one[3]): one for one in bench.get("found/")["identifiers"]}
    name = found[bench.cues[1].pk, "name"]
    assert LINES[1][1][name[1] : name[2]] == "Hannah"
    assert name[5] == "[my sister]"
    assert (bench.cues[1].pk, "date") in found
    assert (bench.cues[4].pk, "place") in found
    made = bench.make(1, "My sister Hannah was visiting then.")
    body = {"cue": name[0], "at": name[1], "end": name[2], "state": "replaced", "neutral": "[a relative]"}
    answer = bench.send("identifier/", body)
    assert answer["excerpts"][0]["text"] == "My sister [a relative] was visiting then."
    assert answer["excerpts"][0]["verbatim"] == made["verbatim"]
    decision = IdentifierDecision.objects.get()
    assert (decision.by, decision.state) == (editor, "replaced")
    bench.cues[1].refresh_from_db()
    assert bench.cues[1].text == LINES[1][1], "the transcript stays as it is"
    again = bench.send("identifier/", {**body, "state": ""})
    assert again["identifiers"] == []
    assert again["excerpts"][0]["text"] == made["text"]
    refused = bench.send("identifier/", {**body, "state": "dismissed", "reason": " "}, expect=400)
    assert "why" in refused["error"]
    kept = bench.send("identifier/", {**body, "state": "dismissed", "reason": "A character in a book"})
    assert kept["identifiers"][0]["why"] == "A character in a book"


def test_words_that_no_rule_found_can_be_hidden(bench: Bench) -> None:
    at, end = bench.place(6, "school"), bench.place(6, "school", after=True)
    body = {"cue": at[0], "at": at[1], "end": end[1], "state": "replaced", "neutral": "[a place]"}
    assert bench.send("identifier/", body)["identifiers"][0]["neutral"] == "[a place]"
    assert (
        "no warning"
        in bench.send(
            "identifier/", {**body, "end": end[1] - 1, "state": "dismissed", "reason": "x"}, expect=400
        )["error"]
    )


def test_only_whole_words_are_replaced(editor_client: Client) -> None:
    bench = Bench(editor_client, make_interview([("Mother", "Hannah read of Hannahville.")]))
    made = bench.make(0, "Hannah read of Hannahville.")
    bench.send(
        "identifier/",
        {"cue": bench.cues[0].pk, "at": 0, "end": 6, "state": "replaced", "neutral": "[my sister]"},
    )
    assert Excerpt.objects.get(pk=made["id"]).text == "[my sister] read of Hannahville."


def test_conditions_come_from_contributors_and_are_decided(bench: Bench, editor: User) -> None:
    epilepsy = make_epilepsy()
    [suggested] = bench.get("found/")["conditions"]
    assert (suggested["id"], suggested["name"], suggested["places"]) == (epilepsy.pk, "Epilepsy", 1)
    cue, at, end, sentence = suggested["hits"][0]
    assert (cue, LINES[3][1][at:end], sentence) == (
        bench.cues[3].pk,
        "seizures",
        "He had seizures 😀 every day.",
    )
    for accepted in (True, False):
        answer = bench.send("condition/", {"condition": epilepsy.pk, "accepted": accepted})
        assert answer["conditions"] == [{"id": epilepsy.pk, "name": "Epilepsy", "accepted": accepted}]
    assert bench.send("condition/", {"condition": epilepsy.pk, "accepted": None})["conditions"] == []
    assert (
        "vocabulary" in bench.send("condition/", {"condition": 10**6, "accepted": True}, expect=400)["error"]
    )
    assert (
        "true, false"
        in bench.send("condition/", {"condition": epilepsy.pk, "accepted": 1}, expect=400)["error"]
    )


def test_what_the_doctor_says_suggests_nothing(editor_client: Client) -> None:
    make_epilepsy()
    bench = Bench(
        editor_client, make_interview([("Doctor", "He has seizures."), ("Mother", "No seizures at all.")])
    )
    assert bench.get("found/")["conditions"] == []


def test_a_search_is_kept_until_the_words_change(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    first = bench.get("found/")
    with monkeypatch.context() as patch:
        patch.setattr("interviews.workbench.finding.findings", lambda *_: pytest.fail("searched again"))
        assert bench.get("found/") == first
    bench.interview.cues.filter(position=6).update(text="Write to ana@example.org.")
    assert [one[3] for one in bench.get("found/")["identifiers"] if one[0] == bench.cues[6].pk] == ["email"]


def test_a_voice_is_renamed_once_for_all(bench: Bench) -> None:
    made = bench.make(6, "Now he walks")
    assert bench.send("speaker/", {"old": "Mother", "new": " Marta "}) == {"cues": 4, "name": "Marta"}
    assert Excerpt.objects.get(pk=made["id"]).speaker == "Marta"
    assert "name" in bench.send("speaker/", {"old": "Marta", "new": " "}, expect=400)["error"]


def test_topics_lie_under_keys(bench: Bench) -> None:
    answer = bench.send("topics/", {"keys": {"4": "Cost", "5": "", "9": "daily life"}})
    assert answer["keys"] == {"4": "Cost", "9": "Daily life"}
    for keys, says in (
        ({"3": "x"}, "4 to 9"),
        ({"4": "Cost", "5": "cost"}, "two keys"),
        ({"4": 1}, "name"),
        ([], "object"),
    ):
        assert says in bench.send("topics/", {"keys": keys}, expect=400)["error"]
    assert bench.get("data/")["topics"]["keys"] == {"4": "Cost", "9": "Daily life"}, (
        "a refusal changes nothing"
    )


def test_colleagues_see_each_other_and_what_they_change(bench: Bench) -> None:
    since = bench.get("data/")["now"]
    hers = Bench(Client(), bench.interview)
    hers.client.force_login(User.objects.create_superuser("amina", "a@example.org", "x", first_name="Amina"))
    made = hers.make(6, "Now he walks")
    hers.send("here/", {"excerpt": made["id"], "since": since})
    told = bench.send("here/", {"excerpt": None, "since": since})
    assert [(one["name"], one["excerpt"]) for one in told["here"]] == [("Amina", made["id"])]
    assert [one["id"] for one in told["changed"]] == [made["id"]]
    hers.send(f"excerpts/{made['id']}/remove/")
    assert bench.send("here/", {"excerpt": None, "since": told["now"]})["changed"][0]["removed"]
    Presence.objects.filter(user__username="amina").update(seen_at="2020-01-01T00:00:00Z")
    assert bench.send("here/", {"excerpt": None, "since": told["now"]})["here"] == []
    for moment in ("soon", "2026-01-01T00:00:00", 5):
        assert "date and time" in bench.send("here/", {"since": moment}, expect=400)["error"]


def test_an_excerpt_that_lost_its_place_is_attached_again(bench: Bench) -> None:
    made = bench.make(6, "Now he walks")
    Excerpt.objects.filter(pk=made["id"]).update(start_cue=None, end_cue=None, placed=False)
    assert bench.get("data/")["excerpts"][0]["start"] is None
    body = {"rev": 1, "start": bench.place(6, "Two steps"), "end": bench.place(6, "at first", after=True)}
    placed = bench.send(f"excerpts/{made['id']}/place/", body)["excerpt"]
    assert placed["placed"]
    assert (placed["verbatim"], placed["text"]) == ("Two steps at first", "Now he walks")
    bench.send(f"excerpts/{made['id']}/place/", body, expect=409)
