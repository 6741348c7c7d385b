"""Consents: what somebody agreed to, use by use, on which version of which form, and what they took back.

Fields after the BMJ patient consent form (2019), ICMJE, GMC and COPE.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.models.person import Person
from consent.uses import UNDERSTOOD, Use, field_of
from media.file_names import unguessable_path
from media.storage import private_storage


def signature_path(instance: Any, filename: str) -> str:
    return unguessable_path("consents", filename)


class ConsentForm(models.Model):
    """One text that people sign, in one language and one version. A version that was signed never changes."""

    name = models.CharField(_("name"), max_length=120, help_text=_("E.g. ‘Patient story’."))
    language = models.CharField(_("language"), max_length=10, default="en")
    version = models.CharField(_("version"), max_length=20, help_text=_("E.g. ‘2026-11’."))
    text = models.TextField(_("text"))
    text_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("consent form")
        verbose_name_plural = _("consent forms")
        ordering = ["name", "language", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["name", "language", "version"], name="one_text_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.language}, {self.version}"

    def clean(self) -> None:
        super().clean()
        if self.pk and self.consents.exists():
            kept = ConsentForm.objects.get(pk=self.pk)
            if (kept.text, kept.version) != (self.text, self.version):
                raise ValidationError(
                    {"text": _("Somebody signed this version: it stays. Make a new version.")}
                )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.text_hash = hashlib.sha256(self.text.encode()).hexdigest()
        super().save(*args, **kwargs)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self, on: datetime | None = None) -> Self:
        """Those that hold at that moment (now by default): signed, begun, not ended, not withdrawn altogether."""
        on = on or timezone.now()
        return self.filter(
            Q(signed_on__isnull=False),
            Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=on),
            Q(ends_at__isnull=True) | Q(ends_at__gt=on),
            starts_at__lte=on,
            person__erased_at__isnull=True,
        )

    def ending(self, within_days: int = 60, on: datetime | None = None) -> Self:
        """Those in force that end within so many days."""
        on = on or timezone.now()
        return self.in_force(on).filter(ends_at__lte=on + timedelta(days=within_days))

    def withdrawn(self) -> Self:
        return self.filter(withdrawn_at__isnull=False)


class Consent(models.Model):
    """One signed consent about one person."""

    class Signer(models.TextChoices):
        SELF = "self", _("The person")
        GUARDIAN = "guardian", _("A parent or guardian")
        NEXT_OF_KIN = "kin", _("The next of kin")

    class Assent(models.TextChoices):
        NOT_ASKED = "", _("Not asked")
        GIVEN = "given", _("Given")
        NOT_ABLE = "unable", _("Too young or not able, said why below")
        REFUSED = "refused", _("Refused")

    class State(models.TextChoices):
        UNSIGNED = "unsigned", _("Not signed")
        COMING = "coming", _("Not yet in force")
        IN_FORCE = "in_force", _("In force")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="consents", verbose_name=_("person")
    )
    form = models.ForeignKey(
        ConsentForm,
        null=True,
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name=_("form signed"),
        help_text=_("The exact version that was signed stays with this record."),
    )
    # Who signed
    signer = models.CharField(_("signed by"), max_length=10, choices=Signer.choices, default=Signer.SELF)
    guardian = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="signed_for_others",
        verbose_name=_("who signed for them"),
    )
    legally_entitled = models.BooleanField(_("entitled by law to sign for them"), default=False)
    capacity = models.TextField(
        _("capacity"), blank=True, help_text=_("Whether they could decide, and how that was judged.")
    )
    assent = models.CharField(
        _("the child’s own assent"), max_length=10, choices=Assent.choices, blank=True, default=""
    )
    assent_note = models.TextField(
        _("about the assent"),
        blank=True,
        help_text=_("What the child was told and said; or why it was not asked."),
    )
    # What they saw
    page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("for this page only"),
        help_text=_("Left empty, it covers every page about this person."),
    )
    for_one_page = models.BooleanField(default=False, editable=False)
    material = models.TextField(
        _("material"), blank=True, help_text=_("What it is about: the recording of 3 May, two pictures.")
    )
    material_hash = models.CharField(
        _("hash of what was seen"), max_length=64, blank=True, help_text=_("SHA-256 of the exact version.")
    )
    seen = models.TextField(_("what they saw"), blank=True)
    not_seen = models.TextField(_("what they did not see"), blank=True)
    interpreter = models.CharField(_("interpreter"), max_length=120, blank=True)
    understood_not_anonymous = models.BooleanField(UNDERSTOOD["understood_not_anonymous"], default=False)
    understood_health_shown = models.BooleanField(UNDERSTOOD["understood_health_shown"], default=False)
    understood_worldwide = models.BooleanField(UNDERSTOOD["understood_worldwide"], default=False)
    understood_edited = models.BooleanField(UNDERSTOOD["understood_edited"], default=False)
    understood_taken_up = models.BooleanField(UNDERSTOOD["understood_taken_up"], default=False)
    understood_no_advertising = models.BooleanField(UNDERSTOOD["understood_no_advertising"], default=False)
    understood_no_payment = models.BooleanField(UNDERSTOOD["understood_no_payment"], default=False)
    # What they agreed to: each yes or no
    use_text = models.BooleanField(Use.TEXT.label, default=False)
    use_quotes = models.BooleanField(Use.QUOTES.label, default=False)
    use_photo = models.BooleanField(Use.PHOTO.label, default=False)
    use_face = models.BooleanField(Use.FACE.label, default=False)
    use_voice = models.BooleanField(Use.VOICE.label, default=False)
    use_video = models.BooleanField(Use.VIDEO.label, default=False)
    use_real_name = models.BooleanField(Use.REAL_NAME.label, default=False)
    use_full_transcript = models.BooleanField(Use.FULL_TRANSCRIPT.label, default=False)
    use_social_media = models.BooleanField(Use.SOCIAL_MEDIA.label, default=False)
    use_press = models.BooleanField(Use.PRESS.label, default=False)
    use_translation = models.BooleanField(Use.TRANSLATION.label, default=False)
    use_teaching = models.BooleanField(Use.TEACHING.label, default=False)
    use_marketing = models.BooleanField(Use.MARKETING.label, default=False)
    # Terms
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    until = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Left empty, it has no end of its own.")
    )
    conditions = models.TextField(
        _("conditions"), blank=True, help_text=_("What they asked for, e.g. to see every change.")
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signature = models.FileField(
        _("signed form or recording"),
        storage=private_storage,
        upload_to=signature_path,
        blank=True,
        help_text=_("Private, always; each reading of it is written down."),
    )
    witness = models.CharField(_("witness"), max_length=120, blank=True)
    collected_by = models.CharField(_("collected by"), max_length=120, blank=True)
    # Worked out at each save: the end of the term, or the day a child comes of age, whichever is first.
    ends_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    # Taken back: altogether, or only some uses.
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_uses = models.JSONField(default=list, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-signed_on", "-pk"]

    def __str__(self) -> str:
        return f"{gettext('Consent')} #{self.pk}"

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        person = self.person if self.person_id else None
        if self.signed_on and self.signed_on > timezone.localdate():
            errors["signed_on"] = _("This day is still to come: enter the consent when it is signed.")
        if self.until and self.until <= self.starts_at:
            errors["until"] = _("It would end before it begins.")
        if self.signer != self.Signer.SELF:
            if self.guardian_id is None:
                errors["guardian"] = _("Say who signed.")
            elif self.guardian_id == self.person_id:
                errors["guardian"] = _("Nobody signs for themselves as somebody else.")
            if not self.legally_entitled:
                errors["legally_entitled"] = _("Only who is entitled by law signs for somebody else.")
        signed_day = self.signed_on or timezone.localdate()
        if person and person.is_child(signed_day):
            if self.signer == self.Signer.SELF:
                errors["signer"] = _(
                    "A child’s consent is signed by a parent or guardian, with its own assent."
                )
            if self.assent == self.Assent.REFUSED:
                errors["assent"] = _("The child said no: this cannot be a consent.")
            elif not self.assent:
                errors["assent"] = _("Record the child’s own assent, or why it was not asked.")
            elif self.assent == self.Assent.NOT_ABLE and not self.assent_note.strip():
                errors["assent_note"] = _("Say why the child was not asked.")
        if self.signed_on and not any(getattr(self, field_of(use)) for use in Use):
            errors["use_text"] = _("A signed consent allows at least one use.")
        if self.signed_on and not self.understands_all:
            missing = [str(words) for name, words in UNDERSTOOD.items() if not getattr(self, name)]
            errors["understood_not_anonymous"] = _(
                "It is a consent once the signer understood everything on the form. Missing: %(missing)s."
            ) % {"missing": "; ".join(missing)}
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.for_one_page = self.for_one_page or self.page_id is not None
        self.ends_at = self.end()
        fields = kwargs.get("update_fields")
        if fields is not None:
            kwargs["update_fields"] = {*fields, "for_one_page", "ends_at"}
        super().save(*args, **kwargs)

    def end(self) -> datetime | None:
        """When it ends by itself: its term, or the day on which the child may speak for itself."""
        ends = [self.until] if self.until else []
        if self.signer == self.Signer.GUARDIAN and (day := self.person.comes_of_age_on):
            ends.append(timezone.make_aware(datetime.combine(day, time.min)))
        return min(ends, default=None)

    @property
    def understands_all(self) -> bool:
        return all(getattr(self, name) for name in UNDERSTOOD)

    @property
    def uses(self) -> frozenset[Use]:
        """What it allows as long as it is in force: agreed to, and not taken back."""
        return frozenset(
            use for use in Use if getattr(self, field_of(use)) and use.value not in self.withdrawn_uses
        )

    def state(self, on: datetime | None = None) -> State:
        """Its state at a moment, now by default."""
        on = on or timezone.now()
        if self.withdrawn_at and self.withdrawn_at <= on:
            return self.State.WITHDRAWN
        if self.signed_on is None:
            return self.State.UNSIGNED
        if self.ends_at and self.ends_at <= on:
            return self.State.EXPIRED
        return self.State.COMING if self.starts_at > on else self.State.IN_FORCE


class Depiction(models.Model):
    """That somebody is seen or heard in a picture or recording, and so must have agreed to it wherever it is shown."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="depictions", verbose_name=_("person")
    )
    picture = models.ForeignKey(
        "media.Picture", null=True, blank=True, on_delete=models.CASCADE, related_name="depictions"
    )
    recording = models.ForeignKey(
        "media.Recording", null=True, blank=True, on_delete=models.CASCADE, related_name="depictions"
    )
    is_recognisable = models.BooleanField(
        _("the face can be recognised"), default=True, help_text=_("Bars over the eyes hide nobody (ICMJE).")
    )

    class Meta:
        verbose_name = _("person shown")
        verbose_name_plural = _("people shown")
        constraints = [
            models.CheckConstraint(
                condition=Q(picture__isnull=False, recording__isnull=True)
                | Q(picture__isnull=True, recording__isnull=False),
                name="depiction_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.picture or self.recording}"

    @property
    def uses(self) -> tuple[Use, ...]:
        """What showing the thing needs of the person."""
        if self.picture_id:
            return (Use.PHOTO, Use.FACE) if self.is_recognisable else (Use.PHOTO,)
        if self.recording and self.recording.type == "audio":
            return (Use.VOICE,)
        return (Use.VIDEO, Use.VOICE, Use.FACE) if self.is_recognisable else (Use.VIDEO, Use.VOICE)
