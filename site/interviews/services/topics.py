"""Topics of excerpts, and the topics on the number keys of an interview's workbench."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from interviews.models import Interview, InterviewTopic, Topic, free_slug
from interviews.services.errors import Refused

FIRST_KEY, LAST_KEY = 4, 9
_LONGEST_TOPIC = 80


@transaction.atomic
def topics_named(names: Iterable[str]) -> list[Topic]:
    """Return the topics with these names, in any case, and create those that do not exist yet.

    Raises Refused.
    """
    topics: dict[int, Topic] = {}
    for given in names:
        name = " ".join(given.split())
        if not name or len(name) > _LONGEST_TOPIC or "\0" in name:
            raise Refused(
                f"The name of a topic must have 1 to {_LONGEST_TOPIC} characters, such as ‘Side effects’."
            )
        topic = Topic.objects.filter(name__iexact=name).first() or Topic.objects.create(
            name=name, slug=free_slug(name)
        )
        topics.setdefault(topic.pk, topic)
    return list(topics.values())


@transaction.atomic
def pin_topics(*, interview: Interview, keys: Mapping[str, Any]) -> None:
    """Assign topics to the keys 4 to 9; a key that is empty or left out has none. Raises Refused."""
    wanted: dict[int, Topic] = {}
    for key, name in keys.items():
        if key not in {str(number) for number in range(FIRST_KEY, LAST_KEY + 1)}:
            raise Refused(f"Topics can be on the keys {FIRST_KEY} to {LAST_KEY}, not on ‘{key[:20]}’.")
        if not isinstance(name, str):
            raise Refused(f"The topic on key {key} must be a name.")
        if not name.strip():
            continue
        [topic] = topics_named([name])
        if topic in wanted.values():
            raise Refused(f"‘{topic.name}’ is on two keys. Choose one key for each topic.")
        wanted[int(key)] = topic
    interview.pinned_topics.all().delete()
    InterviewTopic.objects.bulk_create(
        InterviewTopic(interview=interview, key=key, topic=topic) for key, topic in sorted(wanted.items())
    )
