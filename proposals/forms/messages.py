"""Writing a message, and saying why somebody stops."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proposals.forms.answers import PlainText

LONGEST_MESSAGE = 4000

# Why somebody withdraws: a code for the trail, and what it says on screen.
REASONS = [
    ("plans", _("My plans have changed")),
    ("money", _("I do not need the money any more")),
    ("too_much", _("It is too much for me now")),
    ("other", _("Something else")),
]


class MessageForm(forms.Form):
    """One message."""

    text = PlainText(
        label=_("Your message"),
        limit=LONGEST_MESSAGE,
        one_line=False,
        widget=forms.Textarea({"rows": 5, "dir": "auto", "autocomplete": "off"}),
    )
    mark_optional = False

    def clean_text(self) -> str:
        """Ask for words when there are none."""
        text: str = self.cleaned_data["text"]
        if not text:
            raise ValidationError(_("Write your message first."), code="required")
        return text


class WithdrawForm(forms.Form):
    """Why somebody withdraws; the words are free to give."""

    why = forms.ChoiceField(
        label=_("Why do you stop?"),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why you stop. “Something else” is fine too.")},
    )
    words = PlainText(
        label=_("Do you want to tell more?"),
        limit=1000,
        one_line=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )

    @property
    def reason(self) -> str:
        """The reason as it is kept with the proposal: what was chosen, and the words."""
        chosen = str(dict(REASONS)[self.cleaned_data["why"]])
        words: Any = self.cleaned_data["words"]
        return f"{chosen}\n\n{words}" if words else chosen
