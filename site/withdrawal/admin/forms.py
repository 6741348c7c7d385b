"""The form with which a consent officer records a withdrawal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.models import Consent
from consent.uses import Use

WAYS = [
    ("telephone", gettext_lazy("By telephone")),
    ("letter", gettext_lazy("By letter or e-mail")),
    ("person", gettext_lazy("In person")),
]


class WithdrawalForm(forms.Form):
    """What the person asked for."""

    scope = forms.ChoiceField(
        label=gettext_lazy("What is withdrawn?"),
        choices=[
            ("all", gettext_lazy("Everything")),
            ("some", gettext_lazy("Only the uses ticked here")),
        ],
        initial="all",
        widget=forms.RadioSelect,
    )
    uses = forms.MultipleChoiceField(
        label=gettext_lazy("Only these uses"), required=False, widget=forms.CheckboxSelectMultiple
    )
    how = forms.ChoiceField(label=gettext_lazy("How did they tell us?"), choices=WAYS)
    reason = forms.CharField(
        label=gettext_lazy("Reason, if they gave one"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("A reason is never required."),
    )
    send = forms.BooleanField(label=gettext_lazy("Send them the receipt"), required=False, initial=True)

    def __init__(self, *args: Any, consents: list[Consent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = {use for consent in consents for use in consent.uses}
        choices = [(use.value, use.label) for use in Use if use in given]
        self.fields["uses"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Require at least one use where only some are withdrawn."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("scope") == "some" and not data.get("uses"):
            self.add_error("uses", _("Tick at least one use, or choose ‘Everything’."))
        if data.get("scope") == "all":
            data["uses"] = []
        return data

    @property
    def full_reason(self) -> str:
        """Return how the person told us, followed by their reason."""
        way = str(dict(WAYS)[self.cleaned_data["how"]])
        return f"{way}. {self.cleaned_data['reason']}".strip()
