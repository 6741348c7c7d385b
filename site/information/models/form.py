"""Pages with a form: contact, share your story. Stored first, then mailed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.models import AbstractFormField, FormMixin
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from information import mailing
from information.forms import VisitorForm, VisitorFormBuilder
from information.models.submission import MAIL_COLUMN, Submission
from information.received import STAMP, TRAP, fingerprint
from pages.blocks.prose import TEXT_FEATURES
from pages.models import BasePage


class Autocomplete(models.TextChoices):
    """What a browser may fill in for the visitor (WCAG 2.2, 1.3.5)."""

    NAME = "name", _("Name")
    GIVEN_NAME = "given-name", _("First name")
    EMAIL = "email", _("E-mail")
    PHONE = "tel", _("Phone")
    COUNTRY = "country-name", _("Country")


class FormField(AbstractFormField):
    page = ParentalKey("information.FormPage", on_delete=models.CASCADE, related_name="form_fields")
    autocomplete = models.CharField(
        _("the visitor's own"),
        max_length=20,
        choices=Autocomplete.choices,
        blank=True,
        help_text=_("Lets a browser fill in what it knows of the visitor."),
    )

    panels = [*AbstractFormField.panels, FieldPanel("autocomplete")]


class FormPage(FormMixin, BasePage):
    form_builder = VisitorFormBuilder
    landing_page_template = "information/form_page_landing.html"

    lede = models.TextField(_("opening words"), max_length=400, blank=True)
    aside_heading = models.CharField(_("heading next to the form"), max_length=80, blank=True)
    aside = RichTextField(
        _("text next to the form"),
        features=TEXT_FEATURES,
        blank=True,
        help_text=_("What happens with what people send; who reads it, and when."),
    )
    button = models.CharField(_("words on the button"), max_length=40, default="Send")
    thanks_heading = models.CharField(_("thanks"), max_length=120, default="Thank you")
    thanks = RichTextField(
        _("text after sending"),
        features=TEXT_FEATURES,
        blank=True,
        help_text=_("What happens now, and when to expect an answer."),
    )
    to_address = models.CharField(
        _("mail to"),
        max_length=255,
        blank=True,
        help_text=_(
            "Addresses, separated by commas. Everything is stored here in any case; empty: nothing is mailed."
        ),
    )
    subject = models.CharField(_("subject of the mail"), max_length=150, blank=True)

    content_panels = [
        FormSubmissionsPanel(),
        *BasePage.content_panels,
        "lede",
        InlinePanel("form_fields", heading=_("Fields"), label=_("field")),
        "button",
        MultiFieldPanel(["aside_heading", "aside"], heading=_("Next to the form")),
        MultiFieldPanel(["thanks_heading", "thanks"], heading=_("After sending")),
        MultiFieldPanel([FieldRowPanel(["to_address", "subject"])], heading=_("Mail")),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("lede"), index.SearchField("aside")]
    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("form page")

    def clean(self) -> None:
        super().clean()
        for address in self.addresses:
            try:
                validate_email(address)
            except ValidationError as error:
                raise ValidationError(
                    {"to_address": _("“%(address)s” is not an e-mail address.") % {"address": address}}
                ) from error

    @property
    def addresses(self) -> list[str]:
        return [address.strip() for address in self.to_address.split(",") if address.strip()]

    def get_submission_class(self) -> type[Submission]:
        return Submission

    def get_data_fields(self) -> list[tuple[str, Any]]:
        fields = super().get_data_fields()
        return [fields[0], (MAIL_COLUMN, _("Mail")), *fields[1:]]

    def process_form_submission(self, form: VisitorForm) -> Submission:
        """Store, then hand to the mail. The same form sent twice (a double click) is stored once."""
        mark = fingerprint(form.page_id, form.data.get(STAMP, ""), form.cleaned_data)
        try:
            with transaction.atomic():
                submission = Submission.objects.create(
                    page=self,
                    form_data=form.cleaned_data,
                    fingerprint=mark,
                    mail_wanted=bool(self.addresses),
                )
        except IntegrityError:
            return Submission.objects.get(fingerprint=mark)
        mailing.post(submission)
        return submission

    # Error reports must not carry what people typed.
    @method_decorator(sensitive_post_parameters())
    def serve(self, request: HttpRequest, *_args: object, **_kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return self.receive(request)
        if request.GET.get("sent"):
            return self.render_landing_page(request)
        return self.show(request, self.get_form(page=self, user=None))

    def receive(self, request: HttpRequest, *, refused: bool = False) -> HttpResponse:
        """Take in what was posted.

        `refused`: without the proof that it came from our page; nothing is stored, everything typed is shown
        again.
        """
        form = self.get_form(request.POST, page=self, user=None, refused=refused)
        if form.is_valid():
            self.process_form_submission(form)
            return HttpResponseRedirect(f"{self.get_url(request)}?sent=1")
        return self.show(request, form, status=403 if refused else 200)

    def show(self, request: HttpRequest, form: VisitorForm, status: int = 200) -> TemplateResponse:
        context = {**self.get_context(request), "form": form, "trap": TRAP, "stamp": STAMP}
        return TemplateResponse(request, self.get_template(request), context, status=status)

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        return {**context, "trap": TRAP, "stamp": STAMP}
