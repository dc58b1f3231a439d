"""Giving a seat, ending it, extending it."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from rounds.lifecycle import ROLE_DESCRIPTIONS, Role
from web.forms import DateTextField


class GiveSeatForm(forms.Form):
    """Who gets which seat, from when until when."""

    email = forms.EmailField(
        label=_("Mail address"),
        help_text=_("With this address the person signs in."),
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"required": _("Fill in the mail address."), "invalid": _("This is no mail address yet.")},
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Only for somebody who is new here. Who has signed in before keeps their own name."),
        max_length=120,
        required=False,
    )
    role = forms.ChoiceField(
        label=_("Which seat?"),
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a seat."), "invalid_choice": _("Choose a seat from the list.")},
    )
    from_date = DateTextField(
        label=_("First day"),
        help_text=_("For example 1-1-2027"),
        initial=timezone.localdate,
        error_messages={"required": _("Fill in the first day.")},
    )
    until_date = DateTextField(
        label=_("Last day"), help_text=_("Leave this empty for: until further notice."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["role"]).choices = [
            (role.value, format_html('<strong>{}</strong><span class="pf-caption">{}</span>', role.label, words))
            for role, words in ROLE_DESCRIPTIONS.items()
        ]

    def clean_role(self) -> Role:
        """The role as the code knows it."""
        return Role(self.cleaned_data["role"])

    def clean(self) -> dict[str, Any]:
        """The last day comes after the first."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("from_date"), cleaned.get("until_date")
        if first and last and last < first:
            self.add_error("until_date", _("The last day lies before the first. Choose a later last day."))
        return cleaned


class EndSeatForm(forms.Form):
    """The last day of a seat."""

    until_date = DateTextField(
        label=_("What is the last day?"),
        help_text=_("On this day the seat still counts."),
        initial=timezone.localdate,
        error_messages={"required": _("Fill in the last day.")},
    )


class ExtendSeatForm(forms.Form):
    """A later last day of a seat, or none."""

    until_date = DateTextField(
        label=_("What is the new last day?"), help_text=_("Leave this empty for: until further notice."), required=False
    )
