"""What the workbench's page asks of the server, in JSON. Every answer that refuses has `error`, a sentence to show."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, cast

from django.contrib.auth.models import User
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from conditions.models import Condition
from interviews import services
from interviews.identifiers import REASONS, Finding
from interviews.models import Excerpt, IdentifierDecision, Interview
from interviews.services import LONGEST_TEXT, ChangedMeanwhile, Refused
from interviews.workbench import changes, finding, presence, serialise
from interviews.workbench.offsets import NoSuchPlace, to_code_points
from interviews.workbench.reading import Body, cue_of, in_code_points

PERMISSION = "interviews.change_interview"

type_of_view = Callable[Concatenate[HttpRequest, Interview, ...], JsonResponse]


def refusal(sentence: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"error": sentence, **more}, status=status)


def json_view(method: str) -> Callable[[type_of_view], Callable[..., JsonResponse]]:
    """A view for those who may change interviews: one method, an interview by its key, refusals as sentences."""

    def decorate(view: type_of_view) -> Callable[..., JsonResponse]:
        @functools.wraps(view)
        def answer(request: HttpRequest, pk: int, **keys: int) -> JsonResponse:
            if not request.user.has_perm(PERMISSION):
                return refusal("You may not change interviews. Ask whoever gives out permissions.", 403)
            if request.method != method:
                response = refusal(f"This address takes {method}.", 405)
                response["Allow"] = method
                return response
            interview = Interview.objects.filter(pk=pk).first()
            if interview is None:
                return refusal("This interview is gone: somebody deleted it.", 404)
            try:
                return view(request, interview, **keys)
            except ChangedMeanwhile as meanwhile:
                return refusal(
                    "Somebody else changed this excerpt meanwhile.",
                    409,
                    excerpt=_shown(meanwhile.current.pk),
                )
            except Refused as refused:
                return refusal(str(refused), 400)
            except Excerpt.DoesNotExist:
                return refusal("This excerpt is gone. Load the page again.", 404)

        return answer

    return decorate


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _shown(pk: int) -> dict[str, Any]:
    return serialise.excerpt(serialise.with_all(Excerpt.objects.all()).get(pk=pk))


@json_view("GET")
def data(request: HttpRequest, interview: Interview) -> JsonResponse:
    """The transcript, the excerpts and all that was decided: everything but what has to be searched for."""
    now = timezone.now()  # before reading: what changes meanwhile is told by the first poll
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
def found(request: HttpRequest, interview: Interview) -> JsonResponse:
    """What may identify somebody, and conditions that the words speak of."""
    return JsonResponse(finding.search(interview))


@json_view("GET")
def decisions(request: HttpRequest, interview: Interview) -> JsonResponse:
    return JsonResponse({**serialise.decisions(interview), "decided": presence.decided(interview)})


@json_view("POST")
def make(request: HttpRequest, interview: Interview) -> JsonResponse:
    """{start: [cue, offset], end: [cue, offset], section, topics: [names]} -> {excerpt}"""
    body = Body(request)
    made = changes.make_once(
        interview=interview,
        start=in_code_points(interview, body.place("start")),
        end=in_code_points(interview, body.place("end")),
        section=body.text("section", longest=20),
        topics=changes.topics_named(body.names("topics")),
        by=_user(request),
    )
    return JsonResponse({"excerpt": _shown(made.pk), "steps": _steps(interview)}, status=201)


@json_view("PATCH")
def change(request: HttpRequest, interview: Interview, excerpt: int) -> JsonResponse:
    """{rev, and any of text, speaker, section, topics, in, out} -> {excerpt}; 409 with theirs when `rev` is old."""
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
        wanted["topics"] = changes.topics_named(body.names("topics"))
    if not wanted:
        raise Refused("Nothing to save: send text, speaker, topics, in or out.")
    saved = services.change_excerpt(
        excerpt=interview.excerpts.get(pk=excerpt), rev=body.integer("rev"), by=_user(request), **wanted
    )
    return JsonResponse({"excerpt": _shown(saved.pk)})


@json_view("POST")
def move(request: HttpRequest, interview: Interview, excerpt: int) -> JsonResponse:
    """{section, before: key of an excerpt or null for last} -> {order: {key: [section, order]}}"""
    body = Body(request)
    before = body.integer("before") if body.fields.get("before") is not None else None
    services.move_excerpt(
        excerpt=interview.excerpts.kept().get(pk=excerpt),
        section=body.text("section", longest=20),
        before=interview.excerpts.kept().filter(pk=before).first() if before is not None else None,
        by=_user(request),
    )
    places = interview.excerpts.kept().values_list("pk", "section", "order")
    return JsonResponse({"order": {str(pk): [section, order] for pk, section, order in places}})


@json_view("POST")
def remove(request: HttpRequest, interview: Interview, excerpt: int) -> JsonResponse:
    services.remove_excerpt(excerpt=interview.excerpts.get(pk=excerpt), by=_user(request))
    return JsonResponse({"excerpt": _shown(excerpt), "steps": _steps(interview)})


@json_view("POST")
def restore(request: HttpRequest, interview: Interview, excerpt: int) -> JsonResponse:
    services.restore_excerpt(excerpt=interview.excerpts.get(pk=excerpt), by=_user(request))
    return JsonResponse({"excerpt": _shown(excerpt), "steps": _steps(interview)})


@json_view("POST")
def place(request: HttpRequest, interview: Interview, excerpt: int) -> JsonResponse:
    """{rev, start, end} -> {excerpt}: attaches one that lost its place."""
    body = Body(request)
    placed = changes.place_again(
        excerpt=interview.excerpts.get(pk=excerpt),
        start=in_code_points(interview, body.place("start")),
        end=in_code_points(interview, body.place("end")),
        rev=body.integer("rev"),
        by=_user(request),
    )
    return JsonResponse({"excerpt": _shown(placed.pk)})


@json_view("POST")
def identifier(request: HttpRequest, interview: Interview) -> JsonResponse:
    """{cue, at, end, state: replaced, dismissed or '' to take back, neutral, reason} -> decisions, excerpts changed."""
    body = Body(request)
    cue = cue_of(interview, body.integer("cue"))
    try:
        at, end = (to_code_points(cue.text, body.integer(name)) for name in ("at", "end"))
    except NoSuchPlace as error:
        raise Refused(f"These words are not in this line ({error}). Load the page again.") from error
    state = body.text("state", longest=10)
    started = timezone.now()
    if not state:
        changes.undecide_identifier(interview=interview, cue=cue, at=at, end=end, by=_user(request))
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
    """What was found at this place; words that an editor marked herself may be replaced too."""
    for one in finding.found_in(interview, cue):
        if (one.at, one.end) == (at, end):
            return one
    if state == IdentifierDecision.State.REPLACED and at < end and cue.text[at:end].strip():
        return Finding(at, end, cue.text[at:end], "name", REASONS["name"], "[name]")
    raise Refused("There is no warning at this place. Load the page again.")


@json_view("POST")
def condition(request: HttpRequest, interview: Interview) -> JsonResponse:
    """{condition, accepted: true, false, or null to take back} -> decisions"""
    body = Body(request)
    key, accepted = body.integer("condition"), body.yes_or_no("accepted")
    if accepted is None:
        changes.undecide_condition(interview=interview, condition=key)
    else:
        chosen = Condition.objects.filter(pk=key).first()
        if chosen is None:
            raise Refused("This condition is no longer in the vocabulary. Load the page again.")
        services.decide_condition(interview=interview, condition=chosen, accepted=accepted, by=_user(request))
    return JsonResponse({**serialise.decisions(interview), "decided": presence.decided(interview)})


@json_view("POST")
def speaker(request: HttpRequest, interview: Interview) -> JsonResponse:
    """{old, new}: renames a voice once for all -> {cues: how many, name}"""
    body = Body(request)
    old, new = body.text("old", longest=120), " ".join(body.text("new", longest=120).split())
    cues = services.rename_speaker(interview=interview, old=old, new=new, by=_user(request))
    changes.touch_excerpts_of(interview, new)
    return JsonResponse({"cues": cues, "name": new})


@json_view("POST")
def topics(request: HttpRequest, interview: Interview) -> JsonResponse:
    """{keys: {"4": name, …}} -> the topics under keys 4 to 9 and all topics"""
    changes.pin_topics(interview=interview, keys=Body(request).mapping("keys"))
    return JsonResponse(serialise.topics(interview))


@json_view("POST")
def here(request: HttpRequest, interview: Interview) -> JsonResponse:
    """{excerpt: the one in hand or null, since: the last answer's now} -> who is here, what changed"""
    body = Body(request)
    in_hand = body.integer("excerpt") if body.fields.get("excerpt") is not None else None
    return JsonResponse(presence.report(interview, _user(request), in_hand, body.moment("since")))


def _steps(interview: Interview) -> list[dict[str, str]]:
    interview.refresh_from_db(fields=["state"])
    return serialise.steps(interview)
