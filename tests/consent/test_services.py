"""Each function that writes consents: what it stores, its audit entry, the one signal it sends, what it refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from audit.actors import Actor
from audit.models import AuditEntry
from consent import services
from consent.models import Consent, ConsentForm, Person
from consent.uses import UNDERSTOOD, Use
from tests import factories as make

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
HOUR = timedelta(hours=1)


def entries() -> list[tuple[Any, ...]]:
    """Return every audit entry, oldest first: action, object, person, details, reason."""
    fields = ("action", "thing", "person_number", "details", "reason")
    return list(AuditEntry.objects.order_by("pk").values_list(*fields))


def name_of(consent: Consent) -> str:
    return f"consent.consent:{consent.pk}"


def unsaved(person: Person, **fields: Any) -> Consent:
    """Return a consent to the text that could be recorded, with `fields` changed."""
    form = ConsentForm.objects.create(name="Story", version="1", text="I agree.")
    good = {
        "form": form,
        "use_text": True,
        "signed_on": timezone.localdate(),
        **dict.fromkeys(UNDERSTOOD, True),
    }
    return Consent(person=person, **{**good, **fields})


# Recording --------------------------------------------------------------------------------------------------


def test_a_recorded_consent_has_an_author_an_entry_and_one_signal(
    editor: Any, heard: list[list[int]]
) -> None:
    person = make.PersonFactory()
    consent = services.record_consent(consent=unsaved(person, use_photo=True), by=Actor.of(editor))
    assert Consent.objects.get() == consent
    assert consent.created_by == editor
    assert entries() == [("consent.recorded", name_of(consent), person.pk, {"uses": ["photo", "text"]}, "")]
    assert AuditEntry.objects.get().user == editor
    assert heard == [[person.pk]]


def test_the_author_of_a_consent_stays_its_author(editor: Any, django_user_model: Any) -> None:
    other = django_user_model.objects.create_user("other")
    consent = unsaved(make.PersonFactory(), created_by=other)
    assert services.record_consent(consent=consent, by=Actor.of(editor)).created_by == other


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"use_text": False}, "use_text"),
        ({"understood_edited": False}, "understood_not_anonymous"),
        ({"signed_on": timezone.localdate() + timedelta(days=2)}, "signed_on"),
        ({"until": timezone.now() - HOUR}, "until"),
        ({"signer": "kin", "legally_entitled": True}, "guardian"),
        ({"form": None}, "form"),
    ],
)
def test_what_is_not_a_consent_is_neither_stored_nor_recorded(
    fields: dict[str, Any], where: str, heard: list[list[int]]
) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.record_consent(consent=unsaved(make.PersonFactory(), **fields), by=BY)
    assert where in refusal.value.message_dict
    assert (Consent.objects.count(), entries(), heard) == (0, [], [])


def test_a_person_does_not_sign_as_their_own_guardian() -> None:
    person = make.PersonFactory()
    consent = unsaved(person, signer="kin", guardian=person, legally_entitled=True)
    with pytest.raises(ValidationError, match="different person"):
        services.record_consent(consent=consent, by=BY)


def test_a_grant_allows_exactly_the_uses_named(heard: list[list[int]]) -> None:
    form = ConsentForm.objects.create(name="Story", version="1", text="I agree.")
    person = make.PersonFactory()
    given: dict[str, Any] = {"person": person, "by": BY, "form": form, "signed_on": timezone.localdate()}
    with pytest.raises(ValidationError, match="understood every point"):
        services.grant(uses=["text"], **given)
    consent = services.grant(uses=["text", Use.VOICE], understood_all=True, witness="A nurse", **given)
    assert Consent.objects.get().uses == {Use.TEXT, Use.VOICE}
    assert consent.understands_all
    assert consent.witness == "A nurse"
    assert heard == [[person.pk]]
    with pytest.raises(ValueError, match="billboards"):
        services.grant(uses=["billboards"], understood_all=True, **given)


# Changing ---------------------------------------------------------------------------------------------------


def test_a_change_records_answers_with_values_and_names_without(heard: list[list[int]]) -> None:
    consent = make.consent(make.PersonFactory(), uses=["text"])
    heard.clear()
    changed = services.change(
        consent=consent, by=BY, uses=["photo"], witness="Rosa Ferreira", reason="She asked for it"
    )
    assert changed is consent
    assert consent.uses == {Use.PHOTO}
    assert consent.witness == "Rosa Ferreira"
    details = {"use_text": [True, False], "use_photo": [False, True], "witness": "changed"}
    person = consent.person_id
    assert entries() == [("consent.changed", name_of(consent), person, details, "She asked for it")]
    assert heard == [[person]]


def test_a_change_of_nothing_leaves_no_entry() -> None:
    consent = make.consent(make.PersonFactory())
    services.change_consent(consent=Consent.objects.get(), by=BY, reason="Only looked")
    assert entries() == []
    assert services.changed_fields(consent, Consent.objects.get()) == {}


def test_a_refused_change_leaves_the_stored_consent(heard: list[list[int]]) -> None:
    consent = make.consent(make.PersonFactory())
    heard.clear()
    with pytest.raises(ValidationError, match="at least one use"):
        services.change(consent=consent, by=BY, uses=[])
    assert Consent.objects.get().uses == set(Use)
    assert (entries(), heard) == ([], [])


def test_a_consent_recorded_for_the_wrong_person_concerns_both_in_one_signal(heard: list[list[int]]) -> None:
    wrong, right = make.PersonFactory(), make.PersonFactory()
    consent = make.consent(wrong)
    story = make.StoryPageFactory(person=wrong)
    heard.clear()
    services.change(consent=consent, by=BY, person=right)
    assert heard == [[wrong.pk, right.pk]]
    assert entries()[-1][:4] == ("consent.changed", name_of(consent), right.pk, {"person": "changed"})
    story.refresh_from_db()
    assert not story.live


def test_a_change_read_before_a_withdrawal_does_not_undo_the_withdrawal() -> None:
    stale = make.consent(make.PersonFactory())
    now = timezone.now()
    Consent.objects.update(withdrawn_at=now, withdrawn_uses=["photo"])
    stale.witness = "A nurse"
    services.change_consent(consent=stale, by=BY)
    stored = Consent.objects.get()
    assert (stored.witness, stored.withdrawn_at, stored.withdrawn_uses) == ("A nurse", now, ["photo"])
    assert stored.state() == Consent.State.WITHDRAWN


def test_a_consent_for_one_page_never_becomes_one_for_all_pages() -> None:
    person = make.consenting()
    consent = make.consent(person, page=make.StoryPageFactory(person=person))
    services.change(consent=consent, by=BY, page=None)
    assert consent.for_one_page
    assert entries()[-1][3] == {"page": "changed"}


# Deleting ---------------------------------------------------------------------------------------------------


def test_a_consent_that_was_not_signed_is_deleted_and_its_entry_stays(heard: list[list[int]]) -> None:
    consent = make.consent(make.PersonFactory(), signed_on=None)
    name, person = name_of(consent), consent.person_id
    heard.clear()
    services.delete_consent(consent=consent, by=BY, reason="Entered twice")
    assert not Consent.objects.exists()
    assert entries() == [("consent.deleted", name, person, {}, "Entered twice")]
    assert heard == [[person]]


def test_a_signed_consent_is_never_deleted(heard: list[list[int]]) -> None:
    unsigned = make.consent(make.PersonFactory(), signed_on=None)
    Consent.objects.update(signed_on=timezone.localdate())  # signed after it was read
    heard.clear()
    for consent in (unsigned, Consent.objects.get()):
        with pytest.raises(services.SignedConsent, match="Withdraw it instead"):
            services.delete_consent(consent=consent, by=BY)
    assert Consent.objects.count() == 1
    assert (entries(), heard) == ([], [])


# Withdrawing and erasing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allowed", "withdrawn", "left"),
    [
        (["text", "photo"], [], None),
        (["text", "photo"], ["photo", "text"], None),
        (["text", "photo"], ["photo"], {Use.TEXT}),
        (["text"], ["text", "voice"], None),
        (["text", "photo"], ["photo", "voice"], {Use.TEXT}),
    ],
)
def test_a_withdrawal_of_every_use_left_is_a_full_one(
    allowed: list[str], withdrawn: list[str], left: set[Use] | None
) -> None:
    consent, at = make.consent(make.PersonFactory(), uses=allowed), timezone.now()
    services.mark_withdrawn(consent, frozenset(map(Use, withdrawn)), at)
    assert consent.withdrawn_at == (None if left else at)
    assert left is None or consent.uses == left


def test_uses_are_withdrawn_in_turn_and_the_first_full_withdrawal_counts() -> None:
    consent, at = make.consent(make.PersonFactory(), uses=["text", "photo", "face"]), timezone.now()
    for use in (Use.PHOTO, Use.FACE):
        services.mark_withdrawn(consent, frozenset({use}), at)
    assert consent.withdrawn_uses == ["face", "photo"]
    services.mark_withdrawn(consent, frozenset({Use.TEXT}), at)
    services.mark_withdrawn(consent, frozenset(), at + HOUR)
    assert consent.withdrawn_at == at


@pytest.mark.parametrize("number", [1, 2])
def test_one_entry_is_about_the_consent_or_about_the_person_of_several(number: int) -> None:
    person = make.PersonFactory()
    consents = [make.consent(person, uses=["text", "photo"]) for _each in range(number)]
    services.withdraw_consents(
        person=person,
        consents=iter(consents),
        uses=frozenset({Use.PHOTO}),
        at=timezone.now(),
        by=BY,
        reason="By telephone",
        details={"pages": [4]},
    )
    assert {consent.uses for consent in Consent.objects.all()} == {frozenset({Use.TEXT})}
    details = {"consents": [consent.pk for consent in consents], "uses": ["photo"], "pages": [4]}
    about = name_of(consents[0]) if number == 1 else f"consent.person:{person.pk}"
    assert entries() == [("consent.withdrawn", about, person.pk, details, "By telephone")]


def test_an_erasure_leaves_the_fact_of_a_consent_and_nothing_personal() -> None:
    person, other = make.PersonFactory(), make.PersonFactory()
    words = dict.fromkeys(set(services.PERSONAL_TEXT) - {"signature", "material_hash"}, "Rosa Ferreira")
    personal: dict[str, Any] = {
        **words,
        "material_hash": "f" * 64,
        "signature": ContentFile(b"Rosa", "rosa.pdf"),
        "guardian": other,
        "page": make.StandardPageFactory(),
    }
    earlier = timezone.now() - HOUR
    emptied = make.consent(person, **personal)
    before = make.consent(person, withdrawn_at=earlier)
    spared = make.consent(other, witness="A nurse")
    services.empty_for_erasure(person=person)
    emptied.refresh_from_db()
    assert {str(getattr(emptied, name)) for name in services.PERSONAL_TEXT} == {""}
    assert (emptied.guardian, emptied.page, emptied.for_one_page) == (None, None, True)
    assert emptied.signed_on
    assert emptied.state() == Consent.State.WITHDRAWN
    assert Consent.objects.get(pk=before.pk).withdrawn_at == earlier
    spared.refresh_from_db()
    assert (spared.witness, spared.state()) == ("A nurse", Consent.State.IN_FORCE)
