"""Consents: what a person agreed to, use by use, on which version of which form, and what was withdrawn.

Fields after the BMJ patient consent form (2019), ICMJE, GMC and COPE.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.models.consent_form import ConsentForm
from consent.models.person import Person
from consent.uses import UNDERSTOOD, Use, field_of
from media.storage import private_storage
from uploads.file_names import unguessable_path


def signature_path(_instance: Any, filename: str) -> str:
    """Return a path for a signed form that cannot be guessed."""
    return unguessable_path("consents", filename)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self, on: datetime | None = None) -> Self:
        """Return consents in force at the moment `on` (now by default): signed, begun, not ended, not fully
        withdrawn.
        """
        on = on or timezone.now()
        return self.filter(
            Q(signed_on__isnull=False),
            Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=on),
            Q(ends_at__isnull=True) | Q(ends_at__gt=on),
            starts_at__lte=on,
            person__erased_at__isnull=True,
        )

    def ending(self, within_days: int = 60, on: datetime | None = None) -> Self:
        """Return the consents in force that end within so many days."""
        on = on or timezone.now()
        return self.in_force(on).filter(ends_at__lte=on + timedelta(days=within_days))

    def withdrawn(self) -> Self:
        """Return the consents that were fully withdrawn."""
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
        NOT_ABLE = "unable", _("Too young or not able (explain below)")
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
        help_text=_("The exact version that was signed is kept with this record."),
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
    legally_entitled = models.BooleanField(_("has legal authority to sign for them"), default=False)
    capacity = models.TextField(
        _("capacity"), blank=True, help_text=_("Whether the person could decide, and how this was assessed.")
    )
    assent = models.CharField(
        _("the child’s own assent"), max_length=10, choices=Assent.choices, blank=True, default=""
    )
    assent_note = models.TextField(
        _("about the assent"),
        blank=True,
        help_text=_("What the child was told and answered, or why the child was not asked."),
    )
    # What they saw
    page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("for this page only"),
        help_text=_("If empty, the consent covers every page about this person."),
    )
    for_one_page = models.BooleanField(default=False, editable=False)
    material = models.TextField(
        _("material"),
        blank=True,
        help_text=_("What the consent is about, e.g. ‘the recording of 3 May, two pictures’."),
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
        _("until"), null=True, blank=True, help_text=_("If empty, the consent has no end date.")
    )
    conditions = models.TextField(
        _("conditions"), blank=True, help_text=_("What the person asked for, e.g. to see every change.")
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signature = models.FileField(
        _("signed form or recording"),
        storage=private_storage,
        upload_to=signature_path,
        blank=True,
        help_text=_("Always private. The audit trail records each time it is opened."),
    )
    witness = models.CharField(_("witness"), max_length=120, blank=True)
    collected_by = models.CharField(_("collected by"), max_length=120, blank=True)
    # Computed at each save: the end of the term, or the day a child comes of age, whichever is first.
    ends_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    # Withdrawn fully, or for some uses only.
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_uses = models.JSONField(default=list, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ConsentQuerySet.as_manager()

    # The row as it was before a save without a service (`consent.signals`).
    stored_before: Consent | None = None

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-signed_on", "-pk"]
        indexes = [models.Index(fields=["-signed_on", "-id"], name="consent_newest_first")]

    def __str__(self) -> str:
        return f"{gettext('Consent')} #{self.pk}"

    def clean(self) -> None:
        super().clean()
        errors = {
            **self._term_errors(),
            **self._signer_errors(),
            **self._child_errors(),
            **self._content_errors(),
        }
        if errors:
            raise ValidationError(errors)

    def _term_errors(self) -> dict[str, Any]:
        errors = {}
        if self.signed_on and self.signed_on > timezone.localdate():
            errors["signed_on"] = _("The date is in the future. Record the consent once it has been signed.")
        if self.until and self.until <= self.starts_at:
            errors["until"] = _("The end must be later than the start.")
        return errors

    def _signer_errors(self) -> dict[str, Any]:
        errors: dict[str, Any] = {}
        if self.signer == self.Signer.SELF:
            return errors
        if self.guardian_id is None:
            errors["guardian"] = _("Choose the person who signed.")
        elif self.guardian_id == self.person_id:
            errors["guardian"] = _("Choose a different person: the guardian cannot be the person themselves.")
        if not self.legally_entitled:
            errors["legally_entitled"] = _("Only a person with legal authority can sign for someone else.")
        return errors

    def _child_errors(self) -> dict[str, Any]:
        errors: dict[str, Any] = {}
        if not self.person_id or not self.person.is_child(self.signed_on or timezone.localdate()):
            return errors
        if self.signer == self.Signer.SELF:
            errors["signer"] = _(
                "A parent or guardian signs for a child. The child’s own assent is recorded too."
            )
        if self.assent == self.Assent.REFUSED:
            errors["assent"] = _("The child refused, so this cannot be recorded as a consent.")
        elif not self.assent:
            errors["assent"] = _("Record the child’s own assent, or why the child was not asked.")
        elif self.assent == self.Assent.NOT_ABLE and not self.assent_note.strip():
            errors["assent_note"] = _("Say why the child was not asked.")
        return errors

    def _content_errors(self) -> dict[str, Any]:
        errors: dict[str, Any] = {}
        if not self.signed_on:
            return errors
        if not any(getattr(self, field_of(use)) for use in Use):
            errors["use_text"] = _("A signed consent allows at least one use.")
        if not self.understands_all:
            missing = [str(words) for name, words in UNDERSTOOD.items() if not getattr(self, name)]
            errors["understood_not_anonymous"] = _(
                "A consent is valid only if the signer understood every point of the form. "
                "Missing: %(missing)s."
            ) % {"missing": "; ".join(missing)}
        return errors

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.update_computed_fields()
        fields = kwargs.get("update_fields")
        if fields is not None:
            kwargs["update_fields"] = {*fields, "for_one_page", "ends_at"}
        # With what its receivers write (`consent.signals`).
        with transaction.atomic():
            super().save(*args, **kwargs)

    def update_computed_fields(self) -> None:
        """Set what follows from the other fields."""
        self.for_one_page = self.for_one_page or self.page_id is not None
        self.ends_at = self.end()

    def end(self) -> datetime | None:
        """Return when the consent ends without a withdrawal: its term, or the day on which a child comes of
        age.
        """
        ends = [self.until] if self.until else []
        if self.signer == self.Signer.GUARDIAN and (day := self.person.comes_of_age_on):
            ends.append(timezone.make_aware(datetime.combine(day, time.min)))
        return min(ends, default=None)

    @property
    def understands_all(self) -> bool:
        """Whether the signer understood every point of the form."""
        return all(getattr(self, name) for name in UNDERSTOOD)

    @property
    def uses(self) -> frozenset[Use]:
        """The uses that the consent allows while it is in force: agreed to and not withdrawn."""
        return frozenset(
            use for use in Use if getattr(self, field_of(use)) and use.value not in self.withdrawn_uses
        )

    def state(self, on: datetime | None = None) -> State:
        """Return the state of the consent at the moment `on` (now by default)."""
        on = on or timezone.now()
        if self.withdrawn_at and self.withdrawn_at <= on:
            return self.State.WITHDRAWN
        if self.signed_on is None:
            return self.State.UNSIGNED
        if self.ends_at and self.ends_at <= on:
            return self.State.EXPIRED
        return self.State.COMING if self.starts_at > on else self.State.IN_FORCE
