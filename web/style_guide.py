"""Sample data for the style guide: every component in every state, with believable words."""

import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.fields import CodeField, DayField, MoneyField


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(
        label=gettext_lazy("What is your idea called?"),
        help_text=gettext_lazy("For example: Cooking together on Wednesday"),
        error_messages={"required": gettext_lazy("Fill in the name of your idea")},
    )
    plan = forms.CharField(
        label=gettext_lazy("What are you going to do?"),
        help_text=gettext_lazy("Write it the way you would tell a neighbour. Three sentences are enough."),
        widget=forms.Textarea({"rows": 4}),
        required=False,
    )
    amount = MoneyField(
        label=gettext_lazy("How much money do you need?"),
        help_text=gettext_lazy("Whole euros are fine."),
        error_messages={"required": gettext_lazy("Fill in how much money you need")},
    )
    start = DayField(label=gettext_lazy("When do you start?"), help_text=gettext_lazy("For example 3 – 3 – 2027"))
    people = forms.ChoiceField(
        label=gettext_lazy("Who takes part?"),
        choices=[
            ("own", gettext_lazy("Only people with experience of their own")),
            ("both", gettext_lazy("People from the neighbourhood too")),
            ("other", gettext_lazy("I do not know yet")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who takes part")},
    )
    help_with = forms.MultipleChoiceField(
        label=gettext_lazy("What would you like help with?"),
        help_text=gettext_lazy("You may choose more than one."),
        choices=[
            ("writing", gettext_lazy("Writing it down")),
            ("money", gettext_lazy("Working out the money")),
            ("place", gettext_lazy("Finding a place")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    district = forms.ChoiceField(
        label=gettext_lazy("In which part of town?"),
        choices=[("", gettext_lazy("Choose")), ("c", "Centrum"), ("n", "Noord"), ("z", "Zuid")],
        required=False,
    )
    code = CodeField(
        label=gettext_lazy("Fill in the code"),
        help_text=gettext_lazy("We sent you a message with six numbers."),
    )
    call_me = forms.BooleanField(
        label=gettext_lazy("Someone may call me to help"),
        help_text=gettext_lazy("We call from a number that you can see."),
        required=False,
    )
    attachment = forms.FileField(label=gettext_lazy("A photo or a document"), required=False)


def style_guide_context() -> dict[str, Any]:
    """Everything that ``web/style_guide.html`` shows."""
    filled = {
        "name": "Samen koken op woensdag",
        "plan": "We koken elke week met acht mensen uit de opvang. Daarna eten we samen.",
        "amount": 425050,
        "start": datetime.date(2027, 3, 3),
        "people": "both",
        "help_with": ["money"],
        "call_me": True,
    }
    return {
        "sample": SampleForm(prefix="ok", initial=filled),
        "sample_with_errors": SampleForm(
            {
                "bad-amount": "veel",
                "bad-start_day": "31",
                "bad-start_month": "2",
                "bad-start_year": "2027",
                "bad-code": "12",
            },
            prefix="bad",
        ),
        "button_variants": ["primary", "secondary", "subtle", "danger", "link"],
        "steps": [
            {"label": _("Sent"), "state": "done", "when": _("3 March 2027")},
            {"label": _("Checked"), "state": "done", "when": _("10 March 2027")},
            {
                "label": _("The committee reads your idea"),
                "state": "current",
                "when": _("You hear from us before 1 May"),
                "note": _("You do not need to do anything now."),
            },
            {"label": _("The municipality decides"), "state": "todo"},
            {"label": _("You receive the money"), "state": "todo"},
        ],
        "tasks": [
            {"label": _("Your idea"), "url": "#tasks", "status": _("Done"), "kind": "success"},
            {
                "label": _("Who and where"),
                "url": "#tasks",
                "status": _("Busy"),
                "kind": "info",
                "hint": _("2 of 3 questions"),
            },
            {"label": _("Money"), "url": "#tasks", "status": _("To do"), "kind": "neutral"},
            {"label": _("About you"), "url": "#tasks", "status": _("Something is missing"), "kind": "warning"},
            {"label": _("Check and send"), "url": "", "status": _("Not possible yet"), "kind": "neutral"},
        ],
        "proposals": [
            {"title": "Samen koken op woensdag", "status": _("Granted"), "kind": "success", "cents": 425000},
            {"title": "Fietswerkplaats", "status": _("Something is missing"), "kind": "warning", "cents": 290050},
            {"title": "Muziekcafé", "status": _("Not granted"), "kind": "danger", "cents": 1200000},
            {"title": "Wandelmaatjes", "status": _("Draft"), "kind": "neutral", "cents": 80000},
        ],
        "total": 1995050,
        "ledger": [
            {"label": _("Paid"), "cents": 3875000},
            {"label": _("Granted, not paid yet"), "cents": 2140000},
            {"label": _("Reserved"), "cents": 1250000},
            {"label": _("Given back"), "cents": 95050},
            {"label": _("Carried over"), "cents": 300000},
            {"label": _("Free"), "cents": 2339950},
        ],
        "answers": [
            {"label": _("What is your idea called?"), "value": "Samen koken op woensdag", "url": "#summary"},
            {"label": _("How much money do you need?"), "value": "€\N{NO-BREAK SPACE}4.250", "url": "#summary"},
            {"label": _("Who takes part?"), "value": "", "url": "#summary", "change": _("Fill in")},
        ],
        "crumbs": [
            {"label": _("Rounds"), "url": "#crumbs"},
            {"label": _("Round 2027"), "url": "#crumbs"},
            {"label": "Samen koken op woensdag"},
        ],
        "page_obj": Paginator(range(240), 10).page(4),
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "saved_at": datetime.time(14, 3),
    }
