"""Is this something for this fund? Five plain questions that advise and never block."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

CHOICES = [("yes", _("Yes")), ("no", _("No")), ("unsure", _("I do not know"))]

# Name -> the question, and what we say when somebody answers no.
QUESTIONS: dict[str, tuple[Any, Any]] = {
    "together": (
        _("Can other people take part, or does it help other people?"),
        _("The fund is for ideas that let people take part. Can you think of a way in which others join in?"),
    ),
    "own": (
        _("Is it an idea of your own, or of you and others?"),
        _("The fund is for ideas of people themselves. An organisation can help you with it."),
    ),
    "here": (
        _("Will it be in this municipality?"),
        _("The fund is for this municipality. Call us if it is only partly elsewhere."),
    ),
    "new": (
        _("Does it still have to begin?"),
        _("We cannot pay for what is over. A next step in something that is there already is fine."),
    ),
    "no_profit": (
        _("Will nobody earn a profit from it?"),
        _("People can be paid for their work. But the money is not meant for profit. Call us if you are not sure."),
    ),
}


class SelfCheckForm(forms.Form):
    """Five questions with yes, no, and I do not know. Nothing of it is kept."""

    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (question, _advice) in QUESTIONS.items():
            self.fields[name] = forms.ChoiceField(
                label=question, choices=CHOICES, required=False, widget=forms.RadioSelect
            )

    def advice(self) -> Iterator[Any]:
        """Yield a sentence for each question that was answered with no."""
        for name, (_question, words) in QUESTIONS.items():
            if self.cleaned_data.get(name) == "no":
                yield words
