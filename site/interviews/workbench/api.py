"""The workbench's requests to the server, in JSON. Every refusal has `error`, a sentence for the editor."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, cast

from django.contrib.auth.models import User
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from conditions.models import Condition
from deidentification.identifiers import REASONS, Finding
from interviews import services
from interviews.models import Excerpt, IdentifierDecision, Interview
from interviews.services import LONGEST_TEXT, ChangedMeanwhile, Refused
from interviews.workbench import finding, presence, serialise
from interviews.workbench.offsets import NoSuchPlace, to_code_points
from interviews.workbench.request_body import Body, cue_of, in_code_points

PERMISSION = "interviews.change_interview"

JsonView = Callable[Concatenate[HttpRequest, Interview, ...], JsonResponse]


def refusal(sentence: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"error": sentence, **more}, status=status)


def json_view(method: str) -> Callable[[JsonView], Callable[..., JsonResponse]]:
    """Make a view for editors of interviews: it takes one method and the key of an interview, and refuses in
    sentences.
    """

    def decorate(view: JsonView) -> Callable[..., JsonResponse]:
        @functools.wraps(view)
        def answer(request: HttpRequest, pk: int, **keys: int) -> JsonResponse:
            if not request.user.has_perm(PERMISSION):
                return refusal("You do not have permission to edit interviews. Ask an administrator.", 403)
            if request.method != method:
                response = refusal(f"This address accepts only {method}.", 405)
                response["Allow"] = method
                return response
            interview = Interview.objects.filter(pk=pk).first()
            if interview is None:
                return refusal("This interview has been deleted.", 404)
            try:
                return view(request, interview, **keys)
            except ChangedMeanwhile as meanwhile:
                return refusal(
                    "Another editor has changed this excerpt.",
                    409,
                    excerpt=_shown(meanwhile.current.pk),
                )
            except Refused as refused:
                return refusal(str(refused), 400)
            except Excerpt.DoesNotExist:
                return refusal("This excerpt no longer exists. Reload the page.", 404)

        return answer

    return decorate


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _shown(pk: int) -> dict[str, Any]:
    return serialise.excerpt(serialise.with_all(Excerpt.objects.all()).get(pk=pk))


@json_view("GET")
def data(_request: HttpRequest, interview: Interview) -> JsonResponse:
    """Return the transcript, the excerpts and the decisions: everything that needs no search."""
    now = timezone.now()  # taken before reading: later changes come with the first poll
    response = JsonResponse(
        {
            **serialise.transcript(interview),
            "now": now.isoformat(),
            "language": serialise.language_of(interview),
            "duration": interview.duration,
            "peaks": interview.peaks,
            "excerpts": serialise.excerpts(serialise.with_all(interview.excerpts.kept().in_story_order())),
            "topics": serialise.topics(interview),
            "decisions": serialise.decisions(interview),
            "decided": presence.decided(interview),
            "imported": presence.imported(interview),
            "steps": serialise.steps(interview),
        },
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )
    response["Cache-Control"] = "private, no-store"
    return response


@json_view("GET")
def found(_request: HttpRequest, interview: Interview) -> JsonResponse:
    """Return the words that may identify a person, and the conditions that are mentioned."""
    return JsonResponse(finding.search(interview))


@json_view("GET")
def decisions(_request: HttpRequest, interview: Interview) -> JsonResponse:
    """Return the decisions on identifiers and conditions."""
    return JsonResponse({**serialise.decisions(interview), "decided": presence.decided(interview)})


@json_view("POST")
def make(request: HttpRequest, interview: Interview) -> JsonResponse:
    """{start: [cue, offset], end: [cue, offset], section, topics: [names]} -> {excerpt}"""
    body = Body(request)
    made = services.make_excerpt_once(
        interview=interview,
        start=in_code_points(interview, body.place("start")),
        end=in_code_points(interview, body.place("end")),
        section=body.text("section", longest=20),
        topics=services.topics_named(body.names("topics")),
        by=_user(request),
    )
    return JsonResponse({"excerpt": _shown(made.pk), "steps": _steps(interview)}, status=201)


@json_view("PATCH")
def change(request: HttpRequest, interview: Interview, excerpt: int) -> JsonResponse:
    """{rev, and any of text, speaker, section, topics, in, out} -> {excerpt}; 409 with the saved excerpt if
    `rev` is old.
    """
    body = Body(request)
    wanted: dict[str, Any] = {}
    if "text" in body:
        wanted["text"] = body.text("text", longest=LONGEST_TEXT)
    if "speaker" in body:
        wanted["speaker"] = " ".join(body.text("speaker", longest=120).split())
    if "in" in body:
        wanted["clip_in"] = body.seconds("in")
    if "out" in body:
        wanted["clip_out"] = body.seconds("out")
    if "topics" in body:
        wanted["topics"] = services.topics_named(body.names("topics"))
    if not wanted:
        raise Refused("Nothing to save: send text, speaker, topics, in or out.")
    saved = services.change_excerpt(
        excerpt=interview.excerpts.get(pk=excerpt), rev=body.integer("rev"), by=_user(request), **wanted
    )
    return JsonResponse({"excerpt": _shown(saved.pk)})


@json_view("POST")
def move(request: HttpRequest, interview: Interview, excerpt: int) -> JsonResponse:
    """{section, before: key of an excerpt, or null for the end} -> {order: {key: [section, order]}}"""
    body = Body(request)
    before = body.integer("before") if body.fields.get("before") is not None else None
    services.move_excerpt(
        excerpt=interview.excerpts.kept().get(pk=excerpt),
        section=body.text("section", longest=20),
        before=interview.excerpts.kept().filter(pk=before).first() if before is not None else None,
    )
    places = interview.excerpts.kept().values_list("pk", "section", "order")
    return JsonResponse({"order": {str(pk): [section, order] for pk, section, order in places}})


@json_view("POST")
def remove(request: HttpRequest, interview: Interview, excerpt: int) -> JsonResponse:
    """{} -> {excerpt, steps}"""
    services.remove_excerpt(excerpt=interview.excerpts.get(pk=excerpt), by=_user(request))
    return JsonResponse({"excerpt": _shown(excerpt), "steps": _steps(interview)})


@json_view("POST")
def restore(request: HttpRequest, interview: Interview, excerpt: int) -> JsonResponse:
    """{} -> {excerpt, steps}"""
    services.restore_excerpt(excerpt=interview.excerpts.get(pk=excerpt), by=_user(request))
    return JsonResponse({"excerpt": _shown(excerpt), "steps": _steps(interview)})


@json_view("POST")
def place(request: HttpRequest, interview: Interview, excerpt: int) -> JsonResponse:
    """{rev, start, end} -> {excerpt}: attaches an excerpt that lost its place."""
    body = Body(request)
    placed = services.place_excerpt(
        excerpt=interview.excerpts.get(pk=excerpt),
        start=in_code_points(interview, body.place("start")),
        end=in_code_points(interview, body.place("end")),
        rev=body.integer("rev"),
        by=_user(request),
    )
    return JsonResponse({"excerpt": _shown(placed.pk)})


@json_view("POST")
def identifier(request: HttpRequest, interview: Interview) -> JsonResponse:
    """{cue, at, end, state: replaced, dismissed or '' to undo, neutral, reason} -> decisions, changed
    excerpts.
    """
    body = Body(request)
    cue = cue_of(interview, body.integer("cue"))
    try:
        at, end = (to_code_points(cue.text, body.integer(name)) for name in ("at", "end"))
    except NoSuchPlace as error:
        raise Refused(f"These words are not in this line ({error}). Reload the page.") from error
    state = body.text("state", longest=10)
    started = timezone.now()
    if not state:
        services.undecide_identifier(interview=interview, cue=cue, at=at, end=end, by=_user(request))
    else:
        services.decide_identifier(
            interview=interview,
            cue=cue,
            finding=_finding(interview, cue, at, end, state),
            state=state,
            by=_user(request),
            neutral=body.text("neutral", longest=80, default=""),
            reason=body.text("reason", longest=300, default=""),
        )
    touched = serialise.with_all(interview.excerpts.kept().filter(updated_at__gte=started))
    return JsonResponse(
        {
            **serialise.decisions(interview),
            "decided": presence.decided(interview),
            "excerpts": serialise.excerpts(touched),
        }
    )


def _finding(interview: Interview, cue: Any, at: int, end: int, state: str) -> Finding:
    """Return what was found at this place. An editor may also replace words that she selected herself."""
    for one in finding.found_in(interview, cue):
        if (one.at, one.end) == (at, end):
            return one
    if state == IdentifierDecision.State.REPLACED and at < end and cue.text[at:end].strip():
        return Finding(at, end, cue.text[at:end], "name", REASONS["name"], "[name]")
    raise Refused("There is no warning at this place. Reload the page.")


@json_view("POST")
def condition(request: HttpRequest, interview: Interview) -> JsonResponse:
    """{condition, accepted: true, false, or null to undo} -> decisions"""
    body = Body(request)
    key, accepted = body.integer("condition"), body.yes_or_no("accepted")
    if accepted is None:
        services.undecide_condition(interview=interview, condition=key)
    else:
        chosen = Condition.objects.filter(pk=key).first()
        if chosen is None:
            raise Refused("This condition is no longer in the vocabulary. Reload the page.")
        services.decide_condition(interview=interview, condition=chosen, accepted=accepted, by=_user(request))
    return JsonResponse({**serialise.decisions(interview), "decided": presence.decided(interview)})


@json_view("POST")
def speaker(request: HttpRequest, interview: Interview) -> JsonResponse:
    """{old, new}: renames a speaker in the whole interview -> {cues: how many, name}"""
    body = Body(request)
    old, new = body.text("old", longest=120), " ".join(body.text("new", longest=120).split())
    cues = services.rename_speaker(interview=interview, old=old, new=new)
    return JsonResponse({"cues": cues, "name": new})


@json_view("POST")
def topics(request: HttpRequest, interview: Interview) -> JsonResponse:
    """{keys: {"4": name, …}} -> the topics on keys 4 to 9, and all topics"""
    services.pin_topics(interview=interview, keys=Body(request).mapping("keys"))
    return JsonResponse(serialise.topics(interview))


@json_view("POST")
def here(request: HttpRequest, interview: Interview) -> JsonResponse:
    """{excerpt: the one being edited or null, since: `now` of the last answer} -> who is here, changes"""
    body = Body(request)
    edited = body.integer("excerpt") if body.fields.get("excerpt") is not None else None
    return JsonResponse(presence.report(interview, _user(request), edited, body.moment("since")))


def _steps(interview: Interview) -> list[dict[str, str]]:
    interview.refresh_from_db(fields=["state"])
    return serialise.steps(interview)
